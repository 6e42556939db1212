import { addRouteTable } from '../build/network.ts';
import { builderOf, type World } from '../live/world.ts';
import type { SimulatedAccount } from '../state.ts';
import { addCommonVpc, addLiveCluster, addZoneSubnets, OFFICE_HOURS } from './parts.ts';

/** The vault for card numbers: a third of its pods have security groups of their own, so each takes a branch interface. */
export function buildPodSecurityGroups(world: World, account: SimulatedAccount): void {
  const builder = builderOf(world, account, 'eu-west-1');
  const { vpc, natGatewayId } = addCommonVpc(builder, {
    name: 'payments-eu',
    cidrBlock: '10.23.0.0/16',
    publicCidrBlocks: ['10.23.0.0/26', '10.23.0.64/26'],
  });
  const subnets = addZoneSubnets(builder, vpc, {
    name: 'payments-vault',
    cidrBlocks: ['10.23.2.0/24', '10.23.3.0/24', '10.23.4.0/24'],
  });
  addRouteTable(builder, vpc, { subnets, defaultRouteTo: natGatewayId });
  addLiveCluster(world, {
    builder,
    name: 'payments-vault',
    subnets,
    tags: { team: 'payments' },
    networking: { podEni: true },
    nodegroups: [
      {
        name: 'vault',
        instanceType: 'm5.xlarge',
        podsPerNode: 24,
        nodesMin: 3,
        nodesMax: 6,
        branchShare: 1 / 3,
        demand: { pods: 80, ...OFFICE_HOURS, utcOffsetHours: 1 },
      },
    ],
  });
}
