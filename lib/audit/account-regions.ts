import type { CollectError, Fact } from '../domain/fact.ts';
import { err, ok, type Result } from '../domain/result.ts';
import { type NotSeen, scopeNotSeen } from './coverage.ts';
import { internalError } from './internal-error.ts';
import type { Policy } from './policy.ts';
import type { AccountEntrance, Caller, RegionLister, RegionListing } from './ports.ts';

export interface OpenedAccount<Observer extends RegionLister> {
  readonly observer: Observer;
  readonly listed: Fact<readonly RegionListing[]>;
}

/** Enters an account and asks it for its regions. Neither an account that lets nobody in nor a bug throws. */
export async function openAccount<Observer extends RegionLister>(
  entrance: AccountEntrance<Observer>,
  caller: Caller,
  accountId: string,
  signal: AbortSignal,
): Promise<Result<OpenedAccount<Observer>, NotSeen>> {
  try {
    const entered = await entrance.enter(caller, accountId, signal);
    if (!entered.ok) {
      return err(scopeNotSeen('account', entered.error, { accountId }));
    }
    const observer = entered.value;
    return ok({ observer, listed: await observer.regions() });
  } catch (cause) {
    return err(scopeNotSeen('account', internalError('elbowroom:EnterAccount', cause), { accountId }));
  }
}

/** What is known of the regions of an account. */
export type KnownListing =
  | { readonly state: 'listed'; readonly regions: readonly RegionListing[] }
  /** An earlier listing, which could not be had anew. */
  | { readonly state: 'stale'; readonly regions: readonly RegionListing[]; readonly notSeen: NotSeen }
  | { readonly state: 'not-listed'; readonly notSeen: NotSeen };

/** Which regions are scanned. */
export interface RegionScope {
  /** `undefined`: every region that the account has enabled and the settings include. */
  readonly named: readonly string[] | undefined;
  readonly policy: Policy;
}

export interface ChosenRegions {
  readonly regions: readonly string[];
  /** Regions that exist and the account has not enabled. */
  readonly regionsNotEnabled: readonly string[];
  /** Regions that the settings leave out. */
  readonly regionsLeftOut: readonly string[];
  readonly notSeen: readonly NotSeen[];
}

/** Chooses the regions of an account that are scanned; fails where nothing says which there are. */
export function chooseRegions(
  scope: RegionScope,
  accountId: string,
  listing: KnownListing,
): Result<ChosenRegions, NotSeen> {
  switch (listing.state) {
    case 'listed':
      return ok(chooseListed(scope, accountId, listing.regions));
    case 'stale': {
      const chosen = chooseListed(scope, accountId, listing.regions);
      return ok({ ...chosen, notSeen: [...chosen.notSeen, { ...listing.notSeen, isRequired: false }] });
    }
    case 'not-listed': {
      const { notSeen } = listing;
      if (scope.named === undefined || notSeen.scope !== 'regions') {
        return err(notSeen);
      }
      // The regions to scan were named, so the list would only have said whether they are enabled.
      const regions = [...new Set(scope.named)];
      return ok({ regions, regionsNotEnabled: [], regionsLeftOut: [], notSeen: [{ ...notSeen, isRequired: false }] });
    }
  }
}

function chooseListed(
  { named, policy }: RegionScope,
  accountId: string,
  listed: readonly RegionListing[],
): ChosenRegions {
  const enabled = new Set(listed.filter(({ isEnabled }) => isEnabled).map(({ regionName }) => regionName));
  const known = new Set(listed.map(({ regionName }) => regionName));
  const isLeftOut = (region: string) => named === undefined && policy.regionScope(region).state !== 'in-scope';
  const wanted = [...new Set(named ?? [...known].sort())];
  return {
    regions: wanted.filter((region) => enabled.has(region) && !isLeftOut(region)),
    regionsLeftOut: wanted.filter((region) => enabled.has(region) && isLeftOut(region)),
    regionsNotEnabled: wanted.filter((region) => known.has(region) && !enabled.has(region)),
    notSeen: wanted
      .filter((region) => !known.has(region))
      .map((region) => scopeNotSeen('region', noSuchRegion(region, known.size), { accountId, region })),
  };
}

function noSuchRegion(region: string, regionCount: number): CollectError {
  const message = `There is no region "${region}" in this partition; the account lists ${regionCount} regions`;
  return { action: 'ec2:DescribeRegions', code: 'not-found', message, awsErrorName: undefined };
}
