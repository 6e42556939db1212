import type {
  ChannelConfirmation,
  NotificationStore,
  StoredNotificationRecord,
} from '../../audit/notification-ports.ts';

/** Returns a store of what was told in this process: nothing of it outlives the process. */
export function createMemoryNotificationStore(): NotificationStore {
  const records = new Map<string, StoredNotificationRecord>();
  const confirmations = new Map<string, ChannelConfirmation>();
  let version = 0;
  return {
    readRecord: async (recordId) => records.get(recordId),
    async writeRecord(record, expectedVersion) {
      if (records.get(record.recordId)?.version !== expectedVersion) {
        return 'version-conflict';
      }
      version += 1;
      records.set(record.recordId, { version: String(version), record });
      return 'written';
    },
    readConfirmation: async (channel) => confirmations.get(channel),
    async writeConfirmation(confirmation) {
      confirmations.set(confirmation.channel, confirmation);
    },
  };
}
