import { levelBreaks, type SeriesBreak } from './breaks.ts';
import { addressDemand, blockDemand, type DailySeries, dailyPeaks, HOURS_PER_DAY, type SeriesKind } from './daily.ts';
import { type ForecastInput, forecast, trainForecast } from './forecast.ts';
import { type HourlyReading, hourlyReadings } from './hourly.ts';
import { type PortfolioMember, portfolioForecasts } from './portfolio.ts';
import { screenForecast } from './screen-forecast.ts';
import type { SeriesSample } from './series.ts';
import { TREND_DAYS_MIN } from './training.ts';
import type { SeriesForecast, SubnetForecast, VpcForecasts } from './vpc-forecasts.ts';

/** A subnet as it is now, to forecast it. */
export interface ForecastSubject {
  readonly subnetId: string;
  /** `undefined` where the zone's id is not known: it is part of no zone then. */
  readonly availabilityZoneId: string | undefined;
  readonly usableAddressCount: number;
  readonly addresses: SubjectSeries;
  /** Of /28 blocks; `undefined` where none are needed or counted. */
  readonly blocks: SubjectSeries | undefined;
  /** Those that are known of. */
  readonly breaks: readonly SeriesBreak[];
}

export interface SubjectSeries {
  /** What there is, free or used, without what is reserved. */
  readonly capacity: number;
  readonly floor: number;
  readonly now: number;
}

export interface VpcForecastInput {
  readonly vpcId: string;
  readonly subjects: readonly ForecastSubject[];
  /** In any order. Those of `today` and later are not looked at. */
  readonly samples: readonly SeriesSample[];
  /** Whole days since 1970, in UTC. */
  readonly today: number;
}

/**
 * Forecasts the subnets of a VPC from the days before today. Paths are drawn only for subnets that may run out, and then for
 * all others of the VPC with enough history as well, for they are summed by zone and VPC.
 */
export function forecastVpc(input: VpcForecastInput): Pick<VpcForecasts, 'subnets' | 'portfolios'> {
  const fitted = input.subjects.map((subject) => fitSubnet(subject, input));
  const subnets = fitted.map(({ subnet }) => subnet);
  const isAtRisk = fitted.some(({ subnet, canDraw }) => canDraw && subnet.addresses.state === 'forecast');
  return {
    subnets,
    portfolios: isAtRisk
      ? portfolioForecasts(
          input.vpcId,
          fitted.map(({ member }) => member),
        )
      : [],
  };
}

interface FittedSubnet {
  readonly subnet: SubnetForecast;
  readonly member: PortfolioMember;
  readonly canDraw: boolean;
}

function fitSubnet(subject: ForecastSubject, { samples, today }: VpcForecastInput): FittedSubnet {
  const { subnetId, availabilityZoneId, addresses, blocks } = subject;
  const readings = hourlyReadings(samples, subnetId, subject.usableAddressCount).filter(
    ({ hour }) => hour < today * HOURS_PER_DAY,
  );
  const ofAddresses = inputOf(subject, { kind: 'addresses', is: addresses, readings, today });
  const canDraw = hasTrend(ofAddresses);
  return {
    subnet: {
      subnetId,
      addresses: seriesForecast(ofAddresses),
      blocks:
        blocks === undefined
          ? undefined
          : seriesForecast(inputOf(subject, { kind: 'blocks', is: blocks, readings, today })),
    },
    member: { subnetId, availabilityZoneId, input: canDraw ? ofAddresses : undefined },
    canDraw,
  };
}

interface SeriesToForecast {
  readonly kind: SeriesKind;
  readonly is: SubjectSeries;
  readonly readings: readonly HourlyReading[];
  readonly today: number;
}

function inputOf(
  { subnetId, breaks }: ForecastSubject,
  { kind, is, readings, today }: SeriesToForecast,
): ForecastInput {
  const series = dailyPeaks(kind === 'addresses' ? addressDemand(readings) : blockDemand(readings, is.capacity));
  return {
    subnetId,
    kind,
    series,
    breaks: [...breaks, ...levelBreaksOf(series, kind, breaks)],
    ...is,
    today,
  };
}

/** What moved on a day that is known to be one of change is that change, and no second one. */
function levelBreaksOf(series: DailySeries, kind: SeriesKind, known: readonly SeriesBreak[]): readonly SeriesBreak[] {
  const knownDays = new Set(known.map(({ day }) => day));
  return levelBreaks(series, kind).filter(({ day }) => !knownDays.has(day));
}

function hasTrend(input: ForecastInput): boolean {
  const { training } = trainForecast(input);
  return training !== undefined && training.times.length >= TREND_DAYS_MIN;
}

function seriesForecast(input: ForecastInput): SeriesForecast {
  const trained = trainForecast(input);
  const { training, firstDay } = trained;
  const screened = screenForecast(input, trained);
  // Too few days for a trend are cheap to tell of, and the screen says nothing of them.
  if (training === undefined || screened === undefined) {
    return { state: 'forecast', forecast: forecast(input) };
  }
  return {
    state: 'not-expected',
    ...screened,
    dayCount: training.validDayCount,
    trainedFrom: training.firstDay,
    trainedTo: training.lastDay,
    capacity: input.capacity,
    floor: input.floor,
    firstDay,
  };
}
