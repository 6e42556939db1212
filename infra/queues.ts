import { overTls, serviceMay } from './over-tls.ts';

/** What a queue is to the functions: who takes its messages must end within `functionSeconds`. */
export interface WorkQueue {
  readonly queue: sst.aws.Queue;
  /** Where messages go that failed three times. They wait there to be looked at and sent again. */
  readonly deadLetters: sst.aws.Queue;
}

export interface Queues {
  readonly scan: WorkQueue;
  readonly pulse: WorkQueue;
  readonly judge: WorkQueue;
  /** Events that a function started by the clock or the bus could not handle. */
  readonly events: sst.aws.Queue;
}

/** As often as the queues of one machine try: `lib/local/service/pipeline.ts`. */
const RECEIVE_COUNT_MAX = 3;
/** The most SQS keeps: whoever comes back from holidays still finds them. */
const DEAD_LETTER_DAYS = 14;
const SECONDS_PER_DAY = 86_400;
/** Six times the function's timeout, and what a batch waits to be full: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html */
const VISIBILITY_FACTOR = 6;
/** A run is spread over a quarter: without waiting, each target came alone. */
export const BATCH_WINDOW_SECONDS = 20;

export function createQueues(timeoutSeconds: { readonly target: number; readonly judge: number }): Queues {
  return {
    scan: workQueue('Scan', timeoutSeconds.target, false),
    pulse: workQueue('Pulse', timeoutSeconds.target, false),
    judge: workQueue('Judge', timeoutSeconds.judge, true),
    events: eventDeadLetters(),
  };
}

/** The Scheduler and functions send to it by their roles; the bus has none, and is let in by the queue. */
function eventDeadLetters(): sst.aws.Queue {
  const queue = deadLetterQueue('EventDeadLetters', false);
  return guarded('EventDeadLetters', queue, serviceMay('sqs:SendMessage', queue.arn, 'events'));
}

function workQueue(name: string, timeoutSeconds: number, fifo: boolean): WorkQueue {
  const deadLetters = deadLetterQueue(`${name}DeadLetters`, fifo);
  const queue = new sst.aws.Queue(name, {
    fifo,
    visibilityTimeout: `${VISIBILITY_FACTOR * timeoutSeconds + BATCH_WINDOW_SECONDS} seconds`,
    dlq: { queue: deadLetters.arn, retry: RECEIVE_COUNT_MAX },
    transform: {
      queue: (args) => {
        args.sqsManagedSseEnabled = true;
        if (fifo) {
          // Throughput for each VPC, not for all of them: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/high-throughput-fifo.html
          args.deduplicationScope = 'messageGroup';
          args.fifoThroughputLimit = 'perMessageGroupId';
        }
      },
    },
  });
  return { queue: guarded(name, queue), deadLetters: guarded(`${name}DeadLetters`, deadLetters) };
}

/** A queue has one policy. */
function guarded(name: string, queue: sst.aws.Queue, ...allowed: Parameters<typeof overTls>[2][]): sst.aws.Queue {
  new aws.sqs.QueuePolicy(`${name}Policy`, { queueUrl: queue.url, policy: overTls(queue.arn, 'sqs:*', ...allowed) });
  return queue;
}

function deadLetterQueue(name: string, fifo: boolean): sst.aws.Queue {
  return new sst.aws.Queue(name, {
    fifo,
    transform: {
      queue: (args) => {
        args.sqsManagedSseEnabled = true;
        args.messageRetentionSeconds = DEAD_LETTER_DAYS * SECONDS_PER_DAY;
      },
    },
  });
}
