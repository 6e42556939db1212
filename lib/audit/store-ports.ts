import type { JudgedViewer, VpcId, VpcState } from '../domain/capacity/vpc-state.ts';
import type { Instant } from '../domain/fact.ts';
import type { RegionFacts, Target } from '../domain/region-facts.ts';
import type { RoomPoint } from '../domain/trend/roll-up.ts';
import type { SeriesSample } from '../domain/trend/series.ts';
import type { VpcForecasts } from '../domain/trend/vpc-forecasts.ts';
import type { NotSeen } from './coverage.ts';
import type { Account, Caller, RegionListing } from './ports.ts';
import type { Slot } from './slot.ts';

/** What the use cases need to be kept. `lib/store` implements these. */

/** Whether an answer must be as of now; one as of a moment before costs half. Where it is left out, it must. */
export interface ReadOptions {
  readonly isConsistent: boolean;
}

export interface SlotFacts {
  readonly slot: Slot;
  /** Of one VPC, as the account in `target` sees it. */
  readonly facts: RegionFacts;
}

/** A pulse: EC2's counters of a VPC's subnets and nothing else. */
export interface PulseFacts {
  readonly target: Target;
  readonly observedAt: Instant;
  /** `AvailableIpAddressCount` by subnet id. */
  readonly availableIpAddressCounts: ReadonlyMap<string, number>;
}

export interface SlotPulse {
  readonly slot: Slot;
  readonly pulse: PulseFacts;
}

/**
 * - `written`: the first of this slot.
 * - `already-written`: a repeat, dropped: what came first stands.
 */
export type PutFactsOutcome = 'written' | 'already-written';

/** The newest of what one account saw of a VPC. A pulse hides nothing that a scan saw. */
export interface ViewerFacts {
  readonly viewerAccountId: string;
  /** `undefined` where there was none, or what there was has expired: `hasExpired` says which. */
  readonly scan: SlotFacts | undefined;
  readonly pulse: SlotPulse | undefined;
  /** Whether this account saw the VPC so long ago that its facts are no longer kept. */
  readonly hasExpired: boolean;
}

export interface FactsReader {
  /** What a viewer observed at a slot, or `undefined` where nothing is kept. */
  factsAt(vpc: VpcId, viewerAccountId: string, slot: Slot): Promise<RegionFacts | undefined>;
  pulseAt(vpc: VpcId, viewerAccountId: string, slot: Slot): Promise<PulseFacts | undefined>;
  /** The newest of every viewer that still sees the VPC, by account. */
  latestFacts(vpc: VpcId, options?: ReadOptions): Promise<readonly ViewerFacts[]>;
  /** The slots of the same, without reading the facts. */
  latestSlots(vpc: VpcId): Promise<readonly JudgedViewer[]>;
}

export interface FactsStore extends FactsReader {
  /**
   * Keeps what one viewer observed of a VPC at a slot; the first complete write of a slot wins. What `latestScan` gave of the same
   * viewer and VPC need not be read again to write what is new since.
   */
  putFacts(vpc: VpcId, observed: SlotFacts, known?: SlotFacts): Promise<PutFactsOutcome>;
  putPulse(vpc: VpcId, observed: SlotPulse): Promise<PutFactsOutcome>;
  /** The newest scan of one viewer. */
  latestScan(vpc: VpcId, viewerAccountId: string, options?: ReadOptions): Promise<SlotFacts | undefined>;
  /**
   * Says that an account no longer sees a VPC, as of a slot: the VPC, the sharing, the region or the account is gone, or no
   * cluster is left there. What was observed for a later slot stands.
   */
  retireViewer(vpc: VpcId, viewerAccountId: string, slot: Slot): Promise<void>;
}

export interface StoredState {
  /** Names what was read, for the condition of a write. */
  readonly version: string;
  readonly state: VpcState;
  /** Whether nothing of its judgement is left to do. */
  readonly isFinished: boolean;
  /** Samples that have not joined their day yet; absent where none wait. */
  readonly waiting?: readonly SeriesSample[];
}

/** A state that was judged: what a roll-up looks at to see what moved. */
export interface JudgedVpc {
  readonly vpc: VpcId;
  readonly stateVersion: string;
}

export interface StateReader {
  readState(vpc: VpcId, options?: ReadOptions): Promise<StoredState | undefined>;
  /** Every VPC that was ever judged, with the version of its newest state. */
  judgedVpcs(options?: ReadOptions): Promise<readonly JudgedVpc[]>;
  /** Where a subnet or a cluster is. */
  vpcOfSubnet(subnetId: string): Promise<VpcId | undefined>;
  vpcOfCluster(clusterId: string): Promise<VpcId | undefined>;
}

export interface StateStore extends StateReader {
  /**
   * Replaces the state if its version is still the expected one, `undefined` for none.
   * Where subnets and clusters are is written first, so that whoever finds a state finds them too.
   * One that is not finished says so: something of its judgement is left to do. Samples that wait with it are part of the series.
   */
  writeState(
    state: VpcState,
    expectedVersion: string | undefined,
    more?: { readonly isFinished?: boolean; readonly waiting?: readonly SeriesSample[] },
  ): Promise<{ readonly outcome: 'written'; readonly version: string } | { readonly outcome: 'version-conflict' }>;
}

export interface SamplesAndForecasts {
  readonly samples: readonly SeriesSample[];
  readonly forecasts: StoredForecasts | undefined;
}

/** What of a series is asked for, and what is known of it. */
export interface SeriesScope {
  /** Of one subnet samples have no points of others, which takes a fraction of the time. */
  readonly subnetId?: string | undefined;
  /** What waits with the state, from who has just read that; else it is read. */
  readonly waiting?: readonly SeriesSample[] | undefined;
}

export interface SeriesReader {
  /**
   * The samples from one UTC day to another, `2026-11-23`, both included, in the order of their observation, those that wait with
   * the state too.
   */
  samples(
    vpc: VpcId,
    days: { readonly from: string; readonly to: string },
    scope?: SeriesScope,
  ): Promise<readonly SeriesSample[]>;
  /** The same, with what was forecast of the VPC last: both by one Query. */
  samplesAndForecasts(...asked: Parameters<SeriesReader['samples']>): Promise<SamplesAndForecasts>;
  /** What is kept of the days from one to another, whole days since 1970, both included, by subnet id in their order. */
  dailyRoom(
    vpc: VpcId,
    days: { readonly from: number; readonly to: number },
  ): Promise<ReadonlyMap<string, readonly RoomPoint[]>>;
}

export interface SeriesStore extends SeriesReader {
  /** Adds samples to the days that they were observed in; one of the same viewer and moment is already there and stays. */
  addSample(vpc: VpcId, ...samples: readonly SeriesSample[]): Promise<void>;
  /**
   * Keeps the least room of whole days by subnet id, with the days that are kept and in place of those of the same subnet and
   * day. Repeating it changes nothing.
   */
  keepDailyRoom(vpc: VpcId, rooms: ReadonlyMap<string, readonly RoomPoint[]>): Promise<void>;
}

export interface StoredForecasts {
  /** Names what was read, for the condition of a write. */
  readonly version: string;
  readonly forecasts: VpcForecasts;
}

export interface ForecastReader {
  /** What was forecast of a VPC last. */
  readForecasts(vpc: VpcId, options?: ReadOptions): Promise<StoredForecasts | undefined>;
}

export interface ForecastStore extends ForecastReader {
  /** Replaces it if its version is still the expected one, `undefined` for none. */
  writeForecasts(
    vpc: VpcId,
    forecasts: VpcForecasts,
    expectedVersion: string | undefined,
  ): Promise<'written' | 'version-conflict'>;
}

/** What is known of the organisation between two runs. */
export interface Directory {
  readonly caller: Caller | undefined;
  /** As listed last; a failed listing leaves what was known. */
  readonly accounts: readonly Account[];
  readonly accountsObservedAt: Instant | undefined;
  /** By account id. */
  readonly regions: ReadonlyMap<string, KnownRegions>;
  /** Every target that was planned and is not retired: those that a later plan leaves out on purpose are. */
  readonly targets: readonly Target[];
}

export interface KnownRegions {
  readonly regions: readonly RegionListing[];
  readonly observedAt: Instant;
}

export interface DirectoryReader {
  readDirectory(): Promise<{ readonly version: string; readonly directory: Directory } | undefined>;
}

export interface DirectoryStore extends DirectoryReader {
  writeDirectory(directory: Directory, expectedVersion: string | undefined): Promise<'written' | 'version-conflict'>;
}

/** What is known of one target between two runs: written where it changes, and once a day. */
export interface TargetMemory {
  readonly target: Target;
  /** The slot of the scan that wrote this; later ones came to the same. */
  readonly scannedSlot: string;
  readonly vpcs: readonly VpcId[];
  readonly clusterNames: readonly string[];
  /** When the first cluster was seen here; `undefined` where none ever was. */
  readonly firstClusterAt: Instant | undefined;
  /** VPCs of other accounts that clusters here live in, with when their owners were told last. */
  readonly announced: readonly { readonly vpc: VpcId; readonly at: Instant }[];
  /** How many network interfaces it held; `undefined` where that was not seen. */
  readonly networkInterfaceCount: number | undefined;
  /** What that scan came to: a repeat of its message says the same again instead of scanning. */
  readonly outcome: TargetOutcome;
}

export interface TargetStore {
  readTarget(
    target: Target,
  ): Promise<{ readonly memory: TargetMemory | undefined; readonly lentVpcs: readonly VpcId[] }>;
  /** Writes where the memory's slot is not older than the stored one's. */
  writeTarget(memory: TargetMemory): Promise<void>;
  forgetTarget(target: Target): Promise<void>;
  /** Notes with a VPC's owner that clusters of another account live in it, for a few days; returns whether that is news. */
  lendVpc(vpc: VpcId, at: Instant): Promise<boolean>;
}

/** What a run set out to do, kept before anything is sent, so that what never arrives is missed. */
export interface RunPlan {
  readonly slot: Slot;
  readonly plannedAt: Instant;
  readonly caller: Caller | undefined;
  readonly accounts: readonly RunAccount[];
  readonly targets: readonly Target[];
  /** Of a pulse, the VPCs that its targets look at; none of a scan, which looks at all. */
  readonly pulsedVpcs: readonly PulsedVpc[];
  /** What the plan itself could not see. */
  readonly notSeen: readonly NotSeen[];
}

export interface PulsedVpc {
  /** Who is asked: the owner, or an account that sees into the VPC. */
  readonly target: Target;
  readonly vpcId: string;
}

export interface RunAccount extends Account {
  readonly outcome: 'planned' | 'not-scanned' | 'not-seen';
  /** Why it is not scanned, as a sentence without a full stop. */
  readonly notScannedReason: string | undefined;
  readonly regionsNotEnabled: readonly string[];
  readonly regionsLeftOut: readonly string[];
}

export interface TargetOutcome {
  readonly target: Target;
  /** `missed`: its message came too late to be worth acting on. */
  readonly state: 'finished' | 'failed' | 'missed';
  readonly endedAt: Instant;
  readonly vpcCount: number;
  readonly clusterCount: number;
  /** Each denied or failed call. */
  readonly notSeen: readonly NotSeen[];
}

export interface Run {
  readonly plan: RunPlan;
  /** The best outcome of each target that has ended, in the order of `compareTargets`. */
  readonly outcomes: readonly TargetOutcome[];
}

export interface RunReader {
  readRun(slot: Slot): Promise<Run | undefined>;
  /** Slots of runs, newest first; `before` goes on from the last one. */
  listRuns(page: { readonly limit: number; readonly before?: Slot }): Promise<readonly Slot[]>;
}

export interface RunStore extends RunReader {
  /** Keeps a plan unless the slot has one; returns the one that stands. */
  createRun(plan: RunPlan): Promise<RunPlan>;
  /** Keeps what one share of a run came to. Repeating it changes nothing. */
  recordOutcomes(slot: Slot, outcomes: readonly TargetOutcome[]): Promise<void>;
}

/** Keeps two workers from doing the same at the same time; whoever stops lets it lapse. */
export interface LeaseStore {
  /** Returns a holder's token, or `undefined` where somebody else holds the lease. */
  acquireLease(name: string, durationMs: number): Promise<string | undefined>;
  releaseLease(name: string, token: string): Promise<void>;
}
