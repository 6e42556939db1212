import type { TrendView } from '../api/trend-view.ts';
import { instantMs } from '../domain/instant.ts';
import { integerText } from '../domain/text/number-text.ts';

const WIDTH = 260;
const HEIGHT = 64;
const MS_PER_DAY = 86_400_000;
/** The band says nothing that can be read of later days. */
const FORECAST_DAYS = 30;
/** Points of the line: the least of so many hours, which is what one can tell apart at this width. */
const HOURS_PER_POINT = 6;
const HOURS_PER_DAY = 24;

/**
 * What was free of a subnet's addresses over the last weeks, gaps left open, and what is expected: the middle and the 80 % band
 * of a forecast, against the line at which it counts as run out.
 */
export function TrendChart({ trend }: { readonly trend: TrendView }) {
  const forecast = trend.forecasts.find(({ series }) => series === 'addresses');
  if (trend.hourly.length === 0 || trend.usableAddressCount === null) {
    return <p class="note">No trend yet: nothing was seen in the last weeks. {trend.history}.</p>;
  }
  const scale = scaleOf(trend, trend.usableAddressCount);
  const horizons = (forecast?.horizons ?? []).filter(({ days }) => days <= FORECAST_DAYS);
  const floorCount = forecast?.atFloor?.floorCount;
  return (
    <figure class="trend">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={titleOf(trend)}>
        <title>{titleOf(trend)}</title>
        <line class="trend-base" x1={0} x2={WIDTH} y1={HEIGHT - 0.5} y2={HEIGHT - 0.5} />
        {floorCount !== undefined && floorCount > 0 && (
          <line class="trend-floor" x1={0} x2={WIDTH} y1={scale.y(floorCount)} y2={scale.y(floorCount)} />
        )}
        {horizons.length > 0 && <path class="trend-band" d={bandOf(horizons, scale)} />}
        {horizons.length > 0 && <path class="trend-middle" d={middleOf(horizons, scale)} />}
        <line class="trend-now" x1={scale.x(scale.todayMs)} x2={scale.x(scale.todayMs)} y1={0} y2={HEIGHT} />
        <path class="trend-line" d={lineOf(trend, scale)} />
      </svg>
      <figcaption>{trend.exhaustion.message}</figcaption>
    </figure>
  );
}

interface Scale {
  readonly x: (ms: number) => number;
  readonly y: (addresses: number) => number;
  readonly todayMs: number;
}

function scaleOf({ from, to, hourly }: TrendView, usable: number): Scale {
  const startMs = startOfDay(from);
  const todayMs = startOfDay(to) + MS_PER_DAY;
  const endMs = todayMs + FORECAST_DAYS * MS_PER_DAY;
  const most = Math.max(1, ...hourly.map(({ freeAddressCountMin }) => freeAddressCountMin ?? 0));
  // What is nearly full all the time would be a line at the bottom against its size.
  const top = Math.min(usable, most * 1.1);
  return {
    x: (ms) => rounded(((ms - startMs) / (endMs - startMs)) * WIDTH),
    y: (addresses) => rounded(HEIGHT - 1 - (Math.min(top, Math.max(0, addresses)) / top) * (HEIGHT - 2)),
    todayMs,
  };
}

/** A new piece begins after each gap. */
function lineOf({ hourly }: TrendView, { x, y }: Scale): string {
  let path = '';
  let isOpen = false;
  for (let index = 0; index < hourly.length; index += HOURS_PER_POINT) {
    const some = hourly.slice(index, index + HOURS_PER_POINT);
    const seen = some.flatMap(({ freeAddressCountMin }) => freeAddressCountMin ?? []);
    const at = some[0]?.at;
    if (seen.length === 0 || at === undefined) {
      isOpen = false;
    } else {
      // A piece of one point is drawn as well: round ends make it a dot.
      path += `${isOpen ? 'L' : 'M'}${x(instantMs(at) ?? Number.NaN)} ${y(Math.min(...seen))}${isOpen ? '' : 'h0'}`;
      isOpen = true;
    }
  }
  return path;
}

type Horizons = TrendView['forecasts'][number]['horizons'];

function bandOf(horizons: Horizons, { x, y }: Scale): string {
  const upper = horizons.map(({ date, p90 }) => `${x(middleOfDay(date))} ${y(p90)}`);
  const lower = horizons.map(({ date, p10 }) => `${x(middleOfDay(date))} ${y(p10)}`).reverse();
  return `M${[...upper, ...lower].join('L')}Z`;
}

function middleOf(horizons: Horizons, { x, y }: Scale): string {
  return `M${horizons.map(({ date, p50 }) => `${x(middleOfDay(date))} ${y(p50)}`).join('L')}`;
}

function middleOfDay(date: string): number {
  return startOfDay(date) + MS_PER_DAY / 2;
}

/** Dates of a view are days of the calendar, as its schema says. */
function startOfDay(date: string): number {
  return instantMs(`${date}T00:00:00Z`) ?? Number.NaN;
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}

function titleOf({ hourly, growth, exhaustion, from, to }: TrendView): string {
  const seen = hourly.flatMap(({ freeAddressCountMin }) => freeAddressCountMin ?? []);
  const missing = hourly.length - seen.length;
  const days = Math.round((startOfDay(to) - startOfDay(from)) / MS_PER_DAY) + 1;
  const least = seen.length === 0 ? 'nothing seen' : `at least ${integerText(Math.min(...seen))}`;
  const gaps = missing === 0 ? '' : `; ${integerText(missing)} of ${integerText(hourly.length)} hours not seen`;
  const rise =
    growth === null
      ? ''
      : `; the daily peak of use changes by ${growth.addressesPerDay.toFixed(1)} addresses a day (${growth.low.toFixed(1)} to ${growth.high.toFixed(1)})`;
  const span = hourly.length >= HOURS_PER_DAY ? `the last ${days} days` : 'the last hours';
  return `Free addresses over ${span}: ${least}${gaps}${rise}. ${exhaustion.message}`;
}
