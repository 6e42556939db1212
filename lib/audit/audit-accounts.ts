import pLimit from 'p-limit';
import type { RegionState } from '../domain/capacity/region-state.ts';
import type { Instant } from '../domain/fact.ts';
import type { FactName, RegionFacts, Target } from '../domain/region-facts.ts';
import { ok, type Result } from '../domain/result.ts';
import { type ChosenRegions, chooseRegions, openAccount } from './account-regions.ts';
import { type AccountScope, accountsInScope, decideAccount } from './account-scope.ts';
import { compareTargets } from './compare-targets.ts';
import { type AccountCoverage, type Coverage, type NotSeen, notSeenOf, scopeNotSeen } from './coverage.ts';
import { internalError } from './internal-error.ts';
import { joinRegion } from './join-region.ts';
import { judgeRegion } from './judge-region.ts';
import type { Policy } from './policy.ts';
import type { Account, AccountDirectory, AccountEntrance, AccountObserver, Caller } from './ports.ts';
import { scanRegion } from './scan-region.ts';

export interface AuditRequest {
  readonly accounts: AccountScope;
  /** `undefined`: every region that the account has enabled. */
  readonly regions: readonly string[] | undefined;
  readonly requiredFacts: readonly FactName[];
}

export interface AuditPorts {
  readonly directory: AccountDirectory;
  readonly entrance: AccountEntrance;
  readonly now: () => Instant;
  readonly policy: Policy;
  readonly onProgress: (progress: AuditProgress) => void;
}

export interface AuditProgress {
  readonly accountsExpected: number;
  readonly accountsEntered: number;
  readonly targetsExpected: number;
  readonly targetsFinished: number;
}

export interface AuditResult {
  readonly coverage: Coverage;
  readonly accounts: ReadonlyMap<string, Account>;
  readonly states: readonly RegionState[];
}

/** Accounts entered and regions scanned at once. Each has rate limits of its own; this bounds sockets and memory. */
const ACCOUNTS_AT_ONCE = 8;
const REGIONS_AT_ONCE = 8;

/**
 * Audits accounts once: lists them, enters each, scans its regions, and judges what was seen.
 * What fails is recorded in the coverage and never stops another account, region or fact.
 */
export async function auditAccounts(
  request: AuditRequest,
  ports: AuditPorts,
  signal: AbortSignal,
): Promise<AuditResult> {
  const audit: RunningAudit = {
    request,
    ports,
    signal,
    startedAt: ports.now(),
    notSeen: [],
    accounts: [],
    facts: [],
    progress: { accountsExpected: 0, accountsEntered: 0, targetsExpected: 0, targetsFinished: 0 },
    regionLimit: pLimit(REGIONS_AT_ONCE),
  };
  const caller = await ports.directory.caller(signal);
  if (!caller.ok) {
    audit.notSeen.push(scopeNotSeen('caller', caller.error));
    return finish(audit, undefined);
  }
  const accounts = await listedAccounts(audit, caller.value);
  const plans = accounts.map((account) => ({ account, notScanned: notScannedOf(audit, account) }));
  advance(audit, { accountsExpected: plans.filter(({ notScanned }) => notScanned === undefined).length });
  const accountLimit = pLimit(ACCOUNTS_AT_ONCE);
  const outcomes = plans.map(({ account, notScanned }) =>
    notScanned === undefined ? accountLimit(() => auditAccount(audit, caller.value, account)) : notScanned,
  );
  audit.accounts.push(...(await Promise.all(outcomes)));
  return finish(audit, caller.value);
}

interface RunningAudit {
  readonly request: AuditRequest;
  readonly ports: AuditPorts;
  readonly signal: AbortSignal;
  readonly startedAt: Instant;
  readonly notSeen: NotSeen[];
  readonly accounts: AccountCoverage[];
  readonly facts: RegionFacts[];
  progress: AuditProgress;
  readonly regionLimit: ReturnType<typeof pLimit>;
}

function advance(audit: RunningAudit, change: Partial<AuditProgress>): void {
  audit.progress = { ...audit.progress, ...change };
  audit.ports.onProgress(audit.progress);
}

async function listedAccounts(audit: RunningAudit, caller: Caller): Promise<readonly Account[]> {
  const listed = await accountsInScope(audit.request.accounts, caller, audit.ports.directory, audit.signal);
  if (listed.ok) {
    return listed.value;
  }
  audit.notSeen.push(listed.error);
  return [];
}

/** Says that an account is not scanned, and why, or returns `undefined` where it is. */
function notScannedOf(audit: RunningAudit, account: Account): AccountCoverage | undefined {
  const decision = decideAccount(audit.request.accounts, audit.ports.policy, account);
  switch (decision.state) {
    case 'scanned':
      return undefined;
    case 'not-scanned':
      return unscannedAccount(account, 'not-scanned', decision.reason);
    case 'not-seen':
      audit.notSeen.push(decision.notSeen);
      return unscannedAccount(account, 'not-seen');
  }
}

function unscannedAccount(
  account: Account,
  outcome: 'not-scanned' | 'not-seen',
  notScannedReason?: string,
): AccountCoverage {
  return { ...account, outcome, notScannedReason, regions: [], regionsNotEnabled: [], regionsLeftOut: [] };
}

async function auditAccount(audit: RunningAudit, caller: Caller, account: Account): Promise<AccountCoverage> {
  const { accountId } = account;
  const entry = await enterAccount(audit, caller, accountId);
  const targetsAdded = entry.ok ? entry.value.regions.length : 0;
  advance(audit, {
    accountsEntered: audit.progress.accountsEntered + 1,
    targetsExpected: audit.progress.targetsExpected + targetsAdded,
  });
  if (!entry.ok) {
    audit.notSeen.push(entry.error);
    return unscannedAccount(account, 'not-seen');
  }
  const { observer, notSeen, ...regionLists } = entry.value;
  audit.notSeen.push(...notSeen);
  await Promise.all(
    regionLists.regions.map((region) => audit.regionLimit(() => auditRegion(audit, observer, { accountId, region }))),
  );
  return { ...account, outcome: 'scanned', notScannedReason: undefined, ...regionLists };
}

interface EnteredAccount extends ChosenRegions {
  readonly observer: AccountObserver;
}

async function enterAccount(
  { request, ports, signal }: RunningAudit,
  caller: Caller,
  accountId: string,
): Promise<Result<EnteredAccount, NotSeen>> {
  const opened = await openAccount(ports.entrance, caller, accountId, signal);
  if (!opened.ok) {
    return opened;
  }
  const { observer, listed } = opened.value;
  const chosen = chooseRegions(
    { named: request.regions, policy: ports.policy },
    accountId,
    listed.state === 'observed'
      ? { state: 'listed', regions: listed.value }
      : { state: 'not-listed', notSeen: scopeNotSeen('regions', listed.error, { accountId }) },
  );
  return chosen.ok ? ok({ observer, ...chosen.value }) : chosen;
}

async function auditRegion(audit: RunningAudit, observer: AccountObserver, target: Target): Promise<void> {
  try {
    audit.facts.push(await scanRegion(observer, target, 'everything'));
  } catch (cause) {
    audit.notSeen.push(scopeNotSeen('region', internalError('elbowroom:ScanRegion', cause), target));
  }
  advance(audit, { targetsFinished: audit.progress.targetsFinished + 1 });
}

/** Judges what was seen. Everything is put in the order of accounts and regions, whichever answered first. */
function finish(audit: RunningAudit, caller: Caller | undefined): AuditResult {
  const finishedAt = audit.ports.now();
  const facts = audit.facts.toSorted((a, b) => compareTargets(a.target, b.target));
  const states = judgedRegions(audit, facts, finishedAt);
  const clusterSubnetIds = new Set(
    states.flatMap(({ subnets }) =>
      subnets.filter(({ clusters }) => clusters.length > 0).map(({ subnet }) => subnet.subnetId),
    ),
  );
  const { requiredFacts } = audit.request;
  return {
    accounts: new Map(audit.accounts.map((account) => [account.accountId, account])),
    states,
    coverage: {
      startedAt: audit.startedAt,
      finishedAt,
      caller,
      accounts: audit.accounts,
      targetsExpected: audit.progress.targetsExpected,
      targetsFinished: audit.progress.targetsFinished,
      notSeen: [
        ...audit.notSeen,
        ...facts.flatMap((ofTarget) => notSeenOf(ofTarget, requiredFacts, clusterSubnetIds)),
      ].sort(compareTargets),
      requiredFacts,
    },
  };
}

function judgedRegions(audit: RunningAudit, facts: readonly RegionFacts[], now: Instant): RegionState[] {
  const accounts = new Map(audit.accounts.map((account) => [account.accountId, account]));
  const { policy } = audit.ports;
  const byRegion = Map.groupBy(facts, ({ target }) => target.region);
  return [...byRegion].flatMap(([region, ofRegion]) => {
    try {
      return [judgeRegion(joinRegion(region, ofRegion), { now, policy, accounts })];
    } catch (cause) {
      audit.notSeen.push(scopeNotSeen('region', internalError('elbowroom:JudgeRegion', cause), { region }));
      return [];
    }
  });
}
