import type { Alert } from '../domain/alert/alert.ts';
import type { SubnetCapacityState } from '../domain/capacity/region-state.ts';
import { subnetSize } from '../domain/capacity/subnet-size.ts';
import type { Instant } from '../domain/fact.ts';
import { instantMs } from '../domain/instant.ts';
import type { SeriesKind } from '../domain/trend/daily.ts';
import { hourlyReadings } from '../domain/trend/hourly.ts';
import type { SeriesSample } from '../domain/trend/series.ts';
import type { SeriesForecast } from '../domain/trend/vpc-forecasts.ts';
import { utcDayText } from '../domain/utc-day.ts';
import type { ForecastReader, SeriesStore, StateStore } from './store-ports.ts';

/** How the room of the subnet that an alert is about went, and where it goes. */
export interface RoomHistory {
  readonly subnetId: string;
  /** What runs out: addresses, or the /28 blocks that prefixes need. */
  readonly series: SeriesKind;
  /** Whole days since 1970, in UTC: the first one looked at. */
  readonly fromDay: number;
  /** Milliseconds since 1970: when it was read. */
  readonly readAtMs: number;
  /** The least of each hour that was seen, in order; never empty. `hour`: whole hours since 1970. */
  readonly hours: readonly { readonly hour: number; readonly free: number }[];
  /** Addresses or blocks that the subnet has. */
  readonly capacity: number;
  /** `undefined` where none was made yet. */
  readonly forecast: SeriesForecast | undefined;
  /** The newest observation shown. */
  readonly observedAt: Instant;
  /** Minutes from one observation to the next, as a rule; `undefined` after a single one. */
  readonly intervalMinutes: number | undefined;
}

export interface RoomHistoryPorts {
  readonly states: Pick<StateStore, 'readState'>;
  readonly series: Pick<SeriesStore, 'samples'>;
  readonly forecasts: ForecastReader;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Enough to see a pattern of weeks, and one Query. */
const HISTORY_DAYS = 30;
/** As many of the last intervals are looked at as a day of hourly scans has. */
const INTERVALS_LOOKED_AT = 24;
const MS_PER_MINUTE = 60_000;
const MS_PER_DAY = 86_400_000;

/** Reads how the room that an alert is about went; `undefined` where it is not about room, or nothing of it was seen. */
export async function readRoomHistory(
  alert: Alert,
  { states, series, forecasts, now }: RoomHistoryPorts,
): Promise<RoomHistory | undefined> {
  const subject = subjectOf(alert);
  if (subject === undefined || alert.home.kind !== 'vpc') {
    return undefined;
  }
  const { vpc } = alert.home;
  const readAtMs = now();
  const today = Math.floor(readAtMs / MS_PER_DAY);
  const fromDay = today - HISTORY_DAYS + 1;
  const [stored, samples, forecast] = await Promise.all([
    states.readState(vpc),
    series.samples(vpc, { from: utcDayText(fromDay), to: utcDayText(today) }),
    forecasts.readForecasts(vpc),
  ]);
  const { subnetId, kind } = subject;
  const capacity = stored?.state.subnets.find(({ subnet }) => subnet.subnetId === subnetId)?.capacity;
  const times = timesOf(samples, subnetId);
  const observedAt = times.at(-1);
  const hours = capacity === undefined ? [] : hoursOf(samples, subnetId, kind, capacity);
  if (capacity === undefined || observedAt === undefined || hours.length === 0) {
    return undefined;
  }
  const forecasted = forecast?.forecasts.subnets.find((subnet) => subnet.subnetId === subnetId);
  return {
    subnetId,
    series: kind,
    fromDay,
    readAtMs,
    hours,
    capacity: totalOf(capacity, kind),
    forecast: forecasted?.[kind],
    observedAt: new Date(observedAt).toISOString(),
    intervalMinutes: intervalOf(times),
  };
}

/** The subnet whose room tells most of an alert: the one that runs out first, or that fails worst. */
function subjectOf(alert: Alert): { readonly subnetId: string; readonly kind: SeriesKind } | undefined {
  const { kind, subject, what, where } = alert;
  if (kind !== 'exhaustion' && kind !== 'no-free-prefix') {
    return undefined;
  }
  const failing = what.reasons.find(({ resourceId }) => where.subnets.some(({ subnetId }) => subnetId === resourceId));
  const subnetId =
    (what.forecast ?? what.room)?.subnetId ?? (subject.kind === 'subnet' ? subject.subnetId : failing?.resourceId);
  return subnetId === undefined ? undefined : { subnetId, kind: kind === 'no-free-prefix' ? 'blocks' : seriesOf(what) };
}

/** What is forecast, and where nothing is, what runs out. */
function seriesOf({ forecast, room }: Alert['what']): SeriesKind {
  const told = forecast?.censoredAt === undefined ? room : forecast;
  return (told ?? forecast)?.series ?? 'addresses';
}

function hoursOf(
  samples: readonly SeriesSample[],
  subnetId: string,
  kind: SeriesKind,
  capacity: SubnetCapacityState,
): RoomHistory['hours'] {
  return hourlyReadings(samples, subnetId, subnetSize(capacity).usableAddressCount).flatMap(
    ({ hour, freeMin, freePrefixMin }) => {
      const free = kind === 'addresses' ? freeMin : freePrefixMin;
      return free === undefined ? [] : [{ hour, free }];
    },
  );
}

function totalOf(capacity: SubnetCapacityState, kind: SeriesKind): number {
  const { usableAddressCount, maxPrefixCount } = subnetSize(capacity);
  return kind === 'addresses' ? usableAddressCount : maxPrefixCount;
}

/** When the subnet was looked at, in milliseconds since 1970, rising. */
function timesOf(samples: readonly SeriesSample[], subnetId: string): readonly number[] {
  return samples
    .flatMap(({ observedAt, points }) => (points.has(subnetId) ? (instantMs(observedAt) ?? []) : []))
    .toSorted((a, b) => a - b);
}

/** The median of the last intervals: one that was missed does not move it. */
function intervalOf(times: readonly number[]): number | undefined {
  const last = times.slice(-INTERVALS_LOOKED_AT - 1);
  const intervals = last.slice(1).map((time, index) => time - (last[index] ?? time));
  const median = intervals.toSorted((a, b) => a - b)[Math.floor(intervals.length / 2)];
  return median === undefined ? undefined : Math.round(median / MS_PER_MINUTE);
}
