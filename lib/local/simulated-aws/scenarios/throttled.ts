import { addRouteTable } from '../build/network.ts';
import { builderOf, type World } from '../live/world.ts';
import type { FaultRule } from '../seeded-faults.ts';
import type { SimulatedAccount } from '../state.ts';
import { addCommonVpc, addLiveCluster, addZoneSubnets } from './parts.ts';

/** Half of what anyone asks EC2 of this account's interfaces is refused; it takes effect where faults are switched on. */
export function throttledRules(accountId: string): readonly FaultRule[] {
  return [{ accountId, action: 'DescribeNetworkInterfaces', fault: 'throttle', probability: 0.5 }];
}

/** Telemetry: controllers of the account's own ask EC2 more than it answers. */
export function buildThrottled(world: World, account: SimulatedAccount): void {
  const builder = builderOf(world, account, 'us-east-1');
  const { vpc, natGatewayId } = addCommonVpc(builder, {
    name: 'telemetry',
    cidrBlock: '10.42.0.0/16',
    publicCidrBlocks: ['10.42.0.0/26', '10.42.0.64/26'],
  });
  const subnets = addZoneSubnets(builder, vpc, {
    name: 'telemetry-prod',
    cidrBlocks: ['10.42.4.0/22', '10.42.8.0/22'],
  });
  addRouteTable(builder, vpc, { subnets, defaultRouteTo: natGatewayId });
  addLiveCluster(world, {
    builder,
    name: 'telemetry-prod',
    subnets,
    tags: { team: 'telemetry' },
    networking: { warmIpTarget: 1, minimumIpTarget: 1 },
    nodegroups: [
      {
        name: 'collectors',
        instanceType: 'm5.xlarge',
        podsPerNode: 40,
        nodesMin: 4,
        nodesMax: 12,
        demand: { pods: 220, dailySwing: 0.15, noise: 0.05 },
      },
    ],
  });
}
