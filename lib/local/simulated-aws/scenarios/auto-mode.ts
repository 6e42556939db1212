import { addRouteTable } from '../build/network.ts';
import { builderOf, type World } from '../live/world.ts';
import type { SimulatedAccount } from '../state.ts';
import { addCommonVpc, addLiveCluster, addZoneSubnets, OFFICE_HOURS } from './parts.ts';

/** The mobile backend: EKS Auto Mode runs its nodes, which EC2 hides with their interfaces unless it is asked for them. */
export function buildAutoMode(world: World, account: SimulatedAccount): void {
  const builder = builderOf(world, account, 'us-east-1');
  const { vpc, natGatewayId } = addCommonVpc(builder, {
    name: 'mobile',
    cidrBlock: '10.26.0.0/16',
    publicCidrBlocks: ['10.26.0.0/26', '10.26.0.64/26'],
  });
  const subnets = addZoneSubnets(builder, vpc, { name: 'mobile-auto', cidrBlocks: ['10.26.2.0/24', '10.26.3.0/24'] });
  addRouteTable(builder, vpc, { subnets, defaultRouteTo: natGatewayId });
  addLiveCluster(world, {
    builder,
    name: 'mobile-auto',
    subnets,
    tags: { team: 'mobile' },
    networking: { mode: 'prefixes', autoMode: true },
    nodegroups: [
      {
        name: 'general-purpose',
        instanceType: 'c5.large',
        podsPerNode: 25,
        nodesMin: 2,
        nodesMax: 10,
        nodeDays: 4,
        demand: { pods: 100, ...OFFICE_HOURS, utcOffsetHours: -5 },
      },
    ],
  });
}
