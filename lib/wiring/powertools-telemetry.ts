import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { safeText, safeValue } from './safe-text.ts';
import type { Log, LogFields, Telemetry } from './telemetry.ts';

const SERVICE = 'elbowroom';
const METRICS_NAMESPACE = 'Elbowroom';

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
    publish(values) {
      for (const [name, value] of Object.entries(values)) {
        metrics.addMetric(name, name === 'Duration' ? MetricUnit.Milliseconds : MetricUnit.Count, value);
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
