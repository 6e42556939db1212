import type { NotificationStore } from '../../audit/notification-ports.ts';
import { readRecord, updateRecord } from '../record-update.ts';

/** Returns the name of what is kept of a channel's digest. */
export function digestRecordId(day: string, channel: string): string {
  return `digest~${day}~${channel}`;
}

/** Says which digests need not be told again: what is told says so itself, and what is only previewed, or empty, is marked. */
export function createDigestMarks(store: NotificationStore) {
  return {
    isDone: async (day: string, channel: string): Promise<boolean> =>
      (await readRecord(store, digestRecordId(day, channel))).toldSequence > 0,
    async markDone(day: string, channel: string): Promise<void> {
      await updateRecord(store, digestRecordId(day, channel), (record) =>
        record.toldSequence > 0 ? undefined : { ...record, toldSequence: 1 },
      );
    },
  };
}
