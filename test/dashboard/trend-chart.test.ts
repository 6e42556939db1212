import { describe, expect, it } from 'vitest';
import { toExhaustionView } from '../../lib/api/to-exhaustion-view.ts';
import type { TrendView } from '../../lib/api/trend-view.ts';
import { renderAuditPage } from '../../lib/dashboard/audit-page.tsx';
import { anAuditView } from '../helpers/audit-view-builder.ts';

const VIEW = anAuditView();
const SUBNET_ID = VIEW.subnets[0]?.subnetId ?? '';
const HOUR_MS = 3_600_000;

function hours(...free: readonly (number | null)[]): TrendView['hourly'] {
  const lastMs = Date.parse('2026-11-23T07:00:00.000Z');
  return free.map((freeAddressCountMin, index) => ({
    at: new Date(lastMs - (free.length - 1 - index) * HOUR_MS).toISOString(),
    freeAddressCountMin,
    freePrefixCountMin: null,
    fragmentation: null,
  }));
}

function six(free: number | null): (number | null)[] {
  return Array.from({ length: 6 }, () => free);
}

function aTrend(overrides: Partial<TrendView> = {}): TrendView {
  return {
    subnetId: SUBNET_ID,
    vpcId: 'vpc-1',
    from: '2026-10-25',
    to: '2026-11-23',
    observedAt: '2026-11-23T11:00:41.000Z',
    addressesLeft: 40,
    usableAddressCount: 251,
    maxPrefixCount: 14,
    hourly: hours(...six(100), ...six(80)),
    daily: [],
    growth: { addressesPerDay: 4.25, low: 3, high: 5.5, dayCount: 29 },
    exhaustion: toExhaustionView({ state: 'not-expected', withinDays: 90, dayCount: 29 }, undefined),
    forecastOf: '2026-11-23',
    forecasts: [
      {
        series: 'addresses',
        method: 'trend',
        trainedFrom: '2026-10-25',
        trainedTo: '2026-11-22',
        dayCount: 29,
        capacityCount: 251,
        breaks: [],
        horizons: [
          { date: '2026-11-23', days: 1, p10: 70, p50: 75, p90: 80 },
          { date: '2026-12-22', days: 30, p10: -20, p50: 10, p90: 60 },
          { date: '2027-02-20', days: 90, p10: -90, p50: -50, p90: 0 },
        ],
        atFloor: { floorCount: 13, p10: null, p50: null, p90: null, toldUntil: '2027-05-21' },
        atZero: null,
        caveats: [],
        bound: null,
        quality: null,
      },
    ],
    source: 'What EC2 counted',
    history: 'The <past> is being built',
    ...overrides,
  };
}

function page(trend: TrendView): string {
  return renderAuditPage(VIEW, { trends: new Map([[SUBNET_ID, trend]]) });
}

function pathOf(html: string, name: string): string | undefined {
  return new RegExp(`<path class="chart-${name}" d="([^"]*)"`).exec(html)?.[1];
}

describe('the chart of a trend', () => {
  it('is drawn for the subnets that have one, and for no other', () => {
    expect(page(aTrend()).match(/<figure class="trend">/g)).toHaveLength(1);
    expect(renderAuditPage(VIEW)).not.toContain('<figure');
  });

  it('says in words what it shows', () => {
    expect(page(aTrend())).toContain(
      '<title>Free addresses over the last hours: at least 80; the daily peak of use changes by 4.3 addresses a day (3.0 to 5.5). Not expected within 90 days, by 29 days of history</title>',
    );
  });

  it('draws what the view holds: what was seen, the band, the floor, and all there is', () => {
    const html = page(aTrend());
    expect(html).toContain('free addresses of 251');
    expect(html).toContain('must stay free: 13');
    // Twelve hours until 08:00 touch three stretches of six. Two horizons are within the weeks shown.
    expect(pathOf(html, 'seen')?.match(/[ML]/g)).toEqual(['M', 'L', 'L']);
    expect(pathOf(html, 'band')?.match(/[ML]/g)).toHaveLength(4);
  });

  it('marks when it runs out, where that is told', () => {
    const [forecast] = aTrend().forecasts;
    const runsOut = page(
      aTrend({
        forecasts:
          forecast === undefined
            ? []
            : [
                {
                  ...forecast,
                  atFloor: {
                    floorCount: 13,
                    p10: '2026-11-28',
                    p50: '2026-12-03',
                    p90: '2026-12-14',
                    toldUntil: '2027-05-21',
                  },
                },
              ],
      }),
    );
    expect(runsOut).toContain('runs out, 80 %');
    expect(page(aTrend())).not.toContain('runs out, 80 %');
  });

  it('counts the hours that were not seen', () => {
    expect(page(aTrend({ hourly: hours(...six(100), ...six(null)) }))).toContain('6 of 12 hours not seen');
  });

  it('has no band without a forecast, and no line where nothing was seen', () => {
    const plain = page(aTrend({ forecasts: [] }));
    expect([pathOf(plain, 'band'), pathOf(plain, 'middle')]).toEqual([undefined, undefined]);
    expect(pathOf(plain, 'seen')).toBeDefined();
    const empty = page(aTrend({ hourly: [] }));
    expect(empty).not.toContain('<figure');
    expect(empty).toContain('No trend yet: nothing was seen in the last weeks. The &lt;past&gt; is being built.');
  });

  describe('of a subnet in which blocks run out first', () => {
    const room = {
      series: 'blocks',
      freeCount: 2,
      capacityCount: 14,
      countedFrom: 'network-interfaces',
      observedAt: '2026-11-23T07:05:00.000Z',
    } as const;
    const missing = { kind: 'blocks', dayCount: 2, neededDayCount: 3, sinceDay: 20_778 } as const;
    const other = { kind: 'addresses', withinDays: 180, dayCount: 29 } as const;
    const counted = aTrend().hourly.map((hour) => ({ ...hour, freePrefixCountMin: 3 }));

    it('shows addresses while only these are forecast, and says what runs out first and what has no forecast', () => {
      const exhaustion = toExhaustionView({ state: 'insufficient-history', ...missing, other }, room);
      const html = page(aTrend({ hourly: counted, exhaustion }));
      expect(html).toContain('free addresses of 251');
      expect(html).toContain(
        '<figcaption>Runs out first: 2 of 14 /28 blocks free, counted from the network interfaces as of <time datetime="2026-11-23T07:05:00.000Z">2026-11-23 07:05:00 UTC</time>. Addresses: not expected within 180 days, by 29 days of history; no forecast of /28 blocks yet: 2 of 3 days with at least 18 hours counted since 2026-11-21</figcaption>',
      );
    });

    it('shows blocks where nothing else is forecast either, out of all that there can be', () => {
      const exhaustion = toExhaustionView({ state: 'not-expected', withinDays: 90, dayCount: 29 }, room);
      const html = page(aTrend({ hourly: counted, forecasts: [], exhaustion }));
      expect(html).toContain('free /28 blocks of 14');
      expect(html).toContain('Free /28 blocks over the last hours: at least 3;');
      const few = counted.map((hour, index) => (index < 2 ? { ...hour, freePrefixCountMin: null } : hour));
      expect(page(aTrend({ hourly: few, forecasts: [], exhaustion }))).toContain('2 of 12 hours not counted');
    });

    it('shows addresses where no block was counted in all that time', () => {
      const exhaustion = toExhaustionView({ state: 'not-expected', withinDays: 90, dayCount: 29 }, room);
      expect(page(aTrend({ exhaustion }))).toContain('free addresses of 251');
    });

    it('shows blocks where their forecast is the earlier one, against their own floor', () => {
      const forecast = {
        state: 'forecast',
        kind: 'blocks',
        method: 'trend',
        dayCount: 29,
        floor: 0,
        p10: 20_790,
        p50: 20_800,
        p90: undefined,
        censoredDay: 20_959,
        probability: new Map(),
        quality: undefined,
        caveats: [],
      } as const;
      const [addresses] = aTrend().forecasts;
      const html = page(
        aTrend({
          hourly: counted,
          forecasts:
            addresses === undefined ? [] : [addresses, { ...addresses, series: 'blocks', horizons: [], atFloor: null }],
          exhaustion: toExhaustionView(forecast, room),
        }),
      );
      expect(html).toContain('free /28 blocks of 14');
      expect(html).not.toContain('must stay free: 13');
    });
  });
});
