import type { Instant } from '../fact.ts';
import type { ClusterState, SubnetState } from './region-state.ts';

/** One VPC, whoever looks at it. */
export interface VpcId {
  /** The account that owns the VPC. */
  readonly ownerId: string;
  readonly region: string;
  readonly vpcId: string;
}

/** What was judged of a VPC, from the newest facts of every account that sees into it. */
export interface VpcState {
  readonly vpc: VpcId;
  /** The tag "Name" of the VPC; `undefined` where it has none or its owner was not seen. */
  readonly vpcName: string | undefined;
  /** When something of the VPC was seen for the first time. */
  readonly firstObservedAt: Instant;
  /** When something of it was seen last: the moment that the judgement is of. */
  readonly observedAt: Instant;
  /** What it was judged from, by account, sorted. Judging the same again gives the same. */
  readonly judgedFrom: readonly JudgedViewer[];
  /** The version of the rules and the hash of the settings that were in force. */
  readonly statusRulesVersion: number;
  readonly settingsHash: string;
  readonly subnets: readonly SubnetState[];
  readonly clusters: readonly ClusterState[];
  /** What a complete scan no longer listed. It counts in no total, and is forgotten after 13 months. */
  readonly gone: readonly GoneResource[];
}

export interface JudgedViewer {
  readonly viewerAccountId: string;
  /** The slots, as text, of the newest scan and pulse; `undefined` where there is none. */
  readonly scanSlot: string | undefined;
  readonly pulseSlot: string | undefined;
}

/** What a judgement rests on: the observations, the rules and the settings. */
export type JudgementBasis = Pick<VpcState, 'judgedFrom' | 'statusRulesVersion' | 'settingsHash'>;

/** Returns a basis as text: two judgements on equal texts come to the same. The order of viewers does not matter. */
export function basisText({ judgedFrom, statusRulesVersion, settingsHash }: JudgementBasis): string {
  const viewers = judgedFrom
    .map(({ viewerAccountId, scanSlot = '', pulseSlot = '' }) => [viewerAccountId, scanSlot, pulseSlot].join(' '))
    .toSorted();
  return [statusRulesVersion, settingsHash, ...viewers].join('\n');
}

export interface GoneResource {
  readonly kind: 'subnet' | 'cluster';
  /** The subnet's id or the cluster's. */
  readonly id: string;
  readonly lastObservedAt: Instant;
  /** The observation that it was missing from. */
  readonly goneAt: Instant;
}
