import { addRouteTable } from '../build/network.ts';
import { builderOf, type World } from '../live/world.ts';
import type { SimulatedAccount } from '../state.ts';
import { addCommonVpc, addLiveCluster, addZoneSubnets } from './parts.ts';

/** The shop's edge: five nodes that keep few addresses warm, in subnets with room for just about that. */
export function buildNearlyFull(world: World, account: SimulatedAccount): void {
  const builder = builderOf(world, account, 'us-east-1');
  const { vpc, natGatewayId } = addCommonVpc(builder, {
    name: 'edge',
    cidrBlock: '10.45.0.0/16',
    publicCidrBlocks: ['10.45.0.0/26', '10.45.0.64/26'],
  });
  const subnets = addZoneSubnets(builder, vpc, { name: 'shop-edge', cidrBlocks: ['10.45.2.0/26', '10.45.2.64/26'] });
  addRouteTable(builder, vpc, { subnets, defaultRouteTo: natGatewayId });
  addLiveCluster(world, {
    builder,
    name: 'shop-edge',
    subnets,
    tags: { team: 'edge' },
    networking: { warmIpTarget: 2, minimumIpTarget: 10 },
    nodegroups: [
      {
        name: 'edge',
        instanceType: 'm5.large',
        podsPerNode: 16,
        nodesMin: 5,
        nodesMax: 6,
        demand: { pods: 68, dailySwing: 0.1, noise: 0.02, utcOffsetHours: -5 },
      },
    ],
  });
}
