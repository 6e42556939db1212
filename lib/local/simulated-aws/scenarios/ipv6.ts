import { addRouteTable, addSubnet } from '../build/network.ts';
import { builderOf, type World } from '../live/world.ts';
import type { SimulatedAccount } from '../state.ts';
import { addCommonVpc, addLiveCluster, addZoneSubnets, OFFICE_HOURS } from './parts.ts';

/** The mobile backend in Ireland: pods have IPv6 addresses, so a node takes one IPv4 address however many it runs. */
export function buildIpv6(world: World, account: SimulatedAccount): void {
  const builder = builderOf(world, account, 'eu-west-1');
  const { vpc, natGatewayId } = addCommonVpc(builder, {
    name: 'mobile-eu',
    cidrBlock: '10.27.0.0/16',
    publicCidrBlocks: ['10.27.0.0/26', '10.27.0.64/26'],
  });
  const subnets = addZoneSubnets(builder, vpc, {
    name: 'mobile-v6',
    cidrBlocks: ['10.27.2.0/26', '10.27.2.64/26'],
    dualStack: true,
  });
  addRouteTable(builder, vpc, { subnets, defaultRouteTo: natGatewayId });
  addSubnet(builder, vpc, { zoneIndex: 2, tags: { Name: 'mobile-v6-only' } });
  addLiveCluster(world, {
    builder,
    name: 'mobile-v6',
    subnets,
    tags: { team: 'mobile' },
    networking: { mode: 'ipv6' },
    nodegroups: [
      {
        name: 'general',
        instanceType: 'm5.large',
        podsPerNode: 40,
        nodesMin: 2,
        nodesMax: 12,
        demand: { pods: 240, ...OFFICE_HOURS, utcOffsetHours: 1 },
      },
    ],
  });
}
