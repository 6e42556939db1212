import { addressesLeft } from '../domain/capacity/addresses-left.ts';
import type { SubnetState } from '../domain/capacity/region-state.ts';
import { type ReservationTexts, structuralBreaks } from '../domain/capacity/structural-breaks.ts';
import type { VpcId, VpcState } from '../domain/capacity/vpc-state.ts';
import type { Instant } from '../domain/fact.ts';
import type { SeriesBreak } from '../domain/trend/breaks.ts';
import { type Exhaustion, exhaustionOf } from '../domain/trend/exhaustion.ts';
import { FORECAST_MODEL_VERSION } from '../domain/trend/forecast.ts';
import { type ForecastSubject, forecastVpc, type SubjectSeries } from '../domain/trend/forecast-vpc.ts';
import { TRAINING_DAYS_MAX } from '../domain/trend/training.ts';
import type { VpcForecasts } from '../domain/trend/vpc-forecasts.ts';
import { dailyRooms } from './daily-rooms.ts';
import { slotMs } from './slot.ts';
import type { ForecastStore, SeriesStore, StoredForecasts, ViewerFacts } from './store-ports.ts';
import { hashText } from './text-hash.ts';

export interface ForecastPorts {
  /** Keeps no room where what is over is judged once more. */
  readonly series: Pick<SeriesStore, 'samples'> & Partial<Pick<SeriesStore, 'keepDailyRoom'>>;
  readonly forecasts: ForecastStore;
}

export interface RefreshInput {
  /** As judged with what was forecast last. */
  readonly state: VpcState;
  readonly previous: VpcState | undefined;
  readonly viewers: readonly ViewerFacts[];
  readonly stored: StoredForecasts | undefined;
}

export type RefreshOutcome =
  /** What was forecast last still holds. */
  | { readonly outcome: 'unchanged' }
  | { readonly outcome: 'refitted'; readonly forecasts: VpcForecasts }
  | { readonly outcome: 'version-conflict' };

const MS_PER_DAY = 86_400_000;

/**
 * Forecasts a VPC again where what forecasts rest on is another than when they were made last: a new day is complete, a break
 * was seen, what must stay free is another, or observations of earlier days arrived late. Only then 90 days of its series are
 * read, and the least of each day that is over since is kept from them, first of all. What is kept is written before the state
 * that shows it, so whoever stops in between does not fit it again.
 */
export async function refreshForecasts(input: RefreshInput, ports: ForecastPorts): Promise<RefreshOutcome> {
  const { state, previous, stored } = input;
  const today = dayOf(state.observedAt);
  const reservations = reservationTexts(input);
  const before = stored?.forecasts;
  const found =
    previous === undefined || before === undefined
      ? new Map<string, readonly SeriesBreak[]>()
      : structuralBreaks({ state: previous, reservations: before.reservations }, { state, reservations }, today);
  const breaks = joinBreaks(state, before?.breaks, found, today);
  const subjects = state.subnets.flatMap((subnet) => subjectOf(subnet, breaks.get(subnet.subnet.subnetId) ?? []));
  if (subjects.length === 0) {
    return { outcome: 'unchanged' };
  }
  const inputsDigest = digestOf(subjects, today);
  const isFitted = before !== undefined && before.inputsDigest === inputsDigest && !before.isOutdated;
  if (isFitted && isSameTexts(before.reservations, reservations)) {
    return { outcome: 'unchanged' };
  }
  const fitted = isFitted ? before : await fitVpc({ vpc: state.vpc, subjects, today, before }, ports);
  const forecasts: VpcForecasts = {
    inputsDigest,
    today,
    isOutdated: false,
    breaks,
    reservations,
    subnets: fitted.subnets,
    portfolios: fitted.portfolios,
  };
  const outcome = await ports.forecasts.writeForecasts(state.vpc, forecasts, stored?.version);
  return outcome === 'written' ? { outcome: 'refitted', forecasts } : { outcome };
}

/** Returns what forecasts say of each subnet, by its id; `undefined` where there are none. */
export function exhaustionsOf(forecasts: VpcForecasts | undefined): ReadonlyMap<string, Exhaustion> | undefined {
  return forecasts === undefined
    ? undefined
    : new Map(forecasts.subnets.map((subnet) => [subnet.subnetId, exhaustionOf(subnet)]));
}

/** Others write forecasts about once a day. */
const MARK_ATTEMPTS_MAX = 5;

/**
 * Notes that an observation arrived of a day that forecasts were already made from, so that the next judgement makes them
 * again, and returns them as they are kept; `undefined` where there are none. Repeating it changes nothing.
 */
export async function markForecastsOutdated(
  vpc: VpcId,
  observedAt: Instant,
  store: ForecastStore,
): Promise<StoredForecasts | undefined> {
  for (let attempt = 0; attempt < MARK_ATTEMPTS_MAX; attempt += 1) {
    const stored = await store.readForecasts(vpc);
    if (stored === undefined || stored.forecasts.isOutdated || dayOf(observedAt) >= stored.forecasts.today) {
      return stored;
    }
    await store.writeForecasts(vpc, { ...stored.forecasts, isOutdated: true }, stored.version);
  }
  throw new Error(
    `Cannot mark the forecasts of ${vpc.vpcId}: they changed under each of ${MARK_ATTEMPTS_MAX} attempts`,
  );
}

/** Returns the day of an instant: whole days since 1970, in UTC. */
export function dayOf(at: Instant): number {
  return Math.floor(slotMs({ at }) / MS_PER_DAY);
}

function dayText(day: number): string {
  return new Date(day * MS_PER_DAY).toISOString().slice(0, '2026-11-23'.length);
}

interface FitInput {
  readonly vpc: VpcId;
  readonly subjects: readonly ForecastSubject[];
  readonly today: number;
  readonly before: VpcForecasts | undefined;
}

async function fitVpc(
  { vpc, subjects, today, before }: FitInput,
  { series }: ForecastPorts,
): Promise<Pick<VpcForecasts, 'subnets' | 'portfolios'>> {
  const firstDay = today - TRAINING_DAYS_MAX;
  const samples = await series.samples(vpc, { from: dayText(firstDay), to: dayText(today - 1) });
  // Days before the last forecast were kept with it, unless something of them came late.
  const since = before === undefined || before.isOutdated ? firstDay : before.today;
  await series.keepDailyRoom?.(vpc, dailyRooms(samples, subjects, since));
  return forecastVpc({ vpcId: vpc.vpcId, subjects, samples, today });
}

/** Of a subnet without IPv4 addresses there is nothing to forecast. */
function subjectOf(state: SubnetState, breaks: readonly SeriesBreak[]): ForecastSubject[] {
  const { subnet, capacity, floor, availabilityZoneId, prefixUse } = state;
  if (capacity === undefined) {
    return [];
  }
  const isCounted = capacity.source === 'network-interfaces';
  const { usableAddressCount } = isCounted ? capacity.counts : capacity;
  const blocks: SubjectSeries | undefined =
    isCounted && prefixUse.inUse
      ? { capacity: capacity.counts.maxPrefixCount, floor: 0, now: capacity.freePrefixCount }
      : undefined;
  const addresses = {
    capacity: isCounted ? capacity.counts.usedAddressCount + capacity.counts.freeAddressCount : usableAddressCount,
    floor: floor.controlPlaneUpdateAddresses + floor.loadBalancerAddresses,
    now: addressesLeft(capacity),
  };
  return [{ subnetId: subnet.subnetId, availabilityZoneId, usableAddressCount, addresses, blocks, breaks }];
}

/** What is free and used changes each hour and is left out: a forecast is made from whole days. */
function digestOf(subjects: readonly ForecastSubject[], today: number): string {
  const text = JSON.stringify([
    FORECAST_MODEL_VERSION,
    today,
    subjects.map(({ subnetId, usableAddressCount, addresses, blocks, breaks }) => [
      subnetId,
      usableAddressCount,
      addresses.floor,
      blocks?.floor ?? null,
      breaks,
    ]),
  ]);
  return [`a${text}`, `b${text}`].map((salted) => hashText(salted).toString(16)).join('-');
}

/** Of the subnets that are still there, as far back as forecasts look. */
function joinBreaks(
  { subnets }: VpcState,
  known: VpcForecasts['breaks'] | undefined,
  found: VpcForecasts['breaks'],
  today: number,
): VpcForecasts['breaks'] {
  return new Map(
    subnets.flatMap(({ subnet: { subnetId } }): [string, readonly SeriesBreak[]][] => {
      const all = [...(known?.get(subnetId) ?? []), ...(found.get(subnetId) ?? [])].filter(
        ({ day }) => day >= today - TRAINING_DAYS_MAX,
      );
      const byText = new Map(all.map((each) => [`${each.day} ${each.reason}`, each]));
      return byText.size === 0 ? [] : [[subnetId, [...byText.values()]]];
    }),
  );
}

/** What was listed this time; of subnets whose reservations were not, what was known before. */
function reservationTexts({ state, viewers, stored }: RefreshInput): ReservationTexts {
  const owner = viewers.find(({ viewerAccountId }) => viewerAccountId === state.vpc.ownerId);
  return new Map(
    state.subnets.flatMap(({ subnet: { subnetId } }): [string, string][] => {
      const fact = owner?.scan?.facts.reservations.get(subnetId);
      const text =
        fact?.state === 'observed'
          ? fact.value
              .map(({ cidr, reservationType }) => `${cidr} ${reservationType}`)
              .sort()
              .join(', ')
          : stored?.forecasts.reservations.get(subnetId);
      return text === undefined ? [] : [[subnetId, text]];
    }),
  );
}

function isSameTexts(a: ReservationTexts, b: ReservationTexts): boolean {
  return a.size === b.size && [...a].every(([subnetId, text]) => b.get(subnetId) === text);
}
