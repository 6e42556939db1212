import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DescribeSubnetsCommand } from '@aws-sdk/client-ec2';
import { DescribeClusterCommand, ListClustersCommand } from '@aws-sdk/client-eks';
import { ListAccountsCommand } from '@aws-sdk/client-organizations';
import { AssumeRoleCommand, GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { fromEnv } from '@aws-sdk/credential-providers';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type ClientsOptions, createAwsClients } from '../../lib/aws/clients.ts';
import {
  ScanStoppedError,
  toCollectError,
  UnexpectedResponseError,
  UnsupportedByEndpointError,
} from '../../lib/aws/errors.ts';
import type { CollectErrorCode } from '../../lib/domain/fact.ts';
import {
  type Answer,
  createInProcessEndpoint,
  EMPTY_EC2,
  ec2Error,
  eksError,
  organizationsError,
  stsError,
} from './in-process-endpoint.ts';

const ACTION = 'ec2:DescribeSubnets';
const CREDENTIALS = { accessKeyId: 'AKIA', secretAccessKey: 'secret' };

const NAMES: readonly (readonly [CollectErrorCode, readonly string[]])[] = [
  [
    'access-denied',
    [
      'UnauthorizedOperation',
      'AccessDenied',
      'AccessDeniedException',
      'AuthFailure',
      'OptInRequired',
      'NotAuthorized',
      'AccessDeniedForDependencyException',
      'AWSOrganizationsNotInUseException',
    ],
  ],
  [
    'throttled',
    [
      'RequestLimitExceeded',
      'Throttling',
      'ThrottlingException',
      'ThrottledException',
      'TooManyRequestsException',
      'RequestThrottled',
      'RequestThrottledException',
      'EC2ThrottledException',
      'SlowDown',
      'BandwidthLimitExceeded',
      'PriorRequestNotComplete',
    ],
  ],
  [
    'credentials',
    [
      'ExpiredToken',
      'ExpiredTokenException',
      'RequestExpired',
      'InvalidClientTokenId',
      'UnrecognizedClientException',
      'InvalidSignatureException',
      'SignatureDoesNotMatch',
      'IncompleteSignature',
      'MissingAuthenticationToken',
      'MissingAuthenticationTokenException',
    ],
  ],
  ['unsupported-by-endpoint', ['InvalidAction', 'UnknownOperationException', 'UnsupportedOperation']],
  [
    'not-found',
    ['ResourceNotFoundException', 'NotFoundException', 'InvalidSubnetID.NotFound', 'InvalidVpcID.NotFound'],
  ],
  ['service-error', ['InternalError', 'InvalidParameterValue', 'Unavailable', 'ServerException', 'SomethingNew']],
];

function clientsOf(options: Partial<ClientsOptions>, credentials: Parameters<typeof scopeOf>[0] = CREDENTIALS) {
  const clients = createAwsClients({ limiter: { take: async () => {} }, attemptsMax: 1, ...options });
  const scope = scopeOf(credentials);
  return {
    ec2: clients.ec2(scope),
    eks: clients.eks(scope),
    sts: clients.sts(scope),
    organizations: clients.organizations(scope),
  };
}

function scopeOf(credentials: Parameters<ReturnType<typeof createAwsClients>['ec2']>[0]['credentials']) {
  return { accountId: '111122223333', region: 'eu-west-1', credentials, signal: new AbortController().signal };
}

function answering(answer: Answer) {
  return clientsOf({ requestHandler: createInProcessEndpoint(() => answer).requestHandler });
}

async function thrownBy(call: Promise<unknown>): Promise<unknown> {
  try {
    await call;
  } catch (error) {
    return error;
  }
  throw new Error('The call did not fail');
}

describe('what services answer', () => {
  it.each(NAMES.flatMap(([code, names]) => names.map((name) => ({ name, code }))))(
    'is $code for $name of EC2',
    async ({ name, code }) => {
      const error = await thrownBy(
        answering(ec2Error(400, name, 'You may not.')).ec2.send(new DescribeSubnetsCommand({})),
      );
      expect(toCollectError(ACTION, error, undefined)).toEqual({
        action: ACTION,
        code,
        message: 'You may not.',
        awsErrorName: name,
      });
    },
  );

  it.each([
    ['AccessDeniedException', 403, 'access-denied'],
    ['ResourceNotFoundException', 404, 'not-found'],
    ['ThrottlingException', 429, 'throttled'],
    ['UnrecognizedClientException', 403, 'credentials'],
    ['ServerException', 500, 'service-error'],
    ['ResourceNotFoundException:http://internal.amazon.com/coral/', 404, 'not-found'],
  ])('is understood for %s of EKS', async (name, statusCode, code) => {
    const { eks } = answering(eksError(statusCode, name, 'You may not.'));
    const error = await thrownBy(eks.send(new DescribeClusterCommand({ name: 'prod' })));
    expect(toCollectError('eks:DescribeCluster', error, undefined)).toEqual({
      action: 'eks:DescribeCluster',
      code,
      message: 'You may not.',
      awsErrorName: name.split(':')[0],
    });
  });

  it.each([
    ['AccessDenied', 403, 'access-denied'],
    ['ExpiredToken', 400, 'credentials'],
    ['ExpiredTokenException', 400, 'credentials'],
    ['InvalidClientTokenId', 403, 'credentials'],
    ['Throttling', 400, 'throttled'],
    ['RegionDisabledException', 403, 'service-error'],
  ])('is understood for %s of STS', async (name, statusCode, code) => {
    const { sts } = answering(stsError(statusCode, name, 'You may not.'));
    const input = { RoleArn: 'arn:aws:iam::444455556666:role/Elbowroom', RoleSessionName: 'elbowroom' };
    const error = await thrownBy(sts.send(new AssumeRoleCommand(input)));
    expect(toCollectError('sts:AssumeRole', error, undefined)).toMatchObject({ code, message: 'You may not.' });
  });

  it.each([
    ['AccessDeniedException', 400, 'access-denied'],
    ['AWSOrganizationsNotInUseException', 400, 'access-denied'],
    ['TooManyRequestsException', 400, 'throttled'],
    ['com.amazonaws.organizations#AccessDeniedException', 400, 'access-denied'],
    ['ServiceException', 500, 'service-error'],
  ])('is understood for %s of Organizations', async (name, statusCode, code) => {
    const { organizations } = answering(organizationsError(statusCode, name, 'You may not.'));
    const error = await thrownBy(organizations.send(new ListAccountsCommand({})));
    expect(toCollectError('organizations:ListAccounts', error, undefined)).toMatchObject({
      code,
      awsErrorName: name.split('#').at(-1),
      message: 'You may not.',
    });
  });

  it('has a message even where the answer has none', async () => {
    const { eks } = answering({ ...eksError(403, 'AccessDeniedException'), body: '{}' });
    const error = await thrownBy(eks.send(new ListClustersCommand({})));
    expect(toCollectError('eks:ListClusters', error, undefined)?.message).toBe('AccessDeniedException');
  });

  it.each([
    ['EC2', '<Response><unclosed>'],
    ['EC2', 'not XML'],
    ['EC2', `<R>${'<x>'.repeat(100_000)}`],
    ['EKS', '{"clusters": ['],
    ['EKS', '<html></html>'],
    ['STS', '<R>'],
    ['Organizations', 'not JSON'],
  ])('is unexpected-response for a 200 of %s that cannot be parsed: %.24s', async (service, body) => {
    const { ec2, eks, sts, organizations } = answering({ statusCode: 200, body });
    const calls: Record<string, () => Promise<unknown>> = {
      EC2: () => ec2.send(new DescribeSubnetsCommand({})),
      EKS: () => eks.send(new ListClustersCommand({})),
      STS: () => sts.send(new GetCallerIdentityCommand({})),
      Organizations: () => organizations.send(new ListAccountsCommand({})),
    };
    const error = await thrownBy(calls[service]?.() ?? Promise.resolve());
    const collected = toCollectError(ACTION, error, undefined);
    expect(collected).toMatchObject({ code: 'unexpected-response', awsErrorName: undefined });
    expect(collected?.message).toMatch(/^[^\n]+$/);
  });
});

describe('credentials that cannot be had', () => {
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it('are credentials, as the SDK says it', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', undefined);
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', undefined);
    const { requestHandler, sent } = createInProcessEndpoint(() => EMPTY_EC2);
    const { ec2 } = clientsOf({ requestHandler }, fromEnv());
    const error = await thrownBy(ec2.send(new DescribeSubnetsCommand({})));
    expect(toCollectError(ACTION, error, undefined)).toMatchObject({ code: 'credentials', awsErrorName: undefined });
    expect(sent).toHaveLength(0);
  });
});

describe('a connection that fails', () => {
  const servers: Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) {
      server.close();
    }
  });

  /** Listens on a free port and does this with each connection. */
  async function listen(onConnection: (socket: Socket) => void): Promise<string> {
    const server = createServer(onConnection);
    servers.push(server);
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const address = server.address();
    return `127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  }

  function collected(endpoint: string, requestHandler?: ClientsOptions['requestHandler']) {
    const { ec2 } = clientsOf({ endpoint, ...(requestHandler === undefined ? {} : { requestHandler }) });
    return thrownBy(ec2.send(new DescribeSubnetsCommand({}))).then((error) => toCollectError(ACTION, error, undefined));
  }

  it('is endpoint-unreachable where nothing listens', async () => {
    const host = await listen(() => {});
    await new Promise((resolve) => {
      servers.pop()?.close(resolve);
    });
    const error = await collected(`http://${host}`);
    expect(error).toMatchObject({ code: 'endpoint-unreachable', awsErrorName: undefined });
    expect(error?.message).toContain('ECONNREFUSED');
  });

  it('is endpoint-unreachable where the name is unknown', async () => {
    expect(await collected('http://elbowroom.invalid')).toMatchObject({ code: 'endpoint-unreachable' });
  });

  it('is endpoint-unreachable where the connection is closed', async () => {
    const host = await listen((socket) => socket.on('data', () => socket.destroy()));
    expect(await collected(`http://${host}`)).toMatchObject({ code: 'endpoint-unreachable' });
  });

  it('is endpoint-unreachable where the answer breaks off', async () => {
    const host = await listen((socket) => {
      socket.on('data', () =>
        socket.write('HTTP/1.1 200 OK\r\ncontent-length: 999\r\n\r\n<R>', () => socket.destroy()),
      );
    });
    expect(await collected(`http://${host}`)).toMatchObject({ code: 'endpoint-unreachable' });
  });

  it('is endpoint-unreachable where no answer comes in time', async () => {
    const host = await listen((socket) => socket.on('error', () => {}));
    const handler = new NodeHttpHandler({ requestTimeout: 50, throwOnRequestTimeout: true });
    expect(await collected(`http://${host}`, handler)).toMatchObject({ code: 'endpoint-unreachable' });
  });

  it('is endpoint-unreachable where TLS is not spoken', async () => {
    const host = await listen((socket) => {
      socket.on('error', () => {});
      socket.on('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    });
    expect(await collected(`https://${host}`)).toMatchObject({ code: 'endpoint-unreachable' });
  });

  it('is unexpected-response where HTTP is not spoken', async () => {
    const host = await listen((socket) => {
      socket.on('error', () => {});
      socket.on('data', () => socket.end('220 mail.example ESMTP\r\n'));
    });
    expect(await collected(`http://${host}`)).toMatchObject({ code: 'unexpected-response' });
  });

  it('is deadline-exceeded when a signal with a time limit ends it, cancelled when another does', async () => {
    const host = await listen((socket) => socket.on('error', () => {}));
    const { ec2 } = clientsOf({ endpoint: `http://${host}` });
    const deadline = AbortSignal.timeout(30);
    const late = await thrownBy(ec2.send(new DescribeSubnetsCommand({}), { abortSignal: deadline }));
    expect(toCollectError(ACTION, late, deadline)).toEqual({
      action: ACTION,
      code: 'deadline-exceeded',
      message: 'The time allowed for the scan ran out',
      awsErrorName: undefined,
    });
    const controller = new AbortController();
    const call = thrownBy(ec2.send(new DescribeSubnetsCommand({}), { abortSignal: controller.signal }));
    controller.abort();
    expect(toCollectError(ACTION, await call, controller.signal)).toMatchObject({ code: 'cancelled' });
  });
});

describe('errors of our own', () => {
  it.each([
    [new UnexpectedResponseError('No id'), 'unexpected-response', 'No id'],
    [new UnsupportedByEndpointError('No such action'), 'unsupported-by-endpoint', 'No such action'],
    [new ScanStoppedError('Ended'), 'cancelled', 'Ended'],
  ])('have a code: %s', (error, code, message) => {
    expect(toCollectError(ACTION, error, undefined)).toEqual({
      action: ACTION,
      code,
      message,
      awsErrorName: undefined,
    });
  });

  it.each([
    new TypeError('a bug'),
    new Error('a bug'),
    new RangeError('a bug'),
    'text',
    undefined,
    { name: 'AccessDenied' },
  ])('have none where they are bugs: %s', (cause) => {
    expect(toCollectError(ACTION, cause, undefined)).toBeUndefined();
    expect(toCollectError(ACTION, cause, new AbortController().signal)).toBeUndefined();
  });

  it('have none where a bug in our part of a call passes through the SDK', async () => {
    const limiter = { take: () => Promise.reject(new TypeError('a bug')) };
    const { requestHandler } = createInProcessEndpoint(() => EMPTY_EC2);
    const { ec2 } = clientsOf({ limiter, requestHandler });
    const error = await thrownBy(ec2.send(new DescribeSubnetsCommand({})));
    expect(error).toBeInstanceOf(TypeError);
    expect(error).toHaveProperty('$metadata');
    expect(toCollectError(ACTION, error, undefined)).toBeUndefined();
  });
});

describe('AWS error names', () => {
  const lib = fileURLToPath(new URL('../../lib', import.meta.url));
  /** `lib/local` imitates AWS, so it has to say them too; the examples of the API are data. */
  const files = readdirSync(lib, { recursive: true, encoding: 'utf8' }).filter(
    (path) => /\.tsx?$/.test(path) && !path.startsWith('local/') && !path.startsWith('api/examples/'),
  );
  const names = NAMES.flatMap(([, errorNames]) => errorNames);
  const holdersOf = (paths: readonly string[]) =>
    paths.filter((path) => {
      const text = readFileSync(join(lib, path), 'utf8');
      return names.some((name) => new RegExp(`['"\`]${name.replace('.', '\\.')}['"\`]`).test(text));
    });

  it('are known in one file', () => {
    expect(files.length).toBeGreaterThan(10);
    expect(holdersOf(files)).toEqual(['aws/errors.ts']);
  });
});
