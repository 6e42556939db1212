import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import type { Clock } from '../aws/clock.ts';
import { startDeadline } from './deadline.ts';
import type { Log, MetricValues, Telemetry } from './telemetry.ts';

/** What each run of a use case is given. */
export interface Invocation {
  readonly log: Log;
  /** Fires when the time is nearly over: what is left is for writing down what was seen. */
  readonly signal: AbortSignal;
  /** When that is: milliseconds since 1970. */
  readonly deadlineMs: number;
}

/** What an invocation has come to at any moment. */
export interface Running<R> {
  readonly answer: Promise<R>;
  /** What holds already if nothing more is done; throws where nothing does. */
  answerNow(): R;
  metrics(): MetricValues;
}

export interface StackOptions<R> {
  readonly telemetry: Telemetry;
  readonly clock: Clock;
  /** How long before the end of an invocation its signal fires. */
  readonly reserveMs?: number;
  readonly start: (event: unknown, invocation: Invocation) => Running<R>;
}

/** What Lambda needs of a context; what runs the functions elsewhere gives the same. */
export type InvocationContext = Pick<Context, 'awsRequestId' | 'getRemainingTimeInMillis'>;

export type LambdaHandler<R> = (event: unknown, context: InvocationContext) => Promise<R>;

/** Enough to keep a share of a run and the facts of a region: a few hundred writes. */
const RESERVE_MS = 10_000;
/** What a function that does not end by itself answers with, before Lambda kills it and loses the answer. */
const LAST_RESORT_MS = 1_000;

interface Ongoing<R> {
  readonly running: Running<R>;
  readonly log: Log;
  readonly startedAtMs: number;
  readonly stop: () => void;
}

/**
 * The one middy stack: every function runs in it. It gives a run a log whose every line has the request's id, ends its calls a
 * reserve before Lambda's timeout, answers with what holds by then if the run does not end by itself, and publishes metrics.
 */
export function lambdaStack<R>(options: StackOptions<R>): LambdaHandler<R> {
  const { telemetry, clock, reserveMs = RESERVE_MS } = options;
  const outOfTime = new Error('The time of the invocation ran out before its work ended');
  const ongoing = new WeakMap<object, Ongoing<R>>();
  const finish = (context: object) => {
    const ended = ongoing.get(context);
    ended?.stop();
    if (ended !== undefined) {
      telemetry.publish({ ...ended.running.metrics(), Duration: clock.now() - ended.startedAtMs });
    }
    return ended;
  };
  const stack = middy<unknown, R>({
    timeoutEarlyInMillis: LAST_RESORT_MS,
    timeoutEarlyResponse: () => {
      throw outOfTime;
    },
  })
    .use({
      after: ({ context }) => {
        finish(context);
      },
      onError: (request) => {
        const ended = finish(request.context);
        if (request.error === outOfTime && ended !== undefined) {
          ended.log.error('The work did not end in time: answering with what is done', { error: outOfTime });
          request.response = ended.running.answerNow();
        }
      },
    })
    .handler((event: unknown, context) => {
      const log = telemetry.log.with({ requestId: context.awsRequestId });
      const deadline = startDeadline(clock, context.getRemainingTimeInMillis(), reserveMs);
      const startedAtMs = clock.now();
      const running = options.start(event, { log, signal: deadline.signal, deadlineMs: deadline.atMs });
      ongoing.set(context, { running, log, startedAtMs, stop: deadline.stop });
      return running.answer;
    });
  // Neither middy nor the stack reads more of a context than what `InvocationContext` names.
  return (event, context) => stack(event, context as Context);
}
