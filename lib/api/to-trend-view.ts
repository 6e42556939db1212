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
import { toCrossingView } from './to-crossing-view.ts';
import { dateOfDay, toExhaustionView, toQualityView } from './to-exhaustion-view.ts';
import { instantOfHour, toRoomView, withGaps } from './to-room-view.ts';
import type { TrendView } from './trend-view.ts';

export interface TrendParts {
  readonly vpcId: string;
  readonly state: SubnetState;
  /** Of the window. */
  readonly seen: SeriesWindow;
  /** Whole days since 1970, both included. */
  readonly window: { readonly from: number; readonly to: number };
  readonly history: string;
}

/** Turns what was seen and forecast of a subnet into its view. */
export function toTrendView({ vpcId, state, seen, window, history }: TrendParts): TrendView {
  const forecasts = seen.forecasts?.forecasts;
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
    observedAt: state.observedAt,
    addressesLeft: state.capacity === undefined ? null : addressesLeft(state.capacity),
    usableAddressCount: usable ?? null,
    maxPrefixCount: size?.maxPrefixCount ?? null,
    hourly: withGaps(hourly).map(([hour, point]) => ({ at: instantOfHour(hour), ...toRoomView(point) })),
    daily: withGaps(daily).map(([day, point]) => ({ date: dateOfDay(day), ...toRoomView(point) })),
    growth: usable === undefined ? null : growthOf(seen.samples, subnetId, usable, forecasts),
    exhaustion: toExhaustionView(state.exhaustion, bindingRoom(state)),
    forecastOf: forecasts === undefined || forecast === undefined ? null : dateOfDay(forecasts.today),
    forecasts: forecast === undefined ? [] : toForecastViews(forecast),
    source: SOURCE,
    history,
  };
}

const SOURCE =
  "EC2's counter and, where the owner account was scanned, its network interfaces: of both the lower count, in every scan and pulse";

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
