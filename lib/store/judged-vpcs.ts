import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { JudgedVpc } from '../audit/store-ports.ts';
import { keyItem, queryItems, textOf } from './items.ts';
import { JUDGED_PARTITION_COUNT, judgedKey, judgedPartition } from './keys.ts';
import { EXPIRY_ATTRIBUTE, isExpired, type StoreTable } from './table.ts';
import { vpcItem, vpcOf } from './vpc-location.ts';

/**
 * Says which version the state of a VPC has. Of two writers the later one's word stands, even where it is the older version:
 * a reader that sees a version it does not know reads the state itself.
 */
export async function announceJudged(
  table: StoreTable,
  { vpc, stateVersion }: JudgedVpc,
  expiresAt: number,
): Promise<void> {
  await table.client.send(
    new PutItemCommand({
      TableName: table.tableName,
      Item: {
        ...keyItem(judgedKey(vpc)),
        ...vpcItem(vpc),
        stateVersion: { S: stateVersion },
        [EXPIRY_ATTRIBUTE]: { N: String(expiresAt) },
      },
    }),
  );
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
