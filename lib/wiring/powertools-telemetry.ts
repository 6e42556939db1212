import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { safeText, safeValue } from './safe-text.ts';
import type { Log, LogFields, MetricName, Telemetry } from './telemetry.ts';

const SERVICE = 'elbowroom';
const METRICS_NAMESPACE = 'Elbowroom';
/**
 * What alarms and the dashboard look at: CloudWatch bills each by the month, for each function. The rest Lambda and SQS count
 * themselves; it stands on the same line of the log, where Logs Insights finds it.
 */
export const CHARGED_METRICS: readonly MetricName[] = ['TargetsFinished', 'TargetsFailed', 'TargetsMissed'];
/** The same of the one function that knows the fleet. */
export const CHARGED_FLEET_METRICS: readonly MetricName[] = ['SubnetAge'];
/** What is sent only while something is wrong, or somebody asks, is billed for these hours alone: `lib/local/cost` assumes how many. */
const SENT_METRICS: readonly MetricName[] = [
  ...CHARGED_METRICS,
  ...CHARGED_FLEET_METRICS,
  'FollowUpsFailed',
  'SettingsRefused',
  'RequestDuration',
  'ColdStarts',
];
/** Whatever else is sent is a count. */
const UNITS = new Map<string, (typeof MetricUnit)[keyof typeof MetricUnit]>([
  ['RequestDuration', MetricUnit.Milliseconds],
  ['SubnetAge', MetricUnit.Seconds],
]);

/**
 * Returns telemetry as Lambda picks it up: lines of JSON on the standard streams, and metrics among them in CloudWatch's
 * embedded metric format. Every line has the function's name; hostile text stays on its line, and credentials stay out.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function createPowertoolsTelemetry(functionName: string): Telemetry {
  const logger = new Logger({ serviceName: SERVICE });
  const metrics = new Metrics({
    namespace: METRICS_NAMESPACE,
    serviceName: SERVICE,
    defaultDimensions: { function: functionName },
  });
  return {
    log: logOf(logger, { function: functionName }),
    publish(values, dimensions) {
      const { sent = [], free = [] } = Object.groupBy(Object.entries(values), ([name]) =>
        SENT_METRICS.some((each) => each === name) ? 'sent' : 'free',
      );
      if (sent.length === 0) {
        return;
      }
      for (const [name, value] of sent) {
        metrics.addMetric(name, UNITS.get(name) ?? MetricUnit.Count, value);
      }
      for (const [name, value] of Object.entries({ ...dimensions })) {
        metrics.addDimension(name, value);
      }
      for (const [name, value] of free) {
        metrics.addMetadata(name, String(value));
      }
      metrics.publishStoredMetrics();
    },
  };
}

/** The fields go with each line and not into the logger: messages of a batch are handled side by side. */
function logOf(logger: Logger, fields: LogFields): Log {
  const line = (more: LogFields = {}) =>
    Object.fromEntries(
      Object.entries({ ...fields, ...more })
        .filter(([, value]) => value !== undefined)
        .map(([key, value]) => [key, safeValue(value)]),
    );
  return {
    info: (message, more) => logger.info(safeText(message), line(more)),
    warn: (message, more) => logger.warn(safeText(message), line(more)),
    error: (message, more) => logger.error(safeText(message), line(more)),
    with: (more) => logOf(logger, { ...fields, ...more }),
  };
}
