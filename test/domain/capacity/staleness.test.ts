import { describe, expect, it } from 'vitest';
import { isStale, STALE_AFTER_MS, staleStatus } from '../../../lib/domain/capacity/staleness.ts';
import { STATUSES } from '../../../lib/domain/capacity/subnet-status.ts';

const OBSERVED_AT = '2026-11-23T08:00:00.000Z';

function later(ms: number): string {
  return new Date(Date.parse(OBSERVED_AT) + ms).toISOString();
}

describe('a fact', () => {
  it.each(Object.entries(STALE_AFTER_MS))(
    'about %s is believed to the millisecond that it gets stale',
    (fact, limit) => {
      const aging = fact as keyof typeof STALE_AFTER_MS; // The entries are of this very record.
      expect(isStale(aging, OBSERVED_AT, later(limit))).toBe(false);
      expect(isStale(aging, OBSERVED_AT, later(limit + 1))).toBe(true);
    },
  );

  it('is believed where it is younger than the moment it is judged at', () => {
    expect(isStale('subnets', later(5_000), OBSERVED_AT)).toBe(false);
  });

  it('whose time cannot be read is stale', () => {
    expect(isStale('subnets', 'yesterday', OBSERVED_AT)).toBe(true);
  });

  it('outlives two of the scans that should have renewed it', () => {
    expect(STALE_AFTER_MS.subnets).toBeGreaterThan(2 * 3_600_000);
  });
});

describe('what stale numbers prove', () => {
  it.each(STATUSES.map((status) => [status]))(
    'is never better than unknown, and nothing bad is taken back: %s',
    (status) => {
      expect(staleStatus(status)).toBe(status === 'healthy' ? 'unknown' : status);
    },
  );
});
