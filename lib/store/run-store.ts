import { createHash } from 'node:crypto';
import { PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { compareTargets } from '../audit/compare-targets.ts';
import { parseSlot, type Slot, slotText } from '../audit/slot.ts';
import type { Run, RunPlan, RunReader, RunStore, TargetOutcome } from '../audit/store-ports.ts';
import { encodeDocument } from './columns-document.ts';
import { decodeDocument } from './document-kind.ts';
import { canonicalInstant, keptMs } from './kept-instant.ts';
import { keyText, listedRunKey, outcomesKey, runPlanKey, runPrefix, type SlotKey } from './keys.ts';
import { readPacked, readPackedRange, writePacked } from './packed-document.ts';
import { OUTCOMES_DOCUMENT, RUN_PLAN_DOCUMENT } from './run-codec.ts';
import { type Item, isExpired, type StoreTable } from './table.ts';

const MS_PER_SECOND = 1_000;
/** A ledger answers for the last weeks; what was seen outlives it in state and series. Counted from the slot: a run expires as a whole. */
const RUN_SECONDS = 30 * 86_400;
const LISTED_SCHEMA_VERSION = 1;

/** Keeps what runs set out to do and what they came to. */
export function createRunStore(table: StoreTable): RunStore {
  return {
    ...createRunReader(table),
    createRun: (plan) => createRun(table, plan),
    recordOutcomes: (slot, outcomes) => recordOutcomes(table, slot, outcomes),
  };
}

/** Reads what runs set out to do and what they came to. */
export function createRunReader(table: StoreTable): RunReader {
  return {
    readRun: (slot) => readRun(table, slot),
    listRuns: (page) => listRuns(table, page),
  };
}

async function createRun(table: StoreTable, plan: RunPlan): Promise<RunPlan> {
  const bytes = encodeDocument(RUN_PLAN_DOCUMENT, plan);
  // Listed first, so that no plan is ever missing from the list. What is listed without a plan has been given up half way.
  await listRun(table, plan.slot);
  const key = runPlanKey(slotKeyOf(plan.slot));
  const { name: kind, schemaVersion } = RUN_PLAN_DOCUMENT;
  const expiresAt = expiryOf(plan.slot);
  const { outcome } = await writePacked(table, key, bytes, { kind, schemaVersion, expect: 'absent', expiresAt });
  if (outcome === 'written') {
    return plan;
  }
  const standing = await readPacked(table, key);
  if (standing === undefined) {
    throw new Error(`Cannot read the plan ${keyText(key)}: it expired while it was written`);
  }
  return decodeDocument(RUN_PLAN_DOCUMENT, standing);
}

async function listRun(table: StoreTable, slot: Slot): Promise<void> {
  const { pk, sk } = listedRunKey(slotKeyOf(slot));
  await table.client.send(
    new PutItemCommand({
      TableName: table.tableName,
      Item: {
        pk: { S: pk },
        sk: { S: sk },
        kind: { S: 'listed-run' },
        schemaVersion: { N: String(LISTED_SCHEMA_VERSION) },
        slot: { S: slotText(slot) },
        expiresAt: { N: String(expiryOf(slot)) },
      },
    }),
  );
}

/**
 * Each share is an item of its own, named by what it says: the same again changes nothing, and something else about the same
 * targets hides nothing, in whatever order the two arrive.
 */
async function recordOutcomes(table: StoreTable, slot: Slot, outcomes: readonly TargetOutcome[]): Promise<void> {
  if (outcomes.length === 0) {
    return;
  }
  const share = outcomes
    .map((outcome) => ({ ...outcome, endedAt: canonicalInstant(outcome.endedAt) }))
    .sort((a, b) => compareTargets(a.target, b.target));
  const bytes = encodeDocument(OUTCOMES_DOCUMENT, share);
  const digest = createHash('sha256').update(bytes).digest('hex');
  const { name: kind, schemaVersion } = OUTCOMES_DOCUMENT;
  await writePacked(table, outcomesKey(slotKeyOf(slot), digest), bytes, {
    kind,
    schemaVersion,
    expect: 'absent',
    expiresAt: expiryOf(slot),
  });
}

async function readRun(table: StoreTable, slot: Slot): Promise<Run | undefined> {
  const key = slotKeyOf(slot);
  const documents = await readPackedRange(table, runPrefix(key));
  const { sk } = runPlanKey(key);
  const plan = documents.find((document) => document.key.sk === sk);
  if (plan === undefined) {
    return undefined;
  }
  const outcomes = documents.flatMap((document) =>
    document === plan ? [] : decodeDocument(OUTCOMES_DOCUMENT, document),
  );
  return { plan: decodeDocument(RUN_PLAN_DOCUMENT, plan), outcomes: bestOutcomes(outcomes) };
}

const RANKS: Readonly<Record<TargetOutcome['state'], number>> = { finished: 2, failed: 1, missed: 0 };

function bestOutcomes(outcomes: readonly TargetOutcome[]): TargetOutcome[] {
  const best = new Map<string, TargetOutcome>();
  for (const outcome of outcomes) {
    const name = JSON.stringify([outcome.target.accountId, outcome.target.region]);
    const known = best.get(name);
    if (known === undefined || isBetter(outcome, known)) {
      best.set(name, outcome);
    }
  }
  return [...best.values()].sort((a, b) => compareTargets(a.target, b.target));
}

/** Times are written in one form only, so they compare as texts. */
function isBetter(a: TargetOutcome, b: TargetOutcome): boolean {
  return RANKS[a.state] === RANKS[b.state] ? a.endedAt > b.endedAt : RANKS[a.state] > RANKS[b.state];
}

async function listRuns(
  table: StoreTable,
  { limit, before }: { readonly limit: number; readonly before?: Slot },
): Promise<Slot[]> {
  const slots: Slot[] = [];
  let from: Item | undefined;
  do {
    const page = await table.client.send(
      new QueryCommand({
        TableName: table.tableName,
        ...conditionOf(before),
        ScanIndexForward: false,
        Limit: limit - slots.length,
        ...(from === undefined ? {} : { ExclusiveStartKey: from }),
      }),
    );
    // The SDK leaves an empty page's items out, so here absent does mean none.
    const items = page.Items ?? [];
    slots.push(...items.filter((item) => !isExpired(table, item)).map(slotOf));
    from = page.LastEvaluatedKey;
  } while (from !== undefined && slots.length < limit);
  return slots;
}

function conditionOf(before: Slot | undefined) {
  if (before === undefined) {
    const { pk } = listedRunKey({ kind: '', at: '', requestId: '' });
    return { KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': { S: pk } } };
  }
  const { pk, sk } = listedRunKey(slotKeyOf(before));
  return {
    KeyConditionExpression: 'pk = :pk AND sk < :before',
    ExpressionAttributeValues: { ':pk': { S: pk }, ':before': { S: sk } },
  };
}

function slotOf(item: Item): Slot {
  const slot = parseSlot(item['slot']?.S ?? '');
  if (slot === undefined || item['schemaVersion']?.N !== String(LISTED_SCHEMA_VERSION)) {
    const key = { pk: item['pk']?.S ?? '', sk: item['sk']?.S ?? '' };
    throw new Error(`Cannot read listed run ${keyText(key)}: this code knows version ${LISTED_SCHEMA_VERSION} only`);
  }
  return slot;
}

function slotKeyOf(slot: Slot): SlotKey {
  return { kind: slot.kind, at: canonicalInstant(slot.at), requestId: slot.kind === 'request' ? slot.requestId : '' };
}

function expiryOf(slot: Slot): number {
  return Math.floor(keptMs(slot.at) / MS_PER_SECOND) + RUN_SECONDS;
}
