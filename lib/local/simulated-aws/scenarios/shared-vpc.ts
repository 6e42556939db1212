import { addRouteTable, shareSubnets } from '../build/network.ts';
import { addLambdaInterface } from '../build/network-interface-kinds.ts';
import { builderOf, type World } from '../live/world.ts';
import type { SimulatedAccount } from '../state.ts';
import { addCommonVpc, addLiveCluster, addZoneSubnets, OFFICE_HOURS } from './parts.ts';

/**
 * The network team owns a VPC in which it runs no cluster, and shares its subnets with two accounts that run one each. The
 * owner uses an address of them too, which the participants do not see.
 */
export function buildSharedVpc(
  world: World,
  {
    owner,
    participants,
  }: {
    readonly owner: SimulatedAccount;
    readonly participants: readonly [SimulatedAccount, SimulatedAccount];
  },
): void {
  const network = builderOf(world, owner, 'us-east-1');
  const { vpc, natGatewayId } = addCommonVpc(network, {
    name: 'shared',
    cidrBlock: '10.40.0.0/16',
    publicCidrBlocks: ['10.40.0.0/26', '10.40.0.64/26'],
  });
  const subnets = addZoneSubnets(network, vpc, { name: 'shared', cidrBlocks: ['10.40.8.0/22', '10.40.12.0/22'] });
  addRouteTable(network, vpc, { subnets, defaultRouteTo: natGatewayId });
  addLambdaInterface(network, subnets[0], { functionName: 'ip-inventory' });
  const [logistics, loyalty] = participants.map((account) => builderOf(world, account, 'us-east-1'));
  for (const [builder, name, pods] of [
    [logistics, 'logistics-prod', 150],
    [loyalty, 'loyalty-prod', 90],
  ] as const) {
    if (builder !== undefined) {
      shareSubnets(network, builder, subnets);
      addLiveCluster(world, {
        builder,
        network,
        name,
        subnets,
        tags: { team: name.replace('-prod', '') },
        nodegroups: [
          {
            name: 'general',
            instanceType: 'm5.4xlarge',
            podsPerNode: 40,
            nodesMin: 2,
            nodesMax: 8,
            demand: { pods, ...OFFICE_HOURS, utcOffsetHours: -5 },
          },
        ],
      });
    }
  }
}
