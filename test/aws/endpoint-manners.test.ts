import { DescribeSubnetsCommand, DescribeVpcsCommand } from '@aws-sdk/client-ec2';
import { DescribeClusterCommand, ListClustersCommand } from '@aws-sdk/client-eks';
import { ListAccountsCommand } from '@aws-sdk/client-organizations';
import { describe, expect, it } from 'vitest';
import { createAwsClients } from '../../lib/aws/clients.ts';
import { systemClock } from '../../lib/aws/clock.ts';
import { ScanStoppedError, toCollectError, UnsupportedByEndpointError } from '../../lib/aws/errors.ts';
import { createRateLimiter, type RateLimiter } from '../../lib/aws/rate-limiter.ts';
import { settle } from './fake-clock.ts';
import {
  type Answer,
  createInProcessEndpoint,
  EMPTY_EC2,
  ec2Error,
  eksError,
  organizationsError,
  pageWithoutErrorCode,
} from './in-process-endpoint.ts';
import { underFakeTimers } from './under-fake-timers.ts';

const EMPTY_JSON: Answer = { statusCode: 200, body: '{}' };

function setUp(
  answer: (action: string, index: number) => Answer | Promise<Answer>,
  { limiter = limitless().limiter, signal = new AbortController().signal, attemptsMax = 2 } = {},
) {
  const { requestHandler, sent } = createInProcessEndpoint(({ action }, index) => answer(action, index));
  const clients = createAwsClients({ limiter, requestHandler, attemptsMax });
  const scope = {
    accountId: '111122223333',
    region: 'eu-west-1',
    credentials: { accessKeyId: 'AKIA', secretAccessKey: 'secret' },
    signal,
  };
  return { clients, scope, sent, ec2: clients.ec2(scope), eks: clients.eks(scope) };
}

/** A limiter that grants at once and keeps the keys. */
function limitless(): { readonly limiter: RateLimiter; readonly keys: string[] } {
  const keys: string[] = [];
  const limiter: RateLimiter = {
    take: async (key) => {
      keys.push(key);
    },
  };
  return { limiter, keys };
}

function errorOf(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe('an endpoint that does not know an action', () => {
  it.each([404, 500, 501])(
    'answers %i without an AWS error code: asked twice, then never again',
    async (statusCode) => {
      const { ec2, eks, sent } = setUp(() => pageWithoutErrorCode(statusCode), { attemptsMax: 6 });
      const error = await errorOf(ec2.send(new DescribeSubnetsCommand({})));
      expect(error).toBeInstanceOf(UnsupportedByEndpointError);
      expect(error).toHaveProperty(
        'message',
        `ec2.eu-west-1.amazonaws.com does not know DescribeSubnets: it answered twice with HTTP status ${statusCode} without an AWS error code`,
      );
      expect(sent).toHaveLength(2);
      const later = await errorOf(ec2.send(new DescribeSubnetsCommand({})));
      expect(later).toBeInstanceOf(UnsupportedByEndpointError);
      expect(later).toHaveProperty('message', expect.stringContaining('does not know DescribeSubnets'));
      expect(sent).toHaveLength(2);
      await errorOf(eks.send(new ListClustersCommand({})));
      expect(sent).toHaveLength(4);
    },
  );

  it('is asked twice however many calls of it are made at the same time', async () => {
    const { ec2, sent } = setUp(() => pageWithoutErrorCode(501));
    const calls = Array.from({ length: 5 }, () => errorOf(ec2.send(new DescribeSubnetsCommand({}))));
    for (const error of await Promise.all(calls)) {
      expect(error).toBeInstanceOf(UnsupportedByEndpointError);
    }
    expect(sent).toHaveLength(2);
  });

  it('holds up other calls of an action only until the first is answered, well or not', async () => {
    const { ec2, sent } = setUp((_, index) => (index === 0 ? ec2Error(400, 'InvalidParameterValue', 'no') : EMPTY_EC2));
    const calls = Array.from({ length: 4 }, () => ec2.send(new DescribeSubnetsCommand({})));
    const outcomes = (await Promise.allSettled(calls)).map(({ status }) => status);
    expect(outcomes).toEqual(['rejected', 'fulfilled', 'fulfilled', 'fulfilled']);
    expect(sent).toHaveLength(4);
  });

  it('is known for it from then on, also where it answered before', async () => {
    const { ec2, sent } = setUp((_, index) => (index === 0 ? EMPTY_EC2 : pageWithoutErrorCode(501)));
    await ec2.send(new DescribeSubnetsCommand({}));
    await errorOf(ec2.send(new DescribeSubnetsCommand({})));
    await errorOf(ec2.send(new DescribeSubnetsCommand({})));
    expect(sent).toHaveLength(3);
  });

  it.each([
    ['an empty body', ''],
    ['XML without a code', '<Response><Errors/></Response>'],
    ['JSON without a type', '{"message":"no route"}'],
    ['JSON that is no object', '"no route"'],
  ])('may answer with %s', async (_, body) => {
    const { ec2, sent } = setUp(() => ({ statusCode: 404, body }));
    expect(await errorOf(ec2.send(new DescribeSubnetsCommand({})))).toBeInstanceOf(UnsupportedByEndpointError);
    expect(sent).toHaveLength(2);
  });

  it('is still asked for other actions, and other hosts for the same one', async () => {
    const { ec2, clients, scope, sent } = setUp((action) =>
      action === 'DescribeSubnets' ? pageWithoutErrorCode(501) : EMPTY_EC2,
    );
    await errorOf(ec2.send(new DescribeSubnetsCommand({})));
    await expect(ec2.send(new DescribeVpcsCommand({}))).resolves.toBeDefined();
    await errorOf(clients.ec2({ ...scope, region: 'us-east-1' }).send(new DescribeSubnetsCommand({})));
    expect(sent.map(({ action, hostname }) => `${hostname} ${action}`)).toEqual([
      'ec2.eu-west-1.amazonaws.com DescribeSubnets',
      'ec2.eu-west-1.amazonaws.com DescribeSubnets',
      'ec2.eu-west-1.amazonaws.com DescribeVpcs',
      'ec2.us-east-1.amazonaws.com DescribeSubnets',
      'ec2.us-east-1.amazonaws.com DescribeSubnets',
    ]);
  });

  it('is not asked again by another account', async () => {
    const { ec2, clients, scope, sent } = setUp(() => pageWithoutErrorCode(501));
    await errorOf(ec2.send(new DescribeSubnetsCommand({})));
    const other = clients.ec2({ ...scope, accountId: '444455556666' });
    expect(await errorOf(other.send(new DescribeSubnetsCommand({})))).toBeInstanceOf(UnsupportedByEndpointError);
    expect(sent).toHaveLength(2);
  });

  it('is forgiven one such answer', async () => {
    const { ec2, sent } = setUp((_, index) => (index % 2 === 0 ? pageWithoutErrorCode(501) : EMPTY_EC2));
    await expect(ec2.send(new DescribeSubnetsCommand({}))).resolves.toBeDefined();
    await expect(ec2.send(new DescribeSubnetsCommand({}))).resolves.toBeDefined();
    expect(sent).toHaveLength(4);
  });

  it('signs the second attempt anew', async () => {
    const { ec2, sent } = setUp((_, index) => (index === 0 ? pageWithoutErrorCode(501) : EMPTY_EC2));
    await ec2.send(new DescribeSubnetsCommand({}));
    expect(sent.map(({ headers }) => headers['authorization']?.startsWith('AWS4-HMAC-SHA256 '))).toEqual([true, true]);
  });
});

describe('an error with an AWS error code is the SDK’s to judge', () => {
  it('sends a 500 of EC2 as often as attempts are allowed', async () => {
    const { ec2, sent } = setUp(() => ec2Error(500, 'InternalError'), { attemptsMax: 3 });
    const error = await underFakeTimers(() => errorOf(ec2.send(new DescribeSubnetsCommand({}))));
    expect(error).toMatchObject({ name: 'InternalError' });
    expect(sent).toHaveLength(3);
  });

  it('lets a 500 of EC2 recover', async () => {
    const { ec2, sent } = setUp((_, index) => (index === 0 ? ec2Error(500, 'InternalError') : EMPTY_EC2));
    await underFakeTimers(() => ec2.send(new DescribeSubnetsCommand({})));
    expect(sent).toHaveLength(2);
  });

  it.each([
    ['in a header', eksError(404, 'ResourceNotFoundException')],
    ['in the body', { statusCode: 404, body: '{"__type":"ResourceNotFoundException","message":"No."}' }],
    ['as `code` in the body', { statusCode: 404, body: '{"code":"ResourceNotFoundException","message":"No."}' }],
  ])('sends a 404 of EKS with its code %s once', async (_, answer) => {
    const { eks, sent } = setUp(() => answer);
    const error = await errorOf(eks.send(new DescribeClusterCommand({ name: 'prod' })));
    expect(error).toMatchObject({ name: 'ResourceNotFoundException' });
    expect(sent).toHaveLength(1);
  });

  it('sends a 500 of Organizations as often as attempts are allowed', async () => {
    const { clients, scope, sent } = setUp(() => organizationsError(500, 'ServiceException'));
    const error = await underFakeTimers(() => errorOf(clients.organizations(scope).send(new ListAccountsCommand({}))));
    expect(error).toMatchObject({ name: 'ServiceException' });
    expect(sent).toHaveLength(2);
  });

  it.each([
    ['EC2', () => ec2Error(503, 'RequestLimitExceeded'), 'RequestLimitExceeded'],
    ['EKS', () => eksError(429, 'ThrottlingException'), 'ThrottlingException'],
  ])('retries throttling by %s, then reports it', async (service, answer, name) => {
    const { ec2, eks, sent, scope } = setUp(answer);
    const error = await underFakeTimers(() =>
      errorOf(
        service === 'EC2'
          ? ec2.send(new DescribeSubnetsCommand({}))
          : eks.send(new DescribeClusterCommand({ name: 'a' })),
      ),
    );
    expect(sent).toHaveLength(2);
    expect(toCollectError('an:Action', error, scope.signal)).toMatchObject({ code: 'throttled', awsErrorName: name });
  });

  it('recovers from throttling, and slows the client down after it', async () => {
    const { ec2, sent } = setUp((_, index) => (index === 0 ? ec2Error(503, 'RequestLimitExceeded') : EMPTY_EC2));
    const retryStrategy = await ec2.config.retryStrategy();
    expect(retryStrategy).toHaveProperty('mode', 'adaptive');
    await underFakeTimers(() => ec2.send(new DescribeSubnetsCommand({})));
    expect(sent).toHaveLength(2);
  });
});

describe('the rate limit', () => {
  it('is taken for each attempt, counted by account, region and action', async () => {
    const { limiter, keys } = limitless();
    const { ec2, eks } = setUp(
      (action, index) =>
        index === 0 ? ec2Error(500, 'InternalError') : action.startsWith('GET') ? EMPTY_JSON : EMPTY_EC2,
      { limiter },
    );
    await underFakeTimers(() => ec2.send(new DescribeSubnetsCommand({})));
    await eks.send(new ListClustersCommand({}));
    expect(keys).toEqual([
      '111122223333 eu-west-1 DescribeSubnets',
      '111122223333 eu-west-1 DescribeSubnets',
      '111122223333 eu-west-1 ListClusters',
    ]);
  });

  it('is taken for the second attempt at an unknown action, and not for calls that are not sent', async () => {
    const { limiter, keys } = limitless();
    const { ec2 } = setUp(() => pageWithoutErrorCode(404), { limiter });
    await errorOf(ec2.send(new DescribeSubnetsCommand({})));
    await errorOf(ec2.send(new DescribeSubnetsCommand({})));
    expect(keys).toHaveLength(2);
  });
});

describe('an aborted signal', () => {
  it('lets nothing be sent', async () => {
    const signal = AbortSignal.abort();
    const { ec2, sent } = setUp(() => EMPTY_EC2, { signal });
    const error = await errorOf(ec2.send(new DescribeSubnetsCommand({}), { abortSignal: signal }));
    expect(toCollectError('ec2:DescribeSubnets', error, signal)).toMatchObject({ code: 'cancelled' });
    expect(sent).toHaveLength(0);
  });

  it('ends a wait for the rate limit', async () => {
    const controller = new AbortController();
    const limiter = createRateLimiter({ now: systemClock.now, sleep: () => new Promise(() => {}) });
    const { eks, sent } = setUp(() => EMPTY_JSON, { limiter, signal: controller.signal });
    const calls = [1, 2, 3].map(() => errorOf(eks.send(new ListClustersCommand({}))));
    await expect.poll(() => sent.length).toBe(2);
    controller.abort(new DOMException('Too late', 'TimeoutError'));
    expect(await Promise.all(calls)).toEqual([undefined, undefined, expect.any(ScanStoppedError)]);
    expect(sent).toHaveLength(2);
  });

  it('ends a call that is under way', async () => {
    const controller = new AbortController();
    const { ec2, sent } = setUp(() => new Promise(() => {}), { signal: controller.signal });
    const call = errorOf(ec2.send(new DescribeSubnetsCommand({}), { abortSignal: controller.signal }));
    await expect.poll(() => sent.length).toBe(1);
    controller.abort();
    expect(await call).toBeInstanceOf(Error);
    expect(sent).toHaveLength(1);
  });

  it.each([
    ['by the user', new Error('Stop'), 'cancelled'],
    ['by the deadline', new DOMException('Too late', 'TimeoutError'), 'deadline-exceeded'],
  ])('ends a call between its attempts %s', async (_, reason, code) => {
    const controller = new AbortController();
    const { signal } = controller;
    const { ec2, sent } = setUp(
      () => {
        setImmediate(() => controller.abort(reason));
        return ec2Error(503, 'RequestLimitExceeded');
      },
      { signal, attemptsMax: 6 },
    );
    const error = await underFakeTimers(() =>
      errorOf(ec2.send(new DescribeSubnetsCommand({}), { abortSignal: signal })),
    );
    await settle();
    expect(sent).toHaveLength(1);
    expect(toCollectError('ec2:DescribeSubnets', error, signal)).toMatchObject({ code });
  });

  it('ends the attempts of a call that was sent without it', async () => {
    const controller = new AbortController();
    const { ec2, sent } = setUp(
      () => {
        controller.abort(new DOMException('Too late', 'TimeoutError'));
        return ec2Error(503, 'RequestLimitExceeded');
      },
      { signal: controller.signal, attemptsMax: 6 },
    );
    const error = await underFakeTimers(() => errorOf(ec2.send(new DescribeSubnetsCommand({}))));
    expect(error).toBeInstanceOf(ScanStoppedError);
    expect(sent).toHaveLength(1);
  });
});
