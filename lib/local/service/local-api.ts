import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { ReadPorts } from '../../api/api-ports.ts';
import { createApi } from '../../api/create-api.ts';
import { createCursors } from '../../api/cursors.ts';
import type { HistoryView } from '../../api/fleet-view.ts';
import { createEventFollower } from '../../api/follow-events.ts';
import { createLocalAuthenticator } from '../../api/local-authenticator.ts';
import { ROUTES } from '../../api/routes.ts';
import type { AlertHint, AlertStore } from '../../audit/alert-ports.ts';
import type { Outbox } from '../../audit/message-ports.ts';
import type { Clock } from '../../aws/clock.ts';
import type { PageReadPorts } from '../../dashboard/read-page.ts';
import type { FactName } from '../../domain/region-facts.ts';
import { createActionReceiver, type SlackWriter } from '../../notify/slack/receive-actions.ts';
import { createAuditTrailStore } from '../../store/audit-trail-store.ts';
import { createSilenceStore } from '../../store/silence-store.ts';
import type { StoreTable } from '../../store/table.ts';
import { openapiDocument, openapiText } from '../openapi-document.ts';
import { renderReferencePage } from '../reference/reference-page.tsx';
import type { ServiceStores } from './service-stores.ts';

export interface LocalApiOptions {
  readonly table: StoreTable;
  readonly stores: ServiceStores;
  readonly alerts: AlertStore;
  readonly clock: Clock;
  readonly requiredFacts: readonly FactName[];
  readonly history: () => HistoryView;
  /** Where a scan that somebody asks for goes. */
  readonly outbox: Pick<Outbox, 'scanTargets'>;
  /** Who hears of what people do with alerts, and the hint that there is something to hear. */
  readonly subscribers: readonly string[];
  readonly hint: AlertHint;
  readonly slackWriters: readonly SlackWriter[];
  readonly metricsSubnetsMax: number;
  /** Fires when the service is to end. */
  readonly signal: AbortSignal;
  /** What a caller has to send; `undefined`: nothing, on this machine. */
  readonly token: string | undefined;
  readonly onFailure: (cause: unknown) => void;
}

const KEY_BYTES = 32;
/** Events are told ten seconds after they happened; looking costs a query of an embedded database. */
const LOOK_EVERY_MS = 2_000;

/** Composes the API of one machine, and what its page is read from. */
export function createLocalApi(options: LocalApiOptions) {
  const { table, stores, alerts, clock, onFailure } = options;
  const now = clock.now;
  const read: ReadPorts & PageReadPorts = {
    fleets: stores.fleets,
    states: stores.states,
    facts: stores.facts,
    series: stores.series,
    fleetHistory: stores.fleetHistory,
    forecasts: stores.forecasts,
    runs: stores.runs,
    requiredFacts: options.requiredFacts,
    history: options.history,
    now,
  };
  // A list that somebody is in the middle of begins anew with the service.
  const cursorKey = randomBytes(KEY_BYTES).toString('base64url');
  const authenticate = createLocalAuthenticator(options.token);
  const api = createApi(ROUTES, {
    ...read,
    alerts,
    silences: createSilenceStore(table),
    auditTrail: createAuditTrailStore(table),
    runs: stores.runs,
    directory: stores.directory,
    outbox: options.outbox,
    subscribers: options.subscribers,
    hint: options.hint,
    authenticate,
    metricsSubnetsMax: options.metricsSubnetsMax,
    followEvents: createEventFollower(() => nextLook(options.signal)),
    cursors: createCursors(async () => [cursorKey]),
    // Slack cannot reach a loopback address.
    slack: createActionReceiver({
      signingSecrets: async () => [],
      writers: options.slackWriters,
      fetch,
      now,
      onFailure,
    }),
    newId: randomUUID,
    onAnswer({ cause }) {
      if (cause !== undefined) {
        onFailure(cause);
      }
    },
    openapi: async () => openapiText(),
    reference: async () => renderReferencePage(openapiDocument()),
  });
  return { api, authenticate, read };
}

/** An answer that is followed is under way until the service ends, and ends with it. */
async function nextLook(signal: AbortSignal): Promise<boolean> {
  try {
    await delay(LOOK_EVERY_MS, undefined, { signal });
  } catch (cause) {
    if (!signal.aborted) {
      throw cause;
    }
  }
  return !signal.aborted;
}
