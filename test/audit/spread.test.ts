import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ScheduledSlot } from '../../lib/audit/slot.ts';
import {
  DELAY_MS_MOST,
  delayOf,
  isDailyDue,
  isDayOfTarget,
  SPREAD_MS_DEFAULT,
  spreadOf,
} from '../../lib/audit/spread.ts';
import type { Target } from '../../lib/domain/region-facts.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
const EIGHT: ScheduledSlot = { kind: 'scan', at: '2026-11-23T08:00:00.000Z' };

/** An organisation whose ids differ in few characters. */
function manyTargets(): Target[] {
  return Array.from({ length: 500 }, (_, index) => String(100_000_000_000 + index)).flatMap((accountId) =>
    ['eu-west-1', 'eu-west-2', 'us-east-1', 'us-east-2'].map((region) => ({ accountId, region })),
  );
}

function slotAt(ms: number): ScheduledSlot {
  return { kind: 'scan', at: new Date(ms).toISOString() };
}

describe('the spread of a slot', () => {
  it('is the one asked for', () => {
    expect(spreadOf(EIGHT, 10 * MINUTE_MS, EIGHT.at)).toBe(10 * MINUTE_MS);
    expect(spreadOf(EIGHT, 0, EIGHT.at)).toBe(0);
  });

  it('is cut to what a queue can delay', () => {
    expect(spreadOf(EIGHT, DELAY_MS_MOST, EIGHT.at)).toBe(15 * MINUTE_MS);
    expect(spreadOf(EIGHT, DELAY_MS_MOST + 1, EIGHT.at)).toBe(15 * MINUTE_MS);
    expect(spreadOf(EIGHT, SPREAD_MS_DEFAULT, EIGHT.at)).toBe(15 * MINUTE_MS);
  });

  it('is the same share of the shorter interval of a pulse', () => {
    expect(spreadOf({ kind: 'pulse', at: EIGHT.at }, SPREAD_MS_DEFAULT, EIGHT.at)).toBe(3.75 * MINUTE_MS);
  });

  it.each([
    ['2026-11-23T08:44:59.000Z', 15 * MINUTE_MS],
    ['2026-11-23T08:45:00.000Z', 15 * MINUTE_MS],
    ['2026-11-23T08:45:01.000Z', 15 * MINUTE_MS - 1_000],
    ['2026-11-23T08:59:59.999Z', 1],
    ['2026-11-23T09:00:00.000Z', 0],
    ['2026-11-23T09:00:00.001Z', 0],
  ])('of a planner that starts at %s is %d ms: no message outlives its slot', (now, spreadMs) => {
    expect(spreadOf(EIGHT, SPREAD_MS_DEFAULT, now)).toBe(spreadMs);
  });
});

describe('the delay of a target', () => {
  it('is a whole number of milliseconds within the spread, and the same each time', () => {
    const arbitraryTarget = fc.record({ accountId: fc.string(), region: fc.string() });
    fc.assert(
      fc.property(arbitraryTarget, fc.nat({ max: DELAY_MS_MOST }), (target, spreadMs) => {
        const delayMs = delayOf(target, spreadMs);
        expect(Number.isInteger(delayMs)).toBe(true);
        expect(delayMs).toBeGreaterThanOrEqual(0);
        expect(delayMs).toBeLessThan(Math.max(1, spreadMs));
        expect(delayOf({ ...target }, spreadMs)).toBe(delayMs);
      }),
    );
  });

  it('is spread evenly: no minute has half as much again as its share', () => {
    const targets = manyTargets();
    const minutes = 15;
    const perMinute = Map.groupBy(targets, (target) => Math.floor(delayOf(target, minutes * MINUTE_MS) / MINUTE_MS));
    const share = targets.length / minutes;
    expect(perMinute.size).toBe(minutes);
    expect(Math.max(...[...perMinute.values()].map(({ length }) => length))).toBeLessThan(share * 1.5);
  });

  it('tells the regions of an account and the accounts of a region apart', () => {
    const delays = new Set(manyTargets().map((target) => delayOf(target, DELAY_MS_MOST)));
    expect(delays.size).toBeGreaterThan(1_900);
  });
});

describe('what is asked once a day', () => {
  const accountIds = [...new Set(manyTargets().map(({ accountId }) => accountId))];
  const first = Date.parse(EIGHT.at);

  it('is due where it was never observed', () => {
    expect(accountIds.every((accountId) => isDailyDue(accountId, undefined, EIGHT))).toBe(true);
  });

  it('is due once in each 24 hours, at an hour that an account keeps', () => {
    for (const accountId of accountIds) {
      let observedAt = EIGHT.at;
      const dueAt: number[] = [];
      for (let ms = first; ms < first + 4 * DAY_MS; ms += HOUR_MS) {
        if (isDailyDue(accountId, observedAt, slotAt(ms))) {
          dueAt.push(ms);
          observedAt = new Date(ms + MINUTE_MS).toISOString();
        }
      }
      const hours = new Set(dueAt.map((ms) => ms % DAY_MS));
      expect([hours.size, [4, 3].includes(dueAt.length)]).toEqual([1, true]);
      expect((dueAt[0] ?? Number.POSITIVE_INFINITY) - first).toBeLessThanOrEqual(DAY_MS);
    }
  });

  it('is due in every hour of the day for some accounts', () => {
    const dueAt = Array.from({ length: 24 }, (_, index) => {
      const slot = slotAt(first + (index + 1) * HOUR_MS);
      const observedAt = new Date(first + index * HOUR_MS + MINUTE_MS).toISOString();
      return accountIds.filter((accountId) => isDailyDue(accountId, observedAt, slot)).length;
    });
    expect(Math.min(...dueAt)).toBeGreaterThan(0);
    expect(dueAt.reduce((sum, count) => sum + count)).toBe(accountIds.length);
  });

  it('stays due until it is observed', () => {
    const [accountId = ''] = accountIds;
    const hours = Array.from({ length: 30 }, (_, index) =>
      isDailyDue(accountId, EIGHT.at, slotAt(first + index * HOUR_MS)),
    );
    const turn = hours.indexOf(true);
    expect(turn).toBeGreaterThanOrEqual(0);
    expect(hours.slice(turn)).not.toContain(false);
  });
});

describe('the days of a target', () => {
  it('are one in each run of 14, for each target, in all of its slots', () => {
    for (const target of manyTargets().slice(0, 100)) {
      const days = Array.from({ length: 28 }, (_, day) => {
        const ofDay = [0, 12, 23].map((hour) =>
          isDayOfTarget(target, 14, slotAt(Date.parse('2026-11-23T00:00:00.000Z') + day * DAY_MS + hour * HOUR_MS)),
        );
        expect(new Set(ofDay).size).toBe(1);
        return ofDay[0];
      });
      expect(days.filter(Boolean)).toHaveLength(2);
      expect(days.slice(14)).toEqual(days.slice(0, 14));
    }
  });

  it('differ: each day is some target’s', () => {
    const counts = Array.from(
      { length: 14 },
      (_, day) =>
        manyTargets().filter((target) => isDayOfTarget(target, 14, slotAt(Date.parse(EIGHT.at) + day * DAY_MS))).length,
    );
    expect(Math.min(...counts)).toBeGreaterThan(0);
    expect(counts.reduce((sum, count) => sum + count)).toBe(2_000);
  });
});
