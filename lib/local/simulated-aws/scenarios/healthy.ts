import { addFargateProfile } from '../build/cluster.ts';
import { addInterfaceEndpoint, addRouteTable } from '../build/network.ts';
import { addLambdaInterface, addLoadBalancerInterface } from '../build/network-interface-kinds.ts';
import { builderOf, type World } from '../live/world.ts';
import type { SimulatedAccount } from '../state.ts';
import { addCommonVpc, addLiveCluster, addZoneSubnets, OFFICE_HOURS } from './parts.ts';

/**
 * The shop: clusters with room to grow, in both regions. One keeps whole interfaces warm, as the VPC CNI is shipped, one
 * keeps prefixes; day, night and weekend show in both.
 */
export function buildHealthy(world: World, account: SimulatedAccount): void {
  buildVirginia(world, account);
  buildIreland(world, account);
}

function buildVirginia(world: World, account: SimulatedAccount): void {
  const builder = builderOf(world, account, 'us-east-1');
  const { vpc, natGatewayId } = addCommonVpc(builder, {
    name: 'shop',
    cidrBlock: '10.20.0.0/16',
    publicCidrBlocks: ['10.20.0.0/26', '10.20.0.64/26'],
  });
  const prod = addZoneSubnets(builder, vpc, {
    name: 'shop-prod',
    cidrBlocks: ['10.20.4.0/23', '10.20.6.0/23', '10.20.8.0/23'],
  });
  addRouteTable(builder, vpc, { subnets: prod, defaultRouteTo: natGatewayId });
  const { simulated } = addLiveCluster(world, {
    builder,
    name: 'shop-prod',
    subnets: prod,
    tags: { team: 'shop' },
    nodegroups: [
      {
        name: 'general',
        instanceType: 'm5.xlarge',
        podsPerNode: 30,
        nodesMin: 3,
        nodesMax: 12,
        demand: { pods: 160, ...OFFICE_HOURS, utcOffsetHours: -5 },
      },
    ],
  });
  addFargateProfile(builder, simulated, prod, { name: 'batch', namespace: 'batch' });
  addInterfaceEndpoint(builder, prod, { service: 'ecr.dkr' });
  addLambdaInterface(builder, prod[0], { functionName: 'shop-orders' });
}

function buildIreland(world: World, account: SimulatedAccount): void {
  const builder = builderOf(world, account, 'eu-west-1');
  const { vpc, natGatewayId } = addCommonVpc(builder, {
    name: 'shop-eu',
    cidrBlock: '10.21.0.0/16',
    publicCidrBlocks: ['10.21.0.0/26', '10.21.0.64/26'],
  });
  const subnets = addZoneSubnets(builder, vpc, { name: 'shop-eu', cidrBlocks: ['10.21.8.0/21', '10.21.16.0/21'] });
  addRouteTable(builder, vpc, { subnets, defaultRouteTo: natGatewayId });
  addLiveCluster(world, {
    builder,
    name: 'shop-eu',
    subnets,
    tags: { team: 'shop' },
    networking: { mode: 'prefixes' },
    nodegroups: [
      {
        name: 'prefixes',
        instanceType: 'm5.2xlarge',
        podsPerNode: 60,
        nodesMin: 2,
        nodesMax: 10,
        demand: { pods: 260, ...OFFICE_HOURS, utcOffsetHours: 1 },
      },
    ],
  });
  addLoadBalancerInterface(builder, subnets[0], { kind: 'net', name: 'shop-ingest' });
}
