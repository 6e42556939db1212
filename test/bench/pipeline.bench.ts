import { DISCOVERY_TABLE, FACT_TABLE, type FactRow } from '../../lib/collect/fact-table.ts';
import type { AskedSince } from './pipeline-aws-server.ts';
import { BENCH_REGION_SHAPE, BENCH_REGIONS } from './pipeline-organization.ts';
import { type PipelineService, startPipelineService } from './pipeline-service.ts';
import { meanUsage, measureStage, type StageUsage } from './stage-usage.ts';
import { type ItemKind, type ItemUsage, sumUsage, type TableUsage } from './table-usage.ts';

export interface PipelineSize {
  readonly accounts: number;
  /** Scans after the first, an hour apart. */
  readonly hours: number;
  /** A part of it that is scanned a whole day, for what an hour costs on average: that does not depend on how many there are. */
  readonly day: { readonly accounts: number; readonly hours: number };
}

const SIZE: PipelineSize = { accounts: 100, hours: 7, day: { accounts: 5, hours: 24 } };
/** Early enough that no day ends among the hours. */
const START_MS = Date.parse('2026-11-23T01:00:00.000Z');
const MS_PER_HOUR = 3_600_000;
const HOURS_PER_DAY = 24;
const FIRST_PULSE_MS = 15 * 60_000;
/** What DESIGN.md sets as goals. */
const BUDGET = { coreRequests: 6, requestsWithNetworkPosture: 9, writeUnitsPerScan: 9 };

interface Step {
  readonly stages: Readonly<Record<string, StageUsage>>;
  /** By stage. */
  readonly tables: Readonly<Record<string, TableUsage>>;
  readonly table: TableUsage;
  readonly asked: AskedSince;
  /** Targets that were scanned or pulsed. */
  readonly targetCount: number;
  /** VPCs of them that were pulsed. */
  readonly vpcCount: number;
}

/** Measures an organisation of typical regions on its way through the service. */
export async function benchPipeline(size: PipelineSize = SIZE) {
  const targetCount = size.accounts * BENCH_REGIONS.length;
  const fleet = await withService(size.accounts, async (service) => {
    const [first, ...hours] = await scanHours(service, targetCount, size.hours);
    const learning = await pulseStep(service, START_MS + size.hours * MS_PER_HOUR + FIRST_PULSE_MS);
    // A day on, only regions at risk are pulsed, and those whose day of learning it is.
    const dayOnMs = START_MS + (HOURS_PER_DAY + 1) * MS_PER_HOUR;
    const dayOn = await scanStep(service, dayOnMs, targetCount);
    const pulses: Step[] = [];
    for (let pulseMs = FIRST_PULSE_MS; pulseMs < MS_PER_HOUR; pulseMs += FIRST_PULSE_MS) {
      pulses.push(await pulseStep(service, dayOnMs + pulseMs));
    }
    return { first, hours, learning, dayOn, pulses, complaints: service.complaints() };
  });
  const dayTargetCount = size.day.accounts * BENCH_REGIONS.length;
  const { day, kept } = await withService(size.day.accounts, async (service) => {
    const steps = await scanHours(service, dayTargetCount, size.day.hours);
    return { day: steps, kept: await service.kept() };
  });
  const keptOfTarget = [...kept].map(([kind, { items, bytes }]) => {
    return [kind, { items: items / dayTargetCount, bytes: bytes / dayTargetCount }] as const;
  });
  return {
    ...report({ size, targetCount, ...fleet, day: day.slice(1) }),
    // After a day of scans: what that many of them keep.
    keptPerTarget: Object.fromEntries(keptOfTarget.sort()),
  };
}

async function withService<T>(accountCount: number, use: (service: PipelineService) => Promise<T>): Promise<T> {
  const service = await startPipelineService(accountCount, START_MS);
  try {
    return await use(service);
  } finally {
    await service.stop();
  }
}

/** Scans once, and then so many hours. */
async function scanHours(service: PipelineService, targetCount: number, hours: number): Promise<[Step, ...Step[]]> {
  const steps: [Step, ...Step[]] = [await scanStep(service, START_MS, targetCount)];
  for (let hour = 1; hour <= hours; hour += 1) {
    steps.push(await scanStep(service, START_MS + hour * MS_PER_HOUR, targetCount));
  }
  return steps;
}

async function scanStep(service: PipelineService, atMs: number, targetCount: number): Promise<Step> {
  const { pipeline, table } = service;
  const scheduledAt = new Date(atMs).toISOString();
  await service.moveTo(atMs);
  const untilScanned = service.untilScanned(targetCount);
  const plan = await measureStage(() => pipeline.plan({ kind: 'scan', scheduledAt, pulseScope: 'at-risk' }));
  const scan = await measureStage(() => untilScanned);
  const scanned = table.take();
  const judge = await measureStage(() => {
    service.judgeNow();
    return pipeline.queues.idle();
  });
  const judged = table.take();
  const rollUp = await measureStage(() => pipeline.rollUp(scheduledAt));
  const tables = { planAndScan: scanned, judge: judged, rollUp: table.take() };
  process.stderr.write(
    `  ${scheduledAt}: scan ${seconds(scan)}, judge ${seconds(judge)}, roll-up ${seconds(rollUp)}\n`,
  );
  const asked = await service.asked();
  return {
    stages: { plan, scan, judge, rollUp },
    tables,
    table: sumUsage(Object.values(tables)),
    asked,
    targetCount,
    vpcCount: Number.NaN,
  };
}

async function pulseStep(service: PipelineService, atMs: number): Promise<Step> {
  const { pipeline, stores, table } = service;
  const scheduledAt = new Date(atMs).toISOString();
  await service.moveTo(atMs);
  const plan = await measureStage(() => pipeline.plan({ kind: 'pulse', scheduledAt, pulseScope: 'at-risk' }));
  const pulse = await measureStage(() => pipeline.queues.idle());
  const pulsed = table.take();
  const rollUp = await measureStage(() => pipeline.rollUp(scheduledAt));
  const tables = { planPulseAndJudge: pulsed, rollUp: table.take() };
  const run = await stores.runs.readRun({ kind: 'pulse', at: scheduledAt });
  table.take();
  const targetCount = run?.plan.targets.length ?? Number.NaN;
  process.stderr.write(`  ${scheduledAt}: pulse of ${targetCount} ${seconds(pulse)}, roll-up ${seconds(rollUp)}\n`);
  return {
    stages: { plan, pulse, rollUp },
    tables,
    table: sumUsage(Object.values(tables)),
    asked: await service.asked(),
    targetCount,
    vpcCount: run?.plan.pulsedVpcs.length ?? Number.NaN,
  };
}

function seconds({ wallMs }: StageUsage): string {
  return `${(wallMs / 1000).toFixed(1)} s`;
}

interface Measured {
  readonly size: PipelineSize;
  readonly targetCount: number;
  readonly first: Step;
  readonly hours: readonly Step[];
  readonly learning: Step;
  readonly dayOn: Step;
  readonly pulses: readonly Step[];
  readonly day: readonly Step[];
  readonly complaints: readonly string[];
}

function report({ size, targetCount, first, hours, learning, dayOn, pulses, day, complaints }: Measured) {
  const hourTable = sumUsage(hours.map(({ table }) => table));
  return {
    size: { ...size, targets: targetCount, ...totalsOf(targetCount) },
    first: stepReport(first, targetCount),
    hour: {
      stages: meanStages(hours),
      awsRequestsPerTarget: requestsPerTarget(hours, targetCount),
      awsBytesPerTarget: sum(hours.map(({ asked }) => asked.answeredBytes)) / (targetCount * hours.length),
      table: tablePerTarget(hourTable, targetCount * hours.length),
    },
    firstHourOfDay: stepReport(dayOn, targetCount),
    pulseWhileLearning: stepReport(learning, learning.targetCount),
    pulses: pulses.map((pulse) => stepReport(pulse, targetCount)),
    pulsedVpc: unitsByStage(pulses, sum(pulses.map(({ vpcCount }) => vpcCount))),
    day: {
      requests: requestsOfDay(day),
      writeUnits: writesOfDay({ hours, pulses, day, targetCount }),
      table: tablePerTarget(sumUsage(day.map(({ table }) => table)), scanCount(day)),
      units: unitsByStage(day, scanCount(day)),
      slots: day.map((step) => writeUnitsByKind(step.table, step.targetCount)),
    },
    complaints: complaints.slice(0, COMPLAINTS_SHOWN),
    complaintCount: complaints.length,
  };
}

function totalsOf(targetCount: number) {
  return {
    subnets: targetCount * BENCH_REGION_SHAPE.subnets,
    networkInterfaces: targetCount * BENCH_REGION_SHAPE.networkInterfaces,
    clusters: targetCount * BENCH_REGION_SHAPE.clusters.length,
  };
}

function stepReport({ stages, table, asked, targetCount }: Step, perTargets: number) {
  return {
    targetCount,
    stages,
    awsRequestsPerTarget: perTarget(asked.counts, perTargets),
    awsBytesPerTarget: asked.answeredBytes / perTargets,
    awsFailures: asked.failedCount,
    table: tablePerTarget(table, perTargets),
  };
}

function meanStages(steps: readonly Step[]): Record<string, StageUsage> {
  const names = Object.keys(steps[0]?.stages ?? {});
  return Object.fromEntries(
    names.map((name) => [name, meanUsage(steps.flatMap(({ stages }) => stages[name] ?? []))] as const),
  );
}

function sum(values: Iterable<number>): number {
  return [...values].reduce((total, value) => total + value, 0);
}

function perTarget(counts: Readonly<Record<string, number>>, targets: number): Record<string, number> {
  const shares = Object.entries(counts).map(([name, count]) => [name, count / targets] as const);
  return { total: sum(shares.map(([, share]) => share)), ...Object.fromEntries(shares) };
}

function requestsPerTarget(steps: readonly Step[], targetCount: number): Record<string, number> {
  return perTarget(sumCounts(steps), targetCount * steps.length);
}

function sumCounts(steps: readonly Step[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const [name, count] of steps.flatMap(({ asked }) => Object.entries(asked.counts))) {
    counts[name] = (counts[name] ?? 0) + count;
  }
  return counts;
}

function tablePerTarget(usage: TableUsage, targets: number) {
  const share = (of: (used: ItemUsage) => number) => sum([...usage.values()].map(of)) / targets;
  return {
    requests: share(({ requests }) => requests),
    readUnits: share(({ readUnits }) => readUnits),
    writeUnits: share(({ writeUnits }) => writeUnits),
    writtenBytes: share(({ writtenBytes }) => writtenBytes),
    byKind: Object.fromEntries([...usage].sort().map(([kind, used]) => [kind, usageShare(used, targets)] as const)),
  };
}

/** Who reads and writes how many units of which kind of item. */
function unitsByStage(steps: readonly Step[], shares: number) {
  const names = Object.keys(steps[0]?.tables ?? {});
  return Object.fromEntries(
    names.map((name) => {
      const usage = sumUsage(steps.flatMap(({ tables }) => tables[name] ?? []));
      const units = [...usage].sort().map(([kind, { readUnits, writeUnits }]) => {
        return [kind, { readUnits: readUnits / shares, writeUnits: writeUnits / shares }] as const;
      });
      return [name, Object.fromEntries(units)] as const;
    }),
  );
}

function usageShare(used: ItemUsage, targets: number): ItemUsage {
  return {
    requests: used.requests / targets,
    readUnits: used.readUnits / targets,
    writeUnits: used.writeUnits / targets,
    refusedWrites: used.refusedWrites / targets,
    readBytes: used.readBytes / targets,
    writtenBytes: used.writtenBytes / targets,
  };
}

function writeUnitsByKind(usage: TableUsage, targets: number): Partial<Record<ItemKind, number>> {
  const written = [...usage].filter(([, { writeUnits }]) => writeUnits > 0).sort();
  return Object.fromEntries(written.map(([kind, { writeUnits }]) => [kind, writeUnits / targets] as const));
}

const ROWS: readonly FactRow[] = Object.values(FACT_TABLE);

function scanCount(steps: readonly Step[]): number {
  return sum(steps.map(({ targetCount }) => targetCount));
}

/** What a target is asked in an hour, on average over a day. */
function requestsOfDay(day: readonly Step[]) {
  const byAction = perTarget(sumCounts(day), scanCount(day));
  const rate = (action: string): number => byAction[action] ?? 0;
  const entering = rate(DISCOVERY_TABLE.assumeRole.action);
  const core = ROWS.filter(({ group }) => group === 'core');
  return {
    core: { measured: entering + sum(core.map(({ action }) => rate(action))), budget: BUDGET.coreRequests },
    withNetworkPosture: {
      measured: entering + sum(ROWS.map(({ action }) => rate(action))),
      budget: BUDGET.requestsWithNetworkPosture,
    },
    byAction,
  };
}

/**
 * What is written for a scan of one target, on average over a day of them with three pulses after each: of the fleet by the
 * large organisation, whose shards are as full as they will be, of everything else by the day.
 */
function writesOfDay({ hours, pulses, day, targetCount }: Pick<Measured, 'hours' | 'pulses' | 'day' | 'targetCount'>) {
  const shareOf = (steps: readonly Step[], scans: number) => {
    const usage = sumUsage(steps.map(({ table }) => table));
    return (kind: ItemKind): number => (usage.get(kind)?.writeUnits ?? 0) / scans;
  };
  const ofFleet = shareOf(hours, targetCount * hours.length);
  const ofDay = shareOf(day, scanCount(day));
  const ofPulses = shareOf(pulses, targetCount);
  const kinds = new Set([...hours, ...day, ...pulses].flatMap(({ table }) => [...table.keys()]));
  const byKind = [...kinds].sort().map((kind) => {
    const scan = SHARED_KINDS.test(kind) ? ofFleet(kind) : ofDay(kind);
    return [kind, { scan, pulses: ofPulses(kind) }] as const;
  });
  return {
    total: { measured: sum(byKind.map(([, { scan, pulses: more }]) => scan + more)), budget: BUDGET.writeUnitsPerScan },
    byKind: Object.fromEntries(byKind.filter(([, { scan, pulses: more }]) => scan + more > 0)),
  };
}

/** Kept once for all targets, so that the more there are the less each has to bear. */
const SHARED_KINDS = /^(fleet|runs|directory)/;
const COMPLAINTS_SHOWN = 5;
