import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFleet } from '../../lib/audit/fleet.ts';
import { fleetColumns } from '../../lib/audit/fleet-columns.ts';
import { fleetVpc } from '../../lib/audit/fleet-vpc.ts';
import { subnetAgeSeconds } from '../../lib/audit/subnet-age.ts';
import { realisticVpc } from '../helpers/realistic-fleet.ts';

const NOW_MS = Date.parse('2026-11-23T12:00:00.000Z');

/** A fleet of subnets that were observed so many seconds ago. */
function fleetOf(ages: readonly number[]) {
  const state = realisticVpc(
    {
      vpcCount: 1,
      subnetsPerVpc: Math.max(1, ages.length),
      clusterCount: 1,
      observedAt: '2026-11-23T08:00:00.000Z',
      seed: 1,
    },
    0,
  );
  const subnets = state.subnets.slice(0, ages.length).map((subnet, index) => ({
    ...subnet,
    observedAt: new Date(NOW_MS - (ages[index] ?? Number.NaN) * 1_000).toISOString(),
  }));
  const row = fleetVpc({ ...state, subnets, clusters: [] }, 'version');
  return createFleet(fleetColumns([row]), {
    version: '1',
    rolledUpAt: new Date(NOW_MS).toISOString(),
    scan: undefined,
  });
}

describe('the age of subnets', () => {
  it('is that which nine in ten have at the most', () => {
    expect(subnetAgeSeconds(fleetOf([60, 60, 60, 60, 60, 60, 60, 60, 60, 86_400]), NOW_MS)).toBe(60);
    expect(subnetAgeSeconds(fleetOf([60, 60, 60, 60, 60, 60, 60, 60, 86_400, 86_400]), NOW_MS)).toBe(86_400);
    expect(subnetAgeSeconds(fleetOf([3_600]), NOW_MS)).toBe(3_600);
  });

  it('is none where there is no subnet', () => {
    expect(subnetAgeSeconds(fleetOf([]), NOW_MS)).toBeUndefined();
  });

  it('is never below zero where a clock is ahead', () => {
    expect(subnetAgeSeconds(fleetOf([-30]), NOW_MS)).toBe(0);
  });

  it('is an age of one of them that at least nine in ten do not exceed, and fewer do not exceed a younger one', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 1_000_000 }), { minLength: 1, maxLength: 40 }), (ages) => {
        const age = subnetAgeSeconds(fleetOf(ages), NOW_MS) ?? Number.NaN;
        expect(ages).toContain(age);
        const share = (most: number) => ages.filter((each) => each <= most).length / ages.length;
        expect(share(age)).toBeGreaterThanOrEqual(0.9);
        expect(share(age - 1)).toBeLessThan(0.9);
      }),
      { numRuns: 50 },
    );
  });
});
