import { addRouteTable } from '../build/network.ts';
import { builderOf, type World } from '../live/world.ts';
import type { SimulatedAccount } from '../state.ts';
import { addCommonVpc, addLiveCluster, addZoneSubnets, OFFICE_HOURS } from './parts.ts';

/**
 * Search in Ireland: a new cluster wants prefixes in the subnets of an old one that takes single addresses. Half of the
 * addresses are free, but hardly a /28 block is free as a whole. The flow log records rejected traffic only.
 */
export function buildShattered(world: World, account: SimulatedAccount): void {
  const builder = builderOf(world, account, 'eu-west-1');
  const { vpc, natGatewayId } = addCommonVpc(builder, {
    name: 'search-eu',
    cidrBlock: '10.25.0.0/16',
    publicCidrBlocks: ['10.25.0.0/26', '10.25.0.64/26'],
    flowLog: { trafficType: 'REJECT', deliverLogsStatus: 'SUCCESS' },
  });
  const subnets = addZoneSubnets(builder, vpc, { name: 'search-eu', cidrBlocks: ['10.25.2.0/24', '10.25.3.0/24'] });
  addRouteTable(builder, vpc, { subnets, defaultRouteTo: natGatewayId });
  const demand = { dailySwing: 0.1, noise: 0.05 };
  addLiveCluster(world, {
    builder,
    name: 'search-legacy',
    subnets,
    tags: { team: 'search' },
    networking: { warmIpTarget: 3, minimumIpTarget: 12 },
    nodegroups: [
      {
        name: 'crawlers',
        instanceType: 'm5.xlarge',
        podsPerNode: 24,
        nodesMin: 4,
        nodesMax: 8,
        podRestartsPerDay: 2,
        demand: { pods: 130, ...demand },
      },
    ],
  });
  addLiveCluster(world, {
    builder,
    name: 'search-prod',
    subnets,
    tags: { team: 'search' },
    networking: { mode: 'prefixes' },
    nodegroups: [
      {
        name: 'queries',
        instanceType: 'm5.large',
        podsPerNode: 40,
        nodesMin: 2,
        nodesMax: 6,
        demand: { pods: 90, ...OFFICE_HOURS },
      },
    ],
  });
}
