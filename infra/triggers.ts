import type { Functions } from './functions.ts';
import { BATCH_WINDOW_SECONDS, type Queues, type WorkQueue } from './queues.ts';

/** When the work was due, by the Scheduler itself: https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html */
const SCHEDULED_AT = '<aws.scheduler.scheduled-time>';
/** The Scheduler tries this often to start a function. */
const START_RETRIES = 5;
/** As many as run at once: `lib/wiring/target-function.ts`. */
const TARGETS_PER_BATCH = 10;
/** What Lambda takes from a FIFO queue at most. */
const VPCS_PER_BATCH = 10;

/** What starts each function: queues, the clock, the bus. */
export function connectTriggers(functions: Functions, queues: Queues, bus: sst.aws.Bus): void {
  takeFrom(queues.scan, functions.scanTarget, { size: TARGETS_PER_BATCH, window: `${BATCH_WINDOW_SECONDS} seconds` });
  takeFrom(queues.pulse, functions.pulseTarget, { size: TARGETS_PER_BATCH, window: `${BATCH_WINDOW_SECONDS} seconds` });
  // A FIFO queue knows no window.
  takeFrom(queues.judge, functions.judgeVpc, { size: VPCS_PER_BATCH });
  const start = (name: string, schedule: Schedule, started: sst.aws.Function, event: object): void => {
    new sst.aws.CronV2(name, {
      schedule,
      function: started,
      event,
      retries: START_RETRIES,
      dlq: queues.events.arn,
    });
  };
  start('HourlyScan', 'cron(0 * * * ? *)', functions.planScan, plan('scan'));
  start('Pulse', 'cron(15,30,45 * * * ? *)', functions.planScan, plan('pulse'));
  start('RollUp', 'cron(1/15 * * * ? *)', functions.rollUpFleet, { scheduledAt: SCHEDULED_AT });
  start('SlackSweep', 'rate(5 minutes)', functions.notifySlack, { scheduledAt: SCHEDULED_AT });
  start('AlertSweep', 'rate(5 minutes)', functions.publishAlerts, { scheduledAt: SCHEDULED_AT });
  tellOf(bus, 'SlackHint', functions.notifySlack, queues.events);
  tellOf(bus, 'AlertHint', functions.publishAlerts, queues.events);
}

type Schedule = `rate(${string})` | `cron(${string})`;

function plan(kind: 'scan' | 'pulse') {
  return { kind, scheduledAt: SCHEDULED_AT, pulseScope: 'at-risk' };
}

interface Batch {
  readonly size: number;
  readonly window?: `${number} seconds`;
}

function takeFrom({ queue }: WorkQueue, taker: sst.aws.Function, batch: Batch): void {
  queue.subscribe(taker.arn, { batch: { ...batch, partialResponses: true } });
}

/** Starts a subscriber as soon as an alert changed; a hint that is lost is made good by the sweep. */
function tellOf(bus: sst.aws.Bus, name: string, told: sst.aws.Function, deadLetters: sst.aws.Queue): void {
  bus.subscribe(name, told, {
    pattern: { source: ['elbowroom'], detailType: ['Elbowroom Alerts Changed'] },
    transform: {
      target: (target) => {
        target.inputTransformer = { inputPaths: { time: '$.time' }, inputTemplate: '{"scheduledAt": <time>}' };
        target.deadLetterConfig = { arn: deadLetters.arn };
      },
    },
  });
}
