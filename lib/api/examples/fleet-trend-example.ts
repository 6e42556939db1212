import type { FleetTrendView } from '../fleet-trend-view.ts';

/** How the room of the fleet went. */
export const FLEET_TREND_EXAMPLE: FleetTrendView = {
  by: 'account',
  from: '2026-10-24',
  to: '2026-11-22',
  groups: [
    {
      name: '111111111111',
      daily: [
        {
          date: '2026-11-21',
          freeAddressCountMin: 463,
          freePrefixCountMin: 7,
          fragmentation: 0.7288135593220338,
          seenSubnetCount: 2,
          missingSubnetCount: 0,
          missingPrefixSubnetCount: 0,
          statuses: null,
        },
        {
          date: '2026-11-22',
          freeAddressCountMin: 463,
          freePrefixCountMin: 7,
          fragmentation: 0.7274939172749392,
          seenSubnetCount: 2,
          missingSubnetCount: 0,
          missingPrefixSubnetCount: 0,
          statuses: {
            countedAt: '2026-11-23T11:20:58.177Z',
            subnetCountByStatus: { exhausted: 0, critical: 0, warning: 0, unknown: 0, healthy: 2 },
          },
        },
      ],
    },
  ],
  source:
    'The least of each subnet on each UTC day, added up: together they had at least that. Added up when the day is over, and again for a week where something of it comes late',
  history: 'The 30 days before the first scan are built',
};
