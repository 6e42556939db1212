import type * as z from 'zod/mini';
import type { Clock } from '../aws/clock.ts';
import { type Invocation, type LambdaHandler, lambdaStack, type Running } from './lambda-stack.ts';
import { type Message, messageFields } from './message-fields.ts';
import { parseMessage } from './parse-message.ts';
import type { MetricName, MetricValues, Telemetry } from './telemetry.ts';

export interface ScheduledFunction<M extends Message, R> {
  readonly name: string;
  readonly schema: z.ZodMiniType<M>;
  readonly telemetry: Telemetry;
  readonly clock: Clock;
  readonly reserveMs?: number;
  readonly run: (message: M, invocation: Invocation) => Promise<R>;
  /** What of a summary is a metric too; absent where nothing is. */
  readonly metricsOf?: (summary: R) => MetricValues;
}

/**
 * Returns the handler of a function that a schedule starts. What the run returns is a small summary, which is logged and
 * answered. An event that does not parse, and a run that throws, throw: Lambda invokes such a function again, and puts the event
 * where its dead letters go. https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 */
export function scheduledFunction<M extends Message, R>(options: ScheduledFunction<M, R>): LambdaHandler<R> {
  return lambdaStack({
    ...options,
    start(event, invocation): Running<R> {
      let outcome: MetricName = 'MessagesFailed';
      let found: MetricValues = {};
      const work = async () => {
        const message = parseMessage(options.schema, event);
        if (!message.ok) {
          outcome = 'MessagesRefused';
          invocation.log.error('Refused an event', { reason: message.error });
          throw new Error(`Cannot read the event of ${options.name}: ${message.error}`);
        }
        const log = invocation.log.with(messageFields(message.value));
        try {
          const summary = await options.run(message.value, { ...invocation, log });
          outcome = 'MessagesHandled';
          found = options.metricsOf?.(summary) ?? {};
          log.info('Handled an event', { summary });
          return summary;
        } catch (error) {
          log.error('Cannot handle an event', { error });
          throw error;
        }
      };
      return {
        answer: work(),
        answerNow: () => {
          throw new Error(`Cannot end ${options.name}: its time ran out`);
        },
        metrics: () => ({ MessagesHandled: 0, MessagesFailed: 0, MessagesRefused: 0, [outcome]: 1, ...found }),
      };
    },
  });
}
