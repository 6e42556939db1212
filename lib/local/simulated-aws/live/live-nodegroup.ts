import type { Nodegroup } from '@aws-sdk/client-eks';
import { nextBelow, nextChance, type Random } from '../build/random.ts';
import { addressPoolOf, type BuiltSubnet } from '../build/region-builder.ts';
import { DAY_MS, type Demand, podsAt } from './demand.ts';
import { settlePool } from './ipamd.ts';
import { deleteInterface } from './live-interface.ts';
import {
  addBranch,
  addPod,
  type LiveNode,
  type NodeSite,
  nodePodCount,
  removePod,
  startNode,
  stopNode,
} from './live-node.ts';
import { HOST_NETWORK_PODS, podsMax } from './pod-networking.ts';

/** A node group, managed or EKS Auto Mode's, whose nodes and pods follow a demand. */
export interface LiveNodegroup {
  readonly key: string;
  readonly site: NodeSite;
  /** Where nodes start. */
  readonly subnets: BuiltSubnet[];
  /** What EKS tells of it; Auto Mode's nodes belong to none. */
  readonly nodegroup: Nodegroup | undefined;
  readonly demand: Demand;
  /** Pods with security groups of their own, as a share of all. */
  readonly branchShare: number;
  /** Pods that a node has processors and memory for. */
  readonly podsPerNode: number;
  readonly nodesMin: number;
  readonly nodesMax: number;
  /** How often a pod is replaced by another, on average. */
  readonly podRestartsPerDay: number;
  /** How long a node lives, on average; each lives between half and one and a half times as long. */
  readonly nodeDays: number;
  /** Probability that an interface of the CNI stays behind when its node ends. */
  readonly leakProbability: number;
  readonly random: Random;
  readonly nodes: LiveNode[];
  /** Pods that wait for a node or for an address. */
  pendingPodCount: number;
}

/** The autoscaler removes a node only when what is left would still have this much room to spare. */
const SCALE_DOWN_MARGIN = 1.15;

/**
 * Brings a node group to the next step of time: nodes that are too old end, pods end and start, nodes are added or removed,
 * and every node settles its addresses. `growthFromMs` is the instant that the demand's growth is counted from.
 */
export function stepNodegroup(
  group: LiveNodegroup,
  { nowMs, stepMs, growthFromMs }: { readonly nowMs: number; readonly stepMs: number; readonly growthFromMs: number },
): void {
  endOldestNode(group, nowMs);
  const pods = podsAt(group.demand, nowMs, growthFromMs, group.key);
  const branches = Math.round(pods * group.branchShare);
  endPods(group, pods - branches, stepMs);
  endBranches(group, branches);
  const isComplete = scaleNodes(group, pods, nowMs);
  startBranches(group, branches, nowMs);
  startPods(group, pods - branches, nowMs);
  for (const node of group.nodes) {
    settlePool(node, nowMs);
  }
  tellEks(group, isComplete);
}

/** Ends every node of a group that is deleted. */
export function endNodegroup(group: LiveNodegroup): void {
  for (const node of group.nodes.splice(0)) {
    stopNode(node, () => false);
  }
}

function endOldestNode(group: LiveNodegroup, nowMs: number): void {
  const old = group.nodes.find(({ expiresAtMs }) => expiresAtMs <= nowMs);
  if (old !== undefined) {
    endNode(group, old);
  }
}

function endNode(group: LiveNodegroup, node: LiveNode): void {
  group.nodes.splice(group.nodes.indexOf(node), 1);
  stopNode(node, () => nextChance(group.random, group.leakProbability));
}

/** Ends as many pods as restart in this step, and those above the number wanted, each a random one. */
function endPods(group: LiveNodegroup, wanted: number, stepMs: number): void {
  let running = sharedPodCount(group);
  const restarts = (running * group.podRestartsPerDay * stepMs) / DAY_MS;
  const whole = Math.floor(restarts);
  const ending = Math.max(whole + (nextChance(group.random, restarts - whole) ? 1 : 0), running - wanted);
  for (let count = 0; count < ending && running > 0; count += 1) {
    endPod(group, nextBelow(group.random, running));
    running -= 1;
  }
}

function endPod(group: LiveNodegroup, number: number): void {
  let passed = 0;
  for (const node of group.nodes) {
    const count = nodePodCount(node);
    if (number < passed + count) {
      removePod(node, number - passed);
      return;
    }
    passed += count;
  }
}

function endBranches(group: LiveNodegroup, wanted: number): void {
  for (let excess = branchCount(group) - wanted; excess > 0; excess -= 1) {
    const node = mostLoaded(group.nodes.filter(({ branches }) => branches.length > 0));
    const branch = node?.branches.pop();
    if (branch !== undefined) {
      deleteInterface(group.site.network, branch);
    }
  }
}

/** Starts nodes until there are enough, or ends one that is not needed. Returns false where a node found no address. */
function scaleNodes(group: LiveNodegroup, pods: number, nowMs: number): boolean {
  const { nodes, nodesMin, nodesMax, podsPerNode } = group;
  const needed = (count: number): number => Math.min(Math.max(Math.ceil(count / podsPerNode), nodesMin), nodesMax);
  while (nodes.length < needed(pods)) {
    const node = startNodeSomewhere(group, nowMs);
    if (node === undefined) {
      return false;
    }
    nodes.push(node);
  }
  if (nodes.length > needed(pods * SCALE_DOWN_MARGIN)) {
    const emptiest = leastLoaded(nodesOfFullestZone(nodes));
    if (emptiest !== undefined) {
      endNode(group, emptiest);
    }
  }
  return true;
}

/** Auto Scaling takes nodes from the zone that has most, so that zones stay balanced. */
function nodesOfFullestZone(nodes: readonly LiveNode[]): readonly LiveNode[] {
  const byZone = Map.groupBy(nodes, ({ subnet }) => subnet.AvailabilityZoneId);
  return [...byZone.values()].reduce((fullest, each) => (each.length > fullest.length ? each : fullest), []);
}

/** In the zone with the fewest nodes first, there in the subnet with the most free addresses, else in the next one. */
function startNodeSomewhere(group: LiveNodegroup, nowMs: number): LiveNode | undefined {
  const { site, subnets, nodes, random, nodeDays } = group;
  const nodesIn = (zoneId: string): number => nodes.filter(({ subnet }) => subnet.AvailabilityZoneId === zoneId).length;
  const candidates = subnets
    .map((subnet) => ({
      subnet,
      nodeCount: nodesIn(subnet.AvailabilityZoneId),
      free: addressPoolOf(site.network, subnet).freeCount,
    }))
    .sort((first, second) => first.nodeCount - second.nodeCount || second.free - first.free);
  const half = (nodeDays * DAY_MS) / 2;
  const expiresAtMs = nowMs + half + nextBelow(random, 2 * half);
  for (const { subnet } of candidates) {
    const node = startNode(site, subnet, { nowMs, expiresAtMs });
    if (node !== undefined) {
      settlePool(node, nowMs);
      return node;
    }
  }
  return undefined;
}

function startBranches(group: LiveNodegroup, wanted: number, nowMs: number): void {
  for (let missing = wanted - branchCount(group); missing > 0; missing -= 1) {
    const node = leastLoaded(group.nodes.filter((each) => hasRoom(group, each)));
    if (node === undefined || !addBranch(node, nowMs)) {
      return;
    }
  }
}

/** Each pod goes to the node with the fewest; one that gets no address there waits, and the node is left out. */
function startPods(group: LiveNodegroup, wanted: number, nowMs: number): void {
  // Pods with IPv6 addresses take nothing of a subnet, so they are not followed one by one.
  group.pendingPodCount = group.site.networking.mode === 'ipv6' ? 0 : Math.max(wanted - sharedPodCount(group), 0);
  let candidates = group.nodes.filter((node) => hasRoom(group, node));
  while (group.pendingPodCount > 0) {
    const node = leastLoaded(candidates);
    if (node === undefined) {
      return;
    }
    if (addPod(node)) {
      group.pendingPodCount -= 1;
      settlePool(node, nowMs);
    } else if (!settlePool(node, nowMs) || !addPod(node)) {
      candidates = candidates.filter((each) => each !== node);
    } else {
      group.pendingPodCount -= 1;
    }
    candidates = candidates.filter((each) => hasRoom(group, each));
  }
}

function tellEks(group: LiveNodegroup, isComplete: boolean): void {
  const { nodegroup, nodes, subnets } = group;
  if (nodegroup === undefined) {
    return;
  }
  nodegroup.scalingConfig = { ...nodegroup.scalingConfig, desiredSize: nodes.length };
  // https://docs.aws.amazon.com/eks/latest/APIReference/API_Issue.html
  const issue = {
    code: 'InsufficientFreeAddresses' as const,
    message: 'One or more of the subnets do not have enough available IP addresses to launch new nodes',
    resourceIds: subnets.map((subnet) => subnet.SubnetId),
  };
  nodegroup.health = { issues: isComplete ? [] : [issue] };
}

function hasRoom({ podsPerNode, site }: LiveNodegroup, node: LiveNode): boolean {
  return loadOf(node) < Math.min(podsPerNode, podsMax(site.limits, site.networking) - HOST_NETWORK_PODS);
}

function loadOf(node: LiveNode): number {
  return nodePodCount(node) + node.branches.length;
}

function leastLoaded(nodes: readonly LiveNode[]): LiveNode | undefined {
  return extreme(nodes, (load, best) => load < best);
}

function mostLoaded(nodes: readonly LiveNode[]): LiveNode | undefined {
  return extreme(nodes, (load, best) => load > best);
}

function extreme(nodes: readonly LiveNode[], isBetter: (load: number, best: number) => boolean): LiveNode | undefined {
  let best: LiveNode | undefined;
  let bestLoad = 0;
  for (const node of nodes) {
    const load = loadOf(node);
    if (best === undefined || isBetter(load, bestLoad)) {
      best = node;
      bestLoad = load;
    }
  }
  return best;
}

/** Pods that take an address from their node's shared interfaces. */
function sharedPodCount({ nodes }: LiveNodegroup): number {
  return nodes.reduce((sum, node) => sum + nodePodCount(node), 0);
}

function branchCount({ nodes }: LiveNodegroup): number {
  return nodes.reduce((sum, node) => sum + node.branches.length, 0);
}
