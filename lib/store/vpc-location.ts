import type { VpcId } from '../domain/capacity/vpc-state.ts';
import { getItem, keyItem, textOf } from './items.ts';
import type { ItemKey } from './keys.ts';
import type { Item, StoreTable } from './table.ts';

/**
 * Returns the item that says in which VPC something is. It does not expire: it is written once, and what it is of may stay for
 * years.
 */
export function locationItem(key: ItemKey, vpc: VpcId): Item {
  return { ...keyItem(key), ...vpcItem(vpc) };
}

/** Reads in which VPC something is, or `undefined` where that was never said. */
export async function readLocation(table: StoreTable, key: ItemKey): Promise<VpcId | undefined> {
  const item = await getItem(table, key);
  return item === undefined ? undefined : vpcOf(item);
}

/** Returns the attributes that name a VPC. */
export function vpcItem({ ownerId, region, vpcId }: VpcId): Item {
  return { ownerId: { S: ownerId }, region: { S: region }, vpcId: { S: vpcId } };
}

/** Reads what `vpcItem` gave. */
export function vpcOf(item: Item): VpcId {
  return {
    ownerId: textOf(item['ownerId'], 'the owner of a VPC'),
    region: textOf(item['region'], 'the Region of a VPC'),
    vpcId: textOf(item['vpcId'], 'the id of a VPC'),
  };
}
