import { describe, expect, it } from 'vitest';
import { toExhaustionView } from '../../lib/api/exhaustion-view.ts';
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
    addressesLeft: 40,
    usableAddressCount: 251,
    hourly: hours(...six(100), ...six(80)),
    daily: [],
    growth: { addressesPerDay: 4.25, low: 3, high: 5.5, dayCount: 29 },
    exhaustion: toExhaustionView({ state: 'not-expected', withinDays: 90, dayCount: 29 }),
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
});
