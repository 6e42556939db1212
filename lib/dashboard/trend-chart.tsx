import type { SubnetRoomView } from '../api/subnet-room-view.ts';
import type { TrendView } from '../api/trend-view.ts';
import { type ChartFrame, layOutRoomChart, type RoomChart } from '../chart/room-chart.ts';
import { RoomChartDrawing } from '../chart/room-chart-drawing.tsx';
import { roomSourceText, roomText } from '../domain/capacity/room-text.ts';
import { instantMs } from '../domain/instant.ts';
import { integerText } from '../domain/text/number-text.ts';
import type { SeriesKind } from '../domain/trend/daily.ts';
import { seriesText } from '../domain/trend/series-text.ts';
import { ObservedTime } from './observed-time.tsx';

/** Wide enough for its words, and narrow enough to keep them readable on a phone. */
const FRAME: ChartFrame = { width: 420, height: 190, fontSize: 12 };
const MS_PER_HOUR = 3_600_000;
const MS_PER_DAY = 86_400_000;
const HOURS_PER_DAY = 24;

/**
 * What was free of a subnet's addresses or blocks over the last weeks, gaps left open, and what is expected: the middle and the
 * 80 % band of a forecast, against the line at which it counts as run out.
 */
export function TrendChart({ trend }: { readonly trend: TrendView }) {
  const series = chartedSeries(trend);
  const capacity = series === 'addresses' ? trend.usableAddressCount : trend.maxPrefixCount;
  if (trend.hourly.length === 0 || capacity === null) {
    return <p class="note">No trend yet: nothing was seen in the last weeks. {trend.history}.</p>;
  }
  const { bindingRoom, message } = trend.exhaustion;
  const chart = toRoomChart(trend, { series, capacity });
  const title = titleOf(trend, chart);
  const layout = layOutRoomChart(chart, FRAME);
  return (
    <figure class="trend">
      <svg viewBox={`0 0 ${FRAME.width} ${FRAME.height}`} role="img" aria-label={title}>
        <title>{title}</title>
        <RoomChartDrawing layout={layout} />
      </svg>
      <figcaption>
        {bindingRoom === null ? null : <BindingRoom room={bindingRoom} />}
        {message}
      </figcaption>
    </figure>
  );
}

function BindingRoom({ room }: { readonly room: SubnetRoomView }) {
  return (
    <>
      Runs out first: {roomText(room)}, {roomSourceText(room)} as of <ObservedTime at={room.observedAt} />.{' '}
    </>
  );
}

/** What is forecast is drawn, and where nothing is, what runs out first; blocks only where they were counted. */
function chartedSeries({ hourly, exhaustion: { series, bindingRoom } }: TrendView): SeriesKind {
  const isCounted = hourly.some(({ freePrefixCountMin }) => freePrefixCountMin !== null);
  return isCounted && (series ?? bindingRoom?.series) === 'blocks' ? 'blocks' : 'addresses';
}

function toRoomChart(
  { from, to, hourly, forecasts }: TrendView,
  { series, capacity }: Pick<RoomChart, 'series' | 'capacity'>,
): RoomChart {
  const forecast = forecasts.find((each) => each.series === series);
  const atFloor = forecast?.atFloor ?? undefined;
  const hours = hourly.flatMap(({ at, freeAddressCountMin, freePrefixCountMin }) => {
    const free = series === 'addresses' ? freeAddressCountMin : freePrefixCountMin;
    return free === null ? [] : [{ hour: Math.floor(msOf(at) / MS_PER_HOUR), free }];
  });
  return {
    series,
    fromDay: dayOf(from),
    // The hour that was seen last has passed; where that is long ago, today has come all the same.
    nowMs: Math.max(dayOf(to) * MS_PER_DAY, ((hours.at(-1)?.hour ?? Number.NEGATIVE_INFINITY) + 1) * MS_PER_HOUR),
    hours,
    capacity,
    floor: atFloor?.floorCount,
    expected: (forecast?.horizons ?? []).map(({ date, p10, p50, p90 }) => ({ day: dayOf(date), p10, p50, p90 })),
    crossing:
      atFloor === undefined
        ? undefined
        : { p10: optionalDay(atFloor.p10), p50: optionalDay(atFloor.p50), p90: optionalDay(atFloor.p90) },
  };
}

function optionalDay(date: string | null): number | undefined {
  return date === null ? undefined : dayOf(date);
}

/** Dates of a view are days of the calendar, as its schema says. */
function dayOf(date: string): number {
  return msOf(`${date}T00:00:00Z`) / MS_PER_DAY;
}

/** Instants of a view are such, as its schema says. */
function msOf(instant: string): number {
  return instantMs(instant) ?? Number.NaN;
}

function titleOf({ hourly, growth, exhaustion, from, to }: TrendView, { series, hours }: RoomChart): string {
  const seen = hours.map(({ free }) => free);
  const missing = hourly.length - seen.length;
  const days = dayOf(to) - dayOf(from) + 1;
  const least = seen.length === 0 ? 'nothing seen' : `at least ${integerText(Math.min(...seen))}`;
  const gaps =
    missing === 0
      ? ''
      : `; ${integerText(missing)} of ${integerText(hourly.length)} hours not ${series === 'blocks' ? 'counted' : 'seen'}`;
  const rise =
    growth === null
      ? ''
      : `; the daily peak of use changes by ${growth.addressesPerDay.toFixed(1)} addresses a day (${growth.low.toFixed(1)} to ${growth.high.toFixed(1)})`;
  const span = hourly.length >= HOURS_PER_DAY ? `the last ${days} days` : 'the last hours';
  return `Free ${seriesText(series)} over ${span}: ${least}${gaps}${rise}. ${exhaustion.message}`;
}
