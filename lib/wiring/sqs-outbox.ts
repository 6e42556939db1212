import { createHash } from 'node:crypto';
import type { Outbox } from '../audit/message-ports.ts';
import type { VpcId } from '../domain/capacity/vpc-state.ts';
import { judgeVpcBody, pulseTargetBody, scanTargetBody } from './message-body.ts';
import { type SqsPorts, sendToSqs } from './sqs-sender.ts';

const MS_PER_SECOND = 1000;
/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-delay-queues.html */
export const DELAY_SECONDS_MAX = 900;

/** The part of the outbox that the scan queue carries. A delay is cut to whole seconds and to SQS's 15 minutes. */
export function scanQueueOutbox(sqs: SqsPorts, queueUrl: string): Pick<Outbox, 'scanTargets'> {
  return {
    scanTargets: (messages) =>
      sendToSqs(
        sqs,
        queueUrl,
        messages.map(({ message, delayMs }) => ({
          body: scanTargetBody(message),
          delaySeconds: delaySeconds(delayMs),
        })),
      ),
  };
}

/** The part of the outbox that the pulse queue carries. A delay is cut to whole seconds and to SQS's 15 minutes. */
export function pulseQueueOutbox(sqs: SqsPorts, queueUrl: string): Pick<Outbox, 'pulseTargets'> {
  return {
    pulseTargets: (messages) =>
      sendToSqs(
        sqs,
        queueUrl,
        messages.map(({ message, delayMs }) => ({
          body: pulseTargetBody(message),
          delaySeconds: delaySeconds(delayMs),
        })),
      ),
  };
}

/**
 * The part of the outbox that the FIFO judge queue carries, a VPC a group.
 *
 * SQS drops what has the deduplication id of a message that it accepted up to five minutes ago. Each call has ids of its own, so
 * that only the SDK's own repeats of one call are dropped. With the message alone as id a judgement could be lost: a scanner dies
 * after it sent a message, the message is judged, the scan's next delivery finds the VPC gone, lets it go, and sends the same
 * again. A judgement too many costs one read. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/using-messagededuplicationid-property.html
 */
export function judgeQueueOutbox(sqs: SqsPorts, queueUrl: string): Pick<Outbox, 'judgeVpcs'> {
  return {
    judgeVpcs: (messages) => {
      const callId = sqs.newId();
      return sendToSqs(
        sqs,
        queueUrl,
        messages.map((message) => {
          const body = judgeVpcBody(message);
          return { body, group: { groupId: groupId(message.vpc), deduplicationId: digest([callId, body]) } };
        }),
      );
    },
  };
}

function delaySeconds(delayMs: number): number {
  return Math.min(DELAY_SECONDS_MAX, Math.max(0, Math.floor(delayMs / MS_PER_SECOND)));
}

function groupId({ ownerId, region, vpcId }: VpcId): string {
  return digest([ownerId, region, vpcId]);
}

/** 64 characters of the 128 that SQS takes, all of them allowed. */
function digest(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
