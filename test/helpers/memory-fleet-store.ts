import { createFleet, type Fleet, type FleetOutline } from '../../lib/audit/fleet.ts';
import { at, fleetColumns } from '../../lib/audit/fleet-columns.ts';
import type { FleetEntry, FleetStore } from '../../lib/audit/fleet-ports.ts';
import { FLEET_SHARD_COUNT } from '../../lib/audit/fleet-shard.ts';
import type { VpcState } from '../../lib/domain/capacity/vpc-state.ts';
import { vpcText } from '../../lib/domain/capacity/vpc-text.ts';
import { outlineOf } from './outline-of.ts';

export interface MemoryFleetStore extends FleetStore {
  /** Every shard that was written, in order, published or not. */
  readonly writtenShards: readonly number[];
  /** From now on a shard's old content cannot be read, or is due to be written again. */
  damage(shard: number): void;
  age(shard: number): void;
}

/** The fleet in memory, with the semantics of its port. */
export function memoryFleetStore(versionPrefix = 'v'): MemoryFleetStore {
  let published:
    | { readonly shards: readonly (readonly FleetEntry[])[]; readonly fleet: Fleet; readonly outline: FleetOutline }
    | undefined;
  let publications = 0;
  const damaged = new Set<number>();
  const aging = new Set<number>();
  const writtenShards: number[] = [];
  const statesByFleet = new WeakMap<FleetOutline, readonly VpcState[]>();
  const stateOf = (fleet: FleetOutline, vpcRow: number) => at(statesByFleet.get(fleet) ?? [], vpcRow);
  return {
    writtenShards,
    damage: (shard) => void damaged.add(shard),
    age: (shard) => void aging.add(shard),
    readFleet: async () => published?.fleet,
    readOutline: async () => published?.outline,
    readBasis: async () => published?.fleet,
    subnetStates: async (fleet, rows) =>
      rows.map((row) => {
        const vpc = at(fleet.vpcOfSubnet, row);
        return at(stateOf(fleet, vpc).subnets, row - at(fleet.subnetsOfVpc, vpc).start);
      }),
    clusterStates: async (fleet, rows) =>
      rows.map((row) => {
        const vpc = at(fleet.vpcOfCluster, row);
        return at(stateOf(fleet, vpc).clusters, row - at(fleet.clustersOfVpc, vpc).start);
      }),
    async beginRollUp() {
      const base = published;
      const shards = Array.from({ length: FLEET_SHARD_COUNT }, (_, shard) => base?.shards[shard] ?? []);
      let scan = base?.fleet.scan;
      return {
        scan,
        async keepScan(run) {
          scan = run;
        },
        shards: shards.map((entries, shard) => ({ vpcs: entries.map(({ row }) => row), isAging: aging.has(shard) })),
        async writeShard(shard, { put, remove, isWhole }) {
          if (damaged.has(shard) && !isWhole) {
            return 'unreadable';
          }
          const replaced = new Set([...put.map(({ row }) => vpcText(row.vpc)), ...remove.map(vpcText)]);
          const kept = isWhole ? [] : at(shards, shard).filter(({ row }) => !replaced.has(vpcText(row.vpc)));
          shards[shard] = [...kept, ...put];
          writtenShards.push(shard);
          return 'written';
        },
        async publish(rolledUpAt) {
          if (published !== base) {
            return 'superseded';
          }
          publications += 1;
          const fleet = createFleet(fleetColumns(shards.flatMap((entries) => entries.map(({ row }) => row))), {
            version: `${versionPrefix}${publications}`,
            rolledUpAt,
            scan,
          });
          const outline = outlineOf(fleet);
          published = { shards, fleet, outline };
          const states = shards.flatMap((entries) => entries.map(({ state }) => state));
          statesByFleet.set(fleet, states);
          statesByFleet.set(outline, states);
          return 'published';
        },
      };
    },
  };
}
