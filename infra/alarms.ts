import type { Functions } from './functions.ts';
import type { Queues } from './queues.ts';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
/** A message that waits longer than a slot is not run any more: it becomes a missed target. */
const MESSAGE_AGE_MAX = HOUR;
const RUNBOOK = 'docs/operating.md';

/** What somebody has to look at; each alarm names its page of the runbook. */
export function createAlarms(functions: Functions, queues: Queues, email: string | undefined): sst.aws.SnsTopic {
  const topic = new sst.aws.SnsTopic('Alarms');
  if (email !== undefined) {
    new aws.sns.TopicSubscription('AlarmMail', { topic: topic.arn, protocol: 'email', endpoint: email });
  }
  const raise = (name: string, alarm: AlarmPlan): void => {
    new aws.cloudwatch.MetricAlarm(name, {
      alarmDescription: `${alarm.says}. What to do: ${RUNBOOK}#${name.toLowerCase()}`,
      namespace: alarm.namespace,
      metricName: alarm.metricName,
      dimensions: alarm.dimensions,
      statistic: alarm.statistic,
      comparisonOperator: alarm.below === undefined ? 'GreaterThanThreshold' : 'LessThanThreshold',
      threshold: alarm.below ?? alarm.above,
      period: alarm.periodSeconds,
      evaluationPeriods: alarm.periods ?? 1,
      treatMissingData: alarm.below === undefined ? 'notBreaching' : 'breaching',
      alarmActions: [topic.arn],
      okActions: [topic.arn],
    });
  };
  for (const [name, queue] of deadLetterQueues(queues)) {
    raise(`${name}DeadLettered`, {
      says: 'Messages failed three times and wait to be looked at',
      ...ofQueue(queue, 'ApproximateNumberOfMessagesVisible'),
      statistic: 'Maximum',
      above: 0,
      periodSeconds: 5 * MINUTE,
    });
  }
  for (const [name, { queue }] of [
    ['Scan', queues.scan],
    ['Pulse', queues.pulse],
    ['Judge', queues.judge],
  ] as const) {
    raise(`${name}QueueIsLate`, {
      says: 'Messages wait longer than an hour: numbers get old',
      ...ofQueue(queue, 'ApproximateAgeOfOldestMessage'),
      statistic: 'Maximum',
      above: MESSAGE_AGE_MAX,
      periodSeconds: 5 * MINUTE,
    });
  }
  // Lambda's own count, not the pipeline's: it says so even where nothing of ours runs any more.
  raise('NoRunInTwoHours', {
    says: 'No account was scanned for two hours',
    ...ofFunction(functions.scanTarget, 'Invocations'),
    statistic: 'Sum',
    below: 1,
    periodSeconds: HOUR,
    periods: 2,
  });
  raise('NoRollUp', {
    says: 'The fleet was not brought up to date for an hour',
    ...ofFunction(functions.rollUpFleet, 'Invocations'),
    statistic: 'Sum',
    below: 1,
    periodSeconds: HOUR,
  });
  for (const [name, watched] of Object.entries(functions)) {
    raise(`${name[0]?.toUpperCase()}${name.slice(1)}Fails`, {
      says: 'A function fails again and again',
      ...ofFunction(watched, 'Errors'),
      statistic: 'Sum',
      above: 5,
      periodSeconds: 15 * MINUTE,
    });
  }
  return topic;
}

type AlarmPlan = {
  readonly says: string;
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Record<string, $util.Input<string>>;
  readonly statistic: 'Sum' | 'Maximum';
  readonly periodSeconds: number;
  readonly periods?: number;
} & ({ readonly above: number; readonly below?: undefined } | { readonly below: number; readonly above?: undefined });

function deadLetterQueues({ scan, pulse, judge, events }: Queues): readonly (readonly [string, sst.aws.Queue])[] {
  return [
    ['Scan', scan.deadLetters],
    ['Pulse', pulse.deadLetters],
    ['Judge', judge.deadLetters],
    ['Event', events],
  ];
}

function ofQueue(queue: sst.aws.Queue, metricName: string) {
  return { namespace: 'AWS/SQS', metricName, dimensions: { QueueName: queue.nodes.queue.name } };
}

function ofFunction(watched: sst.aws.Function, metricName: string) {
  return { namespace: 'AWS/Lambda', metricName, dimensions: { FunctionName: watched.name } };
}
