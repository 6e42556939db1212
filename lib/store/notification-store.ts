import type {
  ChannelConfirmation,
  NotificationRecord,
  NotificationStore,
  PendingPost,
} from '../audit/notification-ports.ts';
import { type ColumnsDocument, columnsDocument, encodeDocument } from './columns-document.ts';
import { decodeDocument } from './document-kind.ts';
import { channelConfirmationKey, notificationRecordKey } from './keys.ts';
import { readPacked, writePacked } from './packed-document.ts';
import { flag, list, numeric, optional, record, text } from './shape.ts';
import { nowSeconds, type StoreTable } from './table.ts';

const SECONDS_PER_DAY = 86_400;
/** Thirteen months after the last thing was told, as alerts are kept. */
const RECORD_SECONDS = 396 * SECONDS_PER_DAY;
/** A confirmation lasts; DynamoDB's packed documents expire, so it does in ten years. */
const CONFIRMATION_SECONDS = 3_653 * SECONDS_PER_DAY;
/** Each attempt that fails means that another writer's succeeded. */
const ATTEMPTS_MAX = 5;

const pendingPostShape = record<PendingPost>({
  claimId: text,
  key: text,
  sequence: numeric,
  threadId: text,
  channelId: text,
  threadTs: optional(text),
  claimedAtMs: numeric,
  sendBeforeMs: numeric,
});

const FIELDS = {
  recordId: text,
  channelId: optional(text),
  rootTs: optional(text),
  isRootShared: flag,
  toldSequence: numeric,
  shownSequence: numeric,
  isClosed: flag,
  pending: optional(pendingPostShape),
};

type NotificationRecord1 = Omit<NotificationRecord, 'lapsed'> & { readonly isDoubtful: boolean };

const VERSION_1 = columnsDocument(
  'notification-record',
  1,
  record<NotificationRecord1>({ ...FIELDS, isDoubtful: flag }),
);

export const NOTIFICATION_RECORD_DOCUMENT: ColumnsDocument<NotificationRecord> = {
  ...columnsDocument(
    'notification-record',
    2,
    record<NotificationRecord>({ ...FIELDS, lapsed: list(pendingPostShape) }),
  ),
  // In doubt was only what was pending as well, and that says so itself.
  upcast(bytes) {
    const { isDoubtful: _, ...kept } = VERSION_1.decode(bytes);
    return { ...kept, lapsed: [] };
  },
};

export const CHANNEL_CONFIRMATION_DOCUMENT: ColumnsDocument<ChannelConfirmation> = columnsDocument(
  'channel-confirmation',
  1,
  record<ChannelConfirmation>({
    channel: text,
    channelId: optional(text),
    confirmedAt: text,
    confirmedBy: text,
    canReadHistory: flag,
  }),
);

/** Keeps what was told to whom, and which channels a test message has reached. */
export function createNotificationStore(table: StoreTable): NotificationStore {
  return {
    async readRecord(recordId) {
      const document = await readPacked(table, notificationRecordKey(recordId));
      return document === undefined
        ? undefined
        : { version: document.version, record: decodeDocument(NOTIFICATION_RECORD_DOCUMENT, document) };
    },
    async writeRecord(value, expectedVersion) {
      const bytes = encodeDocument(NOTIFICATION_RECORD_DOCUMENT, value);
      const { outcome } = await writePacked(table, notificationRecordKey(value.recordId), bytes, {
        kind: NOTIFICATION_RECORD_DOCUMENT.name,
        schemaVersion: NOTIFICATION_RECORD_DOCUMENT.schemaVersion,
        expect: expectedVersion === undefined ? 'absent' : { version: expectedVersion },
        expiresAt: nowSeconds(table) + RECORD_SECONDS,
      });
      return outcome;
    },
    async readConfirmation(channel) {
      const document = await readPacked(table, channelConfirmationKey(channel));
      return document === undefined ? undefined : decodeDocument(CHANNEL_CONFIRMATION_DOCUMENT, document);
    },
    writeConfirmation: (confirmation) => writeConfirmation(table, confirmation),
  };
}

/** The last one stands. */
async function writeConfirmation(table: StoreTable, confirmation: ChannelConfirmation): Promise<void> {
  const key = channelConfirmationKey(confirmation.channel);
  const bytes = encodeDocument(CHANNEL_CONFIRMATION_DOCUMENT, confirmation);
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    const version = (await readPacked(table, key))?.version;
    const { outcome } = await writePacked(table, key, bytes, {
      kind: CHANNEL_CONFIRMATION_DOCUMENT.name,
      schemaVersion: CHANNEL_CONFIRMATION_DOCUMENT.schemaVersion,
      expect: version === undefined ? 'absent' : { version },
      expiresAt: nowSeconds(table) + CONFIRMATION_SECONDS,
    });
    if (outcome === 'written') {
      return;
    }
  }
  throw new Error(
    `Cannot write that the channel "${confirmation.channel}" is confirmed: others did ${ATTEMPTS_MAX} times`,
  );
}
