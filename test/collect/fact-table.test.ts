import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { notSeenOf } from '../../lib/audit/coverage.ts';
import type { Ask } from '../../lib/audit/ports.ts';
import { scanRegion } from '../../lib/audit/scan-region.ts';
import { DISCOVERY_TABLE, FACT_TABLE, type FactRow, type RegionShape } from '../../lib/collect/fact-table.ts';
import type { RegionFacts } from '../../lib/domain/region-facts.ts';
import { addAccount, addRegion } from '../../lib/local/simulated-aws/build/organization.ts';
import type { Fault } from '../../lib/local/simulated-aws/fault.ts';
import type { AnsweredRequest, SimulatedAws } from '../../lib/local/simulated-aws/state.ts';
import { ACCOUNT_ID } from '../helpers/builders.ts';
import {
  AUDITED_AT,
  auditInProcess,
  countByAction,
  observerOf,
  ROLE_NAME,
  recordRequests,
} from '../helpers/simulated-audit.ts';
import { awsOfPlan, EMPTY_PLAN, REGION, type RegionPlan } from './region-of-shape.ts';

const TARGET = { accountId: ACCOUNT_ID, region: REGION };
const EVERYTHING: Ask = { extent: 'everything', due: new Map(), known: undefined };
/** A moment after everything was observed. */
const LATER = new Date(AUDITED_AT.getTime() + 1).toISOString();
const ROWS: readonly FactRow[] = Object.values(FACT_TABLE);

function shapeOf(plan: RegionPlan): RegionShape {
  const { clusterSubnetReservations, reservedSubnets, hiddenUseSubnets, surplusSubnets } = plan;
  const isServed = plan.clusters.length > 0;
  // Without a cluster, reservations show as missing addresses, so the subnets that have some are asked all the same.
  const ofCluster = clusterSubnetReservations.filter((count) => isServed || count > 0);
  return {
    ...plan,
    subnets: plan.plainSubnets + clusterSubnetReservations.length + reservedSubnets + hiddenUseSubnets + surplusSubnets,
    instances: plan.instanceTypes === 0 ? 0 : plan.instances,
    instanceTypes: Math.min(plan.instances, plan.instanceTypes),
    areSubnetsReadAgain: hiddenUseSubnets + surplusSubnets > 0,
    reservations: [
      ...ofCluster,
      ...Array.from({ length: reservedSubnets }, () => 1),
      ...Array.from({ length: hiddenUseSubnets }, () => 0),
    ],
  };
}

/** What the table says a scan of this shape asks, by action. */
function requestsByTable(shape: RegionShape): Record<string, number> {
  const counts = ROWS.map((row) => [row.action, row.requests(shape)] as const);
  return Object.fromEntries(counts.filter(([, count]) => count > 0));
}

async function scan(aws: SimulatedAws): Promise<{ requests: AnsweredRequest[]; facts: RegionFacts }> {
  const requests = recordRequests(aws);
  const facts = await scanRegion(await observerOf(aws, { callerId: ACCOUNT_ID }), TARGET, 'everything');
  return { requests, facts };
}

/** Sends are as the table has them, action by action: how many, with which page size, and nothing else. */
function expectRequests(requests: readonly AnsweredRequest[], shape: RegionShape): void {
  expect(countByAction(requests)).toEqual(requestsByTable(shape));
  const sizes = new Map(ROWS.map(({ action, pageSize }) => [action, pageSize]));
  for (const { service, action, params, status } of requests) {
    expect({ action, status, size: pageSizeOf(params) }).toEqual({
      action,
      status: 200,
      size: sizes.get(`${service}:${action}`),
    });
  }
}

function pageSizeOf(params: object): unknown {
  const entries = new Map<string, unknown>(Object.entries(params));
  return entries.get('MaxResults') ?? entries.get('maxResults');
}

const PAGE_EDGES = [0, 1, 99, 100, 101, 999, 1000, 1001, 2001];

describe('the requests of a scan at the edges of pages', () => {
  /** Pages of a listing of so many, worked out by hand. */
  const pagesOf1000: Record<number, number> = { 0: 1, 1: 1, 99: 1, 100: 1, 101: 1, 999: 1, 1000: 1, 1001: 2, 2001: 3 };
  const pagesOf100: Record<number, number> = {
    0: 1,
    1: 1,
    99: 1,
    100: 1,
    101: 2,
    999: 10,
    1000: 10,
    1001: 11,
    2001: 21,
  };

  it.each(PAGE_EDGES)('are those worked out by hand for %i of everything in EC2', async (count) => {
    const plan: RegionPlan = {
      ...EMPTY_PLAN,
      vpcs: count,
      plainSubnets: count,
      networkInterfaces: count,
      instances: count,
      instanceTypes: count,
      routeTables: count,
      vpcEndpoints: count,
      flowLogs: count,
    };
    const { requests, facts } = await scan(awsOfPlan(plan));
    expectRequests(requests, shapeOf(plan));
    expect(countByAction(requests)).toEqual({
      'ec2:DescribeAvailabilityZones': 1,
      'ec2:GetManagedResourceVisibility': 1,
      'ec2:DescribeVpcs': pagesOf1000[count],
      'ec2:DescribeSubnets': pagesOf1000[count],
      'ec2:DescribeNetworkInterfaces': pagesOf1000[count],
      'ec2:DescribeInstances': pagesOf1000[count],
      ...(count === 0 ? {} : { 'ec2:DescribeInstanceTypes': pagesOf100[count] }),
      'ec2:DescribeRouteTables': pagesOf100[count],
      'ec2:DescribeVpcEndpoints': pagesOf1000[count],
      'ec2:DescribeFlowLogs': pagesOf1000[count],
      'eks:ListClusters': 1,
    });
    const listed = [facts.vpcs, facts.subnets, facts.networkInterfaces, facts.instances, facts.instanceTypes];
    for (const fact of [...listed, facts.routeTables, facts.vpcEndpoints, facts.flowLogs]) {
      expect(fact.state === 'observed' && fact.value.length).toBe(count);
    }
  });

  it.each(PAGE_EDGES)('ask for %i reservations of one subnet page by page', async (count) => {
    const plan: RegionPlan = {
      ...EMPTY_PLAN,
      clusterSubnetReservations: [count],
      clusters: [{ nodegroups: 0, fargateProfiles: 0, addons: 0 }],
    };
    const { requests } = await scan(awsOfPlan(plan));
    expectRequests(requests, shapeOf(plan));
    expect(countByAction(requests)['ec2:GetSubnetCidrReservations']).toBe(pagesOf1000[count]);
  });

  it.each([0, 1, 99, 100, 101, 201])('ask for %i clusters and describe each', async (count) => {
    const clusters = Array.from({ length: count }, () => ({ nodegroups: 0, fargateProfiles: 0, addons: 0 }));
    const plan: RegionPlan = { ...EMPTY_PLAN, clusters };
    const { requests } = await scan(awsOfPlan(plan));
    expectRequests(requests, shapeOf(plan));
    const perCluster = count === 0 ? {} : { 'eks:DescribeCluster': count, 'eks:ListNodegroups': count };
    expect(countByAction(requests)).toMatchObject({
      'eks:ListClusters': Math.max(1, Math.ceil(count / 100)),
      ...perCluster,
    });
  });

  it.each([0, 1, 99, 100, 101, 201])('ask for %i names of each kind in a cluster and describe each', async (count) => {
    const plan: RegionPlan = {
      ...EMPTY_PLAN,
      clusters: [{ nodegroups: count, fargateProfiles: count, addons: count }],
    };
    const { requests } = await scan(awsOfPlan(plan));
    expectRequests(requests, shapeOf(plan));
    const pages = Math.max(1, Math.ceil(count / 100));
    const lists = { 'eks:ListNodegroups': pages, 'eks:ListFargateProfiles': pages, 'eks:ListAddons': pages };
    const described = count === 0 ? undefined : count;
    expect(countByAction(requests)).toMatchObject(lists);
    for (const action of ['eks:DescribeNodegroup', 'eks:DescribeFargateProfile', 'eks:DescribeAddon']) {
      expect(countByAction(requests)[action]).toBe(described);
    }
  });
});

describe('counters that do not add up', () => {
  it.each([
    { why: 'reservations explain', plan: { reservedSubnets: 1 }, subnetReadings: 1, reservationsAsked: 1 },
    { why: 'nothing listed explains', plan: { hiddenUseSubnets: 1 }, subnetReadings: 2, reservationsAsked: 1 },
    {
      why: 'are higher than they can be',
      plan: { surplusSubnets: 1 },
      subnetReadings: 2,
      reservationsAsked: undefined,
    },
  ])('that $why cost $subnetReadings readings', async ({ plan: part, subnetReadings, reservationsAsked }) => {
    const plan: RegionPlan = { ...EMPTY_PLAN, ...part };
    const { requests } = await scan(awsOfPlan(plan));
    expectRequests(requests, shapeOf(plan));
    expect(countByAction(requests)['ec2:DescribeSubnets']).toBe(subnetReadings);
    expect(countByAction(requests)['ec2:GetSubnetCidrReservations']).toBe(reservationsAsked);
  });

  it.each([999, 1000, 1001])('read %i subnets again in the same pages', async (surplusSubnets) => {
    const plan: RegionPlan = { ...EMPTY_PLAN, surplusSubnets };
    const { requests, facts } = await scan(awsOfPlan(plan));
    expectRequests(requests, shapeOf(plan));
    expect(countByAction(requests)['ec2:DescribeSubnets']).toBe(surplusSubnets > 1000 ? 4 : 2);
    expect(facts.subnetCounters?.state === 'observed' && facts.subnetCounters.value.size).toBe(surplusSubnets);
  });
});

/** Mostly few, with the short pages' edges among them; the long pages' edges stand above. */
const few = fc.oneof(
  { weight: 4, arbitrary: fc.nat({ max: 12 }) },
  { weight: 1, arbitrary: fc.constantFrom(99, 100, 101) },
);
const names = fc.oneof(
  { weight: 9, arbitrary: fc.nat({ max: 5 }) },
  { weight: 1, arbitrary: fc.constantFrom(100, 101) },
);
const planArbitrary: fc.Arbitrary<RegionPlan> = fc.record({
  vpcs: few,
  plainSubnets: few,
  networkInterfaces: few,
  instances: few,
  instanceTypes: few,
  routeTables: few,
  vpcEndpoints: few,
  flowLogs: few,
  clusterSubnetReservations: fc.array(fc.nat({ max: 3 }), { maxLength: 4 }),
  reservedSubnets: fc.nat({ max: 2 }),
  hiddenUseSubnets: fc.nat({ max: 2 }),
  surplusSubnets: fc.nat({ max: 2 }),
  clusters: fc.array(fc.record({ nodegroups: names, fargateProfiles: names, addons: names }), { maxLength: 6 }),
});

describe('the requests of a scan', () => {
  it('are what the table says for any shape, with its page sizes, and no others', async () => {
    await fc.assert(
      fc.asyncProperty(planArbitrary, async (plan) => {
        const { requests } = await scan(awsOfPlan(plan));
        expectRequests(requests, shapeOf(plan));
      }),
      { numRuns: 40 },
    );
  });

  it('ask for what AWS services manage in the two listings that hide it', async () => {
    const { requests } = await scan(
      awsOfPlan({ ...EMPTY_PLAN, networkInterfaces: 1001, instances: 1001, instanceTypes: 1 }),
    );
    const asking = requests.filter(({ params }) => 'IncludeManagedResources' in params);
    expect(
      asking.every(({ params }) => 'IncludeManagedResources' in params && params.IncludeManagedResources === true),
    ).toBe(true);
    expect(countByAction(asking)).toEqual({ 'ec2:DescribeNetworkInterfaces': 2, 'ec2:DescribeInstances': 2 });
  });

  it('before and in each account are those of the discovery table', async () => {
    const aws = awsOfPlan(EMPTY_PLAN);
    const others = Array.from({ length: 40 }, (_, index) => String(222_222_222_200 + index));
    for (const id of others) {
      const account = addAccount(aws, { id, name: `Account ${id}` });
      account.roles.set(ROLE_NAME, { externalId: undefined });
      addRegion(account, REGION);
    }
    const requests = recordRequests(aws);
    await auditInProcess(aws, { callerId: ACCOUNT_ID, accounts: { kind: 'organization' } });
    const inRegions = requestsByTable(shapeOf(EMPTY_PLAN));
    const all = Object.entries(inRegions).map(([action, count]) => [action, count * 41] as const);
    expect(countByAction(requests)).toEqual({
      ...Object.fromEntries(all),
      [DISCOVERY_TABLE.callerIdentity.action]: 1,
      // 41 accounts in pages of 20.
      [DISCOVERY_TABLE.accounts.action]: 3,
      [DISCOVERY_TABLE.assumeRole.action]: 40,
      [DISCOVERY_TABLE.regions.action]: 41,
    });
    const listing = requests.filter(({ action }) => action === 'ListAccounts');
    expect(listing.map(({ params }) => pageSizeOf(params))).toEqual([20, 20, 20]);
  });
});

/** The actions that wait for their hour. */
const WAITING = ROWS.filter(({ cadence }) => cadence !== 'each-scan').map(({ action }) => action);
const LISTING_OF: Readonly<Record<string, string>> = {
  'eks:DescribeNodegroup': 'eks:ListNodegroups',
  'eks:DescribeFargateProfile': 'eks:ListFargateProfiles',
  'eks:DescribeAddon': 'eks:ListAddons',
};

/** What the table says an observation asks where all is known: rows that are due, and names before what they name. */
function requestsOfDue(shape: RegionShape, dueActions: readonly string[]): Record<string, number> {
  if (shape.clusters.length === 0) {
    return { 'eks:ListClusters': 1 };
  }
  const observed = { ...shape, areSubnetsReadAgain: false, reservations: [] };
  const counts = new Map<string, number>();
  for (const row of ROWS.filter(({ action }) => !WAITING.includes(action) || dueActions.includes(action))) {
    counts.set(row.action, row.requests(observed));
  }
  for (const row of ROWS) {
    const describes = Object.keys(LISTING_OF).filter((action) => LISTING_OF[action] === row.action);
    if (describes.some((action) => dueActions.includes(action)) && !dueActions.includes(row.action)) {
      const named = shape.clusters.filter((cluster) => cluster[NAMED_BY[row.action] ?? 'addons'] > 0);
      counts.set(row.action, row.requests({ ...observed, clusters: named }));
    }
  }
  return Object.fromEntries([...counts].filter(([, count]) => count > 0));
}

const NAMED_BY: Readonly<Record<string, keyof RegionShape['clusters'][number]>> = {
  'eks:ListNodegroups': 'nodegroups',
  'eks:ListFargateProfiles': 'fargateProfiles',
  'eks:ListAddons': 'addons',
};

describe('the requests of an observation of what is known', () => {
  it('are what the table says of what is due, for any shape, and no others', async () => {
    await fc.assert(
      fc.asyncProperty(planArbitrary, fc.subarray(WAITING), async (plan, dueActions) => {
        const aws = awsOfPlan(plan);
        const { facts: known } = await scan(aws);
        const requests = recordRequests(aws);
        const observer = await observerOf(aws, { callerId: ACCOUNT_ID });
        const due = new Map(
          WAITING.map((action) => [action, dueActions.includes(action) ? LATER : AUDITED_AT.toISOString()]),
        );
        await observer.observeRegion(REGION, { extent: 'where-clusters-are', due, known });
        expect(countByAction(requests)).toEqual(requestsOfDue(shapeOf(plan), dueActions));
      }),
      { numRuns: 40 },
    );
  });
});

const SOME_OF_EVERYTHING: RegionPlan = {
  vpcs: 2,
  plainSubnets: 3,
  networkInterfaces: 5,
  instances: 4,
  instanceTypes: 2,
  routeTables: 101,
  vpcEndpoints: 2,
  flowLogs: 2,
  clusterSubnetReservations: [2, 0],
  reservedSubnets: 1,
  hiddenUseSubnets: 1,
  surplusSubnets: 1,
  clusters: [
    { nodegroups: 2, fargateProfiles: 1, addons: 101 },
    { nodegroups: 0, fargateProfiles: 0, addons: 1 },
  ],
};

describe('a listing', () => {
  it('does not end at an empty page that names a next one', async () => {
    const { facts: plain } = await scan(awsOfPlan(SOME_OF_EVERYTHING));
    const aws = awsOfPlan(SOME_OF_EVERYTHING);
    aws.emptyPages = true;
    const { facts, requests } = await scan(aws);
    expect(facts).toEqual(plain);
    const paged = new Set(ROWS.filter(({ pageSize }) => pageSize !== undefined).map(({ action }) => action));
    const expected = Object.entries(requestsByTable(shapeOf(SOME_OF_EVERYTHING))).map(([action, count]) => [
      action,
      paged.has(action) ? 2 * count : count,
    ]);
    expect(countByAction(requests)).toEqual(Object.fromEntries(expected));
  });

  const paged = ROWS.filter(({ pageSize }) => pageSize !== undefined);

  it.each(paged)('of $action is unavailable where a page token comes twice', async ({ action }) => {
    const aws = awsOfPlan(SOME_OF_EVERYTHING);
    const requests = recordRequests(aws);
    aws.faults = (request) => (isAction(request, action) ? emptyPage(action, 'same') : undefined);
    const facts = await scanRegion(await observerOf(aws, { callerId: ACCOUNT_ID }), TARGET, 'everything');
    const failed = notSeenOf(facts, [], new Set()).filter(
      ({ error }) => error.action === action && error.code !== 'not-attempted',
    );
    expect(failed.map(({ error }) => error)).toEqual([
      {
        action,
        code: 'unexpected-response',
        message: 'Cannot read the next page: the same page token came twice',
        awsErrorName: undefined,
      },
    ]);
    // One listing of the region, or one of each cluster or subnet that is named.
    const listings = Math.max(1, failed[0]?.resourceIds.length ?? 0);
    // Two pages each, and no third.
    expect(countByAction(requests)[action]).toBe(2 * listings);
  });

  it.each([
    { pages: 1000, state: 'observed' },
    { pages: 1001, state: 'unavailable' },
  ])('of $pages pages is $state', async ({ pages, state }) => {
    const aws = awsOfPlan(EMPTY_PLAN);
    const action = 'ec2:DescribeVpcs';
    let answered = 0;
    aws.faults = (request) => {
      if (!isAction(request, action)) {
        return undefined;
      }
      answered += 1;
      return emptyPage(action, answered < pages ? `token-${answered}` : undefined);
    };
    const observer = await observerOf(aws, { callerId: ACCOUNT_ID });
    const { vpcs } = await observer.observeRegion(REGION, EVERYTHING);
    expect(vpcs.state).toBe(state);
    if (vpcs.state === 'unavailable') {
      expect(vpcs.error).toMatchObject({
        action,
        code: 'unexpected-response',
        message: expect.stringContaining('1000 pages'),
      });
    }
    expect(answered).toBe(1000);
  });
});

function isAction(request: { service: string; action: string }, action: string): boolean {
  return `${request.service}:${request.action}` === action;
}

/** An answer without items that names a next page, in the protocol of the action's service. */
function emptyPage(action: string, token: string | undefined): Fault {
  const [service, name = ''] = action.split(':');
  if (service === 'eks') {
    return { status: 200, contentType: 'application/json', body: JSON.stringify({ nextToken: token }) };
  }
  const element = token === undefined ? '<nextToken/>' : `<nextToken>${token}</nextToken>`;
  const body = `<${name}Response xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">${element}</${name}Response>`;
  return { status: 200, contentType: 'text/xml', body };
}
