import { nextBelow, type Random } from '../../../lib/local/simulated-aws/build/random.ts';
import { type AddressSpace, createAddressSpace } from './address-space.ts';
import {
  createPool,
  deletePool,
  type NodePool,
  type PoolRules,
  retryUnmet,
  shrinkPool,
  startPods,
  stopPods,
} from './node-pool.ts';

/** Room that an autoscaler leaves before it empties a node, in nodes: else it would order one again at once. */
const SLACK_NODES = 1.2;
/** A rollout replaces all nodes in this many steps or more: six hours. */
const ROLLOUT_STEPS_MIN = 24;

/** The nodes of a node group in one subnet. */
export interface Cluster {
  rules: PoolRules;
  readonly podsPerNode: number;
  nodes: NodePool[];
  /** Nodes without pods that are gone at the next step: their addresses are in use beside those of their successors. */
  draining: NodePool[];
  /** Nodes that a rollout has yet to replace. */
  readonly outdated: Set<NodePool>;
}

/** Returns how many addresses a full node has. */
export function addressesPerNode(rules: PoolRules, podsPerNode: number, random: Random): number {
  const space = createAddressSpace(20, random, 1);
  const pool = createPool(rules, space);
  startPods(pool, podsPerNode, space);
  return pool.slots + pool.primaries.length;
}

/** Moves a cluster one step on, to this many pods. */
export function settleCluster(cluster: Cluster, podsWanted: number, space: AddressSpace, random: Random): void {
  for (const node of cluster.draining) {
    deletePool(node, space);
  }
  cluster.draining = [];
  retry(cluster, space);
  const running = cluster.nodes.reduce((sum, { pods }) => sum + pods, 0);
  if (podsWanted > running) {
    placePods(cluster, podsWanted - running, space);
  } else {
    removePods(cluster, running - podsWanted, random);
  }
  replaceOutdated(cluster, space);
  consolidate(cluster, space);
  for (const node of cluster.nodes) {
    shrinkPool(node, space);
  }
}

/** Marks all nodes to be replaced, one after the other. */
export function startRollout(cluster: Cluster): void {
  for (const node of cluster.nodes) {
    cluster.outdated.add(node);
  }
}

function retry(cluster: Cluster, space: AddressSpace): void {
  if (space.unmetAddresses > 0 || space.unmetBlocks > 0) {
    for (const node of cluster.nodes) {
      retryUnmet(node, space);
    }
  }
}

/** Bin packing as the scheduler is set up where nodes cost money: the fullest node with room first, then new nodes. */
function placePods(cluster: Cluster, count: number, space: AddressSpace): void {
  let left = count;
  const byPods = cluster.nodes
    .filter((node) => node.pods < cluster.podsPerNode && !cluster.outdated.has(node))
    .sort((a, b) => b.pods - a.pods);
  for (const node of byPods) {
    const placed = Math.min(left, cluster.podsPerNode - node.pods);
    startPods(node, placed, space);
    left -= placed;
  }
  while (left > 0) {
    const placed = Math.min(left, cluster.podsPerNode);
    addNode(cluster, placed, space);
    left -= placed;
  }
}

function addNode(cluster: Cluster, pods: number, space: AddressSpace): void {
  const node = createPool(cluster.rules, space);
  startPods(node, pods, space);
  cluster.nodes.push(node);
}

function removePods(cluster: Cluster, count: number, random: Random): void {
  for (let left = count; left > 0; ) {
    const node = cluster.nodes[nextBelow(random, cluster.nodes.length)];
    if (node === undefined) {
      return;
    }
    if (node.pods > 0) {
      stopPods(node, 1, random);
      left -= 1;
    }
  }
}

function replaceOutdated(cluster: Cluster, space: AddressSpace): void {
  const atOnce = Math.ceil(cluster.nodes.length / ROLLOUT_STEPS_MIN);
  for (const node of [...cluster.outdated].slice(0, atOnce)) {
    cluster.outdated.delete(node);
    if (cluster.nodes.includes(node)) {
      addNode(cluster, node.pods, space);
      drain(cluster, node);
    }
  }
}

/** Empties the emptiest node where the others have room for its pods and some more, at most one a step. */
function consolidate(cluster: Cluster, space: AddressSpace): void {
  const { nodes, podsPerNode } = cluster;
  const emptiest = nodes.reduce<NodePool | undefined>(
    (least, node) => (least === undefined || node.pods < least.pods ? node : least),
    undefined,
  );
  if (emptiest === undefined || nodes.length < 2) {
    return;
  }
  const pods = nodes.reduce((sum, node) => sum + node.pods, 0);
  if (nodes.length * podsPerNode - pods < SLACK_NODES * podsPerNode) {
    return;
  }
  drain(cluster, emptiest);
  placePods(cluster, emptiest.pods, space);
}

function drain(cluster: Cluster, node: NodePool): void {
  cluster.nodes = cluster.nodes.filter((each) => each !== node);
  cluster.outdated.delete(node);
  cluster.draining.push(node);
}
