import { addRouteTable } from '../build/network.ts';
import { addLeakedCniInterface } from '../build/network-interface-kinds.ts';
import { builderOf, type World } from '../live/world.ts';
import type { SimulatedAccount } from '../state.ts';
import { addCommonVpc, addLiveCluster, addZoneSubnets } from './parts.ts';

/**
 * The data platform's nightly batches: nodes come and go with them, and now and then leave an interface behind that nobody
 * deletes; two are older than the world. The VPC's flow log cannot be delivered.
 */
export function buildLeakedInterfaces(world: World, account: SimulatedAccount): void {
  const builder = builderOf(world, account, 'us-east-1');
  const { vpc, natGatewayId } = addCommonVpc(builder, {
    name: 'data',
    cidrBlock: '10.30.0.0/16',
    publicCidrBlocks: ['10.30.0.0/26', '10.30.0.64/26'],
    flowLog: { trafficType: 'ALL', deliverLogsStatus: 'FAILED', deliverLogsErrorMessage: 'Access error' },
  });
  const subnets = addZoneSubnets(builder, vpc, { name: 'data-batch', cidrBlocks: ['10.30.2.0/24', '10.30.3.0/24'] });
  addRouteTable(builder, vpc, { subnets, defaultRouteTo: natGatewayId });
  for (const subnet of subnets) {
    addLeakedCniInterface(builder, subnet, { clusterName: 'data-batch', secondaryAddressCount: 5 });
  }
  addLiveCluster(world, {
    builder,
    name: 'data-batch',
    subnets,
    tags: { team: 'data' },
    nodegroups: [
      {
        name: 'batch',
        instanceType: 't3.medium',
        podsPerNode: 12,
        nodesMin: 2,
        nodesMax: 12,
        nodeDays: 2,
        leakProbability: 0.03,
        // Busiest at two in the morning of New York.
        demand: { pods: 100, dailySwing: 0.7, noise: 0.05, utcOffsetHours: 7 },
      },
    ],
  });
}
