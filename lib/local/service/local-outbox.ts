import { createHash } from 'node:crypto';
import type { Outbox } from '../../audit/message-ports.ts';
import type { VpcId } from '../../domain/capacity/vpc-state.ts';
import { judgeVpcBody, pulseTargetBody, scanTargetBody } from '../../wiring/message-body.ts';
import type { Queue } from './queue.ts';

export interface OutboxQueues {
  readonly scan: Pick<Queue, 'send'>;
  readonly pulse: Pick<Queue, 'send'>;
  /** FIFO. */
  readonly judge: Pick<Queue, 'send'>;
  /** A name that no other call returns. */
  readonly newId: () => string;
}

/** Returns the outbox over queues of this process: the same messages as over SQS. */
export function createLocalOutbox({ scan, pulse, judge, newId }: OutboxQueues): Outbox {
  return {
    scanTargets: (messages) =>
      scan.send(messages.map(({ message, delayMs }) => ({ body: scanTargetBody(message), delayMs }))),
    pulseTargets: (messages) =>
      pulse.send(messages.map(({ message, delayMs }) => ({ body: pulseTargetBody(message), delayMs }))),
    judgeVpcs(messages) {
      // As over SQS: a judgement that is asked for again is wanted again.
      const callId = newId();
      return judge.send(
        messages.map((message) => {
          const body = judgeVpcBody(message);
          return { body, groupId: groupId(message.vpc), deduplicationId: digest([callId, body]) };
        }),
      );
    },
  };
}

function groupId({ ownerId, region, vpcId }: VpcId): string {
  return [ownerId, region, vpcId].join('/');
}

function digest(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
