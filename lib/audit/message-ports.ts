import type { VpcId } from '../domain/capacity/vpc-state.ts';
import type { Instant } from '../domain/fact.ts';
import type { Target } from '../domain/region-facts.ts';
import type { Slot } from './slot.ts';

/** What the functions send each other. `events/` has their contracts; `lib/wiring` and `lib/local` carry them. */

/** What a schedule starts. */
export interface PlanScan {
  readonly kind: 'scan' | 'pulse';
  /** The schedule's own time, not a clock's. */
  readonly scheduledAt: Instant;
  /** Which regions a pulse is for: those with a subnet at risk and those that are learnt, or all with clusters. */
  readonly pulseScope: 'at-risk' | 'with-clusters';
}

export interface ScanTarget {
  readonly slot: Slot;
  readonly target: Target;
  /** `retire`: the target left the organisation or its scope; nothing is asked of AWS, and what it saw is let go. */
  readonly purpose: 'observe' | 'retire';
}

export interface PulseTarget {
  readonly slot: Slot;
  readonly target: Target;
  /** The VPCs that are looked at; what else the target sees is left to the scans. */
  readonly vpcIds: readonly string[];
}

/** Something of a VPC was observed by one account. */
export interface JudgeVpc {
  readonly vpc: VpcId;
  readonly viewerAccountId: string;
  readonly slot: Slot;
}

export interface RollUpFleet {
  readonly scheduledAt: Instant;
  /** How many days of the fleet's history are to be added up again. */
  readonly historyDays?: number | undefined;
}

export interface TellAlerts {
  readonly scheduledAt: Instant;
}

/** Somebody asks for a test message. */
export interface ConfirmChannel {
  readonly confirmChannel: string;
  readonly askedBy: string;
}

/** Where messages go. Each resolves when the messages are accepted; they are delivered at least once, in any order. */
export interface Outbox {
  /** Delivered after a delay: runs are spread over their slot. */
  scanTargets(messages: readonly { readonly message: ScanTarget; readonly delayMs: number }[]): Promise<void>;
  pulseTargets(messages: readonly { readonly message: PulseTarget; readonly delayMs: number }[]): Promise<void>;
  /** One at a time per VPC, in the order sent. */
  judgeVpcs(messages: readonly JudgeVpc[]): Promise<void>;
}
