import type { JudgedVpc, ReadOptions } from '../audit/store-ports.ts';
import type { VpcId } from '../domain/capacity/vpc-state.ts';
import { queryItems, textOf } from './items.ts';
import { STATE_PARTITION_COUNT, stateKey, statePartition, vpcOfStateKey } from './keys.ts';
import { manifestOf } from './manifest.ts';
import { type Item, isExpired, type StoreTable } from './table.ts';
import { vpcItem, vpcOf } from './vpc-location.ts';

/** What the item of a state says besides the state, where it has to: whose it is, and that something of it is left to do. */
export function judgedAttributes(vpc: VpcId, isFinished: boolean): Item {
  return {
    ...(vpcOfStateKey(stateKey(vpc).sk) === undefined ? vpcItem(vpc) : {}),
    ...(isFinished ? {} : { isUnfinished: { BOOL: true } }),
  };
}

/** Returns whether the item of a state says that nothing of its judgement is left to do. */
export function isFinished(item: Item): boolean {
  return item['isUnfinished']?.BOOL !== true;
}

/** Reads every VPC that was ever judged, with the version of its state. */
export async function readJudged(table: StoreTable, options: ReadOptions): Promise<JudgedVpc[]> {
  const partitions = Array.from({ length: STATE_PARTITION_COUNT }, (_, index) =>
    queryItems(table, statePartition(index), options),
  );
  return (await Promise.all(partitions))
    .flat()
    .filter((item) => !isExpired(table, item))
    .map((item) => {
      const vpc = vpcOfStateKey(textOf(item['sk'], 'its sort key')) ?? vpcOf(item);
      return { vpc, stateVersion: manifestOf(stateKey(vpc), item).generation };
    });
}
