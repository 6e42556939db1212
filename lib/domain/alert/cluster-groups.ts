import type { SubnetState } from '../capacity/region-state.ts';
import type { Alert, AlertCluster } from './alert.ts';
import type { AlertFinding } from './alert-condition.ts';

export interface SubnetFinding {
  readonly subnet: SubnetState;
  readonly finding: AlertFinding;
}

export interface ClusterGroup {
  readonly cluster: AlertCluster;
  /** Its subnets that fail, or would if they had an alert; none where an alert of it is about to end. */
  readonly members: readonly SubnetFinding[];
  /** All that are judged of it. */
  readonly subnets: readonly SubnetFinding[];
}

export interface ClusterGroups {
  readonly groups: readonly ClusterGroup[];
  /** What no group took. */
  readonly single: readonly SubnetFinding[];
}

/** One subnet that fails is a matter of the subnet. */
const TOGETHER_SUBNETS_MIN = 2;

/**
 * Puts subnets together that fail together: more than half of a cluster's, or of those it has in one zone, and two at the least.
 * A cluster that has an alert keeps it, whatever its subnets do one by one. A subnet is in one group, of the clusters that it
 * serves in the one of which most fail.
 */
export function clusterGroups(findings: readonly SubnetFinding[], active: readonly Alert[]): ClusterGroups {
  const clusters = clustersOf(findings);
  const subnetsOf = new Map(clusters.map(({ clusterId }) => [clusterId, findings.filter(servesCluster(clusterId))]));
  const taken = new Set<SubnetFinding>();
  const groups: ClusterGroup[] = [];
  const take = (cluster: AlertCluster) => {
    // Every cluster of `clusters` has its subnets there.
    const subnets = subnetsOf.get(cluster.clusterId) ?? [];
    const members = subnets.filter((one) => !taken.has(one) && isConcerned(one));
    for (const member of members) {
      taken.add(member);
    }
    groups.push({ cluster, members, subnets });
  };
  const alerted = new Set(active.flatMap(({ subject }) => (subject.kind === 'cluster' ? [subject.clusterId] : [])));
  for (const cluster of clusters.filter(({ clusterId }) => alerted.has(clusterId))) {
    take(cluster);
  }
  const failing = ({ clusterId }: AlertCluster) =>
    (subnetsOf.get(clusterId) ?? []).filter((one) => isFailing(one) && !taken.has(one));
  const others = clusters
    .filter(({ clusterId }) => !alerted.has(clusterId))
    .toSorted((a, b) => failing(b).length - failing(a).length);
  for (const cluster of others) {
    if (isTogether(failing(cluster), subnetsOf.get(cluster.clusterId) ?? [])) {
      take(cluster);
    }
  }
  return { groups, single: findings.filter((one) => !taken.has(one)) };
}

function clustersOf(findings: readonly SubnetFinding[]): AlertCluster[] {
  const names = new Map(
    findings.flatMap(({ subnet }) => subnet.clusters.map(({ clusterId, clusterName }) => [clusterId, clusterName])),
  );
  return [...names]
    .map(([clusterId, clusterName]) => ({ clusterId, clusterName }))
    .toSorted((a, b) => (a.clusterId < b.clusterId ? -1 : 1));
}

function servesCluster(clusterId: string) {
  return ({ subnet }: SubnetFinding) => subnet.clusters.some((cluster) => cluster.clusterId === clusterId);
}

function isFailing({ finding }: SubnetFinding): boolean {
  return finding.level !== undefined;
}

function isConcerned({ finding }: SubnetFinding): boolean {
  return finding.level !== undefined || finding.heldLevel !== undefined;
}

function isTogether(failing: readonly SubnetFinding[], subnets: readonly SubnetFinding[]): boolean {
  const failingByZone = Map.groupBy(failing, zoneOf);
  const byZone = Map.groupBy(subnets, zoneOf);
  const isMost = (some: number, all: number) => some >= TOGETHER_SUBNETS_MIN && some > all / 2;
  return (
    isMost(failing.length, subnets.length) ||
    // A zone of a failing subnet is a zone of the cluster.
    [...failingByZone].some(([zone, some]) => isMost(some.length, byZone.get(zone)?.length ?? some.length))
  );
}

function zoneOf({ subnet }: SubnetFinding): string {
  return subnet.availabilityZoneId ?? subnet.subnet.availabilityZone;
}
