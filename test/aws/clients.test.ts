import { DescribeSubnetsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { describe, expect, it } from 'vitest';
import { createAwsClients } from '../../lib/aws/clients.ts';
import { systemClock } from '../../lib/aws/clock.ts';
import { createAccountDirectory } from '../../lib/collect/account-directory.ts';
import { createAccountEntrance } from '../../lib/collect/account-entrance.ts';
import { createAccountObserver } from '../../lib/collect/account-observer.ts';
import { collectInstanceTypes } from '../../lib/collect/instances.ts';
import { type Answer, createInProcessEndpoint, EMPTY_EC2, type SentRequest } from './in-process-endpoint.ts';

const ACCOUNT_ID = '111122223333';
const CREDENTIALS = { accessKeyId: 'AKIA', secretAccessKey: 'secret' };
const REGION = 'eu-west-1';

/** Empty listings, but one name of everything in EKS, so that every listing inside a cluster is asked for too. */
const EKS_ANSWERS: Readonly<Record<string, object>> = {
  'GET /clusters': { clusters: ['prod'] },
  'GET /clusters/prod': { cluster: { name: 'prod', arn: 'arn:aws:eks:eu-west-1:111122223333:cluster/prod' } },
  'GET /clusters/prod/node-groups': { nodegroups: ['workers'] },
  'GET /clusters/prod/node-groups/workers': { nodegroup: { nodegroupName: 'workers', clusterName: 'prod' } },
  'GET /clusters/prod/fargate-profiles': { fargateProfileNames: ['batch'] },
  'GET /clusters/prod/fargate-profiles/batch': {
    fargateProfile: { fargateProfileName: 'batch', clusterName: 'prod' },
  },
  'GET /clusters/prod/addons': { addons: ['vpc-cni'] },
  'GET /clusters/prod/addons/vpc-cni': { addon: { addonName: 'vpc-cni', clusterName: 'prod' } },
};

const CALLER = `<GetCallerIdentityResponse><GetCallerIdentityResult>
  <Arn>arn:aws:iam::${ACCOUNT_ID}:user/audit</Arn>
  <Account>${ACCOUNT_ID}</Account>
</GetCallerIdentityResult></GetCallerIdentityResponse>`;

function answerOf({ action }: SentRequest): Answer {
  const body = EKS_ANSWERS[action];
  if (body !== undefined) {
    return { statusCode: 200, body: JSON.stringify(body) };
  }
  if (action === 'ListAccounts') {
    return { statusCode: 200, body: '{"Accounts":[]}' };
  }
  return action === 'GetCallerIdentity' ? { statusCode: 200, body: CALLER } : EMPTY_EC2;
}

function setUp(region = REGION) {
  const { requestHandler, sent } = createInProcessEndpoint(answerOf);
  const { signal } = new AbortController();
  const clients = createAwsClients({ limiter: { take: async () => {} }, requestHandler, attemptsMax: 1 });
  return {
    clients,
    sent,
    requestHandler,
    signal,
    scope: { accountId: ACCOUNT_ID, region, credentials: CREDENTIALS, signal },
  };
}

/** Everything that `lib/collect` asks, once. */
async function askEverything(): Promise<readonly SentRequest[]> {
  const { clients, sent, signal, scope } = setUp();
  const home = { clients, credentials: CREDENTIALS, homeRegion: REGION, clock: systemClock };
  const directory = createAccountDirectory(home);
  const entrance = createAccountEntrance(
    home,
    {
      roleName: 'Elbowroom',
      externalId: undefined,
      roleSessionName: 'elbowroom',
      deadlineMs: 60_000,
    },
    createAccountObserver,
  );
  const caller = { accountId: ACCOUNT_ID, partition: 'aws' };
  expect(await directory.caller(signal)).toEqual({ ok: true, value: caller });
  await directory.organizationAccounts(signal);
  const entered = await entrance.enter(caller, ACCOUNT_ID, signal);
  if (!entered.ok) {
    throw new Error(entered.error.message);
  }
  await entered.value.regions();
  await entered.value.observeRegion(REGION, { extent: 'everything', due: new Map(), known: undefined });
  await entered.value.subnetCounters(REGION);
  await entered.value.reservations(REGION, 'subnet-0a');
  await collectInstanceTypes(clients.ec2(scope), ['m5.large'], { clock: systemClock, signal });
  return sent;
}

/** The largest page each action allows; `undefined` where it has no pages. The API references of EC2, EKS, Organizations. */
const PAGE_SIZES: Readonly<Record<string, string | number | undefined>> = {
  GetCallerIdentity: undefined,
  ListAccounts: 20,
  DescribeRegions: undefined,
  DescribeAvailabilityZones: undefined,
  GetManagedResourceVisibility: undefined,
  DescribeVpcs: '1000',
  DescribeSubnets: '1000',
  DescribeNetworkInterfaces: '1000',
  GetSubnetCidrReservations: '1000',
  DescribeInstances: '1000',
  DescribeInstanceTypes: '100',
  DescribeRouteTables: '100',
  DescribeVpcEndpoints: '1000',
  DescribeFlowLogs: '1000',
  'GET /clusters': '100',
  'GET /clusters/prod': undefined,
  'GET /clusters/prod/node-groups': '100',
  'GET /clusters/prod/node-groups/workers': undefined,
  'GET /clusters/prod/fargate-profiles': '100',
  'GET /clusters/prod/fargate-profiles/batch': undefined,
  'GET /clusters/prod/addons': '100',
  'GET /clusters/prod/addons/vpc-cni': undefined,
};

describe('every call of the collectors', () => {
  it('asks for the largest page where the action has pages', async () => {
    const sent = await askEverything();
    const pageSizes = sent.map(({ action, parameters }) => [
      action,
      parameters['MaxResults'] ?? parameters['maxResults'],
    ]);
    expect(Object.fromEntries(pageSizes)).toEqual(PAGE_SIZES);
    // Subnets are read twice, the second time for their counters alone: both in pages.
    expect(pageSizes.filter(([action]) => action === 'DescribeSubnets')).toEqual([
      ['DescribeSubnets', '1000'],
      ['DescribeSubnets', '1000'],
    ]);
  });

  it('asks for managed instances and interfaces, which EC2 leaves out otherwise', async () => {
    const sent = await askEverything();
    const including = sent.filter(({ parameters }) => parameters['IncludeManagedResources'] === 'true');
    expect(including.map(({ action }) => action).sort()).toEqual(['DescribeInstances', 'DescribeNetworkInterfaces']);
    for (const { parameters } of including) {
      expect(parameters).toMatchObject({ IncludeManagedResources: 'true', MaxResults: '1000' });
    }
  });

  it('is signed for the region, Organizations for the one it lives in', async () => {
    const sent = await askEverything();
    const scopes = sent.map(
      ({ headers }) => /Credential=AKIA\/\d{8}\/([^,]+)/.exec(headers['authorization'] ?? '')?.[1],
    );
    expect([...new Set(scopes)].sort()).toEqual([
      'eu-west-1/ec2/aws4_request',
      'eu-west-1/eks/aws4_request',
      'eu-west-1/sts/aws4_request',
      'us-east-1/organizations/aws4_request',
    ]);
  });
});

describe('clients', () => {
  it('have no logger middleware, which the SDK installs on its own ones', () => {
    const { clients, scope } = setUp();
    const isLogger = (entry: string) => entry.startsWith('loggerMiddleware');
    for (const client of [clients.ec2(scope), clients.eks(scope), clients.sts(scope), clients.organizations(scope)]) {
      expect(client.middlewareStack.identify().filter(isLogger)).toEqual([]);
    }
    expect(new EC2Client({ region: REGION }).middlewareStack.identify().filter(isLogger)).toHaveLength(1);
  });

  it('take their turn at the rate limit inside the retries and before they sign', () => {
    const { clients, scope } = setUp();
    for (const client of [clients.ec2(scope), clients.eks(scope), clients.sts(scope), clients.organizations(scope)]) {
      const stack = client.middlewareStack.identify().map((entry) => entry.split(' ')[0]);
      const order = [
        'retryMiddleware',
        'endpointManners',
        'httpSigningMiddleware',
        'deserializerMiddleware',
        'awsErrorCode',
      ];
      expect(stack.filter((name) => order.includes(String(name)))).toEqual(order);
    }
  });

  it('share one request handler, the given one or one of their own', () => {
    const given = setUp();
    const own = createAwsClients({ limiter: { take: async () => {} } });
    const other = { ...given.scope, accountId: '444455556666', region: 'us-east-1' };
    for (const clients of [given.clients, own]) {
      const handlers = [given.scope, other].flatMap((scope) => [
        clients.ec2(scope).config.requestHandler,
        clients.eks(scope).config.requestHandler,
        clients.sts(scope).config.requestHandler,
        clients.organizations(scope).config.requestHandler,
      ]);
      expect(new Set(handlers).size).toBe(1);
    }
    expect(given.clients.ec2(given.scope).config.requestHandler).toBe(given.requestHandler);
  });

  it('give up on a request that takes too long, rather than warn of it', async () => {
    const clients = createAwsClients({
      limiter: { take: async () => {} },
      attemptsMax: 1,
      endpoint: 'http://127.0.0.1:1',
    });
    const ec2 = clients.ec2(setUp().scope);
    await expect(ec2.send(new DescribeSubnetsCommand({}))).rejects.toThrow();
    const { requestHandler } = ec2.config;
    const settings = requestHandler instanceof NodeHttpHandler ? requestHandler.httpHandlerConfigs() : undefined;
    expect(settings).toMatchObject({
      throwOnRequestTimeout: true,
      requestTimeout: 60_000,
      socketTimeout: 60_000,
      connectionTimeout: 5_000,
    });
  });

  it.each([
    [
      'eu-west-1',
      'ec2.eu-west-1.amazonaws.com',
      'eks.eu-west-1.amazonaws.com',
      'sts.eu-west-1.amazonaws.com',
      'organizations.us-east-1.amazonaws.com',
    ],
    [
      'us-gov-west-1',
      'ec2.us-gov-west-1.amazonaws.com',
      'eks.us-gov-west-1.amazonaws.com',
      'sts.us-gov-west-1.amazonaws.com',
      'organizations.us-gov-west-1.amazonaws.com',
    ],
    [
      'cn-north-1',
      'ec2.cn-north-1.amazonaws.com.cn',
      'eks.cn-north-1.amazonaws.com.cn',
      'sts.cn-north-1.amazonaws.com.cn',
      'organizations.cn-northwest-1.amazonaws.com.cn',
    ],
  ])('of %s use the endpoints of its partition', async (region, ...hosts) => {
    const { clients, scope, sent } = setUp(region);
    const directory = createAccountDirectory({
      clients,
      credentials: CREDENTIALS,
      homeRegion: region,
      clock: systemClock,
    });
    const { ListClustersCommand } = await import('@aws-sdk/client-eks');
    await clients.ec2(scope).send(new DescribeSubnetsCommand({}));
    await clients.eks(scope).send(new ListClustersCommand({}));
    await directory.caller(scope.signal);
    await directory.organizationAccounts(scope.signal);
    expect(sent.map(({ hostname }) => hostname)).toEqual(hosts);
  });

  it('use another endpoint for every service where one is given', async () => {
    const { requestHandler, sent } = createInProcessEndpoint(answerOf);
    const endpoint = 'http://localhost:4566';
    const clients = createAwsClients({ limiter: { take: async () => {} }, requestHandler, endpoint });
    const { scope } = setUp();
    const { ListClustersCommand } = await import('@aws-sdk/client-eks');
    await clients.ec2(scope).send(new DescribeSubnetsCommand({}));
    await clients.eks(scope).send(new ListClustersCommand({}));
    expect(sent.map(({ hostname }) => hostname)).toEqual(['localhost', 'localhost']);
  });
});
