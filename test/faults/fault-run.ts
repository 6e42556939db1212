import { REQUIRED_FACTS_DEFAULT } from '../../lib/audit/coverage.ts';
import type { Fleet } from '../../lib/audit/fleet.ts';
import { OPEN_POLICY } from '../../lib/audit/policy.ts';
import type { Run } from '../../lib/audit/store-ports.ts';
import type { VpcState } from '../../lib/domain/capacity/vpc-state.ts';
import type { SeriesSample } from '../../lib/domain/trend/series.ts';
import { createMovableClock } from '../../lib/local/service/movable-clock.ts';
import { createPipeline } from '../../lib/local/service/pipeline.ts';
import { createServiceStores, type ServiceStores } from '../../lib/local/service/service-stores.ts';
import { fractionOf } from '../../lib/local/simulated-aws/build/random.ts';
import { simulatedCredentials } from '../../lib/local/simulated-aws/credentials.ts';
import { simulatedRequestHandler } from '../../lib/local/simulated-aws/request-handler.ts';
import { seededFaults } from '../../lib/local/simulated-aws/seeded-faults.ts';
import { createAuditPorts } from '../../lib/wiring/audit-ports.ts';
import type { Log, Telemetry } from '../../lib/wiring/telemetry.ts';
import type { Engine } from '../helpers/dynamodb-engines.ts';
import { idTexts } from '../helpers/id-texts.ts';
import { FAULT_COMPANY, FAULT_REGION, FAULT_ROLE, FAULT_START_MS, faultCompany } from './fault-company.ts';
import { createFaultyTable, InjectedTableFault, type TableFault } from './faulty-table.ts';

const MS_PER_MINUTE = 60_000;
const DEADLINE_MS = 600_000;
const PLANNER_TRIES = 4;

interface Step {
  readonly atMinute: number;
  readonly kind: 'scan' | 'pulse' | 'request' | 'redrive';
}

/**
 * Four hours of scans with pulses and a request between them; three hours after the last, dead letters are sent again. A day
 * later everything has been due once more.
 */
const STEPS: readonly Step[] = [
  { atMinute: 0, kind: 'scan' },
  { atMinute: 15, kind: 'pulse' },
  { atMinute: 60, kind: 'scan' },
  { atMinute: 80, kind: 'request' },
  { atMinute: 105, kind: 'pulse' },
  { atMinute: 120, kind: 'scan' },
  { atMinute: 135, kind: 'pulse' },
  { atMinute: 180, kind: 'scan' },
  { atMinute: 360, kind: 'redrive' },
  { atMinute: 361, kind: 'scan' },
  { atMinute: 1801, kind: 'scan' },
];
/** Faults end here. */
const HEALED_FROM_MINUTE = 360;
const SCAN_SLOTS = [0, 60, 120, 180, 360, 1800];

export interface Outcome {
  readonly states: readonly VpcState[];
  readonly series: ReadonlyMap<string, readonly SeriesSample[]>;
  readonly runs: readonly Run[];
  /** Ids of subnets and clusters that the fleet holds. */
  readonly fleetIds: readonly string[];
}

export interface FaultRun {
  /** When the faults ended, before anything was mended. */
  readonly broken: Outcome;
  /** After dead letters were sent again and scans went well. */
  readonly mended: Outcome;
  readonly tableFaults: Readonly<Record<TableFault, number>>;
  readonly lateCount: number;
  readonly awsFaultCount: number;
  readonly deadLetterCount: number;
}

/** How much goes wrong differs from seed to seed: from now and then to one request in 12, and to every read that may be late. */
function probabilitiesOf(seed: number | undefined): {
  readonly table: number;
  readonly late: number;
  readonly aws: number;
  readonly duplicates: number;
} {
  if (seed === undefined) {
    return { table: 0, late: 0, aws: 0, duplicates: 0 };
  }
  const share = (name: string, most: number) => most * fractionOf(`${seed}/${name}`) ** 2;
  return {
    table: share('table', 0.08),
    late: share('late', 1),
    aws: share('aws', 0.08),
    duplicates: share('duplicates', 0.4),
  };
}

/** Runs the service over the company's morning, with the faults of a seed, or none where it is `undefined`. */
export async function runWithFaults(engine: Engine, seed: number | undefined): Promise<FaultRun> {
  const clock = createMovableClock(FAULT_START_MS);
  const live = faultCompany(() => new Date(clock.now()));
  const moveTo = (ms: number) => {
    clock.moveTo(ms);
    live.advanceTo(new Date(ms));
  };
  moveTo(FAULT_START_MS);
  const probability = probabilitiesOf(seed);
  const faulty = await createFaultyTable(engine, {
    seed: `${seed}/table`,
    probability: probability.table,
    lateProbability: probability.late,
    now: clock.now,
  });
  let awsFaultCount = 0;
  if (seed !== undefined) {
    const decide = seededFaults({ seed, rules: awsRules(probability.aws) });
    live.aws.faults = (request) => {
      const fault = decide(request);
      awsFaultCount += fault === undefined ? 0 : 1;
      return fault;
    };
  }
  const stores = createServiceStores(faulty.table);
  const aws = createAuditPorts({
    credentials: simulatedCredentials(FAULT_COMPANY.management),
    homeRegion: FAULT_REGION,
    clock: { now: clock.now, sleep: () => Promise.resolve() },
    limiter: { take: () => Promise.resolve() },
    clients: { requestHandler: simulatedRequestHandler(live.aws), attemptsMax: 1 },
    role: { roleName: FAULT_ROLE, externalId: undefined, roleSessionName: 'elbowroom-faults', deadlineMs: DEADLINE_MS },
  });
  const pipeline = createPipeline({
    stores,
    observation: { directory: aws.directory, entrance: aws.entrance, policy: OPEN_POLICY },
    clock,
    scope: {
      requestedAccounts: { kind: 'organization' },
      requestedRegions: [FAULT_REGION],
      requiredFacts: REQUIRED_FACTS_DEFAULT,
    },
    telemetry: SILENT,
    ...(seed === undefined ? {} : { disorder: { seed, duplicateProbability: probability.duplicates } }),
  });
  let broken: Outcome | undefined;
  for (const [index, step] of STEPS.entries()) {
    if (step.atMinute === HEALED_FROM_MINUTE) {
      faulty.heal();
      live.aws.faults = undefined;
      broken = await outcomeOf(stores);
    }
    moveTo(FAULT_START_MS + step.atMinute * MS_PER_MINUTE);
    await take(step, pipeline, clock.now(), seed);
    const endMs = FAULT_START_MS + (STEPS[index + 1]?.atMinute ?? step.atMinute + 30) * MS_PER_MINUTE;
    for (let nextMs = await pipeline.queues.settled(); nextMs !== undefined; nextMs = await pipeline.queues.settled()) {
      if (nextMs >= endMs) {
        break;
      }
      moveTo(Math.max(nextMs, clock.now()));
    }
    await trying(() => pipeline.rollUp(new Date(clock.now()).toISOString()));
  }
  const deadLetterCount = [...pipeline.deadLetterCounts().values()].reduce((sum, count) => sum + count, 0);
  await pipeline.queues.close();
  return {
    broken: broken ?? EMPTY,
    mended: await outcomeOf(stores),
    tableFaults: faulty.counts,
    lateCount: faulty.lateCount(),
    awsFaultCount,
    deadLetterCount,
  };
}

const EMPTY: Outcome = { states: [], series: new Map(), runs: [], fleetIds: [] };

const SILENT_LOG: Log = {
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  with: () => SILENT_LOG,
};
const SILENT: Telemetry = { log: SILENT_LOG, publish: () => undefined };

function awsRules(probability: number) {
  return (['throttle', 'server-error', 'dropped-connection', 'truncated', 'empty-page', 'deny'] as const).map(
    (fault) => ({
      fault,
      probability: probability / 6,
    }),
  );
}

type Pipeline = ReturnType<typeof createPipeline>;

async function take(step: Step, pipeline: Pipeline, nowMs: number, seed: number | undefined): Promise<void> {
  const scheduledAt = new Date(nowMs).toISOString();
  switch (step.kind) {
    case 'redrive':
      pipeline.redrive();
      return;
    case 'request':
      await trying(() =>
        pipeline.requestScan({
          target: { accountId: FAULT_COMPANY.payments, region: FAULT_REGION },
          requestId: 'asked-by-somebody',
        }),
      );
      return;
    case 'scan':
    case 'pulse': {
      const message = { kind: step.kind, scheduledAt, pulseScope: 'with-clusters' } as const;
      // The scheduler tries again, and now and then it triggers twice at once.
      const planners = seed !== undefined && fractionOf(`${seed}/planners/${step.atMinute}`) < 0.3 ? 2 : 1;
      await Promise.all(Array.from({ length: planners }, () => trying(() => pipeline.plan(message))));
    }
  }
}

/** As whatever starts a function does: tries it a few times. */
async function trying(act: () => Promise<void>): Promise<void> {
  for (let attempt = 1; attempt <= PLANNER_TRIES; attempt += 1) {
    try {
      await act();
      return;
    } catch (cause) {
      // What a fault broke is tried again; what it breaks every time is missing from the outcome, which the suite looks at.
      if (!(cause instanceof InjectedTableFault)) {
        throw cause;
      }
    }
  }
}

function fleetIdsOf({ subnets, clusters, texts }: Fleet): string[] {
  return [...idTexts(subnets.subnetId), ...[...clusters.clusterId].map((place) => texts[place] ?? '')].sort();
}

/** Reads everything back; where a read meets a fault it is tried until it succeeds. */
async function outcomeOf(stores: ServiceStores): Promise<Outcome> {
  const judged = await untilRead(() => stores.states.judgedVpcs());
  const states: VpcState[] = [];
  const series = new Map<string, readonly SeriesSample[]>();
  for (const { vpc } of judged) {
    const stored = await untilRead(() => stores.states.readState(vpc));
    if (stored !== undefined) {
      states.push(stored.state);
    }
    const day = { from: '2026-11-23', to: '2026-11-24' };
    series.set(vpc.vpcId, await untilRead(() => stores.series.samples(vpc, day)));
  }
  const runs: Run[] = [];
  for (const minute of SCAN_SLOTS) {
    const at = new Date(FAULT_START_MS + minute * MS_PER_MINUTE).toISOString();
    const run = await untilRead(() => stores.runs.readRun({ kind: 'scan', at }));
    if (run !== undefined) {
      runs.push(run);
    }
  }
  const fleet = await untilRead(() => stores.fleets.readFleet());
  return {
    states: states.sort((a, b) => (a.vpc.vpcId < b.vpc.vpcId ? -1 : 1)),
    series,
    runs,
    fleetIds: fleet === undefined ? [] : fleetIdsOf(fleet),
  };
}

async function untilRead<T>(read: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await read();
    } catch (cause) {
      // The next try is another request.
      if (!(cause instanceof InjectedTableFault)) {
        throw cause;
      }
    }
  }
}
