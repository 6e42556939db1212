import { describe, expect, it } from 'vitest';
import { FleetTrendView } from '../../lib/api/fleet-trend-view.ts';
import { RoomTrendView } from '../../lib/api/room-trend-view.ts';
import { toFleetTrendView } from '../../lib/api/to-fleet-trend-view.ts';
import { toRoomTrendView } from '../../lib/api/to-room-trend-view.ts';
import type { RoomTrend } from '../../lib/audit/read-room-trend.ts';
import type { RoomSum } from '../../lib/domain/trend/roll-up.ts';
import { expectGolden } from '../helpers/golden.ts';
import { aGroupDay, HOURS_PER_DAY, TODAY } from '../helpers/series-builder.ts';

const HOUR = TODAY * HOURS_PER_DAY;

function sumAt(at: number, overrides: Partial<RoomSum> = {}): RoomSum {
  return {
    at,
    freeMin: 120,
    freePrefixMin: 5,
    scatter: { alignableAddressCount: 100, strandedAddressCount: 25 },
    partCount: 2,
    missingPartCount: 0,
    missingPrefixPartCount: 0,
    ...overrides,
  };
}

const CROSSING = {
  floor: 13,
  probability: new Map([[7, 0.1]]),
  p10: 4,
  p50: 20,
  p90: undefined,
  censoredAt: 180,
};

/** An hour and a day between those seen of which nothing was, and a subnet that one hour lacks. */
const TREND: RoomTrend = {
  vpc: { ownerId: '111122223333', region: 'eu-west-1', vpcId: 'vpc-1' },
  window: { from: TODAY - 2, to: TODAY },
  groups: [
    {
      group: 'cluster',
      id: '111122223333:eu-west-1:<b>shop</b>',
      subnetIds: ['subnet-1', 'subnet-2'],
      hourly: [sumAt(HOUR), sumAt(HOUR + 2, { freeMin: 70, partCount: 1, missingPartCount: 1 })],
      daily: [
        sumAt(TODAY - 2),
        sumAt(TODAY, { freePrefixMin: undefined, scatter: undefined, missingPrefixPartCount: 2 }),
      ],
    },
    { group: 'zone', id: 'euw1-az1', subnetIds: ['subnet-1'], hourly: [], daily: [] },
  ],
  portfolios: [
    {
      group: 'zone',
      id: 'euw1-az1',
      subnetIds: ['subnet-1'],
      missingSubnetIds: ['subnet-3'],
      capacity: 502,
      firstDay: TODAY,
      atFloor: CROSSING,
      atZero: { ...CROSSING, floor: 0, p10: 8, p50: undefined },
    },
  ],
  forecastOf: TODAY,
};

describe('the view of a trend', () => {
  it('of a cluster leaves gaps where nothing was seen, and says what the sums lack', () => {
    const view = toRoomTrendView(TREND, 'All of it is there');
    expect(RoomTrendView.parse(view)).toEqual(view);
    expectGolden('cluster-trend.json', `${JSON.stringify(view, null, 2)}\n`);
  });

  it('of a cluster without forecasts says so', () => {
    const view = toRoomTrendView({ ...TREND, portfolios: [], forecastOf: undefined }, '');
    expect(RoomTrendView.parse(view)).toMatchObject({ portfolios: [], forecastOf: null });
  });

  it('of a fleet has the days that were added up, a day of which nothing was seen among them', () => {
    const unseen = { ...aGroupDay({ seen: 0 }), statuses: undefined };
    const view = toFleetTrendView(
      {
        by: 'team',
        window: { from: TODAY - 3, to: TODAY - 1 },
        groups: [
          {
            name: '<b>payments</b>',
            days: new Map([
              [TODAY - 3, unseen],
              [TODAY - 1, aGroupDay({ seen: 2 })],
            ]),
          },
          { name: undefined, days: new Map([[TODAY - 1, aGroupDay({})]]) },
        ],
      },
      'All of it is there',
    );
    expect(FleetTrendView.parse(view)).toEqual(view);
    expectGolden('fleet-trend.json', `${JSON.stringify(view, null, 2)}\n`);
  });
});
