import type { FleetFilter } from '../../lib/audit/fleet-filter.ts';
import type { FleetCluster, FleetSubnet, FleetVpc } from '../../lib/audit/fleet-shard.ts';
import type { ListPosition } from '../../lib/audit/query-fleet.ts';
import { placeInVpc } from '../../lib/audit/subnet-place.ts';
import type { FleetTotals } from '../../lib/audit/summarize-fleet.ts';
import { isStale, staleStatus } from '../../lib/domain/capacity/staleness.ts';
import { STATUSES, type Status, urgency } from '../../lib/domain/capacity/subnet-status.ts';

/** The answers of a fleet by plain objects: filtered one by one, sorted as a whole. */

export interface ModelRow {
  readonly kind: 'subnet' | 'cluster';
  readonly id: string;
  readonly place: readonly string[];
  readonly vpc: FleetVpc;
  readonly accountId: string;
  readonly team: string | undefined;
  readonly status: Status;
  readonly isStale: boolean;
  readonly addressesLeftRatio: number | null;
  readonly clusterIds: readonly string[];
  readonly subnet: FleetSubnet | undefined;
}

export function modelRows(vpcs: readonly FleetVpc[], kind: ModelRow['kind'], nowMs: number): ModelRow[] {
  const now = new Date(nowMs).toISOString();
  const shown = ({ status, observedAt }: FleetSubnet | FleetCluster) => {
    const isOld = isStale('subnets', observedAt, now);
    return { isStale: isOld, status: isOld ? staleStatus(status) : status };
  };
  const subnetRow = (vpc: FleetVpc, subnet: FleetSubnet): ModelRow => ({
    kind: 'subnet',
    id: subnet.subnetId,
    place: [vpc.vpc.vpcId, ...placeInVpc(subnet)],
    vpc,
    accountId: vpc.vpc.ownerId,
    team: subnet.team,
    ...shown(subnet),
    addressesLeftRatio: ratioOf(subnet),
    clusterIds: subnet.clusterIds,
    subnet,
  });
  const clusterRow = (vpc: FleetVpc, cluster: FleetCluster): ModelRow => ({
    kind: 'cluster',
    id: cluster.clusterId,
    place: [cluster.clusterId],
    vpc,
    accountId: cluster.accountId,
    team: cluster.team,
    ...shown(cluster),
    addressesLeftRatio: ratioOf(vpc.subnets.find(({ subnetId }) => subnetId === cluster.bindingSubnetId)),
    clusterIds: [cluster.clusterId],
    subnet: undefined,
  });
  return vpcs.flatMap((vpc) =>
    kind === 'subnet'
      ? vpc.subnets.map((subnet) => subnetRow(vpc, subnet))
      : vpc.clusters.map((cluster) => clusterRow(vpc, cluster)),
  );
}

function ratioOf(subnet: FleetSubnet | undefined): number | null {
  const counts = subnet?.counts;
  return counts === undefined || counts.usableAddressCount === 0
    ? null
    : Math.min(1, counts.addressesLeft / counts.usableAddressCount);
}

export function modelMatches(row: ModelRow, filter: FleetFilter): boolean {
  const isIn = (wanted: readonly string[] | undefined, own: string | undefined) =>
    wanted === undefined || (own !== undefined && wanted.includes(own));
  const { visibleAccountIds: visible, clusterIds, idText } = filter;
  return (
    isIn(filter.accountIds, row.accountId) &&
    isIn(filter.regions, row.vpc.vpc.region) &&
    isIn(filter.statuses, row.status) &&
    isIn(filter.teams, row.team) &&
    isIn(filter.vpcIds, row.vpc.vpc.vpcId) &&
    (clusterIds === undefined || row.clusterIds.some((id) => clusterIds.includes(id))) &&
    (filter.address === undefined || (row.subnet !== undefined && holds(row.subnet, filter.address))) &&
    (idText === undefined || row.id.toLowerCase().includes(idText.toLowerCase())) &&
    (visible === undefined ||
      visible.includes(row.accountId) ||
      (row.kind === 'subnet' && row.clusterIds.some((id) => visible.includes(id.split(':')[0] ?? ''))))
  );
}

function holds({ baseAddress, counts }: FleetSubnet, address: number): boolean {
  const addresses =
    baseAddress === undefined || counts === undefined
      ? []
      : Array.from({ length: counts.usableAddressCount + 5 }, (_, offset) => baseAddress + offset);
  return addresses.includes(address);
}

/** Urgent first; rows without a ratio after those with one; then subnets by their VPC and place. */
export function compareKeys(a: ListPosition, b: ListPosition): number {
  const ratio = ({ addressesLeftRatio }: ListPosition) => addressesLeftRatio ?? Number.MAX_VALUE;
  const index = a.place.findIndex((text, of) => text !== b.place[of]);
  const [own = '', other = ''] = [a.place[index], b.place[index]];
  return urgency(a.status) - urgency(b.status) || ratio(a) - ratio(b) || Number(own > other) - Number(own < other);
}

export function modelTotals(subnets: readonly ModelRow[], clusters: readonly ModelRow[]): FleetTotals {
  const sum = (of: (counts: NonNullable<FleetSubnet['counts']>) => number | undefined) =>
    subnets.reduce((total, { subnet }) => total + ((subnet?.counts && of(subnet.counts)) ?? 0), 0);
  const byStatus = (rows: readonly ModelRow[]) =>
    Object.fromEntries(STATUSES.map((status) => [status, rows.filter((row) => row.status === status).length]));
  return {
    vpcCount: new Set([...subnets, ...clusters].map(({ vpc }) => vpc)).size,
    subnetCount: subnets.length,
    clusterCount: clusters.length,
    usableAddressCount: sum((counts) => counts.usableAddressCount),
    usedAddressCount: sum((counts) => counts.usedAddressCount),
    freeAddressCount: sum((counts) => counts.freeAddressCount),
    reservedAddressCount: sum((counts) => counts.reservedAddressCount),
    freePrefixCount: sum((counts) => counts.freePrefixCount),
    subnetsWithoutCounts: subnets.filter(({ subnet }) => subnet?.counts === undefined).length,
    subnetsWithoutPrefixCount: subnets.filter(
      ({ subnet }) => subnet?.counts !== undefined && subnet.counts.freePrefixCount === undefined,
    ).length,
    staleSubnetCount: subnets.filter((row) => row.isStale).length,
    staleClusterCount: clusters.filter((row) => row.isStale).length,
    // Each status is one of the entries.
    subnetCountByStatus: byStatus(subnets) as FleetTotals['subnetCountByStatus'],
    clusterCountByStatus: byStatus(clusters) as FleetTotals['clusterCountByStatus'],
  };
}
