import { setImmediate as nextTurn } from 'node:timers/promises';
import type { AuditPorts, AuditProgress } from '../../lib/audit/audit-accounts.ts';
import { OPEN_POLICY, type Policy } from '../../lib/audit/policy.ts';
import type { Account, AccountObserver, Caller, RegionListing } from '../../lib/audit/ports.ts';
import { type CollectError, observed, unavailable } from '../../lib/domain/fact.ts';
import type { RegionFacts } from '../../lib/domain/region-facts.ts';
import { err, ok } from '../../lib/domain/result.ts';
import { aSubnet, NOW } from '../helpers/builders.ts';
import { seen, someRegionFacts } from '../helpers/region-facts-builder.ts';

export const CALLER: Caller = { accountId: '100000000000', partition: 'aws' };

export interface FakeAccount {
  readonly accountId: string;
  readonly name?: string;
  /** The organisation's word; absent where it says nothing. */
  readonly state?: string;
  readonly organizationalUnitPaths?: readonly string[];
  readonly regions?: readonly RegionListing[];
  /** What goes wrong: an error that the port reports, or one that it throws. */
  readonly enterError?: CollectError | Error;
  readonly regionsError?: CollectError | Error;
  /** By region. */
  readonly observeErrors?: Readonly<Record<string, Error>>;
  /** By region; left out, one empty subnet of the account. */
  readonly facts?: Readonly<Record<string, RegionFacts>>;
}

/** An organisation that keeps count of what is done in it at once. */
export interface FakeOrganization {
  readonly ports: AuditPorts;
  readonly progress: readonly AuditProgress[];
  readonly accountsEntered: readonly string[];
  readonly targetsObserved: readonly string[];
  readonly enteringMost: () => number;
  readonly observingMost: () => number;
}

export interface FakeOrganizationOptions {
  readonly callerError?: CollectError;
  readonly accountsError?: CollectError;
  readonly policy?: Policy;
}

export function fakeOrganization(
  accounts: readonly FakeAccount[],
  options: FakeOrganizationOptions = {},
): FakeOrganization {
  const progress: AuditProgress[] = [];
  const accountsEntered: string[] = [];
  const targetsObserved: string[] = [];
  const entering = createGauge();
  const observing = createGauge();

  function observerOf(account: FakeAccount): AccountObserver {
    const { accountId, regions = [region('eu-west-1')], regionsError, observeErrors = {}, facts = {} } = account;
    return {
      async regions() {
        await nextTurn();
        return reported(regionsError) ?? observed(regions, NOW);
      },
      observeRegion: (regionName) =>
        observing.during(async () => {
          targetsObserved.push(`${accountId} ${regionName}`);
          const failure = observeErrors[regionName];
          if (failure !== undefined) {
            throw failure;
          }
          return facts[regionName] ?? ownFacts(accountId, regionName);
        }),
      cadences: [],
      pulse: async (regionName) => (facts[regionName] ?? ownFacts(accountId, regionName)).subnets,
      subnetCounters: async () => observed(new Map(), NOW),
      reservations: async () => seen([]),
    };
  }

  return {
    progress,
    accountsEntered,
    targetsObserved,
    enteringMost: entering.most,
    observingMost: observing.most,
    ports: {
      now: () => NOW,
      policy: options.policy ?? OPEN_POLICY,
      onProgress: (update) => progress.push(update),
      directory: {
        caller: async () => (options.callerError === undefined ? ok(CALLER) : err(options.callerError)),
        organizationAccounts: async () =>
          options.accountsError === undefined
            ? observed(accounts.map(listedAccount), NOW)
            : unavailable(options.accountsError),
      },
      entrance: {
        enter: (_, accountId) =>
          entering.during(async () => {
            accountsEntered.push(accountId);
            const account = accounts.find((candidate) => candidate.accountId === accountId) ?? { accountId };
            const failure = reported(account.enterError);
            return failure === undefined ? ok(observerOf(account)) : err(failure.error);
          }),
      },
    },
  };
}

export function region(regionName: string, isEnabled = true): RegionListing {
  return { regionName, isEnabled };
}

/** One empty subnet, as its owner lists it. */
export function ownFacts(accountId: string, regionName: string): RegionFacts {
  const subnet = aSubnet({ subnetId: `subnet-${accountId}-${regionName}`, ownerId: accountId });
  return someRegionFacts({ target: { accountId, region: regionName }, subnets: seen([subnet]) });
}

function listedAccount({ accountId, name, state, organizationalUnitPaths }: FakeAccount): Account {
  return { accountId, name, state, organizationalUnitPaths };
}

/** A bug is thrown; what AWS says is reported. */
function reported(failure: CollectError | Error | undefined) {
  if (failure instanceof Error) {
    throw failure;
  }
  return failure === undefined ? undefined : unavailable(failure);
}

/** Counts how much goes on at once. Everything takes some turns of the event loop, so that there is an at once. */
function createGauge() {
  let current = 0;
  let most = 0;
  return {
    most: () => most,
    async during<T>(work: () => Promise<T>): Promise<T> {
      current += 1;
      most = Math.max(most, current);
      try {
        await nextTurn();
        await nextTurn();
        return await work();
      } finally {
        current -= 1;
      }
    },
  };
}
