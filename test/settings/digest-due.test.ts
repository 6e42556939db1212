import { describe, expect, it } from 'vitest';
import { digestDue } from '../../lib/settings/digest-due.ts';

describe('digestDue', () => {
  it.each([
    ['2026-11-23T06:59:59.999Z', undefined, undefined],
    ['2026-11-23T07:00:00.000Z', '2026-11-23', '2026-11-22T07:00:00.000Z'],
    // Later that day, rather than never; and no more once the day is over.
    ['2026-11-23T22:59:59.999Z', '2026-11-23', '2026-11-22T07:00:00.000Z'],
    ['2026-11-23T23:00:00.000Z', undefined, undefined],
    // On the day after clocks were set, the digest before was 25 hours ago.
    ['2026-10-25T07:00:00.000Z', '2026-10-25', '2026-10-24T06:00:00.000Z'],
  ])('at %s is that of %s, since %s', (now, day, since) => {
    const due = digestDue({ digestAt: '08:00', timeZone: 'Europe/Berlin' }, Date.parse(now));
    expect(due).toEqual(day === undefined ? undefined : { day, sinceMs: Date.parse(since) });
  });

  it('is none where the settings want none', () => {
    expect(digestDue({ digestAt: 'never', timeZone: 'UTC' }, Date.parse('2026-11-23T12:00:00Z'))).toBeUndefined();
  });
});
