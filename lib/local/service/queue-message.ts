import { createHash } from 'node:crypto';
import type { SQSRecord } from 'aws-lambda';

/** What is sent to a queue. */
export interface OutgoingMessage {
  readonly body: string;
  /** Of a standard queue only: how long it stays hidden at first. */
  readonly delayMs?: number;
  /** Of a FIFO queue only, and needed there: messages of a group are received in the order sent. */
  readonly groupId?: string;
  /** Of a FIFO queue only: a message with the same id within 5 minutes is dropped. Left out: the hash of the body. */
  readonly deduplicationId?: string;
}

/** A message as a queue holds it. */
export interface HeldMessage {
  readonly messageId: string;
  readonly body: string;
  readonly groupId: string | undefined;
  readonly deduplicationId: string | undefined;
  readonly sequenceNumber: number;
  readonly sentAtMs: number;
  firstReceivedAtMs: number | undefined;
  receiveCount: number;
}

/** Any: nothing here is reached over the network. */
const ACCOUNT_ID = '000000000000';
const REGION = 'local';
/** FIFO sequence numbers have 20 digits. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html */
const SEQUENCE_NUMBER_DIGITS = 20;

/** Returns the record that a Lambda function receives of a message. https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html */
export function toSqsRecord(queueName: string, message: HeldMessage): SQSRecord {
  const { messageId, body, receiveCount, groupId, deduplicationId } = message;
  return {
    messageId,
    receiptHandle: `${messageId}#${receiveCount}`,
    body,
    attributes: {
      ApproximateReceiveCount: String(receiveCount),
      SentTimestamp: String(message.sentAtMs),
      SenderId: ACCOUNT_ID,
      ApproximateFirstReceiveTimestamp: String(message.firstReceivedAtMs ?? message.sentAtMs),
      ...(groupId === undefined
        ? {}
        : {
            MessageGroupId: groupId,
            SequenceNumber: String(message.sequenceNumber).padStart(SEQUENCE_NUMBER_DIGITS, '0'),
          }),
      ...(deduplicationId === undefined ? {} : { MessageDeduplicationId: deduplicationId }),
    },
    messageAttributes: {},
    // Lambda's own field: https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
    md5OfBody: createHash('md5').update(body).digest('hex'),
    eventSource: 'aws:sqs',
    eventSourceARN: `arn:aws:sqs:${REGION}:${ACCOUNT_ID}:${queueName}`,
    awsRegion: REGION,
  };
}

/** The id by which a FIFO queue with content-based deduplication knows a body again. */
export function contentDeduplicationId(body: string): string {
  return createHash('sha256').update(body).digest('hex');
}
