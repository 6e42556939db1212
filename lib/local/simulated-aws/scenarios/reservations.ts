import { addReservation, addRouteTable } from '../build/network.ts';
import { builderOf, type World } from '../live/world.ts';
import type { SimulatedAccount } from '../state.ts';
import { addCommonVpc, addLiveCluster, addZoneSubnets, OFFICE_HOURS } from './parts.ts';

/** Search in Virginia: prefixes come from CIDR reservations that keep single addresses away, appliances have one of theirs. */
export function buildReservations(world: World, account: SimulatedAccount): void {
  const builder = builderOf(world, account, 'us-east-1');
  const { vpc, natGatewayId } = addCommonVpc(builder, {
    name: 'search',
    cidrBlock: '10.24.0.0/16',
    publicCidrBlocks: ['10.24.0.0/26', '10.24.0.64/26'],
  });
  const subnets = addZoneSubnets(builder, vpc, { name: 'search-us', cidrBlocks: ['10.24.2.0/23', '10.24.4.0/23'] });
  addRouteTable(builder, vpc, { subnets, defaultRouteTo: natGatewayId });
  const [first, second = first] = subnets;
  addReservation(builder, first, { cidr: '10.24.3.0/24', type: 'prefix', description: 'pods' });
  addReservation(builder, first, { cidr: '10.24.2.192/27', type: 'explicit', description: 'appliances' });
  addReservation(builder, second, { cidr: '10.24.5.0/24', type: 'prefix', description: 'pods' });
  addLiveCluster(world, {
    builder,
    name: 'search-us',
    subnets,
    tags: { team: 'search' },
    networking: { mode: 'prefixes', warmIpTarget: 4, minimumIpTarget: 20 },
    nodegroups: [
      {
        name: 'queries',
        instanceType: 'm5.xlarge',
        podsPerNode: 50,
        nodesMin: 2,
        nodesMax: 8,
        demand: { pods: 170, ...OFFICE_HOURS, utcOffsetHours: -5 },
      },
    ],
  });
}
