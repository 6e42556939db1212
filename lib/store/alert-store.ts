import { ConditionalCheckFailedException, DeleteItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { AlertOpening, AlertReader, AlertStore, StoredAlert } from '../audit/alert-ports.ts';
import { ALERT_KINDS, type Alert, type AlertHome } from '../domain/alert/alert.ts';
import { homeOfAlertId } from '../domain/alert/alert-id.ts';
import type { PendingAlert } from '../domain/alert/alert-notification.ts';
import type { AlertStep } from '../domain/alert/alert-step.ts';
import type { AlertTransition } from '../domain/alert/alert-transition.ts';
import { isClosed } from '../domain/alert/compare-alerts.ts';
import {
  alertKey,
  alertsPrefix,
  listedAlertKey,
  listedAlertsPrefix,
  pendingKey,
  pendingPrefix,
  transitionKey,
  transitionsPrefix,
} from './alert-keys.ts';
import { ALERT_DOCUMENT, type AlertRecord, TRANSITION_DOCUMENT } from './alert-shape.ts';
import { encodeDocument } from './columns-document.ts';
import { decodeDocument } from './document-kind.ts';
import { keyItem, queryItems, textOf } from './items.ts';
import type { ItemKey } from './keys.ts';
import { type PackedDocument, readPacked, readPackedRange, writePacked } from './packed-document.ts';
import { EXPIRY_ATTRIBUTE, type Item, isExpired, nowSeconds, type StoreTable } from './table.ts';

const SECONDS_PER_DAY = 86_400;
/** Thirteen months. */
const ALERT_SECONDS = 396 * SECONDS_PER_DAY;
/** What ended is listed for a month. */
const CLOSED_LISTED_SECONDS = 30 * SECONDS_PER_DAY;
/** More transitions than subscribers leave unconfirmed in days; older ones are read as items of their own. */
const OUTBOX_TRANSITIONS_MAX = 16;
/** Longer than a writer lives: what it announced and did not write by then it never will. */
const ANNOUNCED_SECONDS = 3_600;
/** Each attempt that fails means that another writer's succeeded. */
const ATTEMPTS_MAX = 10;
const READS_AT_ONCE = 16;

/**
 * Keeps alerts, each with its last transitions and how far every subscriber has heard of them: one item, written on condition of
 * what was read, so a transition is there with its alert or not at all. What is said elsewhere is said before, and means nothing
 * where the alert does not bear it out.
 */
export function createAlertStore(table: StoreTable): AlertStore {
  return {
    ...createAlertReader(table),
    writeStep: (step, stored, subscribers) => writeStep(table, step, stored, subscribers),
    confirm: (alertId, subscriber, sequence) => confirm(table, alertId, subscriber, sequence),
    pending: (subscriber) => pending(table, subscriber),
  };
}

/** Reads alerts and what became of them. */
export function createAlertReader(table: StoreTable): AlertReader {
  return {
    async readAlerts(home) {
      const documents = await readPackedRange(table, alertsPrefix(home));
      return documents.map((document) => storedAlert(document, recordOf(document)));
    },
    async readAlert(alertId) {
      const found = await readRecord(table, alertId);
      return found === undefined ? undefined : storedAlert(found.document, found.record);
    },
    transitions: async (alertId) => {
      const found = await readRecord(table, alertId);
      return found === undefined ? [] : transitionsOf(table, found.record);
    },
    async listAlerts() {
      const items = await listedItems(table);
      const found = await inTurns(items, (item) => readRecord(table, textOf(item['alertId'], 'the id of an alert')));
      return found.flatMap((one) => (one === undefined ? [] : [one.record.alert]));
    },
    async openings() {
      return (await listedItems(table)).map(openingOf);
    },
  };
}

function storedAlert({ version }: PackedDocument, { alert, confirmed }: AlertRecord): StoredAlert {
  return { version, alert, confirmed };
}

function recordOf(document: PackedDocument): AlertRecord {
  return decodeDocument(ALERT_DOCUMENT, document);
}

interface FoundRecord {
  readonly document: PackedDocument;
  readonly record: AlertRecord;
}

async function readRecord(table: StoreTable, alertId: string): Promise<FoundRecord | undefined> {
  const home = homeOfAlertId(alertId);
  const document = home === undefined ? undefined : await readPacked(table, alertKey(home, alertId));
  return document === undefined ? undefined : { document, record: recordOf(document) };
}

async function writeStep(
  table: StoreTable,
  { alert, transition }: AlertStep,
  stored: StoredAlert | undefined,
  subscribers: readonly string[],
): Promise<'written' | 'version-conflict'> {
  const { home, alertId } = alert;
  const document = await readPacked(table, alertKey(home, alertId));
  if (document?.version !== stored?.version) {
    return 'version-conflict';
  }
  const previous = document === undefined ? undefined : recordOf(document);
  if (transition !== undefined) {
    await announce(table, transition, subscribers);
  }
  const earlier = previous?.alert.sequence ?? 0;
  const confirmed = new Map([...subscribers.map((name) => [name, earlier] as const), ...(previous?.confirmed ?? [])]);
  const all = [...(previous?.outbox ?? []), ...(transition === undefined ? [] : [transition])];
  const outbox = all.slice(firstKept(all, confirmed, subscribers));
  await putTransitions(table, home, all.slice(0, all.length - outbox.length));
  const written = await writeRecord(table, { alert, confirmed, outbox }, document?.version);
  if (written === 'written' && isClosed(alert)) {
    await putListed(table, alert, CLOSED_LISTED_SECONDS);
  }
  return written;
}

/** The last transition stays, and before it what somebody has not heard of, as far as there is room. */
function firstKept(
  all: readonly AlertTransition[],
  confirmed: ReadonlyMap<string, number>,
  subscribers: readonly string[],
): number {
  const heard = Math.min(...subscribers.map((name) => confirmed.get(name) ?? 0));
  const unheard = all.findIndex(({ sequence }) => sequence > heard);
  const wanted = unheard === -1 ? all.length - 1 : unheard;
  return Math.max(0, Math.min(wanted, all.length - 1), all.length - OUTBOX_TRANSITIONS_MAX);
}

/** Said before the alert is written: whoever looks then finds nothing yet, and looks again. */
async function announce(table: StoreTable, transition: AlertTransition, subscribers: readonly string[]): Promise<void> {
  const { alert, alertId, sequence } = transition;
  if (transition.type === 'opened') {
    await putListed(table, alert, ALERT_SECONDS);
  }
  for (const subscriber of subscribers) {
    await put(table, pendingKey(subscriber, alertId), ALERT_SECONDS, {
      alertId: { S: alertId },
      sequence: { N: String(sequence) },
      announcedAt: { N: String(nowSeconds(table)) },
    });
  }
}

function putListed(table: StoreTable, alert: Alert, keptSeconds: number): Promise<void> {
  return put(table, listedAlertKey(alert.alertId), keptSeconds, {
    alertId: { S: alert.alertId },
    alertKind: { S: alert.kind },
    openedAt: { S: alert.openedAt },
    isFirstJudgement: { BOOL: alert.isFirstJudgement },
  });
}

async function put(table: StoreTable, key: ItemKey, keptSeconds: number, attributes: Item): Promise<void> {
  const expiry = { [EXPIRY_ATTRIBUTE]: { N: String(nowSeconds(table) + keptSeconds) } };
  await table.client.send(
    new PutItemCommand({ TableName: table.tableName, Item: { ...keyItem(key), ...attributes, ...expiry } }),
  );
}

/** A transition never changes: who writes it again writes the same. */
async function putTransitions(
  table: StoreTable,
  home: AlertHome,
  transitions: readonly AlertTransition[],
): Promise<void> {
  const { name: kind, schemaVersion } = TRANSITION_DOCUMENT;
  const expiresAt = nowSeconds(table) + ALERT_SECONDS;
  for (const transition of transitions) {
    const key = transitionKey(home, transition.alertId, transition.sequence);
    const write = { kind, schemaVersion, expect: 'absent', expiresAt } as const;
    await writePacked(table, key, encodeDocument(TRANSITION_DOCUMENT, transition), write);
  }
}

async function writeRecord(
  table: StoreTable,
  record: AlertRecord,
  expectedVersion: string | undefined,
): Promise<'written' | 'version-conflict'> {
  const { home, alertId } = record.alert;
  const { name: kind, schemaVersion } = ALERT_DOCUMENT;
  const { outcome } = await writePacked(table, alertKey(home, alertId), encodeDocument(ALERT_DOCUMENT, record), {
    kind,
    schemaVersion,
    expect: expectedVersion === undefined ? 'absent' : { version: expectedVersion },
    expiresAt: nowSeconds(table) + ALERT_SECONDS,
  });
  return outcome;
}

async function confirm(table: StoreTable, alertId: string, subscriber: string, sequence: number): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    const found = await readRecord(table, alertId);
    const before = found?.record.confirmed.get(subscriber);
    if (found === undefined || (before !== undefined && before >= sequence)) {
      await forgetPending(table, { alertId, subscriber, sequence: before ?? sequence });
      return;
    }
    const { record, document } = found;
    // Nobody has heard of what has not happened.
    const heard = Math.min(sequence, record.alert.sequence);
    const confirmed = new Map([...record.confirmed, [subscriber, heard]]);
    if ((await writeRecord(table, { ...record, confirmed }, document.version)) === 'written') {
      await forgetPending(table, { alertId, subscriber, sequence: heard });
      return;
    }
  }
  throw new Error(`Cannot confirm "${alertId}" for "${subscriber}": others wrote it ${ATTEMPTS_MAX} times`);
}

interface Heard {
  readonly alertId: string;
  readonly subscriber: string;
  readonly sequence: number;
}

/** What was announced of a later transition stays. */
async function forgetPending(table: StoreTable, { alertId, subscriber, sequence }: Heard): Promise<void> {
  const isHeard = '#sequence <= :sequence';
  try {
    await table.client.send(
      new DeleteItemCommand({
        TableName: table.tableName,
        Key: keyItem(pendingKey(subscriber, alertId)),
        ConditionExpression: isHeard,
        ExpressionAttributeNames: { '#sequence': 'sequence' },
        ExpressionAttributeValues: { ':sequence': { N: String(sequence) } },
      }),
    );
  } catch (cause) {
    if (!(cause instanceof ConditionalCheckFailedException)) {
      throw cause;
    }
  }
}

async function pending(table: StoreTable, subscriber: string): Promise<PendingAlert[]> {
  const items = (await queryItems(table, pendingPrefix(subscriber))).filter((item) => !isExpired(table, item));
  const found = await inTurns(items, (item) => pendingOf(table, subscriber, item));
  return found.filter((one) => one !== undefined);
}

async function pendingOf(table: StoreTable, subscriber: string, item: Item): Promise<PendingAlert | undefined> {
  const alertId = textOf(item['alertId'], 'the id of an alert');
  const found = await readRecord(table, alertId);
  // Nobody confirmed what was never written.
  const heard = found?.record.confirmed.get(subscriber) ?? 0;
  if (found === undefined || heard >= found.record.alert.sequence) {
    const announced = Number(item['sequence']?.N);
    // What was announced may be about to be written.
    const isGivenUp = Number(item['announcedAt']?.N) + ANNOUNCED_SECONDS <= nowSeconds(table);
    await forgetPending(table, { alertId, subscriber, sequence: isGivenUp ? announced : heard });
    return undefined;
  }
  const transitions = await transitionsOf(table, found.record, heard);
  const [first, ...rest] = transitions.filter(({ sequence }) => sequence > heard);
  return first === undefined ? undefined : { alert: found.record.alert, transitions: [first, ...rest] };
}

/** Returns the transitions after `heard` at the least: the alert's item holds the last ones, and all but rarely is enough. */
async function transitionsOf(
  table: StoreTable,
  { alert, outbox }: AlertRecord,
  heard = 0,
): Promise<readonly AlertTransition[]> {
  const first = outbox[0]?.sequence ?? alert.sequence + 1;
  if (first <= heard + 1) {
    return outbox;
  }
  const documents = await readPackedRange(table, transitionsPrefix(alert.home, alert.alertId));
  const earlier = documents.map((document) => decodeDocument(TRANSITION_DOCUMENT, document));
  // A writer that stopped may have put one down that the alert's item still holds.
  return [...earlier.filter(({ sequence }) => sequence < first), ...outbox];
}

async function listedItems(table: StoreTable): Promise<Item[]> {
  const items = await queryItems(table, listedAlertsPrefix());
  return items.filter((item) => !isExpired(table, item));
}

function openingOf(item: Item): AlertOpening {
  const kind = ALERT_KINDS.find((one) => one === item['alertKind']?.S);
  if (kind === undefined) {
    throw new Error(`Cannot read a listed alert: "${item['alertKind']?.S}" is no kind of alert`);
  }
  return {
    kind,
    openedAt: textOf(item['openedAt'], 'when an alert opened'),
    isFirstJudgement: item['isFirstJudgement']?.BOOL === true,
  };
}

/** So many at once, in their order. */
async function inTurns<T, R>(items: readonly T[], read: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let start = 0; start < items.length; start += READS_AT_ONCE) {
    results.push(...(await Promise.all(items.slice(start, start + READS_AT_ONCE).map(read))));
  }
  return results;
}
