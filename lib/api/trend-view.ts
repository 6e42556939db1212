import * as z from 'zod';
import type { SeriesWindow } from '../audit/read-series-window.ts';
import { addressesLeft } from '../domain/capacity/addresses-left.ts';
import { bindingRoom } from '../domain/capacity/binding-room.ts';
import type { SubnetState } from '../domain/capacity/region-state.ts';
import { subnetSize } from '../domain/capacity/subnet-size.ts';
import { addressDemand, dailyPeaks, HOURS_PER_DAY } from '../domain/trend/daily.ts';
import { hourlyReadings } from '../domain/trend/hourly.ts';
import type { SeriesSample } from '../domain/trend/series.ts';
import { NORMAL_QUANTILE_90, slopeInterval, theilSen } from '../domain/trend/theil-sen.ts';
import { TREND_DAYS_MIN, trainingOf } from '../domain/trend/training.ts';
import type { SeriesForecast, SubnetForecast, VpcForecasts } from '../domain/trend/vpc-forecasts.ts';
import { CrossingView, toCrossingView } from './crossing-view.ts';
import { dateOfDay, ExhaustionView, QualityView, toExhaustionView, toQualityView } from './exhaustion-view.ts';
import { instantOfHour, roomFields, toRoomView, withGaps } from './room-view.ts';

const count = z.int().nonnegative();

const SeriesForecastView = z.object({
  series: z.enum(['addresses', 'blocks']),
  method: z
    .enum(['none', 'level', 'trend', 'screened', 'bounded'])
    .describe(
      'screened: no future that the history allows gets there; bounded: so few do that none was drawn. `bound` says within how many days',
    ),
  bound: z
    .object({ withinDays: count, probabilityBelow: z.number().nullable() })
    .nullable()
    .describe('The floor is reached within these days with less than this probability; null: not at all'),
  quality: QualityView.describe('How good forecasts of this series would have been a week ahead, on its own past'),
  trainedFrom: z.iso.date().nullable(),
  trainedTo: z.iso.date().nullable(),
  dayCount: count,
  capacityCount: z.number(),
  breaks: z.array(z.object({ date: z.iso.date(), reason: z.string() })),
  horizons: z
    .array(z.object({ date: z.iso.date(), days: count, p10: z.number(), p50: z.number(), p90: z.number() }))
    .describe('What is free at the least on that day; below zero so much is wanted and not there'),
  atFloor: CrossingView.nullable(),
  atZero: CrossingView.nullable(),
  caveats: z.array(z.string()),
});

/** How the room of a subnet went, and where it goes. */
export const TrendView = z.object({
  subnetId: z.string(),
  vpcId: z.string(),
  from: z.iso.date(),
  to: z.iso.date(),
  addressesLeft: count.nullable(),
  usableAddressCount: count.nullable(),
  maxPrefixCount: count.nullable().describe('/28 blocks an empty subnet of this size can give'),
  hourly: z
    .array(z.object({ at: z.iso.datetime(), ...roomFields }))
    .describe(
      'The least of each hour from the first to the last that was seen; an hour of which nothing was is null. Empty where the window is longer than 90 days',
    ),
  daily: z
    .array(z.object({ date: z.iso.date(), ...roomFields }))
    .describe('The least of each day; null where fewer than 18 hours were seen'),
  growth: z
    .object({ addressesPerDay: z.number(), low: z.number(), high: z.number(), dayCount: count })
    .nullable()
    .describe(
      'By how many addresses the daily peak of what is used rises, with its 90 % interval; null before 14 days, and where the window is longer than 90',
    ),
  exhaustion: ExhaustionView,
  forecastOf: z.iso.date().nullable().describe('The day that the forecast was made on, from the days before'),
  forecasts: z.array(SeriesForecastView),
  history: z.string().describe('How much of the past is there, as a sentence'),
});
export type TrendView = z.infer<typeof TrendView>;

export interface TrendParts {
  readonly vpcId: string;
  readonly state: SubnetState;
  readonly forecasts: VpcForecasts | undefined;
  /** Of the window. */
  readonly seen: SeriesWindow;
  /** Whole days since 1970, both included. */
  readonly window: { readonly from: number; readonly to: number };
  readonly history: string;
}

/** Turns what was seen and forecast of a subnet into its view. */
export function toTrendView({ vpcId, state, forecasts, seen, window, history }: TrendParts): TrendView {
  const { subnetId } = state.subnet;
  const size = state.capacity === undefined ? undefined : subnetSize(state.capacity);
  const usable = size?.usableAddressCount;
  const { hourly, daily } =
    usable === undefined ? { hourly: [], daily: [] } : seen.roomOf({ subnetId, usableAddressCount: usable });
  const forecast = forecasts?.subnets.find((subnet) => subnet.subnetId === subnetId);
  return {
    subnetId,
    vpcId,
    from: dateOfDay(window.from),
    to: dateOfDay(window.to),
    addressesLeft: state.capacity === undefined ? null : addressesLeft(state.capacity),
    usableAddressCount: usable ?? null,
    maxPrefixCount: size?.maxPrefixCount ?? null,
    hourly: withGaps(hourly).map(([hour, point]) => ({ at: instantOfHour(hour), ...toRoomView(point) })),
    daily: withGaps(daily).map(([day, point]) => ({ date: dateOfDay(day), ...toRoomView(point) })),
    growth: usable === undefined ? null : growthOf(seen.samples, subnetId, usable, forecasts),
    exhaustion: toExhaustionView(state.exhaustion, bindingRoom(state)),
    forecastOf: forecasts === undefined || forecast === undefined ? null : dateOfDay(forecasts.today),
    forecasts: forecast === undefined ? [] : toForecastViews(forecast),
    history,
  };
}

/** Of whole days since the last break that is known of. */
function growthOf(
  samples: readonly SeriesSample[],
  subnetId: string,
  usable: number,
  forecasts: VpcForecasts | undefined,
): TrendView['growth'] {
  const today = forecasts?.today ?? Number.POSITIVE_INFINITY;
  const readings = hourlyReadings(samples, subnetId, usable).filter(({ hour }) => hour < today * HOURS_PER_DAY);
  const training = trainingOf(dailyPeaks(addressDemand(readings)), forecasts?.breaks.get(subnetId) ?? [], 'addresses');
  if (training === undefined) {
    return null;
  }
  const since = (training.breakDays.at(-1) ?? training.firstDay) - training.firstDay;
  const points = training.times.flatMap((time, index) => {
    const peak = training.peaks[index];
    return time < since || peak === undefined ? [] : [{ time, peak }];
  });
  if (points.length < TREND_DAYS_MIN) {
    return null;
  }
  const times = points.map(({ time }) => time);
  const peaks = points.map(({ peak }) => peak);
  const line = theilSen(times, peaks);
  const interval = slopeInterval(times, peaks, NORMAL_QUANTILE_90);
  return line === undefined || interval === undefined
    ? null
    : { addressesPerDay: line.slope, low: interval.lower, high: interval.upper, dayCount: times.length };
}

type SeriesForecastView = TrendView['forecasts'][number];

function toForecastViews({ addresses, blocks }: SubnetForecast): SeriesForecastView[] {
  const views = [toForecastView('addresses', addresses)];
  return blocks === undefined ? views : [...views, toForecastView('blocks', blocks)];
}

function toForecastView(series: SeriesForecastView['series'], forecast: SeriesForecast): SeriesForecastView {
  if (forecast.state === 'not-expected') {
    return {
      series,
      method: forecast.probabilityBelow === undefined ? 'screened' : 'bounded',
      bound: { withinDays: forecast.withinDays, probabilityBelow: forecast.probabilityBelow ?? null },
      quality: null,
      trainedFrom: dateOfDay(forecast.trainedFrom),
      trainedTo: dateOfDay(forecast.trainedTo),
      dayCount: forecast.dayCount,
      capacityCount: forecast.capacity,
      breaks: [],
      horizons: [],
      atFloor: null,
      atZero: null,
      caveats: [],
    };
  }
  const { method, trainedFrom, trainedTo, dayCount, capacity, breaks, horizons, firstDay, atFloor, atZero } =
    forecast.forecast;
  const { quality, caveats } = forecast.forecast;
  return {
    series,
    method,
    bound: null,
    quality: toQualityView(quality),
    trainedFrom: trainedFrom === undefined ? null : dateOfDay(trainedFrom),
    trainedTo: trainedTo === undefined ? null : dateOfDay(trainedTo),
    dayCount,
    capacityCount: capacity,
    breaks: breaks.map(({ day, reason }) => ({ date: dateOfDay(day), reason })),
    horizons: horizons.map(({ days, p10, p50, p90 }) => ({
      date: dateOfDay(firstDay + days - 1),
      days,
      p10,
      p50,
      p90,
    })),
    atFloor: method === 'none' ? null : toCrossingView(atFloor, firstDay),
    atZero: method === 'none' ? null : toCrossingView(atZero, firstDay),
    caveats: [...caveats],
  };
}
