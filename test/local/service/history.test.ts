import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PlanScan } from '../../../lib/audit/message-ports.ts';
import {
  buildHistory,
  type HistoryPorts,
  type HistoryProgress,
  historyDays,
} from '../../../lib/local/service/history.ts';

const HOUR_MS = 3_600_000;
const startAt = new Date('2026-11-23T08:07:00.000Z');

function recordingPorts(finishedDays: ReadonlySet<string> = new Set()) {
  const moments: string[] = [];
  const slots: PlanScan[] = [];
  const finished: string[] = [];
  const progress: HistoryProgress[] = [];
  const ports: HistoryPorts = {
    moveTo: (ms) => void moments.push(new Date(ms).toISOString()),
    runSlot: async (message) => void slots.push(message),
    finishedDays,
    finishDay: async (day) => void finished.push(day),
    onProgress: (each) => void progress.push(each),
  };
  return { ports, moments, slots, finished, progress };
}

describe('historyDays', () => {
  it('takes the day of the start first, and ends before the slot that the start falls into', () => {
    const [today, yesterday, ...older] = historyDays({ startAt, days: 2 });
    expect(today?.day).toBe('2026-11-23');
    expect(today?.slots.map(({ kind, scheduledAt }) => [kind, scheduledAt.slice(11, 16)])).toEqual([
      ['scan', '00:00'],
      ['pulse', '01:00'],
      ['pulse', '02:00'],
      ['pulse', '03:00'],
      ['pulse', '04:00'],
      ['pulse', '05:00'],
      ['scan', '06:00'],
      ['pulse', '07:00'],
    ]);
    expect(yesterday?.day).toBe('2026-11-22');
    expect(yesterday?.slots).toHaveLength(24);
    expect(older.map(({ day, slots }) => [day, slots[0]?.scheduledAt])).toEqual([
      ['2026-11-21', '2026-11-21T09:00:00.000Z'],
    ]);
  });

  it('has a slot for each hour of as many days, whatever the time of the start', () => {
    fc.assert(
      fc.property(fc.nat(48 * 3_600), fc.nat(30), (seconds, days) => {
        const start = new Date(startAt.getTime() + seconds * 1_000);
        const slots = historyDays({ startAt: start, days }).flatMap((day) => day.slots);
        const times = slots.map(({ scheduledAt }) => Date.parse(scheduledAt)).sort((a, b) => a - b);
        // By hand: every full hour that begins in the days before, up to the hour of the start and without it.
        const expected: number[] = [];
        const endMs = Math.floor(start.getTime() / HOUR_MS) * HOUR_MS;
        for (let ms = endMs - HOUR_MS; ms >= start.getTime() - days * 24 * HOUR_MS; ms -= HOUR_MS) {
          expected.unshift(ms);
        }
        expect(times).toEqual(expected);
      }),
    );
  });

  it('is empty where no history is asked for', () => {
    expect(historyDays({ startAt, days: 0 })).toEqual([]);
  });
});

describe('buildHistory', () => {
  it('moves the clock to each slot before it runs, and finishes each day after its last slot', async () => {
    const { ports, moments, slots, finished, progress } = recordingPorts();
    expect(await buildHistory({ startAt, days: 1 }, ports, new AbortController().signal)).toBe(true);
    expect(moments).toEqual(slots.map(({ scheduledAt }) => scheduledAt));
    expect(finished).toEqual(['2026-11-23', '2026-11-22']);
    expect(progress[0]).toEqual({ daysExpected: 2, daysFinished: 0, slotsExpected: 23, slotsFinished: 0 });
    expect(progress.at(-1)).toEqual({ daysExpected: 2, daysFinished: 2, slotsExpected: 23, slotsFinished: 23 });
  });

  it('goes on where it stopped', async () => {
    const { ports, slots, finished, progress } = recordingPorts(new Set(['2026-11-23']));
    await buildHistory({ startAt, days: 1 }, ports, new AbortController().signal);
    expect(finished).toEqual(['2026-11-22']);
    expect(slots.every(({ scheduledAt }) => scheduledAt.startsWith('2026-11-22'))).toBe(true);
    expect(progress[0]).toEqual({ daysExpected: 2, daysFinished: 1, slotsExpected: 23, slotsFinished: 8 });
  });

  it('stops between two slots, and does not call the day finished', async () => {
    const { ports, slots, finished } = recordingPorts();
    const controller = new AbortController();
    const stopping: HistoryPorts = {
      ...ports,
      runSlot: async (message) => {
        await ports.runSlot(message);
        if (slots.length === 3) {
          controller.abort();
        }
      },
    };
    expect(await buildHistory({ startAt, days: 1 }, stopping, controller.signal)).toBe(false);
    expect(slots).toHaveLength(3);
    expect(finished).toEqual([]);
  });

  it('does not call a day finished whose slot failed', async () => {
    const { ports, finished } = recordingPorts();
    const failing: HistoryPorts = { ...ports, runSlot: () => Promise.reject(new Error('no table')) };
    await expect(buildHistory({ startAt, days: 1 }, failing, new AbortController().signal)).rejects.toThrow('no table');
    expect(finished).toEqual([]);
  });
});
