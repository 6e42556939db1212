import type { SQSBatchResponse } from 'aws-lambda';
import * as z from 'zod/mini';
import type { Clock } from '../aws/clock.ts';
import { type Invocation, type LambdaHandler, lambdaStack, type Running } from './lambda-stack.ts';
import type { Message } from './message-fields.ts';
import { parseMessage } from './parse-message.ts';
import { type BatchRun, startBatch } from './queue-batch.ts';
import type { Telemetry } from './telemetry.ts';

export interface QueueFunction<M extends Message, R> extends BatchRun<M, R> {
  readonly name: string;
  readonly telemetry: Telemetry;
  readonly clock: Clock;
  readonly reserveMs?: number;
}

/** As much of Lambda's event as is read. https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html */
const SqsBatch = z.object(
  {
    Records: z.array(
      z.object(
        {
          messageId: z.string('the id of a message').check(z.minLength(1, 'the id of a message')),
          body: z.string('text'),
          attributes: z.object({ MessageGroupId: z.optional(z.string('text')) }, 'a map'),
        },
        'a message of SQS',
      ),
      'a list of messages',
    ),
  },
  'a batch of SQS',
);

/**
 * Returns the handler of a function that a queue feeds. It answers which messages failed, and only those are delivered again and
 * go to the dead-letter queue after their receives: the event source mapping must be set to `ReportBatchItemFailures`.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting
 */
export function queueFunction<M extends Message, R>(options: QueueFunction<M, R>): LambdaHandler<SQSBatchResponse> {
  return lambdaStack({ ...options, start: (event, invocation) => started(options, event, invocation) });
}

function started<M extends Message, R>(
  options: QueueFunction<M, R>,
  event: unknown,
  invocation: Invocation,
): Running<SQSBatchResponse> {
  const parsed = parseMessage(SqsBatch, event);
  if (!parsed.ok) {
    invocation.log.error('Refused an event', { reason: parsed.error });
    const refusal = new Error(`Cannot read the batch of ${options.name}: ${parsed.error}`);
    return {
      answer: Promise.reject(refusal),
      answerNow: () => {
        throw refusal;
      },
      metrics: () => ({ MessagesHandled: 0, MessagesFailed: 0, MessagesRefused: 1 }),
    };
  }
  const batch = startBatch(parsed.value.Records, options, invocation);
  const answerNow = () => ({ batchItemFailures: batch.failures().map((itemIdentifier) => ({ itemIdentifier })) });
  return { answer: batch.ended.then(answerNow), answerNow, metrics: batch.metrics };
}
