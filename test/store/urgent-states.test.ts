import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFleet } from '../../lib/audit/fleet.ts';
import { fleetColumns } from '../../lib/audit/fleet-columns.ts';
import type { FleetVpc } from '../../lib/audit/fleet-shard.ts';
import { fleetVpc } from '../../lib/audit/fleet-vpc.ts';
import { idAt } from '../../lib/audit/id-column.ts';
import { listSubnets } from '../../lib/audit/query-fleet.ts';
import { encodeColumns } from '../../lib/store/column-codec.ts';
import { joinBlocks } from '../../lib/store/fleet-rest-codec.ts';
import {
  decodeUrgentSubnets,
  encodeUrgentSubnets,
  openUrgentStates,
  urgentSubnets,
} from '../../lib/store/urgent-states.ts';
import { arbitraryFleet } from '../audit/arbitrary-fleet.ts';
import { type RealisticFleet, realisticVpc } from '../helpers/realistic-fleet.ts';

const FLEET: RealisticFleet = {
  vpcCount: 21,
  subnetsPerVpc: 8,
  clusterCount: 12,
  observedAt: '2026-11-23T08:00:00.000Z',
  seed: 3,
};
const VPCS_PER_SHARD = 3;
const KEPT_PER_SHARD = 12;

const STATES = Array.from({ length: FLEET.vpcCount }, (_, index) => realisticVpc(FLEET, index));
const ROWS = new Map(STATES.map((state) => [fleetVpc(state, 'v1'), state] as const));
const SHARDS = Map.groupBy(ROWS.keys(), (row) => Math.floor([...ROWS.keys()].indexOf(row) / VPCS_PER_SHARD));
const URGENT = new Map(
  [...SHARDS].map(([shard, rows]) => [shard, urgentSubnets(rows, (row, index) => ROWS.get(row)?.subnets[index])]),
);

/** What a list of a shard begins with, before anything of it is stale. */
function firstListed(rows: readonly FleetVpc[], count: number): string[] {
  const fleet = createFleet(fleetColumns(rows), { version: 'v1', rolledUpAt: '', scan: undefined });
  const page = listSubnets(fleet, { filter: {}, limit: count, after: undefined }, Number.NEGATIVE_INFINITY);
  return page.rows.map((row) => idAt(fleet.subnets.subnetId, row));
}

/** A subnet whose time cannot be read is stale at every moment. */
function seenAtOnce(rows: readonly FleetVpc[]): FleetVpc[] {
  const { observedAt } = FLEET;
  return rows.map((row) => ({ ...row, subnets: row.subnets.map((subnet) => ({ ...subnet, observedAt })) }));
}

describe('the most urgent subnets of a shard', () => {
  it('are those that a list of it begins with, with their own states', () => {
    fc.assert(
      fc.property(arbitraryFleet.map(seenAtOnce), (rows) => {
        const chosen = urgentSubnets(rows, ({ subnets }, index) => subnets[index]);
        expect(chosen.map(({ subnetId }) => subnetId)).toEqual(firstListed(rows, KEPT_PER_SHARD));
        expect(chosen.map(({ state }) => state)).toEqual(
          chosen.map(({ subnetId: wanted }) =>
            rows.flatMap(({ subnets }) => subnets).find(({ subnetId }) => subnetId === wanted),
          ),
        );
      }),
    );
  });
});

describe('the most urgent subnets of all shards', () => {
  const bytes = encodeUrgentSubnets(URGENT);

  it('are the same by shard after encoding and decoding', () => {
    expect(decodeUrgentSubnets(bytes)).toEqual(URGENT);
    expect(decodeUrgentSubnets(encodeUrgentSubnets(new Map()))).toEqual(new Map());
  });

  it('give the states that were copied, and none of other subnets', () => {
    const urgent = openUrgentStates(bytes);
    const copied = new Set([...URGENT.values()].flat().map(({ subnetId }) => subnetId));
    // More than one block, and fewer than there are.
    expect(copied.size).toBe(84);
    for (const own of STATES.flatMap(({ subnets }) => subnets)) {
      const { subnetId } = own.subnet;
      expect(urgent(subnetId)).toEqual(copied.has(subnetId) ? own : undefined);
      expect(urgent(subnetId)).toBe(urgent(subnetId));
    }
  });

  it('are refused where they were cut, or list what they do not have', () => {
    for (let length = 0; length < bytes.byteLength; length += 97) {
      expect(() => openUrgentStates(bytes.subarray(0, length))).toThrow();
    }
    expect(() => openUrgentStates(joinBlocks([encodeColumns([2])]))).toThrow(
      'no list of the most urgent subnets: 0 is no text',
    );
    const ids = encodeColumns(['subnet-1']);
    const misplaced = encodeColumns([{ shard: '1', order: 3 }]);
    expect(() => decodeUrgentSubnets(joinBlocks([ids, misplaced]))).toThrow('belong: 0 shard is no number');
    expect(() => decodeUrgentSubnets(joinBlocks([ids, encodeColumns([])]))).toThrow(
      '1 most urgent subnets, and places for 0',
    );
    const places = encodeColumns([{ shard: 1, order: 3 }]);
    expect(() => decodeUrgentSubnets(joinBlocks([ids, places]))).toThrow('Cannot read block 2: there are 2');
    const stateless = openUrgentStates(joinBlocks([ids, places, encodeColumns([{ subnet: 1 }])]));
    expect(() => stateless('subnet-1')).toThrow('holds no state of a subnet');
  });
});
