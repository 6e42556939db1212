import { randomUUID } from 'node:crypto';
import type { SQSBatchResponse } from 'aws-lambda';
import { createJudgeVpcHandler } from '../../../functions/judge-vpc.ts';
import { createPlanScanHandler } from '../../../functions/plan-scan.ts';
import { createPulseTargetHandler } from '../../../functions/pulse-target.ts';
import { createRollUpFleetHandler } from '../../../functions/roll-up-fleet.ts';
import { createScanTargetHandler } from '../../../functions/scan-target.ts';
import type { AccountScope } from '../../audit/account-scope.ts';
import type { AlertHint, AlertStore } from '../../audit/alert-ports.ts';
import type { AuditPorts } from '../../audit/audit-accounts.ts';
import type { JudgePorts } from '../../audit/judge-vpc.ts';
import type { Outbox, PlanScan } from '../../audit/message-ports.ts';
import type { Account } from '../../audit/ports.ts';
import { pulseCandidates } from '../../audit/pulse-candidates.ts';
import { raiseAlerts } from '../../audit/raise-alerts.ts';
import type { FollowUp } from '../../audit/roll-up-fleet.ts';
import { rollUpFollowUps } from '../../audit/roll-up-follow-ups.ts';
import type { Subscriber } from '../../audit/subscribers.ts';
import { type Clock, systemClock } from '../../aws/clock.ts';
import type { Instant } from '../../domain/fact.ts';
import type { FactName, Target } from '../../domain/region-facts.ts';
import { askOnce } from '../../wiring/ask-once.ts';
import { keepAnswer } from '../../wiring/keep-answer.ts';
import type { LambdaHandler } from '../../wiring/lambda-stack.ts';
import { INTERFACES_IN_MEMORY } from '../../wiring/scan-target-runtime.ts';
import type { Telemetry } from '../../wiring/telemetry.ts';
import { createWeightLimit } from '../../wiring/weight-limit.ts';
import { invocationContext } from './invoke.ts';
import { createLocalOutbox } from './local-outbox.ts';
import type { Queue } from './queue.ts';
import type { QueueKind } from './queue-host.ts';
import { createQueues, type Disorder, type Queues } from './queues.ts';
import type { ServiceStores } from './service-stores.ts';

/** What is scanned. */
export interface PipelineScope {
  readonly requestedAccounts: AccountScope;
  readonly requestedRegions: readonly string[] | undefined;
  readonly requiredFacts: readonly FactName[];
}

export interface PipelineOptions {
  readonly stores: ServiceStores;
  readonly observation: Pick<AuditPorts, 'directory' | 'entrance' | 'policy'>;
  readonly clock: Clock;
  readonly scope: PipelineScope;
  readonly telemetry: Telemetry;
  readonly disorder?: Disorder;
  /** Where alerts are kept; absent where none are to be raised, as of what is over. */
  readonly alerts?: AlertStore;
  /** Who hears of alerts; nobody where it is left out. */
  readonly subscribers?: readonly Subscriber[];
  /** Called when there is something to tell them. */
  readonly hint?: AlertHint;
}

/** The functions behind queues of this process. */
export interface Pipeline {
  readonly queues: Queues;
  /** Resolves when the messages of a slot are sent. */
  plan(message: PlanScan): Promise<void>;
  /** With so many days of the fleet's history added up again, where that is asked for. */
  rollUp(scheduledAt: Instant, historyDays?: number): Promise<void>;
  /** Where whoever asks for a scan sends it. */
  readonly outbox: Pick<Outbox, 'scanTargets'>;
  /** Scans one target now, in a slot of its own. */
  requestScan(request: { readonly target: Target; readonly requestId: string }): Promise<void>;
  /** Sends every dead letter again. */
  redrive(): void;
  /** How many messages were given up, by queue. */
  deadLetterCounts(): ReadonlyMap<string, number>;
}

/** Where an account stands is listed each hour; a reading of it serves many judgements. */
const ACCOUNTS_KEPT_MS = 5 * 60_000;

const QUEUE_LIMITS = {
  /** What Lambda's event source mapping takes from a FIFO queue at the most. */
  batchSizeMax: 10,
  /** Two cores: while one batch computes, the other waits for the table. */
  concurrencyMax: 2,
  visibilityTimeoutMs: 60_000,
  maxReceiveCount: 3,
} as const;

/** Composes the deployed functions for one machine: the same handlers, another carrier. */
export function createPipeline(options: PipelineOptions): Pipeline {
  const { clock, disorder } = options;
  const queues = createQueues({ clock, ...(disorder === undefined ? {} : { disorder }) });
  // A queue is made before the handler that sends to it, and hands nothing over before all of them are there.
  const queueOf = (name: string, kind: QueueKind, handler: () => LambdaHandler<SQSBatchResponse>): Queue =>
    queues.add({ ...QUEUE_LIMITS, name, kind, handler: (event) => handler()(event, invocationContext()) });
  const queue = {
    scan: queueOf('scan-target', 'standard', () => handlers.scanTarget),
    pulse: queueOf('pulse-target', 'standard', () => handlers.pulseTarget),
    judge: queueOf('judge-vpc.fifo', 'fifo', () => handlers.judgeVpc),
  };
  const outbox = createLocalOutbox({ ...queue, newId: () => randomUUID() });
  const handlers = createHandlers(options, outbox);
  return {
    queues,
    outbox,
    async plan(message) {
      await handlers.planScan(message, invocationContext());
    },
    async rollUp(scheduledAt, historyDays) {
      await handlers.rollUpFleet({ scheduledAt, historyDays }, invocationContext());
    },
    requestScan: ({ target, requestId }) =>
      outbox.scanTargets([
        {
          message: {
            slot: { kind: 'request', at: new Date(clock.now()).toISOString(), requestId },
            target,
            purpose: 'observe',
          },
          delayMs: 0,
        },
      ]),
    redrive() {
      for (const { redrive } of Object.values(queue)) {
        redrive();
      }
    },
    deadLetterCounts: () =>
      new Map(Object.entries(queue).map(([name, { deadLetters }]) => [name, deadLetters().length] as const)),
  };
}

function createHandlers(options: PipelineOptions, outbox: Outbox) {
  const { stores, observation, clock, scope, telemetry, alerts } = options;
  // How long an invocation takes is a matter of this machine, whatever time it is in the world that is watched.
  const runtime = { telemetry, clock: systemClock };
  const now = (): Instant => new Date(clock.now()).toISOString();
  const { directory, entrance, policy } = observation;
  const { facts, targets, runs, states, series, forecasts, fleets, leases } = stores;
  const accounts = accountsOf(stores, clock);
  const { requestedAccounts, requestedRegions, requiredFacts } = scope;
  const target = { entrance, facts, targets, outbox, now, caller: askOnce((signal) => directory.caller(signal)) };
  return {
    planScan: createPlanScanHandler({
      ...runtime,
      ports: {
        directory,
        entrance,
        policy,
        now,
        requestedAccounts,
        requestedRegions,
        directoryStore: stores.directory,
        runs,
        outbox,
        pulseCandidates: async () => {
          const fleet = await fleets.readFleet();
          return fleet === undefined ? [] : pulseCandidates(fleet);
        },
        // The queues of one machine hand over a few at a time, and AWS is spared by its rate limits.
        spreadMs: 0,
      },
    }),
    scanTarget: createScanTargetHandler({
      ...runtime,
      runs,
      outbox,
      ports: {
        ...target,
        directory: stores.directory,
        inMemory: createWeightLimit(INTERFACES_IN_MEMORY),
        requiredFacts,
      },
    }),
    pulseTarget: createPulseTargetHandler({ ...runtime, runs, outbox, ports: target }),
    judgeVpc: createJudgeVpcHandler({
      ...runtime,
      ports: {
        facts,
        states,
        series,
        forecasts,
        policy,
        accounts,
        ...(alerts === undefined ? {} : { raiseAlerts: alertRaiser(alerts, options, accounts) }),
      },
    }),
    rollUpFleet: createRollUpFleetHandler({
      ...runtime,
      ports: { fleet: fleets, states, runs, leases, clock, followUps: followUpsOf(options) },
    }),
  };
}

/** What is over has no alerts, and the fleet is that of the present. */
function followUpsOf(options: PipelineOptions): readonly FollowUp[] {
  const { stores, clock, alerts } = options;
  const { fleets: fleet, series, fleetHistory: history, runs } = stores;
  return alerts === undefined
    ? []
    : rollUpFollowUps({ fleet, series, history, clock, alerts, runs, ...listenersOf(options) });
}

function alertRaiser(
  alerts: AlertStore,
  options: PipelineOptions,
  accounts: () => Promise<ReadonlyMap<string, Account>>,
): NonNullable<JudgePorts['raiseAlerts']> {
  const accountName = async (accountId: string) => (await accounts()).get(accountId)?.name;
  const { series } = options.stores;
  return (state) => raiseAlerts(state, { alerts, series, accountName, ...listenersOf(options) });
}

function listenersOf({ subscribers = [], hint = () => Promise.resolve() }: PipelineOptions) {
  return { subscribers, hint };
}

function accountsOf({ directory }: ServiceStores, clock: Clock): () => Promise<ReadonlyMap<string, Account>> {
  return keepAnswer(clock, ACCOUNTS_KEPT_MS, async () => {
    const stored = await directory.readDirectory();
    return new Map(stored?.directory.accounts.map((account) => [account.accountId, account]));
  });
}
