import { describe, expect, it } from 'vitest';
import { carryOver } from '../../lib/audit/carry-over.ts';
import { ownSlice } from '../../lib/audit/own-slice.ts';
import { scanRegion } from '../../lib/audit/scan-region.ts';
import { scheduledSlot } from '../../lib/audit/slot.ts';
import { DISCOVERY_TABLE, FACT_TABLE, type FactRow, type RegionShape } from '../../lib/collect/fact-table.ts';
import { joinSlices } from '../../lib/domain/join-slices.ts';
import type { RegionFacts, Target } from '../../lib/domain/region-facts.ts';
import { sliceByVpc } from '../../lib/domain/slice-by-vpc.ts';
import { addAccount } from '../../lib/local/simulated-aws/build/organization.ts';
import type { SimulatedAccount, SimulatedAws, SimulatedRegion } from '../../lib/local/simulated-aws/state.ts';
import { ACCOUNT_ID } from '../helpers/builders.ts';
import { AUDITED_AT, countByAction, observerOf, ROLE_NAME, recordRequests } from '../helpers/simulated-audit.ts';
import { addRegionOfPlan, awsOfPlan, EMPTY_PLAN, type RegionPlan } from './region-of-shape.ts';

/** On average per account, region and hour, with the role assumed once for the regions of an account. */
const BUDGET = { withoutClusters: 2.2, core: 6, withNetworkPosture: 9 };

const MEMBER_ID = '444455556666';
const REGIONS = ['eu-west-1', 'eu-central-1', 'us-east-1', 'us-west-2'];
const HOURS_PER_DAY = 24;
const MS_PER_HOUR = 3_600_000;
/** A run is spread over its slot: this account has its turn 13 minutes into it. */
const TURN_MS = 780_000;
const ROWS: readonly FactRow[] = Object.values(FACT_TABLE);

/** A typical region: of its 25 subnets 12 serve clusters. */
const CLUSTER_SUBNETS = 12;
const TYPICAL: RegionPlan = {
  ...EMPTY_PLAN,
  vpcs: 2,
  plainSubnets: 25 - CLUSTER_SUBNETS,
  networkInterfaces: 500,
  instances: 40,
  instanceTypes: 3,
  routeTables: 8,
  vpcEndpoints: 10,
  flowLogs: 2,
  clusterSubnetReservations: Array.from({ length: CLUSTER_SUBNETS }, () => 0),
  clusters: [
    { nodegroups: 3, fargateProfiles: 1, addons: 4 },
    { nodegroups: 3, fargateProfiles: 1, addons: 4 },
  ],
};

const TYPICAL_SHAPE: RegionShape = {
  ...TYPICAL,
  subnets: 25,
  areSubnetsReadAgain: false,
  reservations: TYPICAL.clusterSubnetReservations,
};

interface Day {
  /** Requests of all regions from the second scan to the scan a day after the first. */
  readonly counts: Record<string, number>;
  readonly known: ReadonlyMap<string, RegionFacts>;
}

function memberAws(plan: RegionPlan): {
  aws: SimulatedAws;
  member: SimulatedAccount;
  regions: readonly SimulatedRegion[];
} {
  const aws = awsOfPlan(EMPTY_PLAN);
  const member = addAccount(aws, { id: MEMBER_ID, name: 'Member' });
  member.roles.set(ROLE_NAME, { externalId: undefined });
  return { aws, member, regions: REGIONS.map((name) => addRegionOfPlan(member, name, plan)) };
}

/** Scans the member account hour by hour and keeps what it knows as the service does: VPC by VPC. */
async function scanDay(aws: SimulatedAws, beforeEach: (hour: number) => void = () => undefined): Promise<Day> {
  const known = new Map<string, ReadonlyMap<string, RegionFacts>>();
  const counted: Record<string, number>[] = [];
  for (let hour = 0; hour <= HOURS_PER_DAY; hour += 1) {
    beforeEach(hour);
    const nowMs = AUDITED_AT.getTime() + hour * MS_PER_HOUR + TURN_MS;
    const clock = { now: () => nowMs, sleep: () => Promise.resolve() };
    aws.now = () => new Date(nowMs);
    const requests = recordRequests(aws);
    const observer = await observerOf(aws, { callerId: ACCOUNT_ID, clock }, MEMBER_ID);
    for (const region of REGIONS) {
      const target: Target = { accountId: MEMBER_ID, region };
      const slices = known.get(region) ?? new Map<string, RegionFacts>();
      const before = joinSlices([...slices.values()]);
      const slot = scheduledSlot('scan', new Date(nowMs).toISOString());
      const fresh = await scanRegion(observer, target, { slot, known: before, lentVpcIds: [] });
      const { byVpcId } = sliceByVpc(carryOver(before, fresh));
      known.set(region, new Map([...byVpcId].map(([id, slice]) => [id, ownSlice(slice, slices.get(id), fresh)])));
    }
    counted.push(countByAction(requests));
  }
  const counts: Record<string, number> = {};
  for (const [action, count] of counted.slice(1).flatMap((each) => Object.entries(each))) {
    counts[action] = (counts[action] ?? 0) + count;
  }
  const joined = [...known].flatMap(([region, slices]) => {
    const facts = joinSlices([...slices.values()]);
    return facts === undefined ? [] : [[region, facts] as const];
  });
  return { counts, known: new Map(joined) };
}

const TIMES_A_DAY = { 'each-scan': 24, 'six-hourly': 4, daily: 1 } as const;

/** What the table and its cadences say of a day. */
function countsByTable(shape: RegionShape, rows: readonly FactRow[]): Record<string, number> {
  const ofRows = rows.map(
    (row) => [row.action, row.requests(shape) * TIMES_A_DAY[row.cadence] * REGIONS.length] as const,
  );
  return Object.fromEntries([[DISCOVERY_TABLE.assumeRole.action, HOURS_PER_DAY], ...ofRows]);
}

/** Requests per account, region and hour. */
function average(counts: Record<string, number>, rows: readonly FactRow[] = ROWS): number {
  const actions = [DISCOVERY_TABLE.assumeRole.action, ...rows.map(({ action }) => action)];
  const total = actions.reduce((sum, action) => sum + (counts[action] ?? 0), 0);
  return total / (REGIONS.length * HOURS_PER_DAY);
}

const CORE_ROWS = ROWS.filter(({ group }) => group === 'core');

describe('a day of hourly scans', () => {
  it('of regions without clusters is one listing an hour each', async () => {
    const { aws } = memberAws({ ...TYPICAL, clusters: [] });
    const { counts, known } = await scanDay(aws);
    expect(counts).toEqual({ 'sts:AssumeRole': 24, 'eks:ListClusters': 96 });
    expect(known.size).toBe(0);
    expect(average(counts)).toBe(1.25);
    expect(average(counts)).toBeLessThanOrEqual(BUDGET.withoutClusters);
  });

  it('of typical regions is what the table says, action by action, and keeps to the budget', async () => {
    const { aws } = memberAws(TYPICAL);
    const { counts, known } = await scanDay(aws);
    expect(counts).toEqual(countsByTable(TYPICAL_SHAPE, ROWS));
    expect(average(counts, CORE_ROWS)).toBeCloseTo(5.625 + 4 / 24, 10);
    expect(average(counts, CORE_ROWS)).toBeLessThanOrEqual(BUDGET.core);
    expect(average(counts)).toBeCloseTo(5.625 + 8 / 24, 10);
    expect(average(counts)).toBeLessThanOrEqual(BUDGET.withNetworkPosture);
    // What was never asked for again is known all the same.
    const observer = await observerOf(aws, { callerId: ACCOUNT_ID }, MEMBER_ID);
    expect([...known.keys()]).toEqual(REGIONS);
    for (const [region, facts] of known) {
      const everything = await scanRegion(observer, { accountId: MEMBER_ID, region }, 'everything');
      expect(valuesOf(facts)).toEqual(valuesOf(everything));
    }
  });

  it('asks for what an account chose not to allow as seldom as where it is allowed, and says each time that it is not', async () => {
    const { aws, member } = memberAws(TYPICAL);
    const optional = ROWS.filter(({ group }) => group !== 'core');
    for (const { action } of optional) {
      member.deniedActions.add(action);
    }
    const { counts, known } = await scanDay(aws);
    expect(counts).toEqual(countsByTable({ ...TYPICAL_SHAPE, routeTables: 0 }, ROWS));
    expect(optional.map(({ action }) => action)).toEqual(['ec2:DescribeRouteTables']);
    for (const { routeTables } of known.values()) {
      expect(routeTables).toMatchObject({ error: { action: 'ec2:DescribeRouteTables', code: 'access-denied' } });
    }
  });

  it('sees what an account comes to allow when it is due next', async () => {
    const { aws, member } = memberAws(TYPICAL);
    member.deniedActions.add('ec2:DescribeRouteTables');
    const { known } = await scanDay(aws, (hour) => {
      if (hour === HOURS_PER_DAY - 6) {
        member.deniedActions.clear();
      }
    });
    for (const { routeTables } of known.values()) {
      expect(routeTables.state).toBe('observed');
    }
  });

  it('asks for what is denied of the core at each scan', async () => {
    const { aws, member } = memberAws(TYPICAL);
    member.deniedActions.add('ec2:DescribeFlowLogs');
    const { counts } = await scanDay(aws);
    expect(counts['ec2:DescribeFlowLogs']).toBe(HOURS_PER_DAY * REGIONS.length);
  });

  it('costs one request an hour more where each hour has a new node', async () => {
    const { aws, regions } = memberAws(TYPICAL);
    const { counts } = await scanDay(aws, (hour) => {
      for (const { instances, networkInterfaces } of regions) {
        const id = `i-of-hour-${hour}`;
        instances.push({ ...instances[0], InstanceId: id });
        const [networkInterface] = networkInterfaces;
        if (networkInterface !== undefined) {
          networkInterface.Attachment = { InstanceId: id, InstanceOwnerId: MEMBER_ID };
        }
      }
    });
    const still = countsByTable(TYPICAL_SHAPE, ROWS);
    expect(counts).toEqual({ ...still, 'ec2:DescribeInstances': 24 * REGIONS.length });
  });
});

/** Facts without their times. */
function valuesOf(facts: RegionFacts): unknown {
  const withoutTime = (_: string, value: unknown) => (value instanceof Map ? [...value].sort() : value);
  return JSON.parse(JSON.stringify(facts, withoutTime).replaceAll(/"(observedAt|startedAt)":"[^"]*"/g, '"$1":""'));
}
