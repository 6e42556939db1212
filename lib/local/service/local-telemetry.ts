import type { Log, LogFields, Telemetry } from '../../wiring/telemetry.ts';

/** Told of each error as one line. */
export type OnErrorLine = (line: string) => void;

/**
 * Returns telemetry for a terminal: errors alone, a line each. What a run could not see is no error: the ledger has it. Nobody
 * reads metrics here.
 */
export function createLocalTelemetry(onErrorLine: OnErrorLine): Telemetry {
  return { log: logOf(onErrorLine, {}), publish: () => undefined };
}

function logOf(onErrorLine: OnErrorLine, known: LogFields): Log {
  return {
    info: () => undefined,
    warn: () => undefined,
    error: (message, fields) => onErrorLine(lineOf(message, { ...known, ...fields })),
    with: (fields) => logOf(onErrorLine, { ...known, ...fields }),
  };
}

/** Control characters of foreign text cannot move the cursor: JSON writes them as escapes. */
function lineOf(message: string, fields: LogFields): string {
  const { error, reason } = fields;
  const cause = error instanceof Error ? `${error.name}: ${error.message}` : reason;
  return cause === undefined ? message : `${message}: ${JSON.stringify(cause)}`;
}
