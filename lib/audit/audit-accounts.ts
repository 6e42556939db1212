import pLimit from 'p-limit';
import type { RegionState } from '../domain/capacity/region-state.ts';
import type { CollectError, Instant } from '../domain/fact.ts';
import type { FactName, RegionFacts, Target } from '../domain/region-facts.ts';
import { err, ok, type Result } from '../domain/result.ts';
import { type AccountCoverage, type Coverage, type NotSeen, notSeenOf, scopeNotSeen } from './coverage.ts';
import { joinRegion } from './join-region.ts';
import { judgeRegion } from './judge-region.ts';
import type { Policy } from './policy.ts';
import type { Account, AccountDirectory, AccountEntrance, AccountObserver, Caller, RegionListing } from './ports.ts';
import { scanRegion } from './scan-region.ts';
import { accountSubject } from './subjects.ts';

export type AccountScope =
  | { readonly kind: 'current' }
  | { readonly kind: 'organization' }
  | { readonly kind: 'list'; readonly accountIds: readonly string[] };

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
  const scope = audit.request.accounts;
  switch (scope.kind) {
    case 'current':
      return [namedAccount(caller.accountId)];
    case 'list':
      return [...new Set(scope.accountIds)].map(namedAccount);
    case 'organization': {
      const listed = await audit.ports.directory.organizationAccounts(audit.signal);
      if (listed.state === 'unavailable') {
        audit.notSeen.push(scopeNotSeen('accounts', listed.error));
        return [];
      }
      return listed.value;
    }
  }
}

/** An account that was named to the audit: the organisation is not asked about it. */
function namedAccount(accountId: string): Account {
  return { accountId, name: undefined, state: undefined, organizationalUnitPaths: undefined };
}

/**
 * Says that an account is not scanned, and why, or returns `undefined` where it is. One that leaves or left the organisation
 * lets nobody in; one without a word on its state is tried. One that was named to the audit is in scope whatever the settings say.
 */
function notScannedOf(audit: RunningAudit, account: Account): AccountCoverage | undefined {
  const { accountId, state } = account;
  if (state !== undefined && state !== 'ACTIVE') {
    return unscannedAccount(account, 'not-scanned', `its state is ${state}`);
  }
  if (audit.request.accounts.kind !== 'organization') {
    return undefined;
  }
  const decision = audit.ports.policy.accountScope(accountSubject(new Map([[accountId, account]]), accountId));
  switch (decision.state) {
    case 'in-scope':
      return undefined;
    case 'out-of-scope':
      return unscannedAccount(account, 'not-scanned', decision.reason);
    case 'unknown':
      audit.notSeen.push(scopeNotSeen('account', unknownScopeError(), { accountId }));
      return unscannedAccount(account, 'not-seen');
  }
}

function unknownScopeError(): CollectError {
  const message = 'Cannot tell whether the settings include the account: its organisational units were not listed';
  return { action: 'organizations:ListAccounts', code: 'not-attempted', message, awsErrorName: undefined };
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
  const { observer, ...regionLists } = entry.value;
  await Promise.all(
    regionLists.regions.map((region) => audit.regionLimit(() => auditRegion(audit, observer, { accountId, region }))),
  );
  return { ...account, outcome: 'scanned', notScannedReason: undefined, ...regionLists };
}

interface EnteredAccount {
  readonly observer: AccountObserver;
  readonly regions: readonly string[];
  readonly regionsNotEnabled: readonly string[];
  readonly regionsLeftOut: readonly string[];
}

async function enterAccount(
  audit: RunningAudit,
  caller: Caller,
  accountId: string,
): Promise<Result<EnteredAccount, NotSeen>> {
  try {
    const entered = await audit.ports.entrance.enter(caller, accountId, audit.signal);
    if (!entered.ok) {
      return err(scopeNotSeen('account', entered.error, { accountId }));
    }
    const observer = entered.value;
    const listed = await observer.regions();
    if (listed.state === 'observed') {
      return ok({ observer, ...chooseRegions(audit, accountId, listed.value) });
    }
    const { regions } = audit.request;
    const unlisted = scopeNotSeen('regions', listed.error, { accountId });
    if (regions === undefined) {
      return err(unlisted);
    }
    // The regions to scan were named, so the list would only have said whether they are enabled.
    audit.notSeen.push({ ...unlisted, isRequired: false });
    return ok({ observer, regions, regionsNotEnabled: [], regionsLeftOut: [] });
  } catch (cause) {
    return err(scopeNotSeen('account', internalError('elbowroom:EnterAccount', cause), { accountId }));
  }
}

function chooseRegions(audit: RunningAudit, accountId: string, listed: readonly RegionListing[]) {
  const enabled = new Set(listed.filter(({ isEnabled }) => isEnabled).map(({ regionName }) => regionName));
  const known = new Set(listed.map(({ regionName }) => regionName));
  const named = audit.request.regions;
  const isLeftOut = (region: string) =>
    named === undefined && audit.ports.policy.regionScope(region).state !== 'in-scope';
  const wanted = named ?? [...known].sort();
  for (const region of wanted.filter((name) => !known.has(name))) {
    const message = `There is no region "${region}" in this partition; the account lists ${known.size} regions`;
    const error: CollectError = { action: 'ec2:DescribeRegions', code: 'not-found', message, awsErrorName: undefined };
    audit.notSeen.push(scopeNotSeen('region', error, { accountId, region }));
  }
  return {
    regions: wanted.filter((region) => enabled.has(region) && !isLeftOut(region)),
    regionsLeftOut: wanted.filter((region) => enabled.has(region) && isLeftOut(region)),
    regionsNotEnabled: wanted.filter((region) => known.has(region) && !enabled.has(region)),
  };
}

async function auditRegion(audit: RunningAudit, observer: AccountObserver, target: Target): Promise<void> {
  try {
    audit.facts.push(await scanRegion(observer, target.region));
  } catch (cause) {
    audit.notSeen.push(scopeNotSeen('region', internalError('elbowroom:ScanRegion', cause), target));
  }
  advance(audit, { targetsFinished: audit.progress.targetsFinished + 1 });
}

/** A bug met in one account or region must not cost the others: it is recorded where everything unseen is, and fails the run. */
function internalError(action: string, cause: unknown): CollectError {
  const message = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
  return { action, code: 'internal-error', message, awsErrorName: undefined };
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

/** What is about no account or no region comes first. */
function compareTargets(a: OptionalTarget, b: OptionalTarget): number {
  return compareTexts(a.accountId, b.accountId) || compareTexts(a.region, b.region);
}

type OptionalTarget = Pick<NotSeen, 'accountId' | 'region'>;

function compareTexts(a = '', b = ''): number {
  if (a === b) {
    return 0;
  }
  return a < b ? -1 : 1;
}
