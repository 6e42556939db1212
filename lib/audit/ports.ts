import type { CollectError, Fact } from '../domain/fact.ts';
import type { SubnetCidrReservation } from '../domain/network/network.ts';
import type { RegionFacts, SubnetCounters } from '../domain/region-facts.ts';
import type { Result } from '../domain/result.ts';

/** What the use cases need of the world. `lib/collect` implements these; `lib/wiring` joins the two. */

export interface Caller {
  readonly accountId: string;
  /** `aws`, `aws-us-gov` or `aws-cn`. */
  readonly partition: string;
}

/** An account as the organisation lists it. */
export interface Account {
  readonly accountId: string;
  readonly name: string | undefined;
  /** The organisation's word; `undefined` where it gave none. */
  readonly state: string | undefined;
  /** Where the account stands in the organisation; `undefined` where the organisation did not say. */
  readonly organizationalUnitPaths: readonly string[] | undefined;
}

export interface AccountDirectory {
  /** Says whose credentials these are. */
  caller(signal: AbortSignal): Promise<Result<Caller, CollectError>>;
  /** Lists the accounts of the organisation. */
  organizationAccounts(signal: AbortSignal): Promise<Fact<readonly Account[]>>;
}

export interface RegionListing {
  readonly regionName: string;
  readonly isEnabled: boolean;
}

/** Observes one account: enters it, lists its regions, reads them. Every method reports failures as facts. */
export interface AccountObserver {
  regions(): Promise<Fact<readonly RegionListing[]>>;
  observeRegion(region: string): Promise<RegionFacts>;
  subnetCounters(region: string): Promise<Fact<SubnetCounters>>;
  reservations(region: string, subnetId: string): Promise<Fact<readonly SubnetCidrReservation[]>>;
}

export interface AccountEntrance {
  /** Obtains credentials for an account, and with them an observer of it. */
  enter(caller: Caller, accountId: string, signal: AbortSignal): Promise<Result<AccountObserver, CollectError>>;
}
