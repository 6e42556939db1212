import type { NotificationRecord, NotificationStore } from '../audit/notification-ports.ts';

/** Each attempt that fails means that another writer's succeeded; a record has two at the most. */
const ATTEMPTS_MAX = 8;

/** What is known of an alert or thread of which nothing was told yet. */
export function newRecord(recordId: string): NotificationRecord {
  return {
    recordId,
    channelId: undefined,
    rootTs: undefined,
    isRootShared: false,
    toldSequence: 0,
    shownSequence: 0,
    isClosed: false,
    pending: undefined,
    lapsed: [],
  };
}

export async function readRecord(store: NotificationStore, recordId: string): Promise<NotificationRecord> {
  return (await store.readRecord(recordId))?.record ?? newRecord(recordId);
}

/**
 * Changes a record as it is now, again where another writer came first. `change` returns `undefined` where there is nothing to
 * do, so that a write that was done before its answer was lost is not done twice. Returns the record as it then is.
 */
export async function updateRecord(
  store: NotificationStore,
  recordId: string,
  change: (record: NotificationRecord) => NotificationRecord | undefined,
): Promise<NotificationRecord> {
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    const stored = await store.readRecord(recordId);
    const before = stored?.record ?? newRecord(recordId);
    const after = change(before);
    if (after === undefined) {
      return before;
    }
    if ((await store.writeRecord(after, stored?.version)) === 'written') {
      return after;
    }
  }
  throw new Error(`Cannot write what was told of "${recordId}": others did ${ATTEMPTS_MAX} times`);
}
