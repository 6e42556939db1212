import type { ApiPorts } from '../../lib/api/api-ports.ts';
import { createCursors } from '../../lib/api/cursors.ts';
import { createAlertStore } from '../../lib/store/alert-store.ts';
import { createAuditTrailStore } from '../../lib/store/audit-trail-store.ts';
import { createFactsStore } from '../../lib/store/facts-store.ts';
import { createFleetHistoryStore } from '../../lib/store/fleet-history-store.ts';
import { createRunStore } from '../../lib/store/run-store.ts';
import { createSilenceStore } from '../../lib/store/silence-store.ts';
import { createStateReader } from '../../lib/store/state-store.ts';
import { createStoreTable, type StoreTable } from '../../lib/store/table.ts';
import { createAwsReadPorts } from '../../lib/wiring/aws-read-ports.ts';
import { createTableClient } from '../../lib/wiring/table-client.ts';
import { type MeteredTable, meteredTable } from '../helpers/metered-table.ts';
import { TABLE_NAME } from './large-fleet.ts';

export interface StoredApi {
  readonly ports: ApiPorts;
  readonly table: MeteredTable;
}

/** Opens what the API is made of over a filled table as a new process would: nothing is kept yet. */
export function openStoredApi(
  endpoint: string,
  accountIds: readonly string[] | undefined,
  now: () => number,
): StoredApi {
  const clock = { now, sleep: () => Promise.resolve() };
  const table = openTable(endpoint, clock);
  let idCount = 0;
  const ports: ApiPorts = {
    authenticate: async () => ({ ok: true, value: { name: 'bench', scopes: ['read'], accountIds } }),
    ...createAwsReadPorts(table, clock),
    runs: createRunStore(table),
    states: createStateReader(table),
    facts: createFactsStore(table),
    fleetHistory: createFleetHistoryStore(table),
    alerts: createAlertStore(table),
    silences: createSilenceStore(table),
    auditTrail: createAuditTrailStore(table),
    outbox: { scanTargets: () => Promise.resolve() },
    subscribers: [],
    hint: () => Promise.resolve(),
    slack: {
      read: async () => ({ outcome: 'refused', reason: 'nobody asks' }),
      writerOf: () => undefined,
      writersText: '',
      answer: () => Promise.resolve(),
    },
    cursors: createCursors(async () => ['key']),
    metricsSubnetsMax: 500,
    followEvents: undefined,
    newId() {
      idCount += 1;
      return `id-${idCount}`;
    },
    onAnswer({ cause }) {
      if (cause !== undefined) {
        process.stderr.write(`${cause instanceof Error ? cause.stack : String(cause)}\n`);
      }
    },
    openapi: async () => undefined,
    reference: async () => undefined,
  };
  return { ports, table };
}

/** An engine closes a connection that was idle while something else was measured; the client tries again, as in AWS. */
export function openTable(endpoint: string, clock: StoreTable['clock']): MeteredTable {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = createTableClient({ endpoint, region: 'eu-west-1', credentials });
  return meteredTable(createStoreTable({ client, tableName: TABLE_NAME, clock }));
}
