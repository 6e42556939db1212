import { ConditionalCheckFailedException, PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import type {
  AuditedAction,
  AuditOutcome,
  AuditTrailEntry,
  AuditTrailPosition,
  AuditTrailReader,
  AuditTrailStore,
} from '../audit/audit-trail-ports.ts';
import { AUDIT_TRAIL_PARTITION, auditTrailKey } from './audit-trail-keys.ts';
import { type ColumnsDocument, columnsDocument, encodeDocument } from './columns-document.ts';
import { keyItem } from './items.ts';
import { keptMs } from './kept-instant.ts';
import { keyText } from './keys.ts';
import { list, mapOf, oneOf, optional, record, text } from './shape.ts';
import { EXPIRY_ATTRIBUTE, type Item, isExpired, type StoreTable } from './table.ts';

const MS_PER_SECOND = 1_000;
/** Seven years, like all that people sign. */
const ENTRY_SECONDS = 2_557 * 86_400;

const values = optional(mapOf(text));

export const AUDIT_TRAIL_DOCUMENT: ColumnsDocument<AuditTrailEntry> = columnsDocument(
  'audit-trail-entry',
  1,
  record<AuditTrailEntry>({
    entryId: text,
    at: text,
    by: text,
    action: oneOf<AuditedAction>({
      'alert-acknowledged': true,
      'alert-snoozed': true,
      'silence-written': true,
      'silence-ended': true,
      'scan-requested': true,
    }),
    resourceId: text,
    accountIds: list(text),
    outcome: oneOf<AuditOutcome>({ begun: true, done: true, unchanged: true }),
    before: values,
    after: values,
  }),
);

/** Keeps who did what: an item each, small enough to need no chunks. */
export function createAuditTrailStore(table: StoreTable): AuditTrailStore {
  return { ...createAuditTrailReader(table), writeEntry: (entry) => writeEntry(table, entry) };
}

/** Reads who did what. */
export function createAuditTrailReader(table: StoreTable): AuditTrailReader {
  return { listEntries: (page) => listEntries(table, page) };
}

async function writeEntry(table: StoreTable, entry: AuditTrailEntry): Promise<void> {
  const isEnded = entry.outcome !== 'begun';
  const item: Item = {
    ...keyItem(auditTrailKey(entry)),
    schemaVersion: { N: String(AUDIT_TRAIL_DOCUMENT.schemaVersion) },
    entry: { B: encodeDocument(AUDIT_TRAIL_DOCUMENT, entry) },
    isEnded: { BOOL: isEnded },
    [EXPIRY_ATTRIBUTE]: { N: String(Math.floor(keptMs(entry.at) / MS_PER_SECOND) + ENTRY_SECONDS) },
  };
  try {
    await table.client.send(
      new PutItemCommand({
        TableName: table.tableName,
        Item: item,
        ConditionExpression: 'attribute_not_exists(pk) OR isEnded = :false',
        ExpressionAttributeValues: { ':false': { BOOL: false } },
      }),
    );
  } catch (cause) {
    // What came of it is there: a repeat says the same.
    if (!(cause instanceof ConditionalCheckFailedException)) {
      throw cause;
    }
  }
}

async function listEntries(
  table: StoreTable,
  { limit, before }: { readonly limit: number; readonly before: AuditTrailPosition | undefined },
): Promise<AuditTrailEntry[]> {
  const entries: AuditTrailEntry[] = [];
  let from: Item | undefined = before === undefined ? undefined : keyItem(auditTrailKey(before));
  do {
    const page = await table.client.send(
      new QueryCommand({
        TableName: table.tableName,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': { S: AUDIT_TRAIL_PARTITION } },
        ScanIndexForward: false,
        ConsistentRead: true,
        Limit: limit - entries.length,
        ...(from === undefined ? {} : { ExclusiveStartKey: from }),
      }),
    );
    // The SDK leaves an empty page's items out, so here absent does mean none.
    const items = page.Items ?? [];
    entries.push(...items.filter((item) => !isExpired(table, item)).map(entryOf));
    from = page.LastEvaluatedKey;
  } while (from !== undefined && entries.length < limit);
  return entries;
}

function entryOf(item: Item): AuditTrailEntry {
  const bytes = item['entry']?.B;
  if (bytes === undefined || item['schemaVersion']?.N !== String(AUDIT_TRAIL_DOCUMENT.schemaVersion)) {
    const key = { pk: item['pk']?.S ?? '', sk: item['sk']?.S ?? '' };
    throw new Error(
      `Cannot read the audit trail ${keyText(key)}: this code knows version ${AUDIT_TRAIL_DOCUMENT.schemaVersion} only`,
    );
  }
  return AUDIT_TRAIL_DOCUMENT.decode(bytes);
}
