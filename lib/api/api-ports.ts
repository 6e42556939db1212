import type { Context } from 'hono';
import type { AlertHint, AlertReader, AlertStore, SilenceReader, SilenceStore } from '../audit/alert-ports.ts';
import type { AuditTrailReader, AuditTrailStore } from '../audit/audit-trail-ports.ts';
import type { FleetHistoryStore } from '../audit/fleet-history-ports.ts';
import type { FleetReader } from '../audit/fleet-ports.ts';
import type { Outbox } from '../audit/message-ports.ts';
import type { SeriesWindowPorts } from '../audit/read-series-window.ts';
import type { DirectoryReader, FactsStore, RunReader, RunStore, StateStore } from '../audit/store-ports.ts';
import type { Authenticate } from './caller.ts';
import type { Cursors } from './cursors.ts';
import type { HistoryView } from './fleet-view.ts';
import type { Following } from './follow-events.ts';
import type { SlackActions } from './slack-actions.ts';

/** What views are read from. */
export interface ReadPorts extends SeriesWindowPorts {
  readonly fleets: FleetReader;
  readonly states: Pick<StateStore, 'vpcOfSubnet' | 'vpcOfCluster' | 'readState'>;
  readonly facts: Pick<FactsStore, 'latestFacts'>;
  readonly fleetHistory: Pick<FleetHistoryStore, 'readDays'>;
  readonly runs: RunReader;
  /** How much of the past is there. */
  readonly history: () => HistoryView;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** What a route that reads is given: nothing by which it could change anything. */
export interface ReadRoutePorts extends ReadPorts {
  readonly alerts: Pick<AlertReader, 'listAlerts' | 'readAlert' | 'transitions'>;
  readonly silences: SilenceReader;
  readonly auditTrail: AuditTrailReader;
  readonly cursors: Cursors;
  /** Of so many subnets, the most urgent ones, there are gauges of their own. */
  readonly metricsSubnetsMax: number;
  /** The text of `docs/openapi.json`; `undefined` where it was not brought along. */
  readonly openapi: () => Promise<string | undefined>;
  /** The text of `docs/api-reference.html`; `undefined` where it was not brought along. */
  readonly reference: () => Promise<string | undefined>;
}

/** What a route that changes something is given. */
export interface WriteRoutePorts {
  readonly alerts: Pick<AlertStore, 'readAlert' | 'transitions' | 'writeStep'>;
  readonly silences: SilenceStore;
  readonly auditTrail: Pick<AuditTrailStore, 'writeEntry'>;
  readonly directory: DirectoryReader;
  readonly runs: RunReader & Pick<RunStore, 'createRun'>;
  readonly outbox: Pick<Outbox, 'scanTargets'>;
  /** Who hears of what people do with alerts. */
  readonly subscribers: readonly string[];
  readonly hint: AlertHint;
  readonly slack: SlackActions;
  /** A name that nothing else has. */
  readonly newId: () => string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** What answering takes, whatever the route. */
export interface AnswerPorts extends Pick<WriteRoutePorts, 'newId' | 'now'> {
  readonly authenticate: Authenticate;
  /** Sends pages of events as they come; `undefined` where an answer is handed on when it is whole. */
  readonly followEvents: ((context: Context, following: Following) => Response) | undefined;
  /** Told of each request; of an answer that failed with its cause, which the one who asked is not told. */
  readonly onAnswer: (answer: AnsweredRequest) => void;
}

/** What all routes take. */
export type ApiPorts = AnswerPorts & ReadRoutePorts & WriteRoutePorts;

/** A line of the log. */
export interface AnsweredRequest {
  readonly requestId: string;
  readonly operationId: string | undefined;
  /** Its method and the pattern of its path; `undefined` where there is no such route. */
  readonly route: string | undefined;
  readonly status: number;
  readonly caller: string | undefined;
  readonly durationMs: number;
  readonly cause?: unknown;
}
