/** What a function says of itself while it runs. */
export interface Telemetry {
  readonly log: Log;
  /** Publishes what one invocation came to, at its end. CloudWatch keeps each of the values that a dimension takes apart, and bills it. */
  publish(metrics: MetricValues, dimensions?: MetricDimensions): void;
}

export interface MetricDimensions {
  /** A method and the pattern of a path, never a path. */
  readonly route: string;
  readonly statusClass: '1xx' | '2xx' | '3xx' | '4xx' | '5xx';
}

export type LogFields = Readonly<Record<string, unknown>>;

export interface Log {
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** Returns a log whose every line has these fields too. */
  with(fields: LogFields): Log;
}

/** What is counted, durations in milliseconds, and ages in seconds. */
export type MetricName =
  /** Done, and never delivered again. */
  | 'MessagesHandled'
  /** To be delivered again. */
  | 'MessagesFailed'
  /** Not what its contract says. */
  | 'MessagesRefused'
  /** Each attempt at a target counts: one that fails is delivered again. */
  | 'TargetsFinished'
  | 'TargetsFailed'
  | 'TargetsMissed'
  /** That nine in ten of the fleet's subnets have at the most. */
  | 'SubnetAge'
  /** What follows from a roll-up, and could not be done. */
  | 'FollowUpsFailed'
  /** Each look at the settings that finds the newest version wrong. */
  | 'SettingsRefused'
  /** Of an invocation. */
  | 'Duration'
  /** Of a request that was answered: there are as many samples as there were requests. */
  | 'RequestDuration'
  /** The first request of a process. */
  | 'ColdStarts';

export type MetricValues = Readonly<Partial<Record<MetricName, number>>>;
