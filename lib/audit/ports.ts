import type { CollectError, Fact, Instant } from '../domain/fact.ts';
import type { Subnet, SubnetCidrReservation } from '../domain/network/network.ts';
import type { FactName, RegionFacts, SubnetCounters } from '../domain/region-facts.ts';
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

/** How often something is worth asking for when scans run on a schedule. `npm run audit` asks for everything. */
export type Cadence = 'each-scan' | 'six-hourly' | 'daily';

export interface ActionCadence {
  readonly fact: FactName;
  /** The action as IAM names it. */
  readonly action: string;
  readonly cadence: Cadence;
}

/**
 * What an observation asks for. What it does not ask for comes back unavailable as `not-due`, and what nothing is known of is
 * asked for whatever is due.
 */
export interface Ask {
  /**
   * - `everything`: whether or not clusters live in the region.
   * - `where-clusters-are`: which clusters there are, and where there are none, no more.
   * - `network-too`: the region owns a VPC that clusters of other accounts live in, so clusters of its own do not matter.
   *
   * Where clusters could not be listed, the rest is asked for.
   */
  readonly extent: 'everything' | 'where-clusters-are' | 'network-too';
  /** By IAM action, when it was due last: what is known since then is not asked again. One without a time is always due. */
  readonly due: ReadonlyMap<string, Instant>;
  /** What earlier observations left. Where a cluster is found that is not in it, nothing is known of where that lives. */
  readonly known: RegionFacts | undefined;
}

/** Lists the regions of one account. */
export interface RegionLister {
  regions(): Promise<Fact<readonly RegionListing[]>>;
}

/** Reads the counters of one account. */
export interface PulseObserver {
  /** Reads the subnets of some of the region's VPCs and nothing else. */
  pulse(region: string, vpcIds: readonly string[]): Promise<Fact<readonly Subnet[]>>;
}

/** Observes one account: lists its regions, reads them. Every method reports failures as facts. */
export interface AccountObserver extends RegionLister, PulseObserver {
  /** Of everything that `observeRegion` and `reservations` ask. */
  readonly cadences: readonly ActionCadence[];
  observeRegion(region: string, ask: Ask): Promise<RegionFacts>;
  subnetCounters(region: string): Promise<Fact<SubnetCounters>>;
  reservations(region: string, subnetId: string): Promise<Fact<readonly SubnetCidrReservation[]>>;
}

export interface AccountEntrance<Observer = AccountObserver> {
  /** Obtains credentials for an account, and with them an observer of it. */
  enter(caller: Caller, accountId: string, signal: AbortSignal): Promise<Result<Observer, CollectError>>;
}
