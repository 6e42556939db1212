import { createHash } from 'node:crypto';
import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { JudgedVpc, StoredState } from '../audit/store-ports.ts';
import { basisText, type JudgementBasis, type VpcId } from '../domain/capacity/vpc-state.ts';
import { keyItem, queryItems, textOf } from './items.ts';
import { JUDGED_PARTITION_COUNT, judgedKey, judgedPartition } from './keys.ts';
import { EXPIRY_ATTRIBUTE, isExpired, type StoreTable } from './table.ts';
import { vpcItem, vpcOf } from './vpc-location.ts';

/**
 * Says which version the state of a VPC has, and what it was judged on. Of two writers the later one's word stands, even where it is the older version:
 * a reader that sees a version it does not know reads the state itself.
 */
export async function announceJudged(
  table: StoreTable,
  { version, state }: StoredState,
  expiresAt: number,
): Promise<void> {
  await table.client.send(
    new PutItemCommand({
      TableName: table.tableName,
      Item: {
        ...keyItem(judgedKey(state.vpc)),
        ...vpcItem(state.vpc),
        stateVersion: { S: version },
        basis: { B: basisDigest(state) },
        [EXPIRY_ATTRIBUTE]: { N: String(expiresAt) },
      },
    }),
  );
}

/** Returns whether what was said last of a VPC is of a state judged on this basis. */
export async function isJudgedOn(table: StoreTable, vpc: VpcId, basis: JudgementBasis): Promise<boolean> {
  const { Item: item } = await table.client.send(
    new GetItemCommand({ TableName: table.tableName, Key: keyItem(judgedKey(vpc)), ConsistentRead: true }),
  );
  const digest = item === undefined || isExpired(table, item) ? undefined : item['basis']?.B;
  return digest !== undefined && basisDigest(basis).equals(digest);
}

/** Of a fixed size, however many accounts see the VPC. */
function basisDigest(basis: JudgementBasis): Buffer {
  return createHash('sha256').update(basisText(basis)).digest();
}

/** Reads every VPC that was ever judged, with the version that was said of it last. */
export async function readJudged(table: StoreTable): Promise<JudgedVpc[]> {
  const partitions = Array.from({ length: JUDGED_PARTITION_COUNT }, (_, index) =>
    queryItems(table, judgedPartition(index)),
  );
  return (await Promise.all(partitions))
    .flat()
    .filter((item) => !isExpired(table, item))
    .map((item) => ({ vpc: vpcOf(item), stateVersion: textOf(item['stateVersion'], 'the version of a state') }));
}
