import { describe, expect, it } from 'vitest';
import { carryOver } from '../../lib/audit/carry-over.ts';
import { type RegionScan, scanRegion } from '../../lib/audit/scan-region.ts';
import { scheduledSlot } from '../../lib/audit/slot.ts';
import { observed } from '../../lib/domain/fact.ts';
import type { RegionFacts } from '../../lib/domain/region-facts.ts';
import type { SimulatedAws, SimulatedRegion } from '../../lib/local/simulated-aws/state.ts';
import { awsOfPlan, EMPTY_PLAN, REGION, type RegionPlan } from '../collect/region-of-shape.ts';
import { ACCOUNT_ID } from '../helpers/builders.ts';
import { AUDITED_AT, countByAction, observerOf, recordRequests } from '../helpers/simulated-audit.ts';

const TARGET = { accountId: ACCOUNT_ID, region: REGION };
const NOW = AUDITED_AT.toISOString();
/** Nothing is due in the hour of the observation itself, and everything a day later. */
const SAME_HOUR = scheduledSlot('scan', NOW);
const NEXT_DAY = scheduledSlot('scan', '2026-11-24T08:00:00.000Z');
const RESERVATIONS = 'ec2:GetSubnetCidrReservations';
const NARROW_USABLE = 251;

const PLAN: RegionPlan = {
  ...EMPTY_PLAN,
  vpcs: 1,
  plainSubnets: 1,
  clusterSubnetReservations: [0, 0],
  clusters: [{ nodegroups: 0, fargateProfiles: 0, addons: 0 }],
};

async function scan(aws: SimulatedAws, options: Partial<RegionScan> | 'everything') {
  const requests = recordRequests(aws);
  const observer = await observerOf(aws, { callerId: ACCOUNT_ID });
  const request =
    options === 'everything' ? options : { slot: SAME_HOUR, known: undefined, lentVpcIds: [], ...options };
  const fresh = await scanRegion(observer, TARGET, request);
  return { fresh, counts: countByAction(requests), reservations: [...fresh.reservations.keys()] };
}

async function knownOf(aws: SimulatedAws): Promise<RegionFacts> {
  return (await scan(aws, 'everything')).fresh;
}

function regionOf(aws: SimulatedAws): SimulatedRegion {
  const region = aws.accounts.get(ACCOUNT_ID)?.regions.get(REGION);
  if (region === undefined) {
    throw new Error(`There is no region "${REGION}"`);
  }
  return region;
}

function setAvailable(aws: SimulatedAws, subnetId: string, count: number): void {
  const subnet = regionOf(aws).subnets.find((each) => each.SubnetId === subnetId);
  if (subnet !== undefined) {
    subnet.AvailableIpAddressCount = count;
  }
}

function reserve(aws: SimulatedAws, subnetId: string): void {
  regionOf(aws).subnetCidrReservations.push({
    SubnetCidrReservationId: `scr-${subnetId}`,
    SubnetId: subnetId,
    Cidr: '10.0.16.32/28',
    ReservationType: 'prefix',
  });
  setAvailable(aws, subnetId, NARROW_USABLE - 16);
}

describe('the reservations of a subnet that serves a cluster', () => {
  it('are asked for where they are not known', async () => {
    const { reservations } = await scan(awsOfPlan(PLAN), {});
    expect(reservations).toEqual(['subnet-cluster-0', 'subnet-cluster-1']);
  });

  it('are not asked for where they are known and not due, and are where they are due', async () => {
    const aws = awsOfPlan(PLAN);
    const known = await knownOf(aws);
    expect((await scan(aws, { known })).reservations).toEqual([]);
    expect((await scan(aws, { known, slot: NEXT_DAY })).reservations).toEqual(['subnet-cluster-0', 'subnet-cluster-1']);
  });

  it('are asked for where a person requested the scan, like all else', async () => {
    const aws = awsOfPlan(PLAN);
    const known = await knownOf(aws);
    const slot = { kind: 'request', at: NOW, requestId: 'one' } as const;
    const { fresh } = await scan(aws, { known, slot });
    expect(fresh).toEqual(known);
  });

  it('are asked for one by one where one was not seen before', async () => {
    const aws = awsOfPlan(PLAN);
    const known = await knownOf(aws);
    const reservations = new Map([...known.reservations].slice(0, 1));
    expect((await scan(aws, { known: { ...known, reservations } })).reservations).toEqual(['subnet-cluster-1']);
  });
});

describe('reservations that are known', () => {
  it('explain a counter without being asked for again, or the counter', async () => {
    const aws = awsOfPlan({ ...PLAN, reservedSubnets: 1, clusterSubnetReservations: [1] });
    const known = await knownOf(aws);
    const { counts } = await scan(aws, { known });
    expect(counts).toEqual({ 'eks:ListClusters': 1, 'ec2:DescribeSubnets': 1, 'ec2:DescribeNetworkInterfaces': 1 });
  });

  it.each(['subnet-cluster-0', 'subnet-plain-0'])(
    'are asked for at once where addresses go missing in %s',
    async (id) => {
      const aws = awsOfPlan(PLAN);
      const known = await knownOf(aws);
      if (id === 'subnet-cluster-0') {
        reserve(aws, id);
      } else {
        setAvailable(aws, id, 4000);
      }
      const { reservations, counts, fresh } = await scan(aws, { known });
      expect(reservations).toEqual([id]);
      // A reservation explains the one; nothing explains the other, so its counter is read again.
      expect(counts['ec2:DescribeSubnets']).toBe(id === 'subnet-cluster-0' ? 1 : 2);
      expect(fresh.subnetCounters === undefined).toBe(id === 'subnet-cluster-0');
    },
  );

  it('are asked for at once where addresses come back that were reserved', async () => {
    const aws = awsOfPlan({ ...PLAN, clusterSubnetReservations: [1, 0] });
    const known = await knownOf(aws);
    regionOf(aws).subnetCidrReservations.length = 0;
    setAvailable(aws, 'subnet-cluster-0', NARROW_USABLE);
    const { reservations, fresh } = await scan(aws, { known });
    expect(reservations).toEqual(['subnet-cluster-0']);
    expect(carryOver(known, fresh).reservations.get('subnet-cluster-0')).toEqual(observed([], NOW));
    expect(fresh.subnetCounters).toBeUndefined();
  });

  it('are not asked for again where they left the same number unexplained, and are where it changes', async () => {
    const aws = awsOfPlan({ ...PLAN, hiddenUseSubnets: 1 });
    const known = await knownOf(aws);
    const again = await scan(aws, { known });
    expect(again.counts[RESERVATIONS]).toBeUndefined();
    expect(again.counts['ec2:DescribeSubnets']).toBe(2);
    setAvailable(aws, 'subnet-hidden-0', NARROW_USABLE - 2);
    expect((await scan(aws, { known })).reservations).toEqual(['subnet-hidden-0']);
  });

  it('of a subnet of no cluster are asked for again when they are due, as long as something is reserved', async () => {
    const aws = awsOfPlan({ ...PLAN, clusterSubnetReservations: [], reservedSubnets: 1, hiddenUseSubnets: 1 });
    const known = await knownOf(aws);
    setAvailable(aws, 'subnet-hidden-0', NARROW_USABLE);
    expect((await scan(aws, { known, slot: NEXT_DAY })).reservations).toEqual(['subnet-reserved-0']);
  });

  it('are left alone where the interfaces of now could not be read: old ones explain nothing', async () => {
    const aws = awsOfPlan(PLAN);
    const known = await knownOf(aws);
    setAvailable(aws, 'subnet-plain-0', 4000);
    aws.accounts.get(ACCOUNT_ID)?.deniedActions.add('ec2:DescribeNetworkInterfaces');
    const { counts } = await scan(aws, { known });
    expect(counts[RESERVATIONS]).toBeUndefined();
    expect(counts['ec2:DescribeSubnets']).toBe(1);
  });
});

describe('a scan of a region without clusters', () => {
  const EMPTY: RegionPlan = { ...PLAN, clusters: [], hiddenUseSubnets: 1 };

  it('asks for nothing more than clusters', async () => {
    expect((await scan(awsOfPlan(EMPTY), {})).counts).toEqual({ 'eks:ListClusters': 1 });
  });

  it('asks for everything of a VPC that is lent and not known, whatever is known of others', async () => {
    const aws = awsOfPlan(EMPTY);
    const known = await knownOf(aws);
    const { fresh } = await scan(aws, { known, lentVpcIds: ['vpc-0', 'vpc-new'] });
    expect(fresh).toEqual(known);
  });

  it('asks for what is due of a VPC that is lent and known', async () => {
    const aws = awsOfPlan(EMPTY);
    const known = await knownOf(aws);
    const { counts } = await scan(aws, { known, lentVpcIds: ['vpc-0'] });
    expect(counts).toEqual({ 'eks:ListClusters': 1, 'ec2:DescribeSubnets': 2, 'ec2:DescribeNetworkInterfaces': 1 });
  });
});
