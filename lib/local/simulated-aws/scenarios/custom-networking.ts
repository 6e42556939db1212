import { addRouteTable } from '../build/network.ts';
import { builderOf, type World } from '../live/world.ts';
import type { SimulatedAccount } from '../state.ts';
import { addCommonVpc, addLiveCluster, addZoneSubnets, OFFICE_HOURS } from './parts.ts';

/** Analytics: nodes are in small subnets of the company's range, pods in large ones of a range that is not routed. */
export function buildCustomNetworking(world: World, account: SimulatedAccount): void {
  const builder = builderOf(world, account, 'us-east-1');
  const { vpc, natGatewayId } = addCommonVpc(builder, {
    name: 'analytics',
    cidrBlock: '10.28.0.0/16',
    secondaryCidrBlocks: ['100.64.0.0/16'],
    publicCidrBlocks: ['10.28.0.0/26', '10.28.0.64/26'],
  });
  const subnets = addZoneSubnets(builder, vpc, {
    name: 'analytics-nodes',
    cidrBlocks: ['10.28.2.0/26', '10.28.2.64/26'],
  });
  const podSubnets = addZoneSubnets(builder, vpc, {
    name: 'analytics-pods',
    cidrBlocks: ['100.64.0.0/20', '100.64.16.0/20'],
    tags: {},
  });
  addRouteTable(builder, vpc, { subnets: [...subnets, ...podSubnets], defaultRouteTo: natGatewayId });
  addLiveCluster(world, {
    builder,
    name: 'analytics-prod',
    subnets,
    tags: { team: 'analytics' },
    networking: { customNetworking: true },
    nodegroups: [
      {
        name: 'reports',
        instanceType: 'm5.xlarge',
        podsPerNode: 35,
        podSubnets,
        nodesMin: 2,
        nodesMax: 12,
        demand: { pods: 200, ...OFFICE_HOURS, utcOffsetHours: -5 },
      },
    ],
  });
}
