import type { Fleet } from '../audit/fleet.ts';
import type { ReadPorts } from './api-ports.ts';
import type { ClusterView } from './cluster-view.ts';
import type { SubnetView } from './subnet-view.ts';
import { toClusterView } from './to-cluster-view.ts';
import { toSubnetView } from './to-subnet-view.ts';
import { type VisibleAccounts, visibleAccounts, visibleCluster, visibleSubnet } from './visible.ts';

type RowPorts = Pick<ReadPorts, 'fleets' | 'accounts' | 'now'>;

/** Reads subnets by their rows in the fleet, in that order, as far as they may be seen. */
export async function readSubnets(
  { fleets, accounts, now }: RowPorts,
  fleet: Fleet,
  rows: readonly number[],
  visible: VisibleAccounts,
): Promise<SubnetView[]> {
  const [states, known] = await Promise.all([fleets.subnetStates(fleet, rows), accounts()]);
  const names = visibleAccounts(known, visible);
  const at = new Date(now()).toISOString();
  return states
    .map((state) => visibleSubnet(state, visible))
    .filter((state) => state !== undefined)
    .map((state) => toSubnetView(state, names, at));
}

/** Reads clusters by their rows in the fleet, in that order, as far as they may be seen. */
export async function readClusters(
  { fleets, accounts, now }: RowPorts,
  fleet: Fleet,
  rows: readonly number[],
  visible: VisibleAccounts,
): Promise<ClusterView[]> {
  const [states, known] = await Promise.all([fleets.clusterStates(fleet, rows), accounts()]);
  const names = visibleAccounts(known, visible);
  const at = new Date(now()).toISOString();
  return states
    .map((state) => visibleCluster(state, visible))
    .filter((state) => state !== undefined)
    .map((state) => toClusterView(state, names, at));
}
