import { crossingForecast, type ForecastInput, forecastPaths } from './forecast.ts';
import type { SampledPaths } from './sample-paths.ts';
import type { PortfolioForecast } from './vpc-forecasts.ts';

/** A subnet as part of its zone and its VPC. */
export interface PortfolioMember {
  readonly subnetId: string;
  readonly availabilityZoneId: string | undefined;
  /** `undefined` where there is too little history to draw paths. */
  readonly input: ForecastInput | undefined;
}

interface DrawnMember {
  readonly subnetId: string;
  readonly availabilityZoneId: string | undefined;
  readonly drawn: { readonly input: ForecastInput; readonly paths: SampledPaths } | undefined;
}

/**
 * Sums the paths of subnets by zone and for the VPC. Paths of different subnets are drawn apart from each other, so what drives
 * them together is not in the sum. A subnet without paths is named as missing; a group of such only is left out.
 */
export function portfolioForecasts(vpcId: string, members: readonly PortfolioMember[]): readonly PortfolioForecast[] {
  const drawn = members.map(({ subnetId, availabilityZoneId, input }): DrawnMember => {
    const paths = input === undefined ? undefined : forecastPaths(input);
    return {
      subnetId,
      availabilityZoneId,
      drawn: input === undefined || paths === undefined ? undefined : { input, paths },
    };
  });
  const zones = [...new Set(drawn.flatMap(({ availabilityZoneId }) => availabilityZoneId ?? []))].sort();
  const groups = zones.map((id) => ({
    group: 'zone' as const,
    id,
    of: drawn.filter(({ availabilityZoneId }) => availabilityZoneId === id),
  }));
  return [...groups, { group: 'vpc' as const, id: vpcId, of: drawn }].flatMap(({ group, id, of }) => {
    const summed = sumOf(of);
    return summed === undefined ? [] : [{ group, id, ...summed }];
  });
}

function sumOf(members: readonly DrawnMember[]): Omit<PortfolioForecast, 'group' | 'id'> | undefined {
  const parts = members.flatMap(({ drawn }) => drawn ?? []);
  const [first] = parts;
  if (first === undefined) {
    return undefined;
  }
  const paths = sumPaths(parts.map((part) => part.paths));
  const capacity = sum(parts.map(({ input }) => input.capacity));
  return {
    subnetIds: members.flatMap(({ subnetId, drawn }) => (drawn === undefined ? [] : [subnetId])),
    missingSubnetIds: members.flatMap(({ subnetId, drawn }) => (drawn === undefined ? [subnetId] : [])),
    capacity,
    // None has learnt from today, so all paths begin with it.
    firstDay: first.input.today,
    atFloor: crossingForecast(paths, capacity, sum(parts.map(({ input }) => input.floor))),
    atZero: crossingForecast(paths, capacity, 0),
  };
}

/** Path by path: those of one number are one possible future of all. */
function sumPaths(all: readonly SampledPaths[]): SampledPaths {
  const count = Math.min(...all.map(({ futureByPath }) => futureByPath.length));
  const dayCount = Math.min(...all.map(({ futures }) => futures.dayCount));
  const used = new Float64Array(count * dayCount);
  for (const { futures, futureByPath } of all) {
    for (let path = 0; path < count; path += 1) {
      // Every path has a future, and that every day.
      const start = (futureByPath[path] as number) * futures.dayCount;
      for (let day = 0; day < dayCount; day += 1) {
        const index = path * dayCount + day;
        used[index] = (used[index] as number) + (futures.used[start + day] as number);
      }
    }
  }
  return { futures: { count, dayCount, used }, futureByPath: Uint16Array.from({ length: count }, (_, path) => path) };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
