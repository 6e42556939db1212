import type { TrendView } from '../trend-view.ts';

/** How the room of a subnet went, and where it goes. */
export const TREND_EXAMPLE: TrendView = {
  subnetId: 'subnet-47129424772650535',
  vpcId: 'vpc-1d3a4e48f6e405d2d',
  from: '2026-10-25',
  to: '2026-11-23',
  observedAt: '2026-11-23T11:00:41.000Z',
  addressesLeft: 8,
  usableAddressCount: 59,
  maxPrefixCount: 2,
  hourly: [
    { at: '2026-11-23T10:00:00.000Z', freeAddressCountMin: 7, freePrefixCountMin: null, fragmentation: null },
    { at: '2026-11-23T11:00:00.000Z', freeAddressCountMin: 8, freePrefixCountMin: 0, fragmentation: 1 },
  ],
  daily: [
    { date: '2026-11-21', freeAddressCountMin: 5, freePrefixCountMin: 0, fragmentation: 1 },
    { date: '2026-11-22', freeAddressCountMin: 4, freePrefixCountMin: 0, fragmentation: 1 },
  ],
  growth: { addressesPerDay: 0, low: 0, high: 0.1, dayCount: 29 },
  exhaustion: {
    series: 'addresses',
    bindingRoom: {
      series: 'addresses',
      freeCount: 8,
      capacityCount: 59,
      countedFrom: 'network-interfaces',
      observedAt: '2026-11-23T11:00:00.000Z',
    },
    missingHistory: null,
    p10: '2026-11-23',
    p50: '2026-11-23',
    p90: '2026-11-28',
    notBefore: '2026-11-23',
    toldUntil: '2027-05-21',
    reason: null,
    message:
      'Addresses run out most likely 2026-11-23, 80 %: between 2026-11-23 and 2026-11-28; chance within 30 days 100 %',
    floorCount: 13,
    probability: { d7: 1, d14: 1, d30: 1, d90: 1, d180: 1 },
    historyDayCount: 29,
    quality: null,
    caveats: ['swing-not-learnt', 'recent-break'],
  },
  forecastOf: '2026-11-23',
  forecasts: [
    {
      series: 'addresses',
      method: 'trend',
      bound: null,
      quality: null,
      trainedFrom: '2026-10-24',
      trainedTo: '2026-11-22',
      dayCount: 29,
      capacityCount: 59,
      breaks: [
        { date: '2026-11-03', reason: 'level-moved' },
        { date: '2026-11-19', reason: 'level-moved' },
      ],
      horizons: [
        { date: '2026-11-23', days: 1, p10: 2.93333333333333, p50: 10.617210987666155, p90: 27.33684577910826 },
        { date: '2026-11-25', days: 3, p10: 2.799999999999997, p50: 9.458764385034044, p90: 31.140216407703527 },
      ],
      atFloor: { floorCount: 13, p10: '2026-11-23', p50: '2026-11-23', p90: '2026-11-28', toldUntil: '2027-05-21' },
      atZero: { floorCount: 0, p10: '2027-01-10', p50: null, p90: null, toldUntil: '2027-05-21' },
      caveats: ['swing-not-learnt', 'recent-break'],
    },
  ],
  source:
    "EC2's counter and, where the owner account was scanned, its network interfaces: of both the lower count, in every scan and pulse",
  history: 'The 30 days before the first scan are built',
};
