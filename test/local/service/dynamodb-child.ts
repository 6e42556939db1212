import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { startEmbeddedDynamodb } from '../../../lib/local/service/embedded-dynamodb.ts';

/** Writes items without end, and prints the number of each that is acknowledged. Its parent kills it. */
const [path = ''] = process.argv.slice(2);
const engine = await startEmbeddedDynamodb({
  path,
  tableName: 'elbowroom',
  onFailure: (cause) => {
    throw cause;
  },
});
if (!engine.ok) {
  throw new Error(engine.error);
}
const client = engine.value.createClient();
for (let number = 1; ; number += 1) {
  await client.send(
    new PutItemCommand({
      TableName: 'elbowroom',
      Item: { pk: { S: 'written' }, sk: { S: String(number) }, body: { B: new Uint8Array(10_000) } },
    }),
  );
  process.stdout.write(`${number}\n`);
}
