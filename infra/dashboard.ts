import { METRICS_NAMESPACE } from './alarms.ts';
import type { Functions } from './functions.ts';
import type { Queues } from './queues.ts';

/** CloudWatch's grid has 24 columns. */
const WIDTH = 12;
const HEIGHT = 6;
const PERIOD_SECONDS = 300;

type Metric = readonly (string | Record<string, string>)[];

/** One page that says whether Elbowroom does its work: what waits, what fails, how long it takes and what the table takes in. */
export function createDashboard(functions: Functions, queues: Queues, table: sst.aws.Dynamo): void {
  const { region } = aws.getRegionOutput();
  const names = $util.output({
    region,
    table: table.name,
    functions: Object.values(functions).map((each) => each.name),
    waiting: [queues.scan, queues.pulse, queues.judge].map(({ queue }) => queue.nodes.queue.name),
    dead: [queues.scan.deadLetters, queues.pulse.deadLetters, queues.judge.deadLetters, queues.events].map(
      (queue) => queue.nodes.queue.name,
    ),
  });
  new aws.cloudwatch.Dashboard('Dashboard', {
    dashboardName: `${$app.name}-${$app.stage}`,
    dashboardBody: names.apply((known) => JSON.stringify({ widgets: placed(widgetsOf(known)) })),
  });
}

interface Names {
  readonly region: string;
  readonly table: string;
  readonly functions: readonly string[];
  readonly waiting: readonly string[];
  readonly dead: readonly string[];
}

function widgetsOf({ region, table, functions, waiting, dead }: Names) {
  const chart = (title: string, stat: string, metrics: readonly Metric[]) => ({
    type: 'metric',
    properties: { title, stat, metrics, region, period: PERIOD_SECONDS, view: 'timeSeries' },
  });
  const perFunction = (metric: string): readonly Metric[] =>
    functions.map((name) => ['AWS/Lambda', metric, 'FunctionName', name]);
  const perQueue = (metric: string, queueNames: readonly string[]): readonly Metric[] =>
    queueNames.map((name) => ['AWS/SQS', metric, 'QueueName', name]);
  const ours = (metric: string, name: string): Metric => [
    METRICS_NAMESPACE,
    metric,
    'function',
    name,
    'service',
    'elbowroom',
  ];
  return [
    chart('Targets of scans', 'Sum', [
      ours('TargetsFinished', 'scan-target'),
      ours('TargetsFailed', 'scan-target'),
      ours('TargetsMissed', 'scan-target'),
    ]),
    chart('Age of what is known of nine in ten subnets, at the most, seconds', 'Maximum', [
      ours('SubnetAge', 'roll-up-fleet'),
    ]),
    chart('Age of the oldest message, seconds', 'Maximum', perQueue('ApproximateAgeOfOldestMessage', waiting)),
    chart('Dead letters', 'Maximum', perQueue('ApproximateNumberOfMessagesVisible', dead)),
    chart('Errors of functions', 'Sum', perFunction('Errors')),
    chart('Throttles of functions', 'Sum', perFunction('Throttles')),
    chart('Duration of functions, p95, milliseconds', 'p95', perFunction('Duration')),
    chart('Events that wait with Lambda, oldest, milliseconds', 'Maximum', perFunction('AsyncEventAge')),
    chart('Units the table takes', 'Sum', [
      ['AWS/DynamoDB', 'ConsumedWriteCapacityUnits', 'TableName', table],
      ['AWS/DynamoDB', 'ConsumedReadCapacityUnits', 'TableName', table],
    ]),
  ];
}

function placed<W extends object>(widgets: readonly W[]) {
  const perRow = 2;
  return widgets.map((widget, index) => ({
    ...widget,
    x: (index % perRow) * WIDTH,
    y: Math.floor(index / perRow) * HEIGHT,
    width: WIDTH,
    height: HEIGHT,
  }));
}
