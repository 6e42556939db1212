import { addRouteTable } from '../build/network.ts';
import { builderOf, type World } from '../live/world.ts';
import type { SimulatedAccount } from '../state.ts';
import { addCommonVpc, addLiveCluster, addZoneSubnets } from './parts.ts';

/** The data lake in Ireland: a VPC without any flow log. */
export function buildNoFlowLogs(world: World, account: SimulatedAccount): void {
  const builder = builderOf(world, account, 'eu-west-1');
  const { vpc, natGatewayId } = addCommonVpc(builder, {
    name: 'data-eu',
    cidrBlock: '10.31.0.0/16',
    publicCidrBlocks: ['10.31.0.0/26', '10.31.0.64/26'],
    flowLog: undefined,
  });
  const subnets = addZoneSubnets(builder, vpc, { name: 'data-lake', cidrBlocks: ['10.31.2.0/23', '10.31.4.0/23'] });
  addRouteTable(builder, vpc, { subnets, defaultRouteTo: natGatewayId });
  addLiveCluster(world, {
    builder,
    name: 'data-lake',
    subnets,
    tags: { team: 'data' },
    nodegroups: [
      {
        name: 'ingest',
        instanceType: 'm5.4xlarge',
        podsPerNode: 50,
        nodesMin: 2,
        nodesMax: 6,
        demand: { pods: 140, dailySwing: 0.2, noise: 0.04 },
      },
    ],
  });
}
