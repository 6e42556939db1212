import type { Log, LogFields, MetricValues, Telemetry } from '../../lib/wiring/telemetry.ts';

export interface LogLine {
  readonly level: 'info' | 'warn' | 'error';
  readonly message: string;
  readonly fields: LogFields;
}

export interface RecordingTelemetry extends Telemetry {
  readonly lines: readonly LogLine[];
  readonly published: readonly MetricValues[];
}

/** Telemetry that keeps what it is told. */
export function createRecordingTelemetry(): RecordingTelemetry {
  const lines: LogLine[] = [];
  const published: MetricValues[] = [];
  const logOf = (fields: LogFields): Log => {
    const at = (level: LogLine['level']) => (message: string, more?: LogFields) => {
      lines.push({ level, message, fields: { ...fields, ...more } });
    };
    return { info: at('info'), warn: at('warn'), error: at('error'), with: (more) => logOf({ ...fields, ...more }) };
  };
  return { log: logOf({}), publish: (values) => published.push(values), lines, published };
}
