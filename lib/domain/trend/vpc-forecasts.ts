import type { SeriesBreak } from './breaks.ts';
import type { CrossingForecast, Forecast } from './forecast.ts';
import type { ScreenedOut } from './screen-forecast.ts';

/** What was forecast of a VPC, kept beside its state. */
export interface VpcForecasts {
  /** Names what it was made from: the same inputs are not fitted again. */
  readonly inputsDigest: string;
  /** Whole days since 1970, in UTC: the day it was made on. It rests on the days before. */
  readonly today: number;
  /** Whether observations of the days it rests on arrived since. */
  readonly isOutdated: boolean;
  /** What is known to have changed the use of a subnet, by its id, in the order in which it was seen. */
  readonly breaks: ReadonlyMap<string, readonly SeriesBreak[]>;
  /** The CIDR reservations of each subnet whose owner listed them, as text, to tell when they change. */
  readonly reservations: ReadonlyMap<string, string>;
  readonly subnets: readonly SubnetForecast[];
  /** Of each zone and of the VPC, where some subnet of it may run out; ids of zones sort before that of the VPC. */
  readonly portfolios: readonly PortfolioForecast[];
}

export interface SubnetForecast {
  readonly subnetId: string;
  readonly addresses: SeriesForecast;
  /** `undefined` where nothing in the subnet takes prefixes, or its blocks are not counted. */
  readonly blocks: SeriesForecast | undefined;
}

/** What is said of one series: paths were drawn, or a bound over all of them showed that none need be. */
export type SeriesForecast =
  | { readonly state: 'forecast'; readonly forecast: Forecast }
  | (ScreenedOut & {
      readonly state: 'not-expected';
      readonly dayCount: number;
      /** Whole days since 1970. */
      readonly trainedFrom: number;
      readonly trainedTo: number;
      readonly capacity: number;
      readonly floor: number;
      /** The first day that it is said of. */
      readonly firstDay: number;
    });

/** When the addresses of several subnets together run out: what each path of each needs is summed, not their quantiles. */
export interface PortfolioForecast {
  readonly group: 'zone' | 'vpc';
  readonly id: string;
  readonly subnetIds: readonly string[];
  /** Subnets of the group that have too little history for a path: what they need is not in it. */
  readonly missingSubnetIds: readonly string[];
  readonly capacity: number;
  /** Whole days since 1970. */
  readonly firstDay: number;
  readonly atFloor: CrossingForecast;
  readonly atZero: CrossingForecast;
}
