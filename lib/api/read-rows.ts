import type { Fleet, FleetOutline } from '../audit/fleet.ts';
import { fleetAccounts } from '../audit/fleet-accounts.ts';
import { at } from '../audit/fleet-columns.ts';
import { fleetFigures } from '../audit/fleet-figures.ts';
import type { Account } from '../audit/ports.ts';
import { guestsOf } from '../audit/query-fleet.ts';
import type { ReadPorts } from './api-ports.ts';
import type { ClusterView } from './cluster-view.ts';
import type { JsonBytes } from './json-bytes.ts';
import { createKeptRows } from './kept-rows.ts';
import type { SubnetView } from './subnet-view.ts';
import { toClusterView } from './to-cluster-view.ts';
import { toSubnetView } from './to-subnet-view.ts';
import { seenParts, type VisibleAccounts, visibleAccounts, visibleCluster, visibleSubnet } from './visible.ts';

const keptSubnets = createKeptRows<SubnetView>();
const keptClusters = createKeptRows<ClusterView>();

type RowPorts = Pick<ReadPorts, 'fleets' | 'now'>;

/** Reads subnets by their rows in the fleet, in that order, as far as they may be seen. */
export async function readSubnets(
  ports: RowPorts,
  fleet: FleetOutline,
  rows: readonly number[],
  visible: VisibleAccounts,
): Promise<SubnetView[]> {
  const views = await subnetViews(ports, fleet, rows, lookOf(ports, fleet, visible));
  return views.filter((view) => view !== undefined);
}

/** Reads clusters by their rows in the fleet, in that order, as far as they may be seen. */
export async function readClusters(
  ports: RowPorts,
  fleet: Fleet,
  rows: readonly number[],
  visible: VisibleAccounts,
): Promise<ClusterView[]> {
  const views = await clusterViews(ports, fleet, rows, lookOf(ports, fleet, visible));
  return views.filter((view) => view !== undefined);
}

/** Reads as JSON what `readSubnets` reads; of subnets that were shown before it is at hand. */
export async function readSubnetsAsJson(
  ports: RowPorts,
  fleet: FleetOutline,
  rows: readonly number[],
  visible: VisibleAccounts,
): Promise<JsonBytes<SubnetView>[]> {
  const look = lookOf(ports, fleet, visible);
  const partsOf = seenParts(visible);
  const { isStale } = fleetFigures(fleet, look.atMs).subnets;
  return keptSubnets(fleet, rows, {
    basisOf(row) {
      const ownerId = at(fleet.texts, at(fleet.vpcs.ownerId, at(fleet.vpcOfSubnet, row)));
      const parts = partsOf(ownerId, () => guestsOf(fleet, row));
      return { isStale: at(isStale, row), parts, accountName: look.names.get(ownerId)?.name };
    },
    read: (missing) => subnetViews(ports, fleet, missing, look),
  });
}

/** Reads as JSON what `readClusters` reads; of clusters that were shown before it is at hand. */
export async function readClustersAsJson(
  ports: RowPorts,
  fleet: Fleet,
  rows: readonly number[],
  visible: VisibleAccounts,
): Promise<JsonBytes<ClusterView>[]> {
  const look = lookOf(ports, fleet, visible);
  const partsOf = seenParts(visible);
  const { isStale } = fleetFigures(fleet, look.atMs).clusters;
  return keptClusters(fleet, rows, {
    basisOf(row) {
      const accountId = at(fleet.texts, at(fleet.clusters.accountId, row));
      const parts = partsOf(accountId, () => []);
      return { isStale: at(isStale, row), parts, accountName: look.names.get(accountId)?.name };
    },
    read: (missing) => clusterViews(ports, fleet, missing, look),
  });
}

/** Who looks, and when. */
interface Look {
  readonly visible: VisibleAccounts;
  readonly names: ReadonlyMap<string, Account>;
  readonly atMs: number;
}

/** Names that are not known yet are null in the views. */
function lookOf({ now }: RowPorts, fleet: FleetOutline, visible: VisibleAccounts): Look {
  return { visible, names: visibleAccounts(fleetAccounts(fleet), visible), atMs: now() };
}

/** `undefined` for one that is not to be seen. */
async function subnetViews(
  { fleets }: RowPorts,
  fleet: FleetOutline,
  rows: readonly number[],
  { visible, names, atMs }: Look,
): Promise<(SubnetView | undefined)[]> {
  const now = new Date(atMs).toISOString();
  const states = await fleets.subnetStates(fleet, rows);
  return states
    .map((state) => visibleSubnet(state, visible))
    .map((state) => (state === undefined ? undefined : toSubnetView(state, names, now)));
}

/** `undefined` for one that is not to be seen. */
async function clusterViews(
  { fleets }: RowPorts,
  fleet: Fleet,
  rows: readonly number[],
  { visible, names, atMs }: Look,
): Promise<(ClusterView | undefined)[]> {
  const now = new Date(atMs).toISOString();
  const states = await fleets.clusterStates(fleet, rows);
  return states
    .map((state) => visibleCluster(state, visible))
    .map((state) => (state === undefined ? undefined : toClusterView(state, names, now)));
}
