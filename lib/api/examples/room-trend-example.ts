import type { RoomTrendView } from '../room-trend-view.ts';

/** How the room of a VPC went. */
export const ROOM_TREND_EXAMPLE: RoomTrendView = {
  vpcId: 'vpc-1d3a4e48f6e405d2d',
  region: 'us-east-1',
  from: '2026-10-25',
  to: '2026-11-23',
  groups: [
    {
      group: 'cluster',
      id: '222222222222:us-east-1:shop-edge',
      subnetIds: ['subnet-47129424772650535', 'subnet-6b3741d92c3aa5f30'],
      hourly: [
        {
          at: '2026-11-23T10:00:00.000Z',
          freeAddressCountMin: 33,
          freePrefixCountMin: null,
          fragmentation: null,
          seenSubnetCount: 2,
          missingSubnetCount: 0,
          missingPrefixSubnetCount: 2,
        },
        {
          at: '2026-11-23T11:00:00.000Z',
          freeAddressCountMin: 34,
          freePrefixCountMin: 0,
          fragmentation: 1,
          seenSubnetCount: 2,
          missingSubnetCount: 0,
          missingPrefixSubnetCount: 0,
        },
      ],
      daily: [
        {
          date: '2026-11-21',
          freeAddressCountMin: 11,
          freePrefixCountMin: 0,
          fragmentation: 1,
          seenSubnetCount: 2,
          missingSubnetCount: 0,
          missingPrefixSubnetCount: 0,
        },
        {
          date: '2026-11-22',
          freeAddressCountMin: 26,
          freePrefixCountMin: 0,
          fragmentation: 1,
          seenSubnetCount: 2,
          missingSubnetCount: 0,
          missingPrefixSubnetCount: 0,
        },
      ],
    },
  ],
  forecastOf: '2026-11-23',
  portfolios: [
    {
      group: 'zone',
      id: 'use1-az1',
      subnetIds: ['subnet-b4ab754486d1042a8', 'subnet-47129424772650535'],
      missingSubnetIds: [],
      capacityCount: 118,
      atFloor: { floorCount: 21, p10: null, p50: null, p90: null, toldUntil: '2027-05-21' },
      atZero: { floorCount: 0, p10: null, p50: null, p90: null, toldUntil: '2027-05-21' },
    },
    {
      group: 'zone',
      id: 'use1-az2',
      subnetIds: ['subnet-b677765c44150bb67', 'subnet-6b3741d92c3aa5f30'],
      missingSubnetIds: [],
      capacityCount: 118,
      atFloor: { floorCount: 21, p10: null, p50: null, p90: null, toldUntil: '2027-05-21' },
      atZero: { floorCount: 0, p10: null, p50: null, p90: null, toldUntil: '2027-05-21' },
    },
    {
      group: 'vpc',
      id: 'vpc-1d3a4e48f6e405d2d',
      subnetIds: [
        'subnet-b4ab754486d1042a8',
        'subnet-b677765c44150bb67',
        'subnet-47129424772650535',
        'subnet-6b3741d92c3aa5f30',
      ],
      missingSubnetIds: [],
      capacityCount: 236,
      atFloor: { floorCount: 42, p10: null, p50: null, p90: null, toldUntil: '2027-05-21' },
      atZero: { floorCount: 0, p10: null, p50: null, p90: null, toldUntil: '2027-05-21' },
    },
  ],
  source:
    'The least of each subnet may have been at another minute than that of the next, so together they had at least the sum; days are UTC, and one with fewer than 18 hours seen is missing',
  history: 'The 30 days before the first scan are built',
};
