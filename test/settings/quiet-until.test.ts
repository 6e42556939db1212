import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quietUntilMs } from '../../lib/settings/quiet-until.ts';
import { Settings } from '../../lib/settings/settings.ts';

function slackOf(quietHours: readonly object[], timeZone = 'Europe/Berlin') {
  const { slack } = Settings.parse({
    notifications: { slack: { defaultChannel: '#a', quietHours, timeZone } },
  }).notifications;
  if (slack === undefined) {
    throw new Error('Expected settings of Slack');
  }
  return slack;
}

/** The end of the quiet hours of a channel at a moment, as text. */
function endAt(quietHours: readonly object[], now: string, channel = '#a'): string | undefined {
  const endMs = quietUntilMs(slackOf(quietHours), channel, Date.parse(now));
  return endMs === undefined ? undefined : new Date(endMs).toISOString();
}

const NIGHT = { from: '22:00', to: '07:00' };
const WEEKEND = { from: '00:00', to: '24:00', days: ['saturday', 'sunday'] };

describe('quietUntilMs', () => {
  it.each([
    // In winter Berlin is an hour before UTC.
    ['2026-11-23T20:59:59.999Z', undefined],
    ['2026-11-23T21:00:00.000Z', '2026-11-24T06:00:00.000Z'],
    ['2026-11-24T05:59:59.999Z', '2026-11-24T06:00:00.000Z'],
    ['2026-11-24T06:00:00.000Z', undefined],
    // In summer two.
    ['2026-07-01T19:59:59.999Z', undefined],
    ['2026-07-01T20:00:00.000Z', '2026-07-02T05:00:00.000Z'],
    // The night in which summer begins is an hour shorter, and that in which it ends an hour longer.
    ['2026-03-28T21:00:00.000Z', '2026-03-29T05:00:00.000Z'],
    ['2026-10-24T20:00:00.000Z', '2026-10-25T06:00:00.000Z'],
    ['2026-10-25T05:59:59.999Z', '2026-10-25T06:00:00.000Z'],
  ])('over midnight, at %s, ends at %s', (now, end) => {
    expect(endAt([NIGHT], now)).toBe(end);
  });

  it.each([
    ['2026-11-23T10:59:59Z', undefined],
    ['2026-11-23T11:00:00Z', '2026-11-23T12:00:00.000Z'],
    ['2026-11-23T12:00:00Z', undefined],
  ])('within a day, at %s, ends at %s', (now, end) => {
    expect(endAt([{ from: '12:00', to: '13:00' }], now)).toBe(end);
  });

  it.each([
    // Friday's midnight to Sunday's.
    ['2026-11-27T22:59:59Z', undefined],
    ['2026-11-27T23:00:00Z', '2026-11-28T23:00:00.000Z'],
    ['2026-11-28T23:00:00Z', '2026-11-29T23:00:00.000Z'],
    ['2026-11-29T23:00:00Z', undefined],
  ])('at a weekend, at %s, ends at %s', (now, end) => {
    expect(endAt([WEEKEND], now)).toBe(end);
  });

  it('counts the day on which it begins', () => {
    const friday = [{ ...NIGHT, days: ['friday'] }];
    expect(endAt(friday, '2026-11-28T03:00:00Z')).toBe('2026-11-28T06:00:00.000Z');
    expect(endAt(friday, '2026-11-28T22:00:00Z')).toBeUndefined();
  });

  it('lasts to the end of what ends last', () => {
    expect(endAt([NIGHT, WEEKEND], '2026-11-28T21:30:00Z')).toBe('2026-11-29T06:00:00.000Z');
  });

  it('is of the channels that are named, or of all, and of its own time zone', () => {
    const hours = [{ ...NIGHT, channels: ['#a'], timeZone: 'America/New_York' }];
    expect(endAt(hours, '2026-11-23T04:00:00Z')).toBe('2026-11-23T12:00:00.000Z');
    expect(endAt(hours, '2026-11-23T04:00:00Z', '#b')).toBeUndefined();
    expect(endAt([], '2026-11-23T23:00:00Z')).toBeUndefined();
  });

  it('is what a clock that is looked at each minute says', () => {
    const zones = fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe');
    const minute = fc.integer({ min: 0, max: 1439 });
    const aroundDst = fc.constantFrom(
      '2026-03-28',
      '2026-10-24',
      '2026-03-07',
      '2026-10-31',
      '2026-11-23',
      '2026-04-04',
    );
    fc.assert(
      fc.property(
        zones,
        minute,
        minute,
        aroundDst,
        fc.integer({ min: 0, max: 3 * 1440 }),
        (timeZone, a, b, day, offset) => {
          fc.pre(a !== b);
          const slack = slackOf([{ from: textOf(a), to: textOf(b) }], timeZone);
          const nowMs = Date.parse(`${day}T00:00:00Z`) + offset * 60_000;
          const endMs = quietUntilMs(slack, '#a', nowMs);
          // An hour that comes twice, or never, is no hour to compare by.
          const isClear = new Set([-120, 0, 120].map((step) => offsetAt(nowMs + step * 60_000, timeZone))).size === 1;
          const isQuiet =
            a < b ? inRange(wallMinute(nowMs, timeZone), a, b) : !inRange(wallMinute(nowMs, timeZone), b, a);
          expect(!isClear || (endMs !== undefined) === isQuiet).toBe(true);
          expect(endMs === undefined || (endMs > nowMs && endMs - nowMs <= 25 * 3_600_000)).toBe(true);
          expect(endMs === undefined || quietUntilMs(slack, '#a', endMs) === undefined).toBe(true);
        },
      ),
      { numRuns: 500 },
    );
  });
});

function textOf(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
}

function inRange(minute: number, from: number, to: number): boolean {
  return from <= minute && minute < to;
}

/** By the clock's own words, and nothing else of what is tested. */
function wallMinute(ms: number, timeZone: string): number {
  const [hours = 0, minutes = 0] = new Date(ms)
    .toLocaleTimeString('en-GB', { timeZone, hour: '2-digit', minute: '2-digit' })
    .split(':')
    .map(Number);
  return hours * 60 + minutes;
}

function offsetAt(ms: number, timeZone: string): number {
  return (wallMinute(ms, timeZone) - Math.floor(ms / 60_000) + 100_000 * 1440) % 1440;
}
