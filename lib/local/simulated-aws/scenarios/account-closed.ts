import { addRouteTable } from '../build/network.ts';
import { HOUR_MS } from '../live/demand.ts';
import { builderOf, type World } from '../live/world.ts';
import type { SimulatedAccount } from '../state.ts';
import { addCommonVpc, addLiveCluster, addZoneSubnets, OFFICE_HOURS } from './parts.ts';

/** When the account of the pop-up stores is closed, in hours after the start of the world. */
export const ACCOUNT_CLOSED_AFTER_HOURS = 12;

/** Pop-up stores: the season is over and the whole account is closed. From then on nobody can enter it. */
export function buildAccountClosed(world: World, account: SimulatedAccount): void {
  const builder = builderOf(world, account, 'us-east-1');
  const { vpc, natGatewayId } = addCommonVpc(builder, {
    name: 'pop-up',
    cidrBlock: '10.44.0.0/16',
    publicCidrBlocks: ['10.44.0.0/26', '10.44.0.64/26'],
  });
  const subnets = addZoneSubnets(builder, vpc, { name: 'pop-up', cidrBlocks: ['10.44.2.0/25', '10.44.2.128/25'] });
  addRouteTable(builder, vpc, { subnets, defaultRouteTo: natGatewayId });
  addLiveCluster(world, {
    builder,
    name: 'pop-up-stores',
    subnets,
    tags: { team: 'stores' },
    nodegroups: [
      {
        name: 'tills',
        instanceType: 't3.medium',
        podsPerNode: 10,
        nodesMin: 2,
        nodesMax: 6,
        demand: { pods: 30, ...OFFICE_HOURS, weekendDip: 0, utcOffsetHours: -5 },
      },
    ],
  });
  world.events.push({
    atMs: world.startMs + ACCOUNT_CLOSED_AFTER_HOURS * HOUR_MS,
    happen() {
      // https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_accounts_account_state.html
      account.state = 'CLOSED';
      account.status = 'SUSPENDED';
    },
  });
}
