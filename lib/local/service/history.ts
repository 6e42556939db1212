import type { PlanScan } from '../../audit/message-ports.ts';

/** What building the past needs of the pipeline; its clock and its world are moved, and nobody else's. */
export interface HistoryPorts {
  /** Moves clock and world to an instant. */
  readonly moveTo: (ms: number) => void;
  /** Plans a slot, and resolves when all that comes of it is done. */
  readonly runSlot: (message: PlanScan) => Promise<void>;
  /** Days that were built before, as `2026-11-23`. */
  readonly finishedDays: ReadonlySet<string>;
  /** Keeps that a day is built; called after everything of that day is stored. */
  readonly finishDay: (day: string) => Promise<void>;
  readonly onProgress: (progress: HistoryProgress) => void;
}

export interface HistoryProgress {
  readonly daysExpected: number;
  readonly daysFinished: number;
  readonly slotsExpected: number;
  readonly slotsFinished: number;
}

export interface HistoryPlan {
  /** The past ends here: what came later was seen as it happened. */
  readonly startAt: Date;
  readonly days: number;
}

/** One day of the past: its slots in the order of time. */
export interface HistoryDay {
  /** `2026-11-23`, in UTC. */
  readonly day: string;
  readonly slots: readonly PlanScan[];
}

const MS_PER_HOUR = 3_600_000;
const MS_PER_DAY = 24 * MS_PER_HOUR;
/** In between, EC2's own counters of the subnets are read: a trend needs no more. */
const HOURS_PER_SCAN = 6;

/** Returns the days of the past, newest first, with a slot an hour: a scan each 6th hour of the day and pulses in between. */
export function historyDays({ startAt, days }: HistoryPlan): readonly HistoryDay[] {
  const endMs = startAt.getTime();
  const beginMs = endMs - days * MS_PER_DAY;
  const list: HistoryDay[] = [];
  for (let dayMs = Math.floor(endMs / MS_PER_DAY) * MS_PER_DAY; dayMs + MS_PER_DAY > beginMs; dayMs -= MS_PER_DAY) {
    const slots: PlanScan[] = [];
    for (let hour = 0; hour < MS_PER_DAY / MS_PER_HOUR; hour += 1) {
      const atMs = dayMs + hour * MS_PER_HOUR;
      // The slot that the start falls into belongs to the present.
      if (atMs >= beginMs && atMs + MS_PER_HOUR <= endMs) {
        slots.push(slotAt(atMs, hour));
      }
    }
    if (slots.length > 0) {
      list.push({ day: new Date(dayMs).toISOString().slice(0, 'YYYY-MM-DD'.length), slots });
    }
  }
  return list;
}

function slotAt(atMs: number, hour: number): PlanScan {
  return {
    kind: hour % HOURS_PER_SCAN === 0 ? 'scan' : 'pulse',
    scheduledAt: new Date(atMs).toISOString(),
    pulseScope: 'with-clusters',
  };
}

/**
 * Builds the past through the pipeline, newest day first, each slot drained before the next. A day that was not finished is
 * built again as a whole: what it had written already is written once more to no effect. Returns false where it was stopped.
 */
export async function buildHistory(plan: HistoryPlan, ports: HistoryPorts, signal: AbortSignal): Promise<boolean> {
  const days = historyDays(plan);
  const countSlots = (some: readonly HistoryDay[]): number => some.reduce((sum, { slots }) => sum + slots.length, 0);
  const open = days.filter(({ day }) => !ports.finishedDays.has(day));
  let daysFinished = days.length - open.length;
  let slotsFinished = countSlots(days) - countSlots(open);
  const report = (): void =>
    ports.onProgress({ daysExpected: days.length, daysFinished, slotsExpected: countSlots(days), slotsFinished });
  report();
  for (const { day, slots } of open) {
    for (const message of slots) {
      if (signal.aborted) {
        return false;
      }
      ports.moveTo(Date.parse(message.scheduledAt));
      await ports.runSlot(message);
      slotsFinished += 1;
      report();
    }
    await ports.finishDay(day);
    daysFinished += 1;
    report();
  }
  return true;
}
