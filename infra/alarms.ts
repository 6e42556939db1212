import type { MetricName } from '../lib/wiring/telemetry.ts';
import type { Functions } from './functions.ts';
import type { Queues } from './queues.ts';
import { createAlarmTopic } from './topics.ts';

/** That of `lib/wiring/powertools-telemetry.ts`. */
export const METRICS_NAMESPACE = 'Elbowroom';
const MINUTE = 60;
const HOUR = 60 * MINUTE;
/** A message that waits longer than a slot is not run any more: it becomes a missed target. */
const MESSAGE_AGE_MAX = HOUR;
/** Attempts within an hour that are no longer single accounts: each target that fails is tried up to three times. */
const TARGETS_FAILED_MAX = 100;
/** Of an hour. What the clock starts four times an hour is tried up to twelve times then. */
const ERRORS_MAX = 5;
/** Three scans in a row that came to nothing for more than one subnet in ten. */
const SUBNET_AGE_MAX = 3 * HOUR;
/** Of the four of an hour: one that fails now and then is done by the next roll-up. */
const FOLLOW_UPS_FAILED_MAX = 2;
const RUNBOOK = 'docs/operating.md';

type AlarmPlan = {
  readonly says: string;
  /** Its heading in the runbook, as a link names it. */
  readonly page: string;
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Record<string, $util.Input<string>>;
  readonly statistic: 'Sum' | 'Maximum';
  readonly periodSeconds: number;
  readonly periods?: number;
} & ({ readonly above: number; readonly below?: undefined } | { readonly below: number; readonly above?: undefined });

/** What somebody has to look at; each alarm names its page of the runbook. */
export function createAlarms(functions: Functions, queues: Queues, email: string | undefined): void {
  const topic = createAlarmTopic();
  if (email !== undefined) {
    new aws.sns.TopicSubscription('AlarmMail', { topic: topic.arn, protocol: 'email', endpoint: email });
  }
  const alarms = { ...queueAlarms(queues), ...runAlarms(functions), ...errorAlarms(functions) };
  for (const [name, alarm] of Object.entries(alarms)) {
    new aws.cloudwatch.MetricAlarm(name, {
      // Else it is called after no stage, and those of two look alike.
      name: `${$app.name}-${$app.stage}-${name}`,
      alarmDescription: `${alarm.says}. What to do: ${RUNBOOK}#${alarm.page}`,
      namespace: alarm.namespace,
      metricName: alarm.metricName,
      dimensions: alarm.dimensions,
      statistic: alarm.statistic,
      comparisonOperator: alarm.below === undefined ? 'GreaterThanThreshold' : 'LessThanThreshold',
      threshold: alarm.below ?? alarm.above,
      period: alarm.periodSeconds,
      evaluationPeriods: alarm.periods ?? 1,
      // What should come and does not is as bad as too little of it.
      treatMissingData: alarm.below === undefined ? 'notBreaching' : 'breaching',
      alarmActions: [topic.arn],
      okActions: [topic.arn],
    });
  }
}

function queueAlarms({ scan, pulse, judge, events }: Queues): Record<string, AlarmPlan> {
  const deadLetters = {
    ScanDeadLettered: scan.deadLetters,
    PulseDeadLettered: pulse.deadLetters,
    JudgeDeadLettered: judge.deadLetters,
    EventDeadLettered: events,
  };
  const waiting = { ScanQueueIsLate: scan.queue, PulseQueueIsLate: pulse.queue, JudgeQueueIsLate: judge.queue };
  return {
    ...mapValues(deadLetters, (queue) => ({
      says: 'Messages failed three times and wait to be looked at',
      page: 'dead-letters',
      ...ofQueue(queue, 'ApproximateNumberOfMessagesVisible'),
      above: 0,
    })),
    ...mapValues(waiting, (queue) => ({
      says: 'Messages wait longer than an hour: numbers get old',
      page: 'a-late-queue',
      ...ofQueue(queue, 'ApproximateAgeOfOldestMessage'),
      above: MESSAGE_AGE_MAX,
    })),
  };
}

/** CloudWatch looks, and takes silence for the worst: they ring even where nothing of ours runs any more. */
function runAlarms({ rollUpFleet }: Functions): Record<string, AlarmPlan> {
  return {
    NoRunInTwoHours: {
      says: 'No account was scanned for two hours',
      page: 'no-run',
      ...ownMetric('TargetsFinished', 'scan-target', HOUR),
      periods: 2,
      below: 1,
    },
    NoRollUp: {
      says: 'The fleet was not brought up to date for an hour',
      page: 'no-roll-up',
      ...ofFunction(rollUpFleet, 'Invocations', HOUR),
      below: 1,
    },
    TargetsFail: {
      says: 'Many accounts or regions could not be scanned',
      page: 'targets-fail',
      ...ownMetric('TargetsFailed', 'scan-target', HOUR),
      above: TARGETS_FAILED_MAX,
    },
    DataIsOld: {
      says: 'More than one subnet in ten was not observed for three hours',
      page: 'old-data',
      ...ownMetric('SubnetAge', 'roll-up-fleet', HOUR, 'Maximum'),
      above: SUBNET_AGE_MAX,
    },
    FollowUpsFail: {
      says: 'What follows from a roll-up fails again and again: alerts of accounts, or the history of the fleet',
      page: 'failing-follow-ups',
      ...ownMetric('FollowUpsFailed', 'roll-up-fleet', HOUR),
      above: FOLLOW_UPS_FAILED_MAX,
    },
    SettingsRefused: {
      says: 'The newest settings are wrong, and those before them are in force',
      page: 'refused-settings',
      // Of those that look for settings, it is started most often: every five minutes.
      ...ownMetric('SettingsRefused', 'publish-alerts', 15 * MINUTE),
      above: 0,
    },
  };
}

function errorAlarms(functions: Functions): Record<string, AlarmPlan> {
  const watched = Object.entries(functions).map(
    ([name, one]) => [`${name.charAt(0).toUpperCase()}${name.slice(1)}Fails`, one] as const,
  );
  return mapValues(Object.fromEntries(watched), (one) => ({
    says: 'A function fails again and again',
    page: 'a-failing-function',
    ...ofFunction(one, 'Errors', HOUR),
    above: ERRORS_MAX,
  }));
}

function ofQueue(queue: sst.aws.Queue, metricName: string) {
  const dimensions = { QueueName: queue.nodes.queue.name };
  return { namespace: 'AWS/SQS', metricName, dimensions, statistic: 'Maximum', periodSeconds: 5 * MINUTE } as const;
}

/** As `lib/wiring/powertools-telemetry.ts` sends it. */
function ownMetric(
  metricName: MetricName,
  functionName: string,
  periodSeconds: number,
  statistic: 'Sum' | 'Maximum' = 'Sum',
) {
  return {
    namespace: METRICS_NAMESPACE,
    metricName,
    dimensions: { service: 'elbowroom', function: functionName },
    statistic,
    periodSeconds,
  } as const;
}

function ofFunction(watched: sst.aws.Function, metricName: string, periodSeconds: number) {
  return {
    namespace: 'AWS/Lambda',
    metricName,
    dimensions: { FunctionName: watched.name },
    statistic: 'Sum',
    periodSeconds,
  } as const;
}

function mapValues<T, R>(record: Readonly<Record<string, T>>, change: (value: T) => R): Record<string, R> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
