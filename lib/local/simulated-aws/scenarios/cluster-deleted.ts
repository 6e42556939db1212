import { addRouteTable } from '../build/network.ts';
import { HOUR_MS } from '../live/demand.ts';
import { builderOf, type World } from '../live/world.ts';
import type { SimulatedAccount } from '../state.ts';
import { addCommonVpc, addLiveCluster, addZoneSubnets, OFFICE_HOURS } from './parts.ts';

/** When `previews-q3` is deleted, in hours after the start of the world. */
export const CLUSTER_DELETED_AFTER_HOURS = 6;

/** Previews: two clusters, one of which is deleted. */
export function buildClusterDeleted(world: World, account: SimulatedAccount): void {
  const builder = builderOf(world, account, 'eu-west-1');
  const { vpc, natGatewayId } = addCommonVpc(builder, {
    name: 'previews',
    cidrBlock: '10.43.0.0/16',
    publicCidrBlocks: ['10.43.0.0/26', '10.43.0.64/26'],
  });
  const subnets = addZoneSubnets(builder, vpc, { name: 'previews', cidrBlocks: ['10.43.2.0/24', '10.43.3.0/24'] });
  addRouteTable(builder, vpc, { subnets, defaultRouteTo: natGatewayId });
  const nodegroup = {
    name: 'spot',
    instanceType: 't3.medium',
    podsPerNode: 10,
    nodesMin: 1,
    nodesMax: 6,
    nodeDays: 3,
    demand: { pods: 40, ...OFFICE_HOURS, utcOffsetHours: 1 },
  };
  addLiveCluster(world, {
    builder,
    name: 'previews-main',
    subnets,
    tags: { team: 'developer-experience' },
    nodegroups: [nodegroup],
  });
  addLiveCluster(world, {
    builder,
    name: 'previews-q3',
    subnets,
    tags: { team: 'developer-experience' },
    nodegroups: [nodegroup],
    deletedAtMs: world.startMs + CLUSTER_DELETED_AFTER_HOURS * HOUR_MS,
  });
}
