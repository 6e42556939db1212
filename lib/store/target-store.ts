import { DeleteItemCommand } from '@aws-sdk/client-dynamodb';
import { parseSlot } from '../audit/slot.ts';
import type { TargetMemory, TargetStore } from '../audit/store-ports.ts';
import type { VpcId } from '../domain/capacity/vpc-state.ts';
import type { Instant } from '../domain/fact.ts';
import type { Target } from '../domain/region-facts.ts';
import { encodeDocument } from './columns-document.ts';
import { decodeDocument } from './document-kind.ts';
import { canonicalInstant, keptMs } from './kept-instant.ts';
import { lentVpcKey, targetMemoryKey, targetPrefix } from './keys.ts';
import { type PackedWrite, readPacked, readPackedRange, writePacked } from './packed-document.ts';
import { nowSeconds, type StoreTable } from './table.ts';
import { LENT_VPC_DOCUMENT, TARGET_MEMORY_DOCUMENT } from './target-codec.ts';

const MS_PER_SECOND = 1_000;
const SECONDS_PER_DAY = 86_400;
/** Thirteen months, as what is gone is kept: nobody has scanned the target for so long. */
const MEMORY_SECONDS = 396 * SECONDS_PER_DAY;
/** A borrower tells the owner again within a week; one day more is for a run that is late. */
const LENT_SECONDS = 8 * SECONDS_PER_DAY;
/** Each attempt that fails means that another writer's succeeded, and a target has one scanner at a time. */
const ATTEMPTS_MAX = 5;

/** Keeps what is known of targets between two runs. */
export function createTargetStore(table: StoreTable): TargetStore {
  return {
    async readTarget(target) {
      const documents = await readPackedRange(table, targetPrefix(target));
      const { sk } = targetMemoryKey(target);
      const memory = documents.find(({ key }) => key.sk === sk);
      return {
        memory: memory === undefined ? undefined : decodeDocument(TARGET_MEMORY_DOCUMENT, memory),
        lentVpcs: documents.flatMap((document) =>
          document === memory ? [] : [decodeDocument(LENT_VPC_DOCUMENT, document)],
        ),
      };
    },
    writeTarget: (memory) => writeTarget(table, memory),
    async forgetTarget(target) {
      const { pk, sk } = targetMemoryKey(target);
      await table.client.send(
        new DeleteItemCommand({ TableName: table.tableName, Key: { pk: { S: pk }, sk: { S: sk } } }),
      );
    },
    lendVpc: (vpc, at) => lendVpc(table, vpc, at),
  };
}

async function writeTarget(table: StoreTable, memory: TargetMemory): Promise<void> {
  const key = targetMemoryKey(memory.target);
  const bytes = encodeDocument(TARGET_MEMORY_DOCUMENT, memory);
  const write = {
    kind: TARGET_MEMORY_DOCUMENT.name,
    schemaVersion: TARGET_MEMORY_DOCUMENT.schemaVersion,
    order: orderOf(memory),
    expiresAt: nowSeconds(table) + MEMORY_SECONDS,
  };
  let expect: PackedWrite['expect'] = 'newer-order';
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    if ((await writePacked(table, key, bytes, { ...write, expect })).outcome === 'written') {
      return;
    }
    const stored = await readPacked(table, key);
    if (stored?.order !== undefined && stored.order > write.order) {
      return;
    }
    // Of the same slot, it is replaced by what is written later; what is older or gone by now is by its order again.
    expect = stored?.order === write.order ? { version: stored.version } : 'newer-order';
  }
  throw new Error(
    `Cannot write what is known of "${memory.target.accountId}" in "${memory.target.region}": others did ${ATTEMPTS_MAX} times`,
  );
}

function orderOf({ scannedSlot }: TargetMemory): string {
  const slot = parseSlot(scannedSlot);
  if (slot === undefined) {
    throw new Error(`Cannot write what is known of a target: "${scannedSlot}" is no slot`);
  }
  return canonicalInstant(slot.at);
}

async function lendVpc(table: StoreTable, vpc: VpcId, at: Instant): Promise<boolean> {
  const key = lentVpcKey(ownerTarget(vpc), vpc.vpcId);
  const write = {
    kind: LENT_VPC_DOCUMENT.name,
    schemaVersion: LENT_VPC_DOCUMENT.schemaVersion,
    order: canonicalInstant(at),
    expiresAt: Math.floor(keptMs(at) / MS_PER_SECOND) + LENT_SECONDS,
  };
  const bytes = encodeDocument(LENT_VPC_DOCUMENT, vpc);
  const first = await writePacked(table, key, bytes, { ...write, expect: 'absent' });
  if (first.outcome === 'written') {
    return true;
  }
  // A message that comes late must not shorten what a newer one said.
  await writePacked(table, key, bytes, { ...write, expect: 'newer-order' });
  return false;
}

function ownerTarget({ ownerId, region }: VpcId): Target {
  return { accountId: ownerId, region };
}
