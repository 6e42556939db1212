import { createHash } from 'node:crypto';
import type { JudgedVpc } from '../audit/store-ports.ts';
import { basisText, type JudgementBasis, type VpcId, type VpcState } from '../domain/capacity/vpc-state.ts';
import { getItem, queryItems } from './items.ts';
import { STATE_PARTITION_COUNT, stateKey, statePartition } from './keys.ts';
import { manifestOf } from './manifest.ts';
import { type Item, isExpired, type StoreTable } from './table.ts';
import { vpcItem, vpcOf } from './vpc-location.ts';

/** What the item of a state says besides the state: whose it is and, where nothing is left to do, what it was judged on. */
export function judgedAttributes(state: VpcState, isFinished: boolean): Item {
  return { ...vpcItem(state.vpc), ...(isFinished ? { basis: { B: basisDigest(state) } } : {}) };
}

/** Returns whether the state of a VPC was judged on this basis; reads its item and no base. */
export async function isJudgedOn(table: StoreTable, vpc: VpcId, basis: JudgementBasis): Promise<boolean> {
  const item = await getItem(table, stateKey(vpc));
  const digest = item?.['basis']?.B;
  return digest !== undefined && basisDigest(basis).equals(digest);
}

/** Of a fixed size, however many accounts see the VPC. */
function basisDigest(basis: JudgementBasis): Buffer {
  return createHash('sha256').update(basisText(basis)).digest();
}

/** Reads every VPC that was ever judged, with the version of its state. */
export async function readJudged(table: StoreTable): Promise<JudgedVpc[]> {
  const partitions = Array.from({ length: STATE_PARTITION_COUNT }, (_, index) =>
    queryItems(table, statePartition(index)),
  );
  return (await Promise.all(partitions))
    .flat()
    .filter((item) => !isExpired(table, item))
    .map((item) => {
      const vpc = vpcOf(item);
      return { vpc, stateVersion: manifestOf(stateKey(vpc), item).generation };
    });
}
