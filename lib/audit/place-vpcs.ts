import type { VpcId } from '../domain/capacity/vpc-state.ts';
import { vpcText } from '../domain/capacity/vpc-text.ts';
import type { ShardContent } from './fleet-ports.ts';
import { FLEET_SHARD_COUNT } from './fleet-shard.ts';
import { hashText } from './text-hash.ts';

/** A shard takes new VPCs of its accounts until it has so many, or so many times what a shard has on average. */
const VPCS_MIN = 32;
const TIMES_AVERAGE = 2;

/**
 * Returns which VPCs belong in which shard. One stays where it is. A new one comes to the others of its account, so that who sees some
 * accounts reads few shards; where these are too many for a shard, one that has room takes it: none holds more than memory does.
 */
export function placeVpcs<V extends { readonly vpc: VpcId }>(
  judged: readonly V[],
  shards: readonly Pick<ShardContent, 'vpcs'>[],
): ReadonlyMap<number, readonly V[]> {
  const known = new Map(shards.flatMap(({ vpcs }, shard) => vpcs.map(({ vpc }) => [vpcText(vpc), shard] as const)));
  const counts = Array.from({ length: FLEET_SHARD_COUNT }, (_, shard) => shards[shard]?.vpcs.length ?? 0);
  const room = Math.max(VPCS_MIN, (TIMES_AVERAGE * judged.length) / FLEET_SHARD_COUNT);
  const hasRoom = (shard: number) => (counts[shard] ?? 0) < room;
  const placeNew = (vpc: VpcId): number => {
    const spread = shardOfText(vpcText(vpc));
    const others = counts.map((_, step) => (spread + step) % FLEET_SHARD_COUNT);
    // Shards may be full of VPCs that are judged no more: then all are alike.
    const shard = [homeShard(vpc), ...others].find(hasRoom) ?? spread;
    counts[shard] = (counts[shard] ?? 0) + 1;
    return shard;
  };
  return Map.groupBy(judged, ({ vpc }) => known.get(vpcText(vpc)) ?? placeNew(vpc));
}

/** Returns the shard that the VPCs of an account come to while it has room, the same wherever and whenever it is asked. */
export function homeShard({ ownerId }: Pick<VpcId, 'ownerId'>): number {
  return shardOfText(ownerId);
}

function shardOfText(text: string): number {
  return hashText(text) % FLEET_SHARD_COUNT;
}
