import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { HistoryView } from '../../api/fleet-view.ts';
import { readFleet } from '../../api/read-fleet.ts';
import type { PlanScan } from '../../audit/message-ports.ts';
import type { Account } from '../../audit/ports.ts';
import type { RehearsalSpan } from '../../audit/rehearse-alerts.ts';
import { scheduledSlot } from '../../audit/slot.ts';
import { type Clock, systemClock } from '../../aws/clock.ts';
import { createPages } from '../../dashboard/create-pages.ts';
import { readPage } from '../../dashboard/read-page.ts';
import type { Instant } from '../../domain/fact.ts';
import type { Target } from '../../domain/region-facts.ts';
import { ok, type Result } from '../../domain/result.ts';
import { renderPreviewPage } from '../../notify/slack/preview-page.tsx';
import { createAlertStore } from '../../store/alert-store.ts';
import { createSilenceStore } from '../../store/silence-store.ts';
import { sweepExpired } from '../../store/sweep-expired.ts';
import { createStoreTable, type StoreTable } from '../../store/table.ts';
import { createStatusLine, durationText, type TerminalStream } from '../progress-line.ts';
import { type EmbeddedDynamodb, startEmbeddedDynamodb } from './embedded-dynamodb.ts';
import type { HistoryProgress } from './history.ts';
import { createHttpApp } from './http-app.ts';
import { createLocalApi } from './local-api.ts';
import { createLocalDoor } from './local-door.ts';
import { createLocalTelemetry } from './local-telemetry.ts';
import { OWNER_ONLY } from './owner-only.ts';
import { createPastBuilder, type PastBuilder } from './past-builder.ts';
import { createPipeline, type Pipeline, type PipelineOptions } from './pipeline.ts';
import { startSchedule } from './schedule.ts';
import { type HttpServer, serveHttp } from './serve-http.ts';
import { createServiceStores, type ServiceStores } from './service-stores.ts';
import type { OpenedPast, ServiceWorld, WorldPast } from './service-world.ts';
import { createSlackTelling, type SlackTelling } from './slack-telling.ts';
import { startSummary } from './start-summary.ts';

export interface ServiceOptions {
  /** Where its data are; one process at a time. */
  readonly folder: string;
  readonly port: number;
  readonly world: ServiceWorld;
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: TerminalStream;
  /** What a caller has to send; `undefined`: nothing, on this machine. */
  readonly token: string | undefined;
  /** Fires when the service is to end. */
  readonly signal: AbortSignal;
}

const TABLE_NAME = 'elbowroom';
const MS_PER_MINUTE = 60_000;
const MS_PER_DAY = 24 * 60 * MS_PER_MINUTE;
const SCAN_EVERY_MS = 60 * MS_PER_MINUTE;
const PULSE_EVERY_MS = 15 * MS_PER_MINUTE;
const ROLL_UP_EVERY_MS = 15 * MS_PER_MINUTE;
/** As EventBridge Scheduler does in AWS: what no hint was heard of. */
const TELL_EVERY_MS = 5 * MS_PER_MINUTE;
const SWEEP_EVERY_MS = 60 * MS_PER_MINUTE;
/** What a sweep leaves, the next one takes. */
const SWEEP_ITEMS_MAX = 2_000;

/**
 * Runs the service until its signal fires: scans the present, answers, builds the past where there is one, and goes on by
 * schedule. What is under way is finished at the end. An error says why it cannot start.
 */
export async function runService(options: ServiceOptions): Promise<Result<void>> {
  const { folder, port, world, signal, stderr } = options;
  const ended = new AbortController();
  const stop = AbortSignal.any([signal, ended.signal]);
  let failure: Error | undefined;
  await mkdir(folder, { recursive: true, mode: OWNER_ONLY });
  const database = await startEmbeddedDynamodb({
    path: join(folder, 'dynamodb'),
    tableName: TABLE_NAME,
    onFailure(cause) {
      failure = cause;
      ended.abort();
    },
  });
  if (!database.ok) {
    return database;
  }
  const opened = await openService(options, database.value);
  if (!opened.ok) {
    await database.value.stop();
    return opened;
  }
  const service = opened.value;
  const { api, authenticate, read } = service.http;
  const pages = createPages({
    door: createLocalDoor(authenticate),
    readPage: ({ accountIds }) => readPage(read, accountIds),
    slackPreviewPage: () => renderPreviewPage(service.telling.preview()),
    newId: randomUUID,
    now: world.clock.now,
    onAnswer({ cause }) {
      if (cause !== undefined) {
        service.reportFailure(cause);
      }
    },
  });
  const server = await serveHttp(createHttpApp({ api, pages }), port);
  if (!server.ok) {
    await database.value.stop();
    return server;
  }
  try {
    stderr.write(`Watching ${world.name}; kept in ${folder}. Ctrl-C ends it.\n`);
    await work(options, service, server.value, stop);
  } finally {
    await server.value.close();
    await world.save();
    await database.value.stop();
  }
  if (failure !== undefined) {
    throw new Error('The embedded DynamoDB ended: nothing could be stored any more', { cause: failure });
  }
  return ok(undefined);
}

interface OpenService {
  readonly table: StoreTable;
  readonly pipeline: Pipeline;
  readonly http: ReturnType<typeof createLocalApi>;
  readonly past: PastBuilder | undefined;
  readonly telling: SlackTelling;
  readonly targets: () => Promise<readonly Target[]>;
  readonly reportFailure: (cause: unknown) => void;
  readonly clearLine: () => void;
}

async function openService(
  { folder, world, token, stderr, signal }: ServiceOptions,
  database: EmbeddedDynamodb,
): Promise<Result<OpenService>> {
  const line = createStatusLine(stderr, systemClock);
  const reportLine = (text: string): void => {
    line.clear();
    stderr.write(`${text}\n`);
  };
  const telemetry = createLocalTelemetry(reportLine);
  const pipelineOf = (
    stores: ServiceStores,
    { clock, observation }: Pick<OpenedPast, 'clock' | 'observation'>,
    raised: Pick<PipelineOptions, 'alerts' | 'subscribers' | 'hint'> = {},
  ): Pipeline => createPipeline({ stores, observation, clock, scope: world.scope, telemetry, ...raised });
  const table = openTable(database, world.clock);
  const stores = createServiceStores(table);
  const alerts = createAlertStore(table);
  const reportFailure = (cause: unknown): void =>
    reportLine(cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause));
  const telling = createSlackTelling({
    stores,
    alerts,
    silences: createSilenceStore(table),
    settings: world.settings,
    policy: world.observation.policy,
    accounts: () => readAccounts(stores),
    clock: world.clock,
    onFailure: reportFailure,
  });
  const past =
    world.past === undefined
      ? undefined
      : await createPastBuilder({
          folder,
          past: world.past,
          // Pulses go where clusters are now: the fleet is that of the present.
          pipelineOf: (opened) =>
            pipelineOf({ ...createServiceStores(openTable(database, opened.clock)), fleets: stores.fleets }, opened),
          onProgress: historyProgress(line.show),
        });
  if (past?.ok === false) {
    return past;
  }
  const pipeline = pipelineOf(stores, world, { alerts, subscribers: telling.subscribers, hint: telling.hint });
  const http = createLocalApi({
    table,
    stores,
    alerts,
    clock: world.clock,
    requiredFacts: world.scope.requiredFacts,
    history: () => past?.value.view() ?? NO_HISTORY,
    subscribers: telling.subscribers,
    hint: telling.hint,
    outbox: pipeline.outbox,
    // Without a section nobody may.
    slackWriters: world.settings.notifications.slack?.writers ?? [],
    metricsSubnetsMax: world.settings.metrics.subnetsMax,
    token,
    signal,
    onFailure: reportFailure,
  });
  return ok({
    table,
    pipeline,
    http,
    past: past?.value,
    telling,
    targets: async () => (await stores.directory.readDirectory())?.directory.targets ?? [],
    reportFailure,
    clearLine: line.clear,
  });
}

const NO_HISTORY: HistoryView = {
  state: 'none',
  daysExpected: 0,
  daysFinished: 0,
  message: 'What is over cannot be looked at any more: a trend begins with the first scan',
};

/** By account, as the organisation listed them last. */
async function readAccounts({ directory }: ServiceStores): Promise<ReadonlyMap<string, Account>> {
  const stored = await directory.readDirectory();
  return new Map(stored?.directory.accounts.map((account) => [account.accountId, account]));
}

/** Time as the world has it; waiting for a table is a matter of this machine. */
function openTable(database: EmbeddedDynamodb, clock: Clock): StoreTable {
  return createStoreTable({
    client: database.createClient(),
    tableName: TABLE_NAME,
    clock: { now: clock.now, sleep: (durationMs) => systemClock.sleep(durationMs) },
  });
}

async function work(
  { world, stdout }: ServiceOptions,
  service: OpenService,
  server: HttpServer,
  stop: AbortSignal,
): Promise<void> {
  const { pipeline, http, reportFailure } = service;
  const stopped = new Promise<void>((resolve) => {
    stop.addEventListener('abort', () => resolve(), { once: true });
  });
  const first = Promise.withResolvers<void>();
  const scan = async (scheduledAt: string): Promise<void> => {
    try {
      await runSlot('scan', scheduledAt, pipeline, world);
      await world.save();
    } finally {
      first.resolve();
    }
  };
  const scans = startSchedule({
    clock: world.clock,
    entries: [{ everyMs: SCAN_EVERY_MS, run: scan }],
    onFailure: reportFailure,
  });
  await Promise.race([first.promise, stopped]);
  if (!stop.aborted) {
    const view = await readFleet(http.read, undefined);
    if (view !== undefined) {
      stdout.write(startSummary(view, server.url));
    }
    // Where clusters are is known from the first scan on.
    await goOn(world, service, stop, stopped);
  }
  await scans.stop();
  await pipeline.queues.close();
  // One that a hint began may still be at it.
  await service.telling.sweep();
}

/** Looks at what is at risk by schedule, and builds the past beside, until it is stopped. */
async function goOn(
  world: ServiceWorld,
  service: OpenService,
  stop: AbortSignal,
  stopped: Promise<void>,
): Promise<void> {
  const { pipeline, past, table, telling, reportFailure, clearLine } = service;
  const schedule = startSchedule({
    clock: world.clock,
    entries: [
      { everyMs: PULSE_EVERY_MS, run: (at) => runSlot('pulse', at, pipeline, world) },
      { everyMs: TELL_EVERY_MS, run: telling.sweep },
      { everyMs: ROLL_UP_EVERY_MS, run: (at) => pipeline.rollUp(at) },
      { everyMs: SWEEP_EVERY_MS, run: async () => void (await sweepExpired(table, { itemsMax: SWEEP_ITEMS_MAX })) },
    ],
    onFailure: reportFailure,
  });
  const isBuilding = past?.view().state === 'building';
  const built = past
    ?.run(stop)
    .then(async (isComplete) => {
      clearLine();
      if (isBuilding && isComplete) {
        await scanAgain(world, service);
      }
      if (isComplete && world.past !== undefined) {
        await telling.rehearse(spanOf(world.past), stop);
      }
    })
    .catch(reportFailure);
  if (!stop.aborted) {
    await stopped;
  }
  await Promise.all([schedule.stop(), built]);
}

/** What a past that is built covers: the slot that the start falls into belongs to the present. */
function spanOf({ startAt, days }: WorldPast): RehearsalSpan {
  const { at: to } = scheduledSlot('scan', startAt.toISOString());
  return { from: new Date(startAt.getTime() - days * MS_PER_DAY).toISOString(), to };
}

/** Plans a slot, waits for what comes of it, and shows it. */
async function runSlot(
  kind: PlanScan['kind'],
  scheduledAt: Instant,
  pipeline: Pipeline,
  world: ServiceWorld,
): Promise<void> {
  world.moveToNow();
  await pipeline.plan({ kind, scheduledAt, pulseScope: 'at-risk' });
  await pipeline.queues.settled();
  await pipeline.rollUp(new Date(world.clock.now()).toISOString());
}

/** Judges and adds up everything once more, now that there is a past: forecasts wait for the next observation otherwise. */
async function scanAgain(world: ServiceWorld, { pipeline, targets }: OpenService): Promise<void> {
  world.moveToNow();
  for (const target of await targets()) {
    await pipeline.requestScan({ target, requestId: 'past-built' });
  }
  await pipeline.queues.settled();
  await pipeline.rollUp(new Date(world.clock.now()).toISOString(), world.past?.days);
}

/** Says how far the past is and how long it may still take. */
function historyProgress(show: (text: string) => void): (progress: HistoryProgress) => void {
  let begun: { readonly atMs: number; readonly slotsFinished: number } | undefined;
  return ({ daysExpected, daysFinished, slotsExpected, slotsFinished }) => {
    const nowMs = systemClock.now();
    begun ??= { atMs: nowMs, slotsFinished };
    const doneHere = slotsFinished - begun.slotsFinished;
    const left =
      doneHere === 0
        ? ''
        : `, about ${durationText(((nowMs - begun.atMs) / doneHere) * (slotsExpected - slotsFinished))} left`;
    show(
      `Building the past: ${daysFinished} of ${daysExpected} days, ${slotsFinished} of ${slotsExpected} hours${left}`,
    );
  };
}
