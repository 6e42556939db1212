import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fleetFigures } from '../../lib/audit/fleet-figures.ts';
import type { FleetVpc } from '../../lib/audit/fleet-shard.ts';
import { summarizeFleet } from '../../lib/audit/summarize-fleet.ts';
import { ACCOUNT_IDS, arbitraryFleet, fleetOf, MOMENTS_MS, NOWS_MS } from './arbitrary-fleet.ts';
import { type ModelRow, modelMatches, modelRows, modelTotals } from './brute-force-fleet.ts';

const nowMs = fc.constantFrom(...NOWS_MS);
const accountIds = fc.option(fc.uniqueArray(fc.constantFrom(...ACCOUNT_IDS, 'nobody')), { nil: undefined });

describe('totals', () => {
  it('and roll-ups are the sums over plain objects', () => {
    fc.assert(
      fc.property(arbitraryFleet, accountIds, nowMs, (vpcs, accounts, now) => {
        const of = { accountIds: accounts };
        const rows = (kind: ModelRow['kind']) => modelRows(vpcs, kind, now).filter((row) => modelMatches(row, of));
        const [subnets, clusters] = [rows('subnet'), rows('cluster')];
        const groups = (nameOf: (row: ModelRow) => string | undefined) => {
          const names = [...new Set([...subnets, ...clusters].map(nameOf))];
          const sorted = names.filter((name) => name !== undefined).sort();
          return [...sorted, ...names.filter((name) => name === undefined)].map((name) => ({
            name,
            totals: modelTotals(
              subnets.filter((row) => nameOf(row) === name),
              clusters.filter((row) => nameOf(row) === name),
            ),
          }));
        };
        expect(summarizeFleet(fleetOf(vpcs), of, now)).toEqual({
          totals: modelTotals(subnets, clusters),
          byAccount: groups(({ accountId }) => accountId),
          byRegion: groups(({ vpc }) => vpc.vpc.region),
          byTeam: groups(({ team }) => team),
          subnetsObserved: modelObserved(subnets),
        });
      }),
    );
  });

  it('follow a clock that goes on, and one that goes back, over one fleet', () => {
    fc.assert(
      fc.property(arbitraryFleet, fc.array(nowMs, { minLength: 2, maxLength: 6 }), (vpcs, nows) => {
        const fleet = fleetOf(vpcs);
        for (const now of nows) {
          expect(summarizeFleet(fleet, {}, now)).toEqual(summarizeFleet(fleetOf(vpcs), {}, now));
        }
      }),
    );
  });

  it('are kept while no row becomes stale', () => {
    const vpc = aVpc({ status: 'healthy' });
    const fleet = fleetOf([vpc]);
    const [observedMs = 0] = MOMENTS_MS;
    const first = summarizeFleet(fleet, {}, observedMs);
    expect(summarizeFleet(fleet, {}, observedMs + STALE_MS)).toBe(first);
    expect(summarizeFleet(fleet, {}, observedMs + STALE_MS + 1)).not.toBe(first);
  });
});

/** Times that cannot be read are none. */
function modelObserved(subnets: readonly ModelRow[]) {
  const times = subnets.map(({ subnet }) => Date.parse(subnet?.observedAt ?? '')).filter((ms) => !Number.isNaN(ms));
  return times.length === 0 ? undefined : { oldestMs: Math.min(...times), newestMs: Math.max(...times) };
}

const STALE_MS = 2.5 * 3_600_000;

function aVpc(subnet: Partial<FleetVpc['subnets'][number]>, overrides: Partial<FleetVpc> = {}): FleetVpc {
  const observedAt = new Date(MOMENTS_MS[0] ?? 0).toISOString();
  return {
    vpc: { ownerId: '111111111111', region: 'eu-west-1', vpcId: 'vpc-1' },
    stateVersion: 'v1',
    firstObservedAt: observedAt,
    observedAt,
    viewerAccountIds: ['111111111111', '222222222222'],
    subnets: [
      {
        subnetId: 'subnet-1',
        availabilityZoneId: undefined,
        team: undefined,
        status: 'healthy',
        observedAt,
        baseAddress: undefined,
        availableIpAddressCount: 0,
        counts: undefined,
        prefixesAreInUse: false,
        clusterIds: [],
        exhaustion: undefined,
        ...subnet,
      },
    ],
    clusters: [],
    ...overrides,
  };
}

describe('staleness', () => {
  const [observedMs = 0] = MOMENTS_MS;

  it.each([
    ['healthy', 0, 'healthy'],
    ['healthy', 1, 'unknown'],
    ['warning', 1, 'warning'],
    ['exhausted', 1, 'exhausted'],
    ['unknown', 1, 'unknown'],
  ] as const)('shows a %s subnet %i ms after two and a half hours as %s', (status, laterMs, shown) => {
    const fleet = fleetOf([aVpc({ status })]);
    const { totals } = summarizeFleet(fleet, {}, observedMs + STALE_MS + laterMs);
    expect(totals.subnetCountByStatus[shown]).toBe(1);
    expect(totals.staleSubnetCount).toBe(laterMs);
  });

  it('takes a row whose time cannot be read for stale', () => {
    const { totals } = summarizeFleet(fleetOf([aVpc({ observedAt: '' })]), {}, observedMs);
    expect(totals).toMatchObject({ staleSubnetCount: 1, subnetCountByStatus: { unknown: 1 } });
  });

  it('tells the stale subnets of a VPC from the others', () => {
    const [first = 0, , last = 0] = MOMENTS_MS;
    const [subnet = fail()] = aVpc({}).subnets;
    const subnets = [first, last, Number.NaN, first].map((ms, index) => ({
      ...subnet,
      subnetId: `subnet-${index}`,
      observedAt: Number.isNaN(ms) ? '' : new Date(ms).toISOString(),
    }));
    const fleet = fleetOf([aVpc({}, { subnets })]);
    expect([...fleetFigures(fleet, first + STALE_MS).subnets.isStale]).toEqual([0, 0, 1, 0]);
    expect([...fleetFigures(fleet, first + STALE_MS + 1).subnets.isStale]).toEqual([1, 0, 1, 1]);
    expect([...fleetFigures(fleet, last + STALE_MS + 1).subnets.isStale]).toEqual([1, 1, 1, 1]);
  });
});

function fail(): never {
  throw new Error('Expected something to be there');
}
