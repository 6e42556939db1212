import type { AuditProgress } from '../audit/audit-accounts.ts';
import type { Clock } from '../aws/clock.ts';

const REDRAW_EVERY_MS = 100;
const CLEAR_LINE = '\r\u001b[2K';

/** What is known of a stream that may be a terminal. */
export interface TerminalStream extends NodeJS.WritableStream {
  readonly isTTY?: boolean | undefined;
}

export interface ProgressLine {
  update(progress: AuditProgress): void;
  /** Takes the line away, so that what follows starts on a clean one. */
  clear(): void;
}

/** A line that is redrawn in place, for whatever text. */
export interface StatusLine {
  show(text: string): void;
  /** Takes the line away, so that what follows starts on a clean one. */
  clear(): void;
}

/** Returns a line on `stream` that is redrawn in place. Where the stream is no terminal nothing is written. */
export function createStatusLine(stream: TerminalStream, clock: Clock): StatusLine {
  if (stream.isTTY !== true) {
    return { show: () => {}, clear: () => {} };
  }
  let drawnAtMs = Number.NEGATIVE_INFINITY;
  return {
    show(text) {
      const now = clock.now();
      if (now - drawnAtMs >= REDRAW_EVERY_MS) {
        drawnAtMs = now;
        stream.write(CLEAR_LINE + text);
      }
    },
    clear: () => void stream.write(CLEAR_LINE),
  };
}

/** Returns a line that says how far an audit is. */
export function createProgressLine(stream: TerminalStream, clock: Clock): ProgressLine {
  const line = createStatusLine(stream, clock);
  const startedAtMs = clock.now();
  return {
    update: (progress) => line.show(progressText(progress, clock.now() - startedAtMs)),
    clear: line.clear,
  };
}

/** Says how far a run is and how long it may still take, from the regions that are finished. */
export function progressText(progress: AuditProgress, elapsedMs: number): string {
  const { accountsExpected, accountsEntered, targetsExpected, targetsFinished } = progress;
  const counts = `${accountsEntered} of ${accountsExpected} accounts entered, ${targetsFinished} of ${targetsExpected} regions scanned`;
  // Until every account is entered nobody knows how many regions there will be.
  if (targetsFinished === 0 || accountsEntered < accountsExpected) {
    return counts;
  }
  const leftMs = (elapsedMs / targetsFinished) * (targetsExpected - targetsFinished);
  return `${counts}, about ${durationText(leftMs)} left`;
}

/** Says a duration as people do: in seconds below a minute, else in minutes, rounded up. */
export function durationText(durationMs: number): string {
  const seconds = Math.ceil(durationMs / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`;
}
