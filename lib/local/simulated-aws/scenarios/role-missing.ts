import { addVpc } from '../build/network.ts';
import { builderOf, type World } from '../live/world.ts';
import type { SimulatedAccount } from '../state.ts';
import { addZoneSubnets } from './parts.ts';

/** A sandbox whose owner never made the role: whatever is in it, nobody sees it. */
export function buildRoleMissing(world: World, account: SimulatedAccount): void {
  account.roles.clear();
  const builder = builderOf(world, account, 'us-east-1');
  const vpc = addVpc(builder, { cidrBlock: '10.99.0.0/16', tags: { Name: 'sandbox' } });
  addZoneSubnets(builder, vpc, { name: 'sandbox', cidrBlocks: ['10.99.0.0/24', '10.99.1.0/24'] });
}
