import type { AlertHome } from '../domain/alert/alert.ts';
import type { AlertCondition } from '../domain/alert/alert-condition.ts';
import { isClosed } from '../domain/alert/compare-alerts.ts';
import { FAILED_SCANS_MIN, type FailingScope, staleAccount } from '../domain/alert/kinds/scan-stale.ts';
import type { CollectError, Instant } from '../domain/fact.ts';
import { advanceHome, hinted, type RaiseAlertsPorts, type RaiseSummary } from './raise-alerts.ts';
import { isPastSlot } from './slot.ts';
import type { Run, RunReader } from './store-ports.ts';
import { targetText } from './target-text.ts';

export interface RaiseScanAlertsPorts extends Pick<RaiseAlertsPorts, 'alerts' | 'subscribers' | 'hint'> {
  readonly runs: RunReader;
  readonly now: () => Instant;
}

/** Pulses and requests lie between scans: four an hour, and some that people asked for. */
const RUNS_LISTED = 40;

/**
 * Brings the alerts of accounts up to the ledgers of the last scans that are over. May be stopped anywhere and repeated: after
 * the same scans it changes nothing.
 */
export async function raiseScanAlerts(ports: RaiseScanAlertsPorts): Promise<RaiseSummary> {
  const runs = await lastScans(ports);
  const [newest] = runs;
  if (newest === undefined || runs.length < FAILED_SCANS_MIN) {
    return { transitionCount: 0 };
  }
  const failing = failingScopes(runs);
  const active = (await ports.alerts.listAlerts()).filter((alert) => alert.home.kind === 'account' && !isClosed(alert));
  const accountIds = new Set([...failing.keys(), ...active.map(({ where }) => where.accountId)]);
  let transitionCount = 0;
  for (const accountId of accountIds) {
    const home: AlertHome = { kind: 'account', accountId };
    // What does not fail is not in the map.
    const condition = conditionOf(newest, accountId, failing.get(accountId) ?? []);
    const summary = await advanceHome(home, ports, {
      at: newest.plan.slot.at,
      isFirstJudgement: false,
      conditionsOf: () => (condition === undefined ? [] : [condition]),
    });
    transitionCount += summary.transitionCount;
  }
  return hinted({ transitionCount }, ports.hint);
}

/** The newest first. A scan is over when its slot is. */
async function lastScans({ runs, now }: RaiseScanAlertsPorts): Promise<Run[]> {
  const slots = await runs.listRuns({ limit: RUNS_LISTED });
  const over = slots.filter((slot) => slot.kind === 'scan' && isPastSlot(slot, now())).slice(0, FAILED_SCANS_MIN);
  const found = await Promise.all(over.map((slot) => runs.readRun(slot)));
  return found.filter((run) => run !== undefined);
}

/** By account, what failed in all of the runs, with why it did in the newest. */
function failingScopes(runs: readonly Run[]): ReadonlyMap<string, readonly FailingScope[]> {
  const [newest, ...older] = runs.map(failuresOf);
  const lasting = [...(newest ?? [])].filter(([resourceId]) => older.every((failures) => failures.has(resourceId)));
  const byAccount = Map.groupBy(lasting, ([, { accountId }]) => accountId);
  return new Map(
    [...byAccount].map(([accountId, scopes]) => [
      accountId,
      scopes.map(([resourceId, { error }]) => ({ resourceId, scanCount: runs.length, error })),
    ]),
  );
}

interface Failure {
  readonly accountId: string;
  readonly error: CollectError;
}

/** What never came back has failed too. */
const NOT_HEARD_OF: CollectError = {
  action: 'elbowroom:ScanTarget',
  code: 'not-attempted',
  message: 'Planned, and never heard of',
  awsErrorName: undefined,
};

function failuresOf({ plan, outcomes }: Run): ReadonlyMap<string, Failure> {
  const byTarget = new Map(outcomes.map((outcome) => [targetText(outcome.target), outcome]));
  const failures = new Map<string, Failure>();
  for (const { accountId, outcome } of plan.accounts) {
    if (outcome === 'not-seen') {
      const error = plan.notSeen.find((one) => one.accountId === accountId)?.error ?? NOT_HEARD_OF;
      failures.set(accountId, { accountId, error });
    }
  }
  for (const target of plan.targets) {
    const outcome = byTarget.get(targetText(target));
    if (outcome?.state !== 'finished') {
      const error = outcome?.notSeen[0]?.error ?? NOT_HEARD_OF;
      failures.set(`${target.accountId} ${target.region}`, { accountId: target.accountId, error });
    }
  }
  return failures;
}

/** An account that is no longer among those of the organisation has no condition: its alert is removed. */
function conditionOf({ plan }: Run, accountId: string, failing: readonly FailingScope[]): AlertCondition | undefined {
  const account = plan.accounts.find((one) => one.accountId === accountId);
  if (account === undefined || account.outcome === 'not-scanned') {
    return undefined;
  }
  const targets = plan.targets.filter((target) => target.accountId === accountId);
  const isEntered = failing.every(({ resourceId }) => resourceId !== accountId);
  return {
    ...staleAccount({ failing, isWhole: !isEntered || failing.length === targets.length }),
    kind: 'scan-stale',
    home: { kind: 'account', accountId },
    subject: { kind: 'account', accountId },
    where: {
      accountId,
      accountName: account.name,
      accountIds: [accountId],
      region: undefined,
      vpcId: undefined,
      vpcName: undefined,
      zones: [],
      clusters: [],
      subnets: [],
      team: undefined,
      tags: [],
    },
    absorbedAlertIds: [],
  };
}
