import type { Nodegroup } from '@aws-sdk/client-eks';
import { idSource } from '../build/ids.ts';
import { instanceLimits } from '../build/instance-types.ts';
import { randomOf } from '../build/random.ts';
import { type BuiltSubnet, type RegionBuilder, regionBuilder } from '../build/region-builder.ts';
import { settleCounts } from '../build/settle-counts.ts';
import type { SimulatedAccount, SimulatedAws } from '../state.ts';
import { DAY_MS, type Demand } from './demand.ts';
import { type LiveNodegroup, stepNodegroup } from './live-nodegroup.ts';
import type { PodNetworking } from './pod-networking.ts';

/** A simulated AWS with what makes it move. Seed and start decide everything that happens in it. */
export interface World {
  readonly aws: SimulatedAws;
  readonly seed: number;
  /** The instant that the scenarios' dates are counted from. */
  readonly startMs: number;
  readonly nodegroups: LiveNodegroup[];
  /** What happens once, at its time, before the node groups move. */
  readonly events: WorldEvent[];
  /** Remedies that someone may apply, by name. */
  readonly remedies: Map<string, () => void>;
  readonly builders: Map<string, RegionBuilder>;
  /** The step that the world has reached. */
  nowMs: number;
}

export interface WorldEvent {
  readonly atMs: number;
  readonly happen: () => void;
}

/** The world moves in steps of this length; between two of them it stands still. */
export const STEP_MS = 15 * 60_000;

const NODE_DAYS_DEFAULT = 6;
const POD_RESTARTS_PER_DAY_DEFAULT = 0.5;

/** Returns a world without accounts' contents that begins `historyDays` before `startAt`. */
export function createWorld(
  aws: SimulatedAws,
  { seed, startAt, historyDays }: { readonly seed: number; readonly startAt: Date; readonly historyDays: number },
): World {
  const startMs = startAt.getTime();
  return {
    aws,
    seed,
    startMs,
    nodegroups: [],
    events: [],
    remedies: new Map(),
    builders: new Map(),
    nowMs: Math.floor((startMs - historyDays * DAY_MS) / STEP_MS) * STEP_MS,
  };
}

/** The one builder of an account's region, which places addresses at random. */
export function builderOf(world: World, account: SimulatedAccount, regionName: string): RegionBuilder {
  const key = `${world.seed}/${account.id}/${regionName}`;
  const known = world.builders.get(key);
  if (known !== undefined) {
    return known;
  }
  const made = new Date(world.nowMs);
  const builder = regionBuilder(world.aws, account, regionName, idSource(`${key}/ids`), made, randomOf(key));
  world.builders.set(key, builder);
  return builder;
}

export interface LiveNodegroupOptions {
  readonly clusterName: string;
  readonly name: string;
  readonly builder: RegionBuilder;
  /** The owner's builder where the subnets are shared. */
  readonly network?: RegionBuilder;
  readonly subnets: readonly BuiltSubnet[];
  readonly podSubnets?: readonly BuiltSubnet[];
  readonly nodegroup: Nodegroup | undefined;
  readonly instanceType: string;
  readonly networking: PodNetworking;
  readonly demand: Demand;
  readonly podsPerNode: number;
  readonly nodesMin: number;
  readonly nodesMax: number;
  readonly branchShare?: number;
  readonly podRestartsPerDay?: number;
  readonly nodeDays?: number;
  readonly leakProbability?: number;
}

/** Adds a node group that moves with the world; it has no nodes until the world's next step. */
export function addLiveNodegroup(world: World, options: LiveNodegroupOptions): LiveNodegroup {
  const { clusterName, name, builder, network = builder } = options;
  const key = `${world.seed}/${builder.account.id}/${builder.regionName}/${clusterName}/${name}`;
  const random = randomOf(key);
  const group: LiveNodegroup = {
    key,
    site: {
      clusterName,
      nodegroupName: name,
      builder,
      network,
      limits: instanceLimits(options.instanceType),
      networking: options.networking,
      podSubnets: [...(options.podSubnets ?? [])],
      random,
    },
    subnets: [...options.subnets],
    nodegroup: options.nodegroup,
    demand: options.demand,
    branchShare: options.branchShare ?? 0,
    podsPerNode: options.podsPerNode,
    nodesMin: options.nodesMin,
    nodesMax: options.nodesMax,
    podRestartsPerDay: options.podRestartsPerDay ?? POD_RESTARTS_PER_DAY_DEFAULT,
    nodeDays: options.nodeDays ?? NODE_DAYS_DEFAULT,
    leakProbability: options.leakProbability ?? 0,
    random,
    nodes: [],
    pendingPodCount: 0,
  };
  world.nodegroups.push(group);
  return group;
}

/** Moves the world to the last step that is not after `untilMs`. */
export function moveWorld(world: World, untilMs: number): void {
  // Counted from midnight, so that the day on which something is full does not depend on the hour of the start.
  const growthFromMs = Math.floor(world.startMs / DAY_MS) * DAY_MS;
  world.events.sort((first, second) => first.atMs - second.atMs);
  while (world.nowMs + STEP_MS <= untilMs) {
    const nowMs = world.nowMs + STEP_MS;
    for (const event of world.events) {
      if (event.atMs > world.nowMs && event.atMs <= nowMs) {
        event.happen();
      }
    }
    world.nowMs = nowMs;
    for (const group of world.nodegroups) {
      stepNodegroup(group, { nowMs, stepMs: STEP_MS, growthFromMs });
    }
  }
  tellCounts(world);
}

/** Sets what EC2 reports of each subnet's free addresses. */
function tellCounts(world: World): void {
  for (const builder of world.builders.values()) {
    for (const subnet of builder.region.subnets) {
      const pool = builder.pools.get(subnet.SubnetId ?? '');
      // Nothing was ever taken from a subnet without a pool.
      subnet.AvailableIpAddressCount = pool?.freeCount ?? subnet.AvailableIpAddressCount;
    }
  }
}

/** Counts every subnet once, from what is in it; from then on their pools keep count. */
export function countSubnets(world: World): void {
  for (const builder of world.builders.values()) {
    settleCounts(builder.region);
  }
}
