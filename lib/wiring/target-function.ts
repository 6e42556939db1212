import type { PulseTarget, ScanTarget } from '../audit/message-ports.ts';
import { slotText } from '../audit/slot.ts';
import type { RunStore, TargetOutcome } from '../audit/store-ports.ts';
import { type QueueFunction, queueFunction } from './queue-function.ts';
import type { MetricName } from './telemetry.ts';

export interface TargetFunction<M extends ScanTarget | PulseTarget>
  extends Pick<QueueFunction<M, TargetOutcome>, 'name' | 'schema' | 'telemetry' | 'clock'> {
  readonly runs: Pick<RunStore, 'recordOutcomes'>;
  readonly run: (
    message: M,
    signal: AbortSignal,
  ) => Promise<{ readonly outcome: TargetOutcome; readonly retry: boolean }>;
}

/** As many as a batch has: they mostly wait for AWS, and accounts and regions have rate limits of their own. */
export const TARGETS_AT_ONCE = 10;

const METRIC_OF_STATE: Readonly<Record<TargetOutcome['state'], MetricName>> = {
  finished: 'TargetsFinished',
  failed: 'TargetsFailed',
  missed: 'TargetsMissed',
};

/**
 * Returns the handler of a function that works on targets. What its targets came to is kept once per slot, as the share of this
 * invocation; a target that is to be tried again is kept too, so that its failure is known if it never succeeds.
 */
export function targetFunction<M extends ScanTarget | PulseTarget>(options: TargetFunction<M>) {
  const { run, runs, ...rest } = options;
  return queueFunction<M, TargetOutcome>({
    ...rest,
    order: 'none',
    atOnce: TARGETS_AT_ONCE,
    async run(message, { signal }) {
      const { outcome, retry } = await run(message, signal);
      return { result: outcome, retry };
    },
    summaryOf: ({ state, vpcCount, clusterCount, notSeen }) => ({ state, vpcCount, clusterCount, notSeen }),
    isToldWithOthers: ({ state, notSeen }) => state === 'finished' && notSeen.length === 0,
    metricOf: ({ state }) => METRIC_OF_STATE[state],
    afterBatch: {
      shareOf: ({ slot }) => slotText(slot),
      end: ([first, ...more]) =>
        first === undefined
          ? Promise.resolve()
          : runs.recordOutcomes(
              first.message.slot,
              [first, ...more].map(({ result }) => result),
            ),
    },
  });
}
