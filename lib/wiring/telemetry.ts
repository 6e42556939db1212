/** What a function says of itself while it runs. */
export interface Telemetry {
  readonly log: Log;
  /** Publishes what one invocation came to, at its end. */
  publish(metrics: MetricValues): void;
}

export type LogFields = Readonly<Record<string, unknown>>;

export interface Log {
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** Returns a log whose every line has these fields too. */
  with(fields: LogFields): Log;
}

/** What is counted, and the one duration, in milliseconds: that of an invocation. */
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
  /** Each look at the settings that finds the newest version wrong. */
  | 'SettingsRefused'
  | 'Duration';

export type MetricValues = Readonly<Partial<Record<MetricName, number>>>;
