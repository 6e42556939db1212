import type { RoomGroup, RoomTrend } from '../audit/read-room-trend.ts';
import type { RoomSum } from '../domain/trend/roll-up.ts';
import type { PortfolioForecast } from '../domain/trend/vpc-forecasts.ts';
import type { RoomTrendView } from './room-trend-view.ts';
import { toCrossingView } from './to-crossing-view.ts';
import { dateOfDay } from './to-exhaustion-view.ts';
import { instantOfHour, toSumView, withGaps } from './to-room-view.ts';

const SOURCE =
  'The least of each subnet may have been at another minute than that of the next, so together they had at least the sum; days are UTC, and one with fewer than 18 hours seen is missing';

/** Turns the trend of a cluster into its view. */
export function toRoomTrendView(trend: RoomTrend, history: string): RoomTrendView {
  return {
    vpcId: trend.vpc.vpcId,
    region: trend.vpc.region,
    from: dateOfDay(trend.window.from),
    to: dateOfDay(trend.window.to),
    groups: trend.groups.map(toGroupView),
    forecastOf: trend.forecastOf === undefined ? null : dateOfDay(trend.forecastOf),
    portfolios: trend.portfolios.map(toPortfolioView),
    source: SOURCE,
    history,
  };
}

function toGroupView({ group, id, subnetIds, hourly, daily }: RoomGroup): RoomTrendView['groups'][number] {
  const sumOf = (sum: RoomSum | undefined) => toSumView(sum, subnetIds.length);
  return {
    group,
    id,
    subnetIds: [...subnetIds],
    hourly: withGaps(hourly).map(([hour, sum]) => ({ at: instantOfHour(hour), ...sumOf(sum) })),
    daily: withGaps(daily).map(([day, sum]) => ({ date: dateOfDay(day), ...sumOf(sum) })),
  };
}

function toPortfolioView(portfolio: PortfolioForecast): RoomTrendView['portfolios'][number] {
  const { group, id, subnetIds, missingSubnetIds, capacity, firstDay, atFloor, atZero } = portfolio;
  return {
    group,
    id,
    subnetIds: [...subnetIds],
    missingSubnetIds: [...missingSubnetIds],
    capacityCount: capacity,
    atFloor: toCrossingView(atFloor, firstDay),
    atZero: toCrossingView(atZero, firstDay),
  };
}
