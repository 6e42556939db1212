import fc from 'fast-check';
import { createFleet, type Fleet } from '../../lib/audit/fleet.ts';
import { fleetColumns } from '../../lib/audit/fleet-columns.ts';
import type { FleetCluster, FleetSubnet, FleetVpc } from '../../lib/audit/fleet-shard.ts';
import { compareEach, placeInVpc } from '../../lib/audit/subnet-place.ts';
import { STATUSES } from '../../lib/domain/capacity/subnet-status.ts';

/** Fleets of few accounts, regions, teams and moments, so that rows are often alike and often differ. */

export const ACCOUNT_IDS = ['111111111111', '222222222222', '333333333333'];
export const REGIONS = ['eu-west-1', 'us-east-1'];
export const TEAMS = ['shop', 'Search', ''];
const START_MS = Date.parse('2026-11-23T06:00:00.000Z');
const HOUR_MS = 3_600_000;
/** Fresh at any time below, stale at some, and stale at all. */
export const MOMENTS_MS = [START_MS, START_MS + HOUR_MS, START_MS + 2 * HOUR_MS];
/** The first moment that is stale is so from 08:30 on, exclusively. */
export const NOWS_MS = [
  START_MS + 2.5 * HOUR_MS,
  START_MS + 2.5 * HOUR_MS + 1,
  START_MS + 4 * HOUR_MS,
  START_MS + 9 * HOUR_MS,
];

/** 10.0.0.0; the blocks after it overlap. */
const BASE_ADDRESS = 0x0a000000;

const team = fc.constantFrom(...TEAMS, undefined);
const status = fc.constantFrom(...STATUSES);
/** That of some cannot be read. */
const observedAt = fc.constantFrom('', ...MOMENTS_MS.map((ms) => new Date(ms).toISOString()));
const count = fc.integer({ min: 0, max: 12 });

const counts: fc.Arbitrary<FleetSubnet['counts']> = fc.option(
  fc.record({
    usableAddressCount: fc.constantFrom(0, 11, 251),
    usedAddressCount: count,
    freeAddressCount: count,
    reservedAddressCount: count,
    addressesLeft: count,
    maxPrefixCount: count,
    freePrefixCount: fc.option(count, { nil: undefined }),
    fragmentation: fc.option(
      fc.integer({ min: 0, max: 10_000 }).map((steps) => steps / 10_000),
      { nil: undefined },
    ),
  }),
  { nil: undefined },
);

interface Draft {
  readonly ownerId: string;
  readonly region: string;
  readonly subnets: readonly Omit<FleetSubnet, 'subnetId' | 'clusterIds'>[];
  readonly clusters: readonly (Omit<FleetCluster, 'clusterId' | 'clusterName' | 'region' | 'bindingSubnetId'> & {
    readonly binding: number;
  })[];
  readonly uses: readonly (readonly number[])[];
  readonly viewerAccountIds: readonly string[];
  readonly firstObservedAt: string;
  readonly observedAt: string;
}

const draft: fc.Arbitrary<Draft> = fc.record({
  ownerId: fc.constantFrom(...ACCOUNT_IDS),
  region: fc.constantFrom(...REGIONS),
  subnets: fc.array(
    fc.record({
      availabilityZoneId: fc.constantFrom('euw1-az1', undefined),
      team,
      status,
      observedAt,
      baseAddress: fc.option(
        fc.nat(40).map((block) => BASE_ADDRESS + 16 * block),
        { nil: undefined },
      ),
      availableIpAddressCount: count,
      counts,
      prefixesAreInUse: fc.boolean(),
      exhaustion: fc.option(
        fc.record({
          p10: fc.nat(40_000),
          p50: fc.option(fc.nat(40_000), { nil: undefined }),
          p90: fc.option(fc.nat(40_000), { nil: undefined }),
        }),
        { nil: undefined },
      ),
    }),
    { maxLength: 5 },
  ),
  clusters: fc.array(
    fc.record({
      accountId: fc.constantFrom(...ACCOUNT_IDS),
      team,
      status,
      observedAt,
      version: fc.constantFrom('1.33', undefined),
      binding: fc.nat(6),
    }),
    { maxLength: 3 },
  ),
  uses: fc.array(fc.uniqueArray(fc.nat(2), { maxLength: 2 }), { minLength: 5, maxLength: 5 }),
  viewerAccountIds: fc.uniqueArray(fc.constantFrom(...ACCOUNT_IDS), { maxLength: 3 }),
  firstObservedAt: observedAt,
  observedAt,
});

/** VPCs with ids of their own; subnets of one VPC are used by its clusters. */
export const arbitraryFleet: fc.Arbitrary<FleetVpc[]> = fc
  .array(draft, { maxLength: 8 })
  .map((drafts) => drafts.map(toFleetVpc));

function toFleetVpc({ ownerId, region, subnets, clusters, uses, ...rest }: Draft, index: number): FleetVpc {
  // Every other id is of the long form, so that both forms come in one column.
  const subnetId = (place: number) =>
    `subnet-${place % 2 === 0 ? 'A' : '0'}${String(index * 10 + place).padStart(16, '0')}`;
  const made = clusters.map(({ binding, ...cluster }, place) => {
    const clusterName = `cluster-${index}-${place}`;
    return {
      ...cluster,
      region,
      clusterName,
      clusterId: `${cluster.accountId}:${region}:${clusterName}`,
      bindingSubnetId: binding < subnets.length ? subnetId(binding) : undefined,
    };
  });
  return {
    ...rest,
    vpc: { ownerId, region, vpcId: `vpc-${index}` },
    stateVersion: `v${index}`,
    subnets: subnets
      .map((subnet, place) => ({
        ...subnet,
        subnetId: subnetId(place),
        clusterIds: (uses[place] ?? []).flatMap((cluster) => made[cluster]?.clusterId ?? []),
      }))
      .sort((a, b) => compareEach(placeInVpc(a), placeInVpc(b))),
    clusters: made,
  };
}

/** Makes such a fleet of its VPCs. */
export function fleetOf(vpcs: readonly FleetVpc[]): Fleet {
  return createFleet(fleetColumns(vpcs), {
    version: 'v1',
    rolledUpAt: '2026-11-23T08:00:00.000Z',
    scan: undefined,
  });
}
