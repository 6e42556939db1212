import type { CollectError, Instant } from '../domain/fact.ts';
import type { Target } from '../domain/region-facts.ts';
import { type ChosenRegions, chooseRegions, type KnownListing } from './account-regions.ts';
import { type AccountScope, decideAccount } from './account-scope.ts';
import { compareTargets } from './compare-targets.ts';
import { type NotSeen, scopeNotSeen } from './coverage.ts';
import type { Policy } from './policy.ts';
import type { Account } from './ports.ts';
import type { SeenDirectory } from './refresh-directory.ts';
import type { ScheduledSlot } from './slot.ts';
import type { Directory, RunAccount, RunPlan } from './store-ports.ts';

export interface ScanScope {
  readonly policy: Policy;
  readonly requestedAccounts: AccountScope;
  /** `undefined`: every region that an account has enabled and the settings include. */
  readonly requestedRegions: readonly string[] | undefined;
}

/** Plans a scan: every account of the directory, with its regions in scope as targets, and why others are left out. */
export function scanPlan(
  slot: ScheduledSlot,
  plannedAt: Instant,
  directory: Directory,
  seen: SeenDirectory,
  scope: ScanScope,
): RunPlan {
  const accounts = new Map(directory.accounts.map((account) => [account.accountId, account]));
  const planned = [...accounts.values()].map((account) =>
    planAccount(account, listingOf(account.accountId, directory, seen), scope),
  );
  return {
    slot,
    plannedAt,
    caller: directory.caller,
    accounts: planned.map(({ account }) => account),
    targets: planned.flatMap(({ targets }) => targets).sort(compareTargets),
    pulsedVpcs: [],
    notSeen: [...seen.notSeen, ...planned.flatMap(({ notSeen }) => notSeen)].sort(compareTargets),
  };
}

interface PlannedAccount {
  readonly account: RunAccount;
  readonly targets: readonly Target[];
  readonly notSeen: readonly NotSeen[];
}

function planAccount(account: Account, listing: KnownListing, scope: ScanScope): PlannedAccount {
  const decision = decideAccount(scope.requestedAccounts, scope.policy, account);
  switch (decision.state) {
    case 'not-scanned':
      return unplanned(account, 'not-scanned', decision.reason, []);
    case 'not-seen':
      return unplanned(account, 'not-seen', undefined, [decision.notSeen]);
    case 'scanned': {
      const regionScope = { named: scope.requestedRegions, policy: scope.policy };
      const chosen = chooseRegions(regionScope, account.accountId, listing);
      return chosen.ok
        ? plannedAccount(account, chosen.value)
        : unplanned(account, 'not-seen', undefined, [chosen.error]);
    }
  }
}

function plannedAccount(account: Account, chosen: ChosenRegions): PlannedAccount {
  const { regions, regionsNotEnabled, regionsLeftOut, notSeen } = chosen;
  return {
    account: { ...account, outcome: 'planned', notScannedReason: undefined, regionsNotEnabled, regionsLeftOut },
    targets: regions.map((region) => ({ accountId: account.accountId, region })),
    notSeen,
  };
}

function unplanned(
  account: Account,
  outcome: 'not-scanned' | 'not-seen',
  notScannedReason: string | undefined,
  notSeen: readonly NotSeen[],
): PlannedAccount {
  const unscanned: RunAccount = { ...account, outcome, notScannedReason, regionsNotEnabled: [], regionsLeftOut: [] };
  return { account: unscanned, targets: [], notSeen };
}

function listingOf(accountId: string, directory: Directory, seen: SeenDirectory): KnownListing {
  const known = directory.regions.get(accountId);
  const notSeen = seen.regionsNotSeen.get(accountId);
  if (known === undefined) {
    return { state: 'not-listed', notSeen: notSeen ?? scopeNotSeen('regions', notAskedError(), { accountId }) };
  }
  return notSeen === undefined
    ? { state: 'listed', regions: known.regions }
    : { state: 'stale', regions: known.regions, notSeen };
}

function notAskedError(): CollectError {
  const message = 'Not asked: nobody could enter the account when the scan was planned';
  return { action: 'ec2:DescribeRegions', code: 'not-attempted', message, awsErrorName: undefined };
}
