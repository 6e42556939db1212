import type { ClusterState, SubnetState } from '../domain/capacity/region-state.ts';
import type { VpcId, VpcState } from '../domain/capacity/vpc-state.ts';
import type { Instant } from '../domain/fact.ts';
import type { Fleet, FleetBasis, FleetOutline } from './fleet.ts';
import type { FleetVpc } from './fleet-shard.ts';
import type { RunTally } from './tally-run.ts';

/** What fleet-wide questions are answered from. `lib/store` implements it. */
export interface FleetReader {
  /** The fleet as rolled up last, at most seconds ago; `undefined` before the first roll-up. */
  readFleet(): Promise<Fleet | undefined>;
  /** Its outline, for who asks for totals or the first page of a list: where no fleet was read yet, none has to be. */
  readOutline(): Promise<FleetOutline | undefined>;
  /** What that fleet rests on, for who asks for nothing else: where no fleet was read yet, none has to be. */
  readBasis(): Promise<FleetBasis | undefined>;
  /** The whole state of subnets, by their rows in a fleet that was read less than an hour ago, in the order of the rows. */
  subnetStates(fleet: FleetOutline, rows: readonly number[]): Promise<readonly SubnetState[]>;
  clusterStates(fleet: Fleet, rows: readonly number[]): Promise<readonly ClusterState[]>;
}

export interface FleetStore extends FleetReader {
  /** Begins to replace the fleet. Nothing of it is seen before it is published. */
  beginRollUp(): Promise<FleetRevision>;
}

/** The next fleet, shard by shard; shards that are not written stay as they are. */
export interface FleetRevision {
  readonly shards: readonly ShardContent[];
  /** What the fleet rests on so far; `undefined` where there is none, or it cannot be read any more. */
  readonly scan: RunTally | undefined;
  /**
   * Writes one shard. `unreadable`: what it held cannot be read any more, so that it has to be written as a whole;
   * nothing was written then.
   */
  writeShard(shard: number, change: ShardChange): Promise<'written' | 'unreadable'>;
  /** Says what the next fleet rests on; writes it where that is not what is kept, or would expire. */
  keepScan(scan: RunTally | undefined): Promise<void>;
  /** Makes what was written the fleet, unless another fleet was published since this one was begun. */
  publish(rolledUpAt: Instant): Promise<'published' | 'superseded'>;
}

export interface ShardContent {
  readonly vpcs: readonly Pick<FleetVpc, 'vpc' | 'stateVersion'>[];
  /** Whether it has to be written again even where nothing changed, lest it expire. */
  readonly isAging: boolean;
}

export interface ShardChange {
  /** Added, or in place of what was held of the same VPC. */
  readonly put: readonly FleetEntry[];
  readonly remove: readonly VpcId[];
  /** Whether what was put is all that the shard holds from then on. */
  readonly isWhole: boolean;
}

/** A VPC as the fleet keeps it: what lists need, and the states that a page shows. */
export interface FleetEntry {
  readonly row: FleetVpc;
  /** With subnets in the order of the row; what is gone of it is not kept. */
  readonly state: VpcState;
}
