import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clusterRowOf, type Fleet, subnetRowOf, vpcAt } from '../../lib/audit/fleet.ts';
import { at } from '../../lib/audit/fleet-columns.ts';
import { type FleetFilter, isOutlineEnough } from '../../lib/audit/fleet-filter.ts';
import { idAt } from '../../lib/audit/id-column.ts';
import {
  guestsOf,
  type ListPage,
  type ListPosition,
  listClusters,
  listFirstSubnets,
  listSubnets,
} from '../../lib/audit/query-fleet.ts';
import { STATUSES } from '../../lib/domain/capacity/subnet-status.ts';
import { outlineOf } from '../helpers/outline-of.ts';
import { ACCOUNT_IDS, arbitraryFleet, fleetOf, NOWS_MS, REGIONS, TEAMS } from './arbitrary-fleet.ts';
import { compareKeys, modelMatches, modelRows } from './brute-force-fleet.ts';

const nowMs = fc.constantFrom(...NOWS_MS);
const some = (texts: readonly string[]) => fc.option(fc.uniqueArray(fc.constantFrom(...texts)), { nil: undefined });
const filter: fc.Arbitrary<FleetFilter> = fc.record(
  {
    accountIds: some([...ACCOUNT_IDS, 'nobody']),
    visibleAccountIds: some(ACCOUNT_IDS),
    regions: some(REGIONS),
    statuses: fc.option(fc.uniqueArray(fc.constantFrom(...STATUSES)), { nil: undefined }),
    teams: some(TEAMS),
    vpcIds: some(['vpc-0', 'vpc-1', 'vpc-2']),
    clusterIds: some(ACCOUNT_IDS.map((accountId) => `${accountId}:eu-west-1:cluster-0-0`)),
    address: fc.option(fc.integer({ min: 0x0a000000 - 1, max: 0x0a000000 + 900 }), { nil: undefined }),
    idText: fc.constantFrom(undefined, '', '1', '000a', 'SUBNET-A', 'cluster-1', 'x'),
  },
  { requiredKeys: [] },
);

const KINDS = [
  ['subnet', listSubnets, (fleet: Fleet, row: number) => idAt(fleet.subnets.subnetId, row)],
  ['cluster', listClusters, (fleet: Fleet, row: number) => at(fleet.texts, at(fleet.clusters.clusterId, row))],
] as const;

const PAGED_ROWS_MAX = 10_000;

describe('lists', () => {
  it.each(KINDS)('of every %s are what plain objects filtered and sorted one by one are', (kind, list, idAt) => {
    fc.assert(
      fc.property(arbitraryFleet, filter, nowMs, fc.nat(12), (vpcs, of, now, limit) => {
        const fleet = fleetOf(vpcs);
        const expected = modelRows(vpcs, kind, now)
          .filter((row) => modelMatches(row, of))
          .sort(compareKeys);
        const page = list(fleet, { filter: of, limit, after: undefined }, now);
        expect(page.rows.map((row) => idAt(fleet, row))).toEqual(expected.slice(0, limit).map(({ id }) => id));
        expect(page.matchCount).toBe(expected.length);
      }),
    );
  });

  it.each(KINDS)('of every %s go on from their last row until nothing is left', (kind, list, idAt) => {
    fc.assert(
      fc.property(arbitraryFleet, nowMs, fc.integer({ min: 1, max: 5 }), (vpcs, now, limit) => {
        const fleet = fleetOf(vpcs);
        const ids: string[] = [];
        let after: ListPosition | undefined;
        do {
          // As a client hands it back.
          const page: ListPage = list(fleet, { filter: {}, limit, after }, now);
          ids.push(...page.rows.map((row) => idAt(fleet, row)));
          after = page.next === undefined ? undefined : JSON.parse(JSON.stringify(page.next));
          // A list that goes in circles fails instead of going on.
        } while (after !== undefined && ids.length <= PAGED_ROWS_MAX);
        expect(ids).toEqual(
          modelRows(vpcs, kind, now)
            .sort(compareKeys)
            .map(({ id }) => id),
        );
      }),
    );
  });

  it('go on where they were, whatever was written in between', () => {
    fc.assert(
      fc.property(
        arbitraryFleet,
        arbitraryFleet,
        nowMs,
        fc.integer({ min: 1, max: 5 }),
        (before, later, now, limit) => {
          const { next } = listSubnets(fleetOf(before), { filter: {}, limit, after: undefined }, now);
          fc.pre(next !== undefined);
          const fleet = fleetOf(later);
          const rest = listSubnets(fleet, { filter: {}, limit: 100, after: next }, now);
          const expected = modelRows(later, 'subnet', now).filter((row) => compareKeys(row, next) > 0);
          expect(rest.rows.map((row) => idAt(fleet.subnets.subnetId, row))).toEqual(
            expected.sort(compareKeys).map(({ id }) => id),
          );
        },
      ),
    );
  });
});

describe('the first page of subnets', () => {
  it('is the same by the outline of a fleet, which tells no places', () => {
    fc.assert(
      fc.property(arbitraryFleet, filter, nowMs, fc.nat(12), (vpcs, of, now, limit) => {
        const { clusterIds: _, address: __, idText: ___, ...asked } = of;
        const fleet = fleetOf(vpcs);
        const { next, ...page } = listSubnets(fleet, { filter: asked, limit, after: undefined }, now);
        const first = listFirstSubnets(outlineOf(fleet), { filter: asked, limit }, now);
        expect(first).toEqual({ ...page, next: next && { ...next, place: undefined } });
      }),
    );
  });

  it('needs more than the outline where it is asked for by clusters, an address or a part of an id', () => {
    expect(
      isOutlineEnough({ accountIds: [], visibleAccountIds: [], regions: [], statuses: [], teams: [], vpcIds: [] }),
    ).toBe(true);
    expect(isOutlineEnough({ clusterIds: [] })).toBe(false);
    expect(isOutlineEnough({ address: 0 })).toBe(false);
    expect(isOutlineEnough({ idText: '' })).toBe(false);
  });
});

describe('rows', () => {
  it('are found by id, and know their VPC and who else has clusters in them', () => {
    fc.assert(
      fc.property(arbitraryFleet, (vpcs) => {
        const fleet = fleetOf(vpcs);
        for (const { vpc, subnets, clusters } of vpcs) {
          for (const { subnetId, clusterIds } of subnets) {
            const row = subnetRowOf(fleet, subnetId) ?? Number.NaN;
            expect(vpcAt(fleet, at(fleet.vpcOfSubnet, row))).toEqual(vpc);
            const accountIds = clusterIds.map((clusterId) => clusterId.split(':')[0]);
            expect(guestsOf(fleet, row)).toEqual([...new Set(accountIds)].filter((id) => id !== vpc.ownerId));
          }
          for (const { clusterId } of clusters) {
            const row = clusterRowOf(fleet, clusterId) ?? Number.NaN;
            expect(vpcAt(fleet, at(fleet.vpcOfCluster, row))).toEqual(vpc);
          }
        }
        expect(subnetRowOf(fleet, 'subnet-of-nobody')).toBeUndefined();
        expect(clusterRowOf(fleet, 'cluster-of-nobody')).toBeUndefined();
      }),
    );
  });
});
