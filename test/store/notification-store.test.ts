import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { NotificationRecord, PendingPost } from '../../lib/audit/notification-ports.ts';
import { newRecord } from '../../lib/notify/record-update.ts';
import { encodeDocument } from '../../lib/store/columns-document.ts';
import { createNotificationStore, NOTIFICATION_RECORD_DOCUMENT } from '../../lib/store/notification-store.ts';
import { type Engine, startDynalite } from '../helpers/dynamodb-engines.ts';
import { expectGolden, goldenBytes } from '../helpers/golden.ts';
import { HOSTILE_TEXT } from './audit-values.ts';
import { crashEverywhere, FAULT_PLACES } from './crash-everywhere.ts';
import { hexOf } from './hex.ts';
import { aTable } from './table-under-test.ts';

const PENDING: PendingPost = {
  claimId: 'c',
  key: HOSTILE_TEXT,
  sequence: 4,
  threadId: 't',
  channelId: 'C0',
  threadTs: undefined,
  claimedAtMs: 1_000,
  sendBeforeMs: 21_000,
};
const RECORD: NotificationRecord = {
  ...newRecord('exhaustion.1'),
  channelId: 'C0',
  rootTs: '1.2',
  isRootShared: true,
  toldSequence: 3,
  shownSequence: 2,
  pending: PENDING,
  lapsed: [{ ...PENDING, claimId: 'b', key: 'k', threadTs: '1.2' }],
};

let engine: Engine;
beforeAll(async () => {
  engine = await startDynalite();
});
afterAll(() => engine?.stop());

describe('what was told, on dynalite', () => {
  it('is read as it was written', async () => {
    const store = createNotificationStore(await aTable(engine));
    expect(await store.readRecord(RECORD.recordId)).toBeUndefined();
    expect(await store.writeRecord(RECORD, undefined)).toBe('written');
    expect((await store.readRecord(RECORD.recordId))?.record).toEqual(RECORD);
    expect(await store.writeRecord(newRecord(HOSTILE_TEXT), undefined)).toBe('written');
    expect((await store.readRecord(HOSTILE_TEXT))?.record).toEqual(newRecord(HOSTILE_TEXT));
  });

  it('is written by one of two who read the same', async () => {
    const store = createNotificationStore(await aTable(engine));
    await store.writeRecord(RECORD, undefined);
    const version = (await store.readRecord(RECORD.recordId))?.version;
    expect(await store.writeRecord({ ...RECORD, toldSequence: 4 }, version)).toBe('written');
    expect(await store.writeRecord({ ...RECORD, toldSequence: 5 }, version)).toBe('version-conflict');
    expect(await store.writeRecord(RECORD, undefined)).toBe('version-conflict');
    expect((await store.readRecord(RECORD.recordId))?.record.toldSequence).toBe(4);
  });

  it.each(FAULT_PLACES)('is there whole or not at all after a crash %s a request', async (place) => {
    await crashEverywhere(engine, place, {
      act: (table) => createNotificationStore(table).writeRecord(RECORD, undefined),
      check: async (table) => {
        expect([undefined, RECORD]).toContainEqual(
          (await createNotificationStore(table).readRecord(RECORD.recordId))?.record,
        );
      },
    });
  });
});

describe('what was told, as bytes', () => {
  it('of its version is these, for as long as it is read', () => {
    expectGolden('notification-record-v2.hex', hexOf(encodeDocument(NOTIFICATION_RECORD_DOCUMENT, RECORD)));
  });

  it('of version 1 is read as in doubt for what was pending alone', () => {
    const bytes = goldenBytes('notification-record-v1.hex');
    expect(NOTIFICATION_RECORD_DOCUMENT.upcast?.(bytes)).toStrictEqual({ ...RECORD, lapsed: [] });
  });
});

describe('confirmed channels, on dynalite', () => {
  it('are known until they are confirmed anew', async () => {
    const store = createNotificationStore(await aTable(engine));
    const confirmation = {
      channel: '#größe',
      channelId: 'C0',
      confirmedAt: '2026-11-23T08:00:00.000Z',
      confirmedBy: HOSTILE_TEXT,
      canReadHistory: true,
    };
    expect(await store.readConfirmation('#größe')).toBeUndefined();
    await store.writeConfirmation(confirmation);
    expect(await store.readConfirmation('#größe')).toEqual(confirmation);
    await store.writeConfirmation({ ...confirmation, canReadHistory: false });
    expect(await store.readConfirmation('#größe')).toEqual({ ...confirmation, canReadHistory: false });
    await store.writeConfirmation({ ...confirmation, channelId: undefined });
    expect(await store.readConfirmation('#größe')).toEqual({ ...confirmation, channelId: undefined });
    expect(await store.readConfirmation('C0')).toBeUndefined();
  });
});
