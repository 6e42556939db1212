import type { AuditPorts } from '../../audit/audit-accounts.ts';
import type { Clock } from '../../aws/clock.ts';
import type { Settings } from '../../settings/settings.ts';
import type { PipelineScope } from './pipeline.ts';

export type Observation = Pick<AuditPorts, 'directory' | 'entrance' | 'policy'>;

/** What the service watches: AWS, or the simulated organisation. */
export interface ServiceWorld {
  /** As people are told it: `AWS`, or what is simulated. */
  readonly name: string;
  readonly clock: Clock;
  readonly observation: Observation;
  readonly scope: PipelineScope;
  /** What is decided about telling alerts, and who owns what. */
  readonly settings: Pick<Settings, 'metrics' | 'notifications' | 'owners'>;
  /** Brings the world to the clock's time; called before each slot. */
  readonly moveToNow: () => void;
  /** The past that can be built; `undefined` where what is over cannot be looked at any more. */
  readonly past: WorldPast | undefined;
  /** Keeps what the next start has to know; called after each scan and at the end. */
  readonly save: () => Promise<void>;
}

export interface WorldPast {
  readonly startAt: Date;
  readonly days: number;
  open(): OpenedPast;
}

/** The past as one may walk through it, with a clock of its own. */
export interface OpenedPast {
  readonly clock: Clock;
  readonly observation: Observation;
  /** Moves world and clock, and the clock alone. */
  readonly moveTo: (ms: number) => void;
  readonly moveClockTo: (ms: number) => void;
}
