import { DescribeNetworkInterfacesCommand, DescribeSubnetsCommand } from '@aws-sdk/client-ec2';
import { ListClustersCommand } from '@aws-sdk/client-eks';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { describe, expect, it } from 'vitest';
import type { Clock } from '../../../lib/aws/clock.ts';
import { createRateLimiter, EC2_RATE_LIMIT } from '../../../lib/aws/rate-limiter.ts';
import { addAccount, addRegion, createSimulatedAws } from '../../../lib/local/simulated-aws/build/organization.ts';
import { type RequestLimits, requestLimits } from '../../../lib/local/simulated-aws/request-limits.ts';
import type { SimulatedRequest } from '../../../lib/local/simulated-aws/state.ts';
import { clientsOf, errorOf } from './clients.ts';

const ACCOUNT_ID = '100000000000';
const SECONDS_PER_TEN_MINUTES = 600;

function aClock() {
  let nowMs = 0;
  return {
    now: () => nowMs,
    pass: (milliseconds: number) => {
      nowMs += milliseconds;
    },
  };
}

function aRequest(action: string, params: object = { MaxResults: 1000 }, service = 'ec2'): SimulatedRequest {
  return { accountId: ACCOUNT_ID, region: 'us-east-1', service, action, params };
}

/** How many requests in a row are within the limit. */
function burst(limits: RequestLimits, request: SimulatedRequest): number {
  let count = 0;
  while (limits(request)) {
    count += 1;
  }
  return count;
}

describe('the token bucket', () => {
  // https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html
  it.each<{ what: string; request: SimulatedRequest; capacity: number; refill: number }>([
    { what: 'subnets', request: aRequest('DescribeSubnets', {}), capacity: 100, refill: 20 },
    { what: 'a page of interfaces', request: aRequest('DescribeNetworkInterfaces'), capacity: 100, refill: 20 },
    {
      what: 'filtered interfaces',
      request: aRequest('DescribeNetworkInterfaces', { Filters: [{ Name: 'vpc-id', Values: ['vpc-1'] }] }),
      capacity: 100,
      refill: 20,
    },
    { what: 'all interfaces at once', request: aRequest('DescribeNetworkInterfaces', {}), capacity: 50, refill: 10 },
    {
      what: 'interfaces with an empty list of filters',
      request: aRequest('DescribeNetworkInterfaces', { Filters: [] }),
      capacity: 50,
      refill: 10,
    },
    { what: 'all instances at once', request: aRequest('DescribeInstances', {}), capacity: 50, refill: 10 },
    { what: 'clusters', request: aRequest('ListClusters', {}, 'eks'), capacity: 20, refill: 5 },
  ])('of $what holds $capacity and gains $refill a second', ({ request, capacity, refill }) => {
    const clock = aClock();
    const limits = requestLimits({ now: clock.now });
    expect(burst(limits, request)).toBe(capacity);
    clock.pass(1000);
    expect(burst(limits, request)).toBe(refill);
    clock.pass(1000 / refill - 1);
    expect(limits(request)).toBe(false);
    clock.pass(1);
    expect(limits(request)).toBe(true);
    clock.pass(3_600_000);
    expect(burst(limits, request)).toBe(capacity);
  });

  it('is one for each account, region and action', () => {
    const limits = requestLimits({ now: () => 0 });
    const request = aRequest('DescribeSubnets');
    expect(burst(limits, request)).toBe(100);
    expect(limits({ ...request, accountId: '200000000000' })).toBe(true);
    expect(limits({ ...request, region: 'eu-west-1' })).toBe(true);
    expect(limits({ ...request, action: 'DescribeVpcs' })).toBe(true);
    expect(limits(request)).toBe(false);
  });

  it.each([
    { share: 0.75, everyMs: 200, refusals: false },
    { share: 0.75, everyMs: 150, refusals: true },
    { share: 0.8, everyMs: 200, refusals: true },
  ])(
    'with controllers at $share and a request each $everyMs ms refuses some within ten minutes: $refusals',
    ({ share, everyMs, refusals }) => {
      const clock = aClock();
      const limits = requestLimits({ now: clock.now, controllerShare: share });
      const refused: number[] = [];
      for (let atMs = 0; atMs < SECONDS_PER_TEN_MINUTES * 1000; atMs += everyMs) {
        if (!limits(aRequest('DescribeNetworkInterfaces'))) {
          refused.push(atMs);
        }
        clock.pass(everyMs);
      }
      expect(refused.length > 0).toBe(refusals);
    },
  );

  it.each([
    { share: 0.75, refusals: false },
    { share: 0.85, refusals: true },
  ])('beside controllers at $share refuses the scanner that limits itself: $refusals', async ({ share, refusals }) => {
    let nowMs = 0;
    const clock: Clock = {
      now: () => nowMs,
      sleep: (durationMs) => {
        nowMs += durationMs;
        return Promise.resolve();
      },
    };
    const limiter = createRateLimiter(clock);
    const limits = requestLimits({ now: clock.now, controllerShare: share });
    let refusedCount = 0;
    while (nowMs < SECONDS_PER_TEN_MINUTES * 1000) {
      await limiter.take('key', EC2_RATE_LIMIT);
      refusedCount += limits(aRequest('DescribeNetworkInterfaces')) ? 0 : 1;
    }
    expect(refusedCount > 0).toBe(refusals);
  });

  it('stays empty where the controllers take more than it gains', () => {
    const clock = aClock();
    const limits = requestLimits({ now: clock.now, controllerShare: 1.1 });
    expect(burst(limits, aRequest('DescribeSubnets'))).toBe(100);
    clock.pass(3_600_000);
    expect(limits(aRequest('DescribeSubnets'))).toBe(false);
  });
});

describe('a simulated AWS with limits', () => {
  it("answers what is beyond them with each service's own error, and the rest as ever", async () => {
    const clock = aClock();
    const now = () => new Date('2026-11-20T00:00:00Z');
    const aws = createSimulatedAws({
      partition: 'aws',
      organizationId: 'o-test',
      managementAccountId: ACCOUNT_ID,
      now,
    });
    addRegion(addAccount(aws, { id: ACCOUNT_ID, name: 'Management' }), 'us-east-1');
    aws.limits = requestLimits({ now: clock.now });
    const { ec2, eks, sts } = clientsOf(aws, { accountId: ACCOUNT_ID });
    for (let count = 0; count < 50; count += 1) {
      await ec2.send(new DescribeNetworkInterfacesCommand({}));
    }
    expect(await errorOf(ec2.send(new DescribeNetworkInterfacesCommand({})))).toMatchObject({
      name: 'RequestLimitExceeded',
      status: 503,
    });
    expect((await ec2.send(new DescribeSubnetsCommand({}))).Subnets).toEqual([]);
    for (let count = 0; count < 20; count += 1) {
      await eks.send(new ListClustersCommand({}));
    }
    expect(await errorOf(eks.send(new ListClustersCommand({})))).toMatchObject({ name: 'ThrottlingException' });
    expect((await sts.send(new GetCallerIdentityCommand({}))).Account).toBe(ACCOUNT_ID);
    clock.pass(1000);
    expect((await ec2.send(new DescribeNetworkInterfacesCommand({}))).NetworkInterfaces).toEqual([]);
  });
});
