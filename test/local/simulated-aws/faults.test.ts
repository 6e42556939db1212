import { DescribeSubnetsCommand, DescribeVpcsCommand } from '@aws-sdk/client-ec2';
import { ListClustersCommand } from '@aws-sdk/client-eks';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DEMO_ACCOUNT_IDS, demoOrganization } from '../../../lib/local/simulated-aws/demo-organization.ts';
import { type SimulatedAwsServer, serveSimulatedAws } from '../../../lib/local/simulated-aws/serve-simulated-aws.ts';
import type { AnsweredRequest } from '../../../lib/local/simulated-aws/state.ts';
import { type Clients, clientsOf, errorOf, httpClientsOf } from './clients.ts';

const aws = demoOrganization(new Date('2026-11-20T00:00:00Z'));
const accountId = DEMO_ACCOUNT_IDS.shop;
const NEVER_MS = 3_600_000;

let server: SimulatedAwsServer;
beforeAll(async () => {
  server = await serveSimulatedAws(aws, { port: 0 });
});
afterAll(() => server.close());
beforeEach(() => {
  aws.faults = undefined;
  aws.onRequest = undefined;
});

describe.each<[string, () => Clients]>([
  ['in the process', () => clientsOf(aws, { accountId })],
  ['over HTTP', () => httpClientsOf(server.url, { accountId })],
])('a fault %s', (_door, clients) => {
  it('has the form of the service it hits', async () => {
    aws.faults = ({ service }) =>
      service === 'ec2'
        ? { status: 503, code: 'RequestLimitExceeded', message: 'Request limit exceeded.' }
        : { status: 429, code: 'ThrottlingException' };
    const { ec2, eks } = clients();
    expect(await errorOf(ec2.send(new DescribeSubnetsCommand({})))).toEqual({
      name: 'RequestLimitExceeded',
      message: 'Request limit exceeded.',
      status: 503,
    });
    expect(await errorOf(eks.send(new ListClustersCommand({})))).toMatchObject({
      name: 'ThrottlingException',
      status: 429,
    });
  });

  it('hits only the requests it chose', async () => {
    aws.faults = ({ action, region }) =>
      action === 'DescribeSubnets' && region === 'us-east-1' ? { status: 500, code: 'InternalError' } : undefined;
    const { ec2 } = clients();
    expect(await errorOf(ec2.send(new DescribeSubnetsCommand({})))).toMatchObject({ name: 'InternalError' });
    expect((await ec2.send(new DescribeVpcsCommand({}))).Vpcs).toHaveLength(2);
  });

  it.each([
    { status: 404, name: 'NotFound' },
    { status: 500, name: 'Unknown' },
    { status: 501, name: 'Unknown' },
  ])('can be a page of HTML with $status and no code of AWS', async ({ status, name }) => {
    aws.faults = () => ({ status });
    const { ec2, eks } = clients();
    expect(await errorOf(ec2.send(new DescribeSubnetsCommand({})))).toMatchObject({ name, status });
    expect(await errorOf(eks.send(new ListClustersCommand({})))).toMatchObject({ name: 'SyntaxError' });
  });

  it('can be an answer that is not XML', async () => {
    aws.faults = () => ({ status: 200, body: '<DescribeSubnetsResponse><subnetSet><item>', contentType: 'text/xml' });
    await expect(clients().ec2.send(new DescribeSubnetsCommand({}))).rejects.toThrow('XML parse error');
  });

  it('can drop the connection', async () => {
    const statuses: number[] = [];
    aws.onRequest = ({ status }) => statuses.push(status);
    aws.faults = () => ({ dropConnection: true });
    await expect(clients().ec2.send(new DescribeSubnetsCommand({}))).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(statuses).toEqual([0]);
  });

  it('can only delay the answer', async () => {
    aws.faults = () => ({ delayMs: 1 });
    expect((await clients().ec2.send(new DescribeVpcsCommand({}))).Vpcs).toHaveLength(2);
  });

  it('ends when the caller gives up', async () => {
    const controller = new AbortController();
    aws.faults = () => {
      queueMicrotask(() => controller.abort());
      return { delayMs: NEVER_MS };
    };
    const call = clients().ec2.send(new DescribeSubnetsCommand({}), { abortSignal: controller.signal });
    await expect(call).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('does not keep a request from being counted', async () => {
    const requests: AnsweredRequest[] = [];
    aws.onRequest = (request) => requests.push(request);
    const { ec2 } = clients();
    await ec2.send(new DescribeVpcsCommand({ MaxResults: 5 }));
    aws.faults = () => ({ status: 503, code: 'RequestLimitExceeded' });
    await errorOf(ec2.send(new DescribeVpcsCommand({})));
    const expected = { accountId, region: 'us-east-1', service: 'ec2', action: 'DescribeVpcs' };
    expect(requests).toEqual([
      { ...expected, params: { MaxResults: 5 }, status: 200, bytes: expect.any(Number) },
      { ...expected, params: {}, status: 503, bytes: expect.any(Number) },
    ]);
    expect(requests[0]?.bytes).toBeGreaterThan(requests[1]?.bytes ?? Number.POSITIVE_INFINITY);
  });
});

it('a call that was aborted before it was sent is never answered', async () => {
  const requests: AnsweredRequest[] = [];
  aws.onRequest = (request) => requests.push(request);
  const call = clientsOf(aws, { accountId }).ec2.send(new DescribeVpcsCommand({}), {
    abortSignal: AbortSignal.abort(),
  });
  await expect(call).rejects.toMatchObject({ name: 'AbortError' });
  expect(requests).toEqual([]);
});
