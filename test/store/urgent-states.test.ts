import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFleet } from '../../lib/audit/fleet.ts';
import { fleetColumns } from '../../lib/audit/fleet-columns.ts';
import type { FleetVpc } from '../../lib/audit/fleet-shard.ts';
import { fleetVpc } from '../../lib/audit/fleet-vpc.ts';
import { listFirstSubnets } from '../../lib/audit/query-fleet.ts';
import { joinBlocks } from '../../lib/store/blocks.ts';
import { encodeColumns } from '../../lib/store/column-codec.ts';
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
function firstListed(rows: readonly FleetVpc[], count: number): readonly number[] {
  const fleet = createFleet(fleetColumns(rows), { version: 'v1', rolledUpAt: '', scan: undefined });
  return listFirstSubnets(fleet, { filter: {}, limit: count }, Number.NEGATIVE_INFINITY).rows;
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
        expect(chosen.map(({ row }) => row)).toEqual(firstListed(rows, KEPT_PER_SHARD));
        const all = rows.flatMap(({ vpc: { vpcId }, subnets }) => subnets.map((state) => ({ vpcId, state })));
        expect(chosen).toEqual(chosen.map(({ row, order }) => ({ row, order, ...all[row] })));
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
    let copiedCount = 0;
    for (const [shard, vpcs] of SHARDS) {
      const copied = new Set(URGENT.get(shard)?.map(({ row }) => row));
      copiedCount += copied.size;
      for (const [row, own] of vpcs.flatMap((vpc) => ROWS.get(vpc)?.subnets ?? []).entries()) {
        expect(urgent(shard, row)).toEqual(copied.has(row) ? own : undefined);
        expect(urgent(shard, row)).toBe(urgent(shard, row));
      }
    }
    // More than one block, and fewer than there are.
    expect(copiedCount).toBe(84);
    expect(urgent(SHARDS.size, 0)).toBeUndefined();
  });

  it('are refused where they were cut, or list what they do not have', () => {
    for (let length = 0; length < bytes.byteLength; length += 97) {
      expect(() => openUrgentStates(bytes.subarray(0, length))).toThrow();
    }
    expect(() => openUrgentStates(joinBlocks([encodeColumns([2])]))).toThrow('urgent subnets lie: 0 is no record');
    const misplaced = encodeColumns([{ shard: '1', row: 0, order: 3, vpcId: 'vpc-1' }]);
    expect(() => decodeUrgentSubnets(joinBlocks([misplaced]))).toThrow('lie: 0 shard is no number');
    const places = encodeColumns([{ shard: 1, row: 0, order: 3, vpcId: 'vpc-1' }]);
    expect(() => decodeUrgentSubnets(joinBlocks([places]))).toThrow('Cannot read block 1: there are 1');
    const stateless = openUrgentStates(joinBlocks([places, encodeColumns([{ subnet: 1 }])]));
    expect(() => stateless(1, 0)).toThrow('holds no state of a subnet');
  });
});
