import type { RealisticFleet } from '../helpers/realistic-fleet.ts';

/** The fleet of a large organisation, and when it is looked at. */
export const FLEET: RealisticFleet = {
  vpcCount: 4_000,
  subnetsPerVpc: 25,
  clusterCount: 5_000,
  observedAt: '2026-11-23T08:00:00.000Z',
  seed: 20_261_123,
};
export const NOW_MS = Date.parse('2026-11-23T08:30:00.000Z');
export const TABLE_NAME = 'elbowroom-bench';
