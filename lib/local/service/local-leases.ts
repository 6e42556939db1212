import { randomUUID } from 'node:crypto';
import type { LeaseStore } from '../../audit/store-ports.ts';

/**
 * Leases of the one process that may use the data. Those of a process that was killed are gone with it: kept in the table, they
 * would hold up its successor until they lapse.
 */
export function createLocalLeases(): LeaseStore {
  const tokens = new Map<string, string>();
  return {
    acquireLease(name) {
      if (tokens.has(name)) {
        return Promise.resolve(undefined);
      }
      const token = randomUUID();
      tokens.set(name, token);
      return Promise.resolve(token);
    },
    releaseLease(name, token) {
      if (tokens.get(name) === token) {
        tokens.delete(name);
      }
      return Promise.resolve();
    },
  };
}
