import type { Instant } from '../domain/fact.ts';
import type { RegionFacts } from '../domain/region-facts.ts';

/** What the use cases need to be kept. `lib/store` implements these. */

/** One VPC, whoever looks at it. */
export interface VpcId {
  /** The account that owns the VPC. */
  readonly ownerId: string;
  readonly region: string;
  readonly vpcId: string;
}

/**
 * What an observation was for: a place in a schedule, or somebody's request. The schedule's time, never a clock's, so that
 * a repeated message is known for what it is.
 */
export type Slot =
  | { readonly kind: 'scan' | 'pulse'; readonly at: Instant }
  | { readonly kind: 'request'; readonly at: Instant; readonly requestId: string };

export interface SlotFacts {
  readonly slot: Slot;
  /** Of one VPC, as the account in `target` sees it. */
  readonly facts: RegionFacts;
}

/**
 * - `written`: the first of this slot, and the newest of its viewer.
 * - `late`: the first of this slot, kept under it; the viewer's newest is of the same moment or a later one.
 * - `already-written`: a repeat, dropped: what came first stands.
 */
export type PutFactsOutcome = 'written' | 'late' | 'already-written';

export interface FactsStore {
  /** Keeps what one viewer observed of a VPC at a slot; the first complete write of a slot wins. */
  putFacts(vpc: VpcId, observed: SlotFacts): Promise<PutFactsOutcome>;
  /** What a viewer observed at a slot, or `undefined` where nothing is kept. */
  factsAt(vpc: VpcId, viewerAccountId: string, slot: Slot): Promise<RegionFacts | undefined>;
  /**
   * The newest facts of every viewer of a VPC, by viewer. One that has both scans and pulses has the newest of each: a pulse
   * sees subnets only, so it hides nothing that a scan saw.
   */
  latestFacts(vpc: VpcId): Promise<readonly SlotFacts[]>;
}
