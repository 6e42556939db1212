import type { Clock } from '../../aws/clock.ts';
import { nextBelow, nextChance, randomOf } from '../simulated-aws/build/random.ts';
import { createQueue, type Queue, type QueueOptions } from './queue.ts';
import type { QueueHost } from './queue-host.ts';
import { createWakeUps } from './wake-ups.ts';

export interface QueuesOptions {
  readonly clock: Clock;
  /** Told of each batch that failed in whole or in part; `cause` is what was thrown, if anything was. */
  readonly onFailure?: (queueName: string, cause: unknown) => void;
  /** Makes standard queues as disorderly as SQS may be. Left out: each message once, in the order sent. */
  readonly disorder?: Disorder;
}

/** What SQS does to messages of a standard queue now and then; here a seed decides when. */
export interface Disorder {
  readonly seed: number | string;
  /** How likely a handled message is received once more, 0 to 1. */
  readonly duplicateProbability: number;
}

/** Queues inside this process that share a clock. */
export interface Queues {
  add(options: QueueOptions): Queue;
  /**
   * Resolves when nothing is in flight or ready: with the time at which the next message becomes visible, in milliseconds
   * since 1970, or `undefined` where no message is left.
   */
  settled(): Promise<number | undefined>;
  /** Resolves when no message is left, delayed ones included: somebody has to move the clock. */
  idle(): Promise<void>;
  /** Hands over what is ready, waits for what is in flight, and gives up what is delayed. */
  close(): Promise<void>;
}

/** Makes queues with the semantics of SQS in front of Lambda functions. What they hold is lost with the process. */
export function createQueues({ clock, onFailure = () => undefined, disorder }: QueuesOptions): Queues {
  const wakeUps = createWakeUps(clock);
  let lastNumber = 0;
  let waiters: (() => void)[] = [];
  const host: QueueHost = {
    clock,
    chance: chanceOf(disorder),
    readyCount: 0,
    inFlightCount: 0,
    nextNumber: () => {
      lastNumber += 1;
      return lastNumber;
    },
    wakeAt: wakeUps.add,
    onFailure,
    checkSettled() {
      if (host.readyCount === 0 && host.inFlightCount === 0) {
        const due = waiters;
        waiters = [];
        for (const resolve of due) {
          resolve();
        }
      }
    },
  };
  const settled = async (): Promise<number | undefined> => {
    while (host.readyCount > 0 || host.inFlightCount > 0) {
      await new Promise<void>((resolve) => waiters.push(resolve));
    }
    return wakeUps.nextAtMs();
  };
  return {
    add: (options) => createQueue(options, host),
    settled,
    async idle() {
      for (let nextAtMs = await settled(); nextAtMs !== undefined; nextAtMs = await settled()) {
        await wakeUps.nextWake();
      }
    },
    async close() {
      wakeUps.close();
      await settled();
    },
  };
}

function chanceOf(disorder: Disorder | undefined): QueueHost['chance'] {
  if (disorder === undefined) {
    return { pick: () => 0, isDuplicated: () => false };
  }
  const random = randomOf(disorder.seed);
  return {
    pick: (kind, readyCount) => (kind === 'standard' ? nextBelow(random, readyCount) : 0),
    // Once at most, so that every message ends.
    isDuplicated: (kind, receiveCount) =>
      kind === 'standard' && receiveCount === 1 && nextChance(random, disorder.duplicateProbability),
  };
}
