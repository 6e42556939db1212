import type { Nodegroup } from '../cluster/cluster.ts';
import type { Described } from '../region-facts.ts';
import type { BreakReason, SeriesBreak } from '../trend/breaks.ts';
import type { ClusterState, SubnetState } from './region-state.ts';
import type { VpcState } from './vpc-state.ts';

/** The CIDR reservations of subnets whose owner listed them, as text: equal texts are the same reservations. */
export type ReservationTexts = ReadonlyMap<string, string>;

interface Moment {
  readonly state: VpcState;
  readonly reservations: ReservationTexts;
}

/**
 * Returns what changed the use of each subnet between two judgements of a VPC, by subnet id, as of `day`, whole days since
 * 1970. Nothing is concluded from what was not seen: a cluster is new only where its account was looked at before, a node
 * group only where the cluster's node groups were.
 */
export function structuralBreaks(
  before: Moment,
  after: Moment,
  day: number,
): ReadonlyMap<string, readonly SeriesBreak[]> {
  const found = new Map<string, Set<BreakReason>>();
  const note = (reason: BreakReason, subnetIds: Iterable<string>) => {
    for (const subnetId of subnetIds) {
      found.set(subnetId, (found.get(subnetId) ?? new Set()).add(reason));
    }
  };
  noteClusters(before.state, after.state, note);
  notePrefixes(before.state.subnets, after.state.subnets, note);
  for (const [subnetId, text] of after.reservations) {
    const earlier = before.reservations.get(subnetId);
    if (earlier !== undefined && earlier !== text) {
      note('reservation-changed', [subnetId]);
    }
  }
  return new Map(
    [...found].map(([subnetId, reasons]) => [subnetId, [...reasons].sort().map((reason) => ({ day, reason }))]),
  );
}

type Note = (reason: BreakReason, subnetIds: Iterable<string>) => void;

function noteClusters(before: VpcState, after: VpcState, note: Note): void {
  const earlier = new Map(before.clusters.map((cluster) => [cluster.clusterId, cluster]));
  const later = new Map(after.clusters.map((cluster) => [cluster.clusterId, cluster]));
  const scannedBefore = new Set(
    before.judgedFrom.flatMap(({ viewerAccountId, scanSlot }) => (scanSlot === undefined ? [] : [viewerAccountId])),
  );
  for (const [clusterId, cluster] of later) {
    const known = earlier.get(clusterId);
    if (known !== undefined) {
      noteNodegroups(known, cluster, note);
    } else if (scannedBefore.has(cluster.target.accountId)) {
      note('cluster-created', subnetIdsOf(cluster));
    }
  }
  for (const [clusterId, cluster] of earlier) {
    if (!later.has(clusterId)) {
      note('cluster-deleted', subnetIdsOf(cluster));
    }
  }
}

function subnetIdsOf({ subnets }: ClusterState): readonly string[] {
  return subnets.map(({ subnetId }) => subnetId);
}

function noteNodegroups(before: ClusterState, after: ClusterState, note: Note): void {
  const [earlier, later] = [before.nodegroups, after.nodegroups];
  if (earlier.names.state === 'unavailable' || later.names.state === 'unavailable') {
    return;
  }
  const [namesBefore, namesAfter] = [new Set(earlier.names.value), new Set(later.names.value)];
  for (const name of namesAfter) {
    if (namesBefore.has(name)) {
      note('nodegroup-subnets-changed', movedSubnets(nodegroupSubnets(earlier, name), nodegroupSubnets(later, name)));
    } else {
      note('nodegroup-created', nodegroupSubnets(later, name) ?? []);
    }
  }
  for (const name of namesBefore) {
    if (!namesAfter.has(name)) {
      note('nodegroup-deleted', nodegroupSubnets(earlier, name) ?? []);
    }
  }
}

/** `undefined` where the node group could not be described. */
function nodegroupSubnets({ items }: Described<Nodegroup>, name: string): readonly string[] | undefined {
  const item = items.get(name);
  return item?.state === 'observed' ? item.value.subnetIds : undefined;
}

function movedSubnets(before: readonly string[] | undefined, after: readonly string[] | undefined): readonly string[] {
  if (before === undefined || after === undefined) {
    return [];
  }
  return [...before.filter((id) => !after.includes(id)), ...after.filter((id) => !before.includes(id))];
}

/** Only where the owner's interfaces were listed both times: otherwise prefixes are not seen. */
function notePrefixes(before: readonly SubnetState[], after: readonly SubnetState[], note: Note): void {
  const earlier = new Map(before.filter(isCounted).map((state) => [state.subnet.subnetId, state.prefixUse.inUse]));
  for (const state of after.filter(isCounted)) {
    const wasInUse = earlier.get(state.subnet.subnetId);
    if (wasInUse !== undefined && wasInUse !== state.prefixUse.inUse) {
      note('prefix-mode-toggled', [state.subnet.subnetId]);
    }
  }
}

function isCounted({ capacity }: SubnetState): boolean {
  return capacity?.source === 'network-interfaces';
}
