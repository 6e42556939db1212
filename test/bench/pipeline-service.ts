import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { REQUIRED_FACTS_DEFAULT } from '../../lib/audit/coverage.ts';
import type { RunStore } from '../../lib/audit/store-ports.ts';
import { targetText } from '../../lib/audit/target-text.ts';
import { type Clock, systemClock } from '../../lib/aws/clock.ts';
import { startEmbeddedDynamodb } from '../../lib/local/service/embedded-dynamodb.ts';
import { createPipeline, type Pipeline } from '../../lib/local/service/pipeline.ts';
import { createServiceStores, type ServiceStores } from '../../lib/local/service/service-stores.ts';
import { simulatedCredentials } from '../../lib/local/simulated-aws/credentials.ts';
import { createStoreTable } from '../../lib/store/table.ts';
import { createAuditPorts } from '../../lib/wiring/audit-ports.ts';
import { meteredTable } from '../helpers/metered-table.ts';
import { createRecordingTelemetry } from '../wiring/recording-telemetry.ts';
import type { AskedSince } from './pipeline-aws-server.ts';
import { BENCH_REGIONS, BENCH_ROLE, MANAGEMENT_ACCOUNT_ID } from './pipeline-organization.ts';
import { keptItems, meterTable, type TableMeter } from './table-usage.ts';

const TABLE_NAME = 'elbowroom-bench';
const DEADLINE_MS = 600_000;

/** The service over a simulated organisation, its stages one after the other. */
export interface PipelineService {
  readonly pipeline: Pipeline;
  readonly stores: ServiceStores;
  readonly table: TableMeter;
  /** What the table keeps. */
  kept(): ReturnType<typeof keptItems>;
  /** Time goes on from there as it does here; for AWS it stands still. */
  moveTo(ms: number): Promise<void>;
  /** What AWS was asked since the last move. */
  asked(): Promise<AskedSince>;
  /** Nothing is judged from now until `judgeNow`. Resolves when so many targets have been tried. */
  untilScanned(targetCount: number): Promise<void>;
  judgeNow(): void;
  /** Lines that are no good news. */
  complaints(): readonly string[];
  stop(): Promise<void>;
}

/** Starts the service with its table in a folder of its own and AWS in a process of its own. */
export async function startPipelineService(accountCount: number, startMs: number): Promise<PipelineService> {
  const aws = await startAws(accountCount, startMs);
  const folder = await mkdtemp(join(tmpdir(), 'elbowroom-bench-'));
  const database = await startEmbeddedDynamodb({ path: folder, tableName: TABLE_NAME, onFailure: stopAll });
  if (!database.ok) {
    throw new Error(database.error);
  }
  const clock = createRunningClock(startMs);
  const client = database.value.createClient();
  const table = meteredTable(createStoreTable({ client, tableName: TABLE_NAME, clock }));
  const gate = createGate(createServiceStores(table));
  const telemetry = createRecordingTelemetry();
  const observation = createAuditPorts({
    credentials: simulatedCredentials(MANAGEMENT_ACCOUNT_ID),
    homeRegion: BENCH_REGIONS[0] ?? '',
    clock,
    // What AWS allows is a matter of waiting; what is measured is work.
    limiter: { take: () => Promise.resolve() },
    clients: { endpoint: aws.url },
    role: { roleName: BENCH_ROLE, externalId: undefined, roleSessionName: 'elbowroom-bench', deadlineMs: DEADLINE_MS },
  });
  const pipeline = createPipeline({
    stores: gate.stores,
    observation,
    clock,
    scope: {
      requestedAccounts: { kind: 'organization' },
      requestedRegions: undefined,
      requiredFacts: REQUIRED_FACTS_DEFAULT,
    },
    telemetry,
  });
  return {
    pipeline,
    stores: gate.stores,
    table: meterTable(client),
    kept: () => keptItems(database.value.createClient(), TABLE_NAME),
    async moveTo(ms) {
      clock.moveTo(ms);
      await aws.moveTo(ms);
    },
    asked: () => aws.moveTo(clock.now()),
    untilScanned: gate.untilScanned,
    judgeNow: gate.judgeNow,
    complaints: () =>
      telemetry.lines.filter(({ level }) => level !== 'info').map((line) => JSON.stringify(line, errorText)),
    async stop() {
      await pipeline.queues.close();
      await database.value.stop();
      aws.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function stopAll(cause: Error): void {
  throw cause;
}

function errorText(_: string, value: unknown): unknown {
  return value instanceof Error ? value.stack : value;
}

interface RunningClock extends Clock {
  moveTo(ms: number): void;
}

/** A clock that runs like the system's, from wherever it is moved to. */
function createRunningClock(startMs: number): RunningClock {
  let aheadMs = startMs - systemClock.now();
  return {
    now: () => systemClock.now() + aheadMs,
    sleep: systemClock.sleep,
    moveTo(ms) {
      aheadMs = ms - systemClock.now();
    },
  };
}

async function startAws(accountCount: number, startMs: number) {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', 'test/bench/pipeline-aws-server.ts', String(accountCount), String(startMs)],
    { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] },
  );
  if (child.stdout === null) {
    throw new Error('Cannot start the simulated AWS: its output is not piped');
  }
  const [line] = await once(child.stdout, 'data');
  return {
    url: String(line).trim(),
    async moveTo(ms: number): Promise<AskedSince> {
      child.send(ms);
      const [since]: AskedSince[] = await once(child, 'message');
      if (since === undefined) {
        throw new Error('Cannot move the simulated AWS: it did not answer');
      }
      return since;
    },
    stop: () => child.kill(),
  };
}

/** Holds judgements back while targets are scanned, so that either can be measured alone. */
function createGate(stores: ServiceStores) {
  let open: (() => void) | undefined;
  let opened: Promise<void> = Promise.resolve();
  let tried = new Set<string>();
  let wanted: { readonly count: number; readonly resolve: () => void } | undefined;
  const recordOutcomes: RunStore['recordOutcomes'] = async (slot, outcomes) => {
    await stores.runs.recordOutcomes(slot, outcomes);
    for (const { target } of outcomes) {
      tried.add(targetText(target));
    }
    if (wanted !== undefined && tried.size >= wanted.count) {
      wanted.resolve();
    }
  };
  return {
    stores: {
      ...stores,
      runs: { ...stores.runs, recordOutcomes },
      // What a judgement asks first, and no scan asks.
      facts: {
        ...stores.facts,
        latestFacts: async (...asked) => {
          await opened;
          return stores.facts.latestFacts(...asked);
        },
      },
      states: {
        ...stores.states,
        readState: async (...asked) => {
          await opened;
          return stores.states.readState(...asked);
        },
      },
      forecasts: {
        ...stores.forecasts,
        readForecasts: async (...asked) => {
          await opened;
          return stores.forecasts.readForecasts(...asked);
        },
      },
    } satisfies ServiceStores,
    untilScanned(count: number): Promise<void> {
      tried = new Set();
      opened = new Promise((resolve) => {
        open = resolve;
      });
      return new Promise((resolve) => {
        wanted = { count, resolve };
      });
    },
    judgeNow(): void {
      wanted = undefined;
      open?.();
    },
  };
}
