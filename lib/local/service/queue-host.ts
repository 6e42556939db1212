import type { Clock } from '../../aws/clock.ts';

export type QueueKind = 'standard' | 'fifo';

/** What queues share. */
export interface QueueHost {
  readonly clock: Clock;
  readonly chance: {
    /** Which of the ready ones comes next. */
    pick(kind: QueueKind, readyCount: number): number;
    isDuplicated(kind: QueueKind, receiveCount: number): boolean;
  };
  readyCount: number;
  inFlightCount: number;
  nextNumber(): number;
  wakeAt(atMs: number, wake: () => void): void;
  onFailure(queueName: string, cause: unknown): void;
  checkSettled(): void;
}
