import { runTotals, tallyRun } from '../audit/tally-run.ts';
import type { Instant } from '../domain/fact.ts';
import type { ReadRoutePorts } from './api-ports.ts';
import type { EventView } from './event-view.ts';
import { toAlertDetailView } from './to-alert-detail-view.ts';
import { toCoverageSummaryView } from './to-coverage-summary-view.ts';
import { type VisibleAccounts, visibleAlert, visibleRun } from './visible.ts';

/** A place between events, which are in order of time and then of their ids. */
export interface EventPosition {
  readonly at: Instant;
  readonly eventId: string;
}

/** What happened after a place and before a moment, as far as somebody may see it. */
export interface EventSpan {
  readonly after: EventPosition;
  readonly before: Instant;
  readonly visible: VisibleAccounts;
}

/** Two hours of scans and pulses. */
const RUNS_LOOKED_AT = 10;

type EventPorts = Pick<ReadRoutePorts, 'alerts' | 'runs'>;

/**
 * Reads what happened from what is kept anyway, the alerts' transitions and the newest runs: nothing is kept for events alone. Of a
 * run there is one event, how far it had come.
 */
export async function readEvents(span: EventSpan, ports: EventPorts): Promise<EventView[]> {
  const events = (await Promise.all([transitionEvents(span, ports), runEvents(span, ports)])).flat();
  const { after, before } = span;
  return events
    .filter((event) => compareEvents(event, after) > 0 && event.at < before)
    .toSorted((a, b) => compareEvents(a, b));
}

function compareEvents(a: EventPosition, b: EventPosition): number {
  return compareTexts(a.at, b.at) || compareTexts(a.eventId, b.eventId);
}

async function transitionEvents({ after, visible }: EventSpan, { alerts }: EventPorts): Promise<EventView[]> {
  const changed = (await alerts.listAlerts()).filter(({ changedAt }) => changedAt >= after.at);
  const events = await Promise.all(
    changed.map(async (alert) => {
      const seen = visibleAlert(alert, visible);
      if (seen === undefined) {
        return [];
      }
      const { alertId, kind } = seen;
      const { transitions } = toAlertDetailView(seen, await alerts.transitions(alertId));
      return transitions.map((transition) => ({
        type: 'alert-transition' as const,
        eventId: `${alertId}/${transition.sequence}`,
        at: transition.at,
        alertId,
        kind,
        transition,
      }));
    }),
  );
  return events.flat();
}

async function runEvents({ before, visible }: EventSpan, { runs }: EventPorts): Promise<EventView[]> {
  const slots = await runs.listRuns({ limit: RUNS_LOOKED_AT });
  const read = await Promise.all(slots.map((slot) => runs.readRun(slot)));
  return read.flatMap((run) => {
    if (run === undefined) {
      return [];
    }
    const outcomes = run.outcomes.filter(({ endedAt }) => endedAt < before);
    const seen = visibleRun(tallyRun({ ...run, outcomes }), visible);
    if (seen === undefined) {
      return [];
    }
    const summary = toCoverageSummaryView(seen);
    const at = runTotals(seen).lastEndedAt ?? seen.plannedAt;
    return [{ type: 'run-progress' as const, eventId: `${summary.slot}/${at}`, at, run: summary }];
  });
}

function compareTexts(a: string, b: string): number {
  if (a === b) {
    return 0;
  }
  return a < b ? -1 : 1;
}
