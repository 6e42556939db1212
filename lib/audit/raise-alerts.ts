import { advanceAlerts } from '../domain/alert/advance-alerts.ts';
import type { Alert, AlertHome } from '../domain/alert/alert.ts';
import type { AlertCondition } from '../domain/alert/alert-condition.ts';
import { vpcConditions } from '../domain/alert/vpc-conditions.ts';
import type { VpcState } from '../domain/capacity/vpc-state.ts';
import type { Instant } from '../domain/fact.ts';
import { instantMs } from '../domain/instant.ts';
import type { SeriesPoint } from '../domain/trend/series.ts';
import type { AlertHint, AlertStore } from './alert-ports.ts';
import type { SeriesStore } from './store-ports.ts';
import type { Subscriber } from './subscribers.ts';

export interface RaiseAlertsPorts {
  readonly alerts: AlertStore;
  readonly series: Pick<SeriesStore, 'samples'>;
  /** Who hears of transitions. */
  readonly subscribers: readonly Subscriber[];
  /** Given once there are transitions to tell. */
  readonly hint: AlertHint;
  /** The name of an account, as the organisation listed it last. */
  readonly accountName: (accountId: string) => Promise<string | undefined>;
}

export interface RaiseSummary {
  readonly transitionCount: number;
}

/** Somebody may answer an alert at any moment; more often than this in a row nobody does. */
const ATTEMPTS_MAX = 10;
const MS_PER_HOUR = 3_600_000;
/** A run takes a part of an hour to get round to everyone: what is judged within two of first sight is judged for the first time. */
const FIRST_JUDGEMENT_MS = 2 * MS_PER_HOUR;
/** `2026-11-23`. */
const DAY_LENGTH = 10;

/**
 * Brings the alerts of a VPC up to its state. Compares with the alerts as they are kept and nothing else, so it may be stopped
 * anywhere and repeated for ever. Throws where the alerts were changed by somebody else every time.
 */
export async function raiseAlerts(state: VpcState, ports: RaiseAlertsPorts): Promise<RaiseSummary> {
  const home: AlertHome = { kind: 'vpc', vpc: state.vpc };
  const [accountName, earlierResiduals] = await Promise.all([
    ports.accountName(state.vpc.ownerId),
    earlierResidualsOf(state, ports.series),
  ]);
  const isFirstJudgement = elapsedMs(state.firstObservedAt, state.observedAt) < FIRST_JUDGEMENT_MS;
  const summary = await advanceHome(home, ports, {
    at: state.observedAt,
    isFirstJudgement,
    conditionsOf: (stored) => vpcConditions({ state, stored, accountName, earlierResiduals }),
  });
  // What a first look finds is told when the looks at other accounts are in: nobody waits for it.
  return isFirstJudgement ? summary : hinted(summary, ports.hint);
}

/** Gives the hint where there is something to tell. */
export async function hinted(summary: RaiseSummary, hint: AlertHint): Promise<RaiseSummary> {
  if (summary.transitionCount > 0) {
    await hint();
  }
  return summary;
}

export interface HomeJudgement {
  readonly at: Instant;
  readonly isFirstJudgement: boolean;
  readonly conditionsOf: (stored: readonly Alert[]) => readonly AlertCondition[];
}

/**
 * Writes what a judgement of a home changes of its alerts, one by one, until there is nothing left to change: one step may make
 * the next due, and whoever comes between is read again.
 */
export async function advanceHome(
  home: AlertHome,
  { alerts, subscribers }: Pick<RaiseAlertsPorts, 'alerts' | 'subscribers'>,
  { at, isFirstJudgement, conditionsOf }: HomeJudgement,
): Promise<RaiseSummary> {
  let transitionCount = 0;
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    const found = await alerts.readAlerts(home);
    const stored = found.map(({ alert }) => alert);
    const byId = new Map(found.map((one) => [one.alert.alertId, one]));
    const steps = advanceAlerts({ stored, conditions: conditionsOf(stored), at, isFirstJudgement });
    if (steps.length === 0) {
      return { transitionCount };
    }
    for (const step of steps) {
      const outcome = await alerts.writeStep(step, byId.get(step.alert.alertId), subscribers);
      transitionCount += outcome === 'written' && step.transition !== undefined ? 1 : 0;
    }
  }
  throw new Error(
    `Cannot raise the alerts of ${JSON.stringify(home)}: they changed under each of ${ATTEMPTS_MAX} attempts`,
  );
}

/** Read only where something is unexplained now, which is rare: what the newest scan before this one left unexplained. */
async function earlierResidualsOf(
  { vpc, subnets, observedAt }: VpcState,
  series: RaiseAlertsPorts['series'],
): Promise<ReadonlyMap<string, number>> {
  const unexplained = subnets.filter(
    ({ capacity }) => capacity?.source === 'network-interfaces' && capacity.reconciliation.grade === 'unexplained',
  );
  if (unexplained.length === 0) {
    return new Map();
  }
  const dayBefore = new Date(Date.parse(observedAt) - 24 * MS_PER_HOUR).toISOString();
  const samples = await series.samples(vpc, {
    from: dayBefore.slice(0, DAY_LENGTH),
    to: observedAt.slice(0, DAY_LENGTH),
  });
  return new Map(
    unexplained.flatMap(({ subnet: { subnetId }, observedAt: readAt }): [string, number][] => {
      const residuals = samples
        .filter((sample) => sample.observedAt < readAt)
        .flatMap(({ points }) => residualOf(points.get(subnetId)) ?? []);
      const last = residuals.at(-1);
      return last === undefined ? [] : [[subnetId, last]];
    }),
  );
}

function residualOf(point: SeriesPoint | undefined): number | undefined {
  return point?.freeAddressCount === undefined ? undefined : point.availableIpAddressCount - point.freeAddressCount;
}

/** A time that cannot be read is long ago. */
function elapsedMs(since: Instant, at: Instant): number {
  const sinceMs = instantMs(since);
  const atMs = instantMs(at);
  return sinceMs === undefined || atMs === undefined ? Number.POSITIVE_INFINITY : atMs - sinceMs;
}
