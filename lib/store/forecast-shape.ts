import type { BreakReason, SeriesBreak } from '../domain/trend/breaks.ts';
import type { ForecastQuality } from '../domain/trend/calibration.ts';
import type { SeriesKind } from '../domain/trend/daily.ts';
import type {
  CrossingForecast,
  Forecast,
  ForecastCaveat,
  ForecastMethod,
  FreeForecast,
} from '../domain/trend/forecast.ts';
import type { PortfolioForecast, SeriesForecast, SubnetForecast, VpcForecasts } from '../domain/trend/vpc-forecasts.ts';
import {
  either,
  flag,
  list,
  mapOf,
  numbersByNumber,
  numeric,
  oneOf,
  optional,
  record,
  type Shape,
  sparseRecord,
  text,
} from './shape.ts';

/**
 * What forecasts look like, version 1. A change of these types is a compile error here: it needs a new schema version of the
 * document, and where the exhaustion of a subnet has it too, of the state document.
 */

const optionalNumber = optional(numeric);

export const seriesKind = oneOf<SeriesKind>({ addresses: true, blocks: true });

export const forecastCaveat = oneOf<ForecastCaveat>({
  'insufficient-history': true,
  'low-confidence': true,
  'no-weekly-pattern': true,
  'demand-censored': true,
  gaps: true,
  'unexplained-residual': true,
  'swing-not-learnt': true,
  'recent-break': true,
  'observations-old': true,
});

export const forecastQuality = record<ForecastQuality>({
  mase7: optionalNumber,
  coverage80: optionalNumber,
  originCount: numeric,
});

const seriesBreak = record<SeriesBreak>({
  day: numeric,
  reason: oneOf<BreakReason>({
    'cluster-created': true,
    'cluster-deleted': true,
    'nodegroup-created': true,
    'nodegroup-deleted': true,
    'nodegroup-subnets-changed': true,
    'prefix-mode-toggled': true,
    'reservation-changed': true,
    'migration-accepted': true,
    'level-moved': true,
  }),
});

const crossing = record<CrossingForecast>({
  floor: numeric,
  probability: numbersByNumber,
  p10: optionalNumber,
  p50: optionalNumber,
  p90: optionalNumber,
  censoredAt: numeric,
});

const forecast = record<Forecast>({
  subnetId: text,
  kind: seriesKind,
  method: oneOf<ForecastMethod>({ none: true, level: true, trend: true }),
  modelVersion: numeric,
  trainedFrom: optionalNumber,
  trainedTo: optionalNumber,
  dayCount: numeric,
  breaks: list(seriesBreak),
  capacity: numeric,
  now: numeric,
  firstDay: numeric,
  horizons: list(record<FreeForecast>({ days: numeric, p10: numeric, p50: numeric, p90: numeric })),
  atFloor: crossing,
  atZero: crossing,
  quality: optional(forecastQuality),
  caveats: list(forecastCaveat),
});

type SeriesForecastOf<State extends SeriesForecast['state']> = Extract<SeriesForecast, { state: State }>;

const seriesForecast: Shape<SeriesForecast> = either(
  record<SeriesForecastOf<'forecast'>>({ state: oneOf({ forecast: true }), forecast }),
  sparseRecord<SeriesForecastOf<'not-expected'>>(
    {
      state: oneOf({ 'not-expected': true }),
      withinDays: numeric,
      dayCount: numeric,
      trainedFrom: numeric,
      trainedTo: numeric,
      capacity: numeric,
      floor: numeric,
      firstDay: numeric,
    },
    { probabilityBelow: numeric },
  ),
);

const portfolio = record<PortfolioForecast>({
  group: oneOf<PortfolioForecast['group']>({ zone: true, vpc: true }),
  id: text,
  subnetIds: list(text),
  missingSubnetIds: list(text),
  capacity: numeric,
  firstDay: numeric,
  atFloor: crossing,
  atZero: crossing,
});

export const vpcForecastsShape = record<VpcForecasts>({
  inputsDigest: text,
  today: numeric,
  isOutdated: flag,
  breaks: mapOf(list(seriesBreak)),
  reservations: mapOf(text),
  subnets: list(
    record<SubnetForecast>({ subnetId: text, addresses: seriesForecast, blocks: optional(seriesForecast) }),
  ),
  portfolios: list(portfolio),
});
