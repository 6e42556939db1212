import pLimit from 'p-limit';
import type { Instant } from '../domain/fact.ts';
import { instantMs } from '../domain/instant.ts';
import type { Result } from '../domain/result.ts';
import { openAccount } from './account-regions.ts';
import { type AccountScope, accountsInScope, decideAccount } from './account-scope.ts';
import { type NotSeen, scopeNotSeen } from './coverage.ts';
import type { Policy } from './policy.ts';
import type { Account, AccountDirectory, AccountEntrance, Caller, RegionLister } from './ports.ts';
import type { ScheduledSlot } from './slot.ts';
import { isDailyDue } from './spread.ts';
import type { Directory, KnownRegions } from './store-ports.ts';

export interface RefreshPorts {
  readonly directory: AccountDirectory;
  readonly entrance: AccountEntrance<RegionLister>;
  readonly policy: Policy;
  readonly requestedAccounts: AccountScope;
  readonly now: () => Instant;
}

/** What one planner saw of the organisation. What it did not see is absent, and takes nothing away. */
export interface SeenDirectory {
  readonly caller: Caller | undefined;
  readonly accounts: { readonly accounts: readonly Account[]; readonly observedAt: Instant } | undefined;
  /** By account id: of the accounts whose regions were due. */
  readonly regions: ReadonlyMap<string, KnownRegions>;
  /** What became of accounts whose regions were due and could not be listed. */
  readonly regionsNotSeen: ReadonlyMap<string, NotSeen>;
  readonly notSeen: readonly NotSeen[];
}

export const EMPTY_DIRECTORY: Directory = {
  caller: undefined,
  accounts: [],
  accountsObservedAt: undefined,
  regions: new Map(),
  targets: [],
};

/** Accounts entered at once: each has rate limits of its own; this bounds sockets and memory. */
const ACCOUNTS_AT_ONCE = 8;

/** Lists the accounts, and asks those that are scanned for their regions where that is due. What fails is recorded. */
export async function refreshDirectory(
  known: Directory,
  slot: ScheduledSlot,
  ports: RefreshPorts,
  signal: AbortSignal,
): Promise<SeenDirectory> {
  const caller = await ports.directory.caller(signal);
  if (!caller.ok) {
    // Nobody can be asked anything.
    return { ...NOTHING_SEEN, notSeen: [scopeNotSeen('caller', caller.error)] };
  }
  const listed = await accountsInScope(ports.requestedAccounts, caller.value, ports.directory, signal);
  const accounts = listed.ok ? listed.value : known.accounts;
  const due = accounts.filter(
    (account) =>
      decideAccount(ports.requestedAccounts, ports.policy, account).state === 'scanned' &&
      isDailyDue(account.accountId, known.regions.get(account.accountId)?.observedAt, slot),
  );
  const limit = pLimit(ACCOUNTS_AT_ONCE);
  const answers = await Promise.all(
    due.map(({ accountId }) =>
      limit(async () => ({ accountId, answer: await listRegions(ports, caller.value, accountId, signal) })),
    ),
  );
  return {
    caller: caller.value,
    accounts: listed.ok ? { accounts, observedAt: ports.now() } : undefined,
    regions: new Map(
      answers.flatMap(({ accountId, answer }) => (answer.ok ? [[accountId, answer.value] as const] : [])),
    ),
    regionsNotSeen: new Map(
      answers.flatMap(({ accountId, answer }) => (answer.ok ? [] : [[accountId, answer.error] as const])),
    ),
    notSeen: listed.ok ? [] : [listed.error],
  };
}

/** Of a planner that asks nobody. */
export const NOTHING_SEEN: SeenDirectory = {
  caller: undefined,
  accounts: undefined,
  regions: new Map(),
  regionsNotSeen: new Map(),
  notSeen: [],
};

async function listRegions(
  { entrance }: RefreshPorts,
  caller: Caller,
  accountId: string,
  signal: AbortSignal,
): Promise<Result<KnownRegions, NotSeen>> {
  const opened = await openAccount(entrance, caller, accountId, signal);
  if (!opened.ok) {
    return opened;
  }
  const { listed } = opened.value;
  return listed.state === 'observed'
    ? { ok: true, value: { regions: listed.value, observedAt: listed.observedAt } }
    : { ok: false, error: scopeNotSeen('regions', listed.error, { accountId }) };
}

/**
 * Adds what was seen to what is known: the newer of two observations stands, so that what a slow planner saw does not hide
 * what a later one did. Regions of accounts that are no longer listed are forgotten; targets are left alone.
 */
export function mergeDirectory(known: Directory, seen: SeenDirectory): Directory {
  const { accounts, observedAt } =
    seen.accounts !== undefined && !isOlder(seen.accounts.observedAt, known.accountsObservedAt)
      ? seen.accounts
      : { accounts: known.accounts, observedAt: known.accountsObservedAt };
  const regions = new Map(known.regions);
  for (const [accountId, ofAccount] of seen.regions) {
    if (!isOlder(ofAccount.observedAt, regions.get(accountId)?.observedAt)) {
      regions.set(accountId, ofAccount);
    }
  }
  const accountIds = new Set(accounts.map(({ accountId }) => accountId));
  return {
    caller: seen.caller ?? known.caller,
    accounts,
    accountsObservedAt: observedAt,
    regions: new Map([...regions].filter(([accountId]) => accountIds.has(accountId))),
    targets: known.targets,
  };
}

function isOlder(observedAt: Instant, knownAt: Instant | undefined): boolean {
  return knownAt !== undefined && timeOf(observedAt) < timeOf(knownAt);
}

function timeOf(instant: Instant): number {
  const ms = instantMs(instant);
  if (ms === undefined) {
    throw new RangeError(`Cannot compare observations: "${instant}" is no instant`);
  }
  return ms;
}
