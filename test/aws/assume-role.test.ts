import { describe, expect, it } from 'vitest';
import { assumedRoleCredentials, roleArn } from '../../lib/aws/assume-role.ts';
import { createAwsClients } from '../../lib/aws/clients.ts';
import { UnexpectedResponseError } from '../../lib/aws/errors.ts';
import { createRateLimiter } from '../../lib/aws/rate-limiter.ts';
import { createFakeClock } from './fake-clock.ts';
import { type Answer, createInProcessEndpoint, EMPTY_EC2, stsError } from './in-process-endpoint.ts';

const OWN_CREDENTIALS = { accessKeyId: 'AKIAHUB', secretAccessKey: 'secret' };
const MINUTE_MS = 60_000;

/** The n-th session that STS gives; its text is `session-n`. */
function session(number: number, nowMs: number): Answer {
  const expiration = new Date(nowMs + 15 * MINUTE_MS).toISOString();
  return {
    statusCode: 200,
    body: `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <AssumeRoleResult>
    <Credentials>
      <AccessKeyId>ASIA${number}</AccessKeyId>
      <SecretAccessKey>secret-${number}</SecretAccessKey>
      <SessionToken>session-${number}</SessionToken>
      <Expiration>${expiration}</Expiration>
    </Credentials>
  </AssumeRoleResult>
</AssumeRoleResponse>`,
  };
}

function setUp({ externalId, answer }: { externalId?: string; answer?: (index: number) => Answer | undefined } = {}) {
  // Real time at its start: the SDK compares expirations with the system's clock.
  const clock = createFakeClock(Date.now());
  const endpoint = createInProcessEndpoint(({ action }, index) =>
    action === 'AssumeRole' ? (answer?.(index) ?? session(index, clock.now())) : EMPTY_EC2,
  );
  const { signal } = new AbortController();
  const clients = createAwsClients({
    limiter: createRateLimiter(clock),
    requestHandler: endpoint.requestHandler,
    attemptsMax: 1,
  });
  const scope = { accountId: '111122223333', region: 'eu-west-1', credentials: OWN_CREDENTIALS, signal };
  const role = { roleArn: roleArn('aws', '444455556666', 'Elbowroom'), roleSessionName: 'elbowroom', externalId };
  return {
    clock,
    clients,
    scope,
    endpoint,
    credentials: assumedRoleCredentials(() => clients.sts(scope), role, { clock, signal }),
  };
}

describe('roleArn', () => {
  it.each([
    ['aws', 'arn:aws:iam::444455556666:role/Elbowroom'],
    ['aws-us-gov', 'arn:aws-us-gov:iam::444455556666:role/Elbowroom'],
    ['aws-cn', 'arn:aws-cn:iam::444455556666:role/Elbowroom'],
  ])('names a role in partition %s', (partition, arn) => {
    expect(roleArn(partition, '444455556666', 'Elbowroom')).toBe(arn);
  });
});

describe('assumedRoleCredentials', () => {
  it('asks STS for the role and returns its session', async () => {
    const { credentials, endpoint } = setUp();
    expect(await credentials()).toMatchObject({
      accessKeyId: 'ASIA0',
      secretAccessKey: 'secret-0',
      sessionToken: 'session-0',
      expiration: expect.any(Date),
    });
    expect(endpoint.sent.map(({ parameters }) => parameters)).toEqual([
      {
        Version: '2011-06-15',
        RoleArn: 'arn:aws:iam::444455556666:role/Elbowroom',
        RoleSessionName: 'elbowroom',
        DurationSeconds: '900',
      },
    ]);
  });

  it('sends the external id where one is given', async () => {
    const { credentials, endpoint } = setUp({ externalId: 'a-9f' });
    await credentials();
    expect(endpoint.sent[0]?.parameters).toMatchObject({ ExternalId: 'a-9f' });
  });

  it('gives one session to several clients, also when they ask at the same time', async () => {
    const { clients, credentials, endpoint, scope } = setUp();
    const ofAccount = { ...scope, accountId: '444455556666', credentials };
    const [ireland, virginia] = [clients.ec2(ofAccount), clients.ec2({ ...ofAccount, region: 'us-east-1' })];
    const { DescribeRegionsCommand } = await import('@aws-sdk/client-ec2');
    await Promise.all([ireland.send(new DescribeRegionsCommand({})), virginia.send(new DescribeRegionsCommand({}))]);
    await ireland.send(new DescribeRegionsCommand({}));
    expect(endpoint.sent.map(({ action }) => action)).toEqual([
      'AssumeRole',
      'DescribeRegions',
      'DescribeRegions',
      'DescribeRegions',
    ]);
    expect(endpoint.sent.slice(1).map(({ headers }) => headers['x-amz-security-token'])).toEqual([
      'session-0',
      'session-0',
      'session-0',
    ]);
  });

  it('renews a session of 15 minutes at 10 minutes, not before', async () => {
    const { clock, credentials } = setUp();
    await credentials();
    await clock.advance(10 * MINUTE_MS - 1);
    expect((await credentials()).sessionToken).toBe('session-0');
    await clock.advance(1);
    expect((await credentials()).sessionToken).toBe('session-1');
    await clock.advance(10 * MINUTE_MS);
    expect((await credentials()).sessionToken).toBe('session-2');
  });

  it('reports a first session that is refused to all who wait, and asks again at the next call', async () => {
    const { credentials } = setUp({ answer: (index) => (index === 0 ? stsError(403, 'AccessDenied') : undefined) });
    const outcomes = await Promise.allSettled([credentials(), credentials()]);
    expect(outcomes).toMatchObject([{ reason: { name: 'AccessDenied' } }, { reason: { name: 'AccessDenied' } }]);
    expect((await credentials()).sessionToken).toBe('session-1');
  });

  it('reports a renewal that fails, and renews at the next call', async () => {
    const { clock, credentials } = setUp({
      answer: (index) => (index === 1 ? stsError(403, 'AccessDenied') : undefined),
    });
    await credentials();
    await clock.advance(10 * MINUTE_MS);
    await expect(credentials()).rejects.toMatchObject({ name: 'AccessDenied' });
    expect((await credentials()).sessionToken).toBe('session-2');
    await clock.advance(10 * MINUTE_MS - 1);
    expect((await credentials()).sessionToken).toBe('session-2');
  });

  it('refuses an answer without credentials', async () => {
    const body = '<AssumeRoleResponse><AssumeRoleResult></AssumeRoleResult></AssumeRoleResponse>';
    const { credentials } = setUp({ answer: () => ({ statusCode: 200, body }) });
    await expect(credentials()).rejects.toThrow(UnexpectedResponseError);
  });

  it('is refused to a client whose session cannot be had, by the error STS gave', async () => {
    const { clients, scope, credentials, endpoint } = setUp({ answer: () => stsError(403, 'AccessDenied') });
    const { DescribeRegionsCommand } = await import('@aws-sdk/client-ec2');
    const ec2 = clients.ec2({ ...scope, credentials });
    await expect(ec2.send(new DescribeRegionsCommand({}))).rejects.toMatchObject({ name: 'AccessDenied' });
    expect(endpoint.sent.map(({ action }) => action)).toEqual(['AssumeRole']);
  });
});
