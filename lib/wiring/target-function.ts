import type { Outbox, PulseTarget, ScanTarget } from '../audit/message-ports.ts';
import type { TargetResult } from '../audit/scan-target.ts';
import { slotText } from '../audit/slot.ts';
import type { RunStore, TargetOutcome } from '../audit/store-ports.ts';
import { type QueueFunction, queueFunction } from './queue-function.ts';
import type { MetricName } from './telemetry.ts';

export interface TargetFunction<M extends ScanTarget | PulseTarget>
  extends Pick<QueueFunction<M, TargetResult>, 'name' | 'schema' | 'telemetry' | 'clock'> {
  readonly runs: Pick<RunStore, 'recordOutcomes'>;
  readonly outbox: Pick<Outbox, 'judgeVpcs'>;
  readonly run: (message: M, signal: AbortSignal) => Promise<TargetResult>;
}

/** As many as a batch has: they mostly wait for AWS, and accounts and regions have rate limits of their own. */
const TARGETS_AT_ONCE = 10;

const METRIC_OF_STATE: Readonly<Record<TargetOutcome['state'], MetricName>> = {
  finished: 'TargetsFinished',
  failed: 'TargetsFailed',
  missed: 'TargetsMissed',
};

/**
 * Returns the handler of a function that works on targets. What is to be judged is sent once per slot, and then what its targets
 * came to is kept, as the share of this invocation; a target that is to be tried again is kept too, so that its failure is known
 * if it never succeeds. Where one of these fails, every target of the slot is delivered again.
 */
export function targetFunction<M extends ScanTarget | PulseTarget>(options: TargetFunction<M>) {
  const { run, runs, outbox, ...rest } = options;
  return queueFunction<M, TargetResult>({
    ...rest,
    order: 'none',
    atOnce: TARGETS_AT_ONCE,
    async run(message, { signal }) {
      const result = await run(message, signal);
      return { result, retry: result.retry };
    },
    summaryOf: ({ outcome: { state, vpcCount, clusterCount, notSeen } }) => ({
      state,
      vpcCount,
      clusterCount,
      notSeen,
    }),
    isToldWithOthers: ({ outcome: { state, notSeen } }) => state === 'finished' && notSeen.length === 0,
    metricOf: ({ outcome: { state } }) => METRIC_OF_STATE[state],
    afterBatch: {
      shareOf: ({ slot }) => slotText(slot),
      async end(share) {
        await outbox.judgeVpcs(share.flatMap(({ result: { judge } }) => judge));
        await Promise.all(share.map(({ result }) => result.afterSending?.()));
        const [first] = share;
        if (first !== undefined) {
          await runs.recordOutcomes(
            first.message.slot,
            share.map(({ result: { outcome } }) => outcome),
          );
        }
      },
    },
  });
}
