import { describe, expect, it } from 'vitest';
import { type ForecastInput, forecast, forecastPaths } from '../../../lib/domain/trend/forecast.ts';
import { portfolioForecasts } from '../../../lib/domain/trend/portfolio.ts';
import { TODAY } from '../../helpers/series-builder.ts';

const DAYS = 40;

/** So many more are used each day, and so many on the last. */
function inputOf(subnetId: string, perDay: number, last: number, floor = 0): ForecastInput {
  const days = Array.from({ length: DAYS }, (_, day) => ({
    peak: last - perDay * (DAYS - 1 - day),
    validHourCount: 24,
    isUnexplained: false,
    isCensored: false,
  }));
  return {
    subnetId,
    kind: 'addresses',
    series: { firstDay: TODAY - DAYS, days, swingWithinHour: 0 },
    breaks: [],
    capacity: 251,
    floor,
    now: 251 - last,
    today: TODAY,
  };
}

describe('a portfolio', () => {
  it('of one subnet is its forecast', () => {
    const input = inputOf('subnet-1', 2, 200, 13);
    const [zone, vpc] = portfolioForecasts('vpc-1', [{ subnetId: 'subnet-1', availabilityZoneId: 'use1-az1', input }]);
    const { atFloor, atZero } = forecast(input);
    expect(zone).toMatchObject({ group: 'zone', id: 'use1-az1', capacity: 251, firstDay: TODAY, atFloor, atZero });
    expect(vpc).toMatchObject({ group: 'vpc', id: 'vpc-1', atFloor, atZero });
  });

  it('lasts as long as one subnet has room for what the other lacks, since paths are summed', () => {
    // One is full on the tenth day and still asks for four a day more; the other gives as many back each day.
    const grows = inputOf('subnet-1', 4, 211);
    const shrinks = inputOf('subnet-2', -4, 40);
    const members = [grows, shrinks].map((input) => ({
      subnetId: input.subnetId,
      availabilityZoneId: 'use1-az1',
      input,
    }));
    const [zone] = portfolioForecasts('vpc-1', members);
    expect(forecast(grows).atZero.p50).toBe(10);
    // The first may ask for half as much again as it has, 376 at the most; there are 502.
    expect(zone?.atZero.p50).toBeUndefined();
    expect(zone?.atZero.probability.get(180)).toBe(0);
  });

  it('is what summing each path of each by hand gives', () => {
    const inputs = [inputOf('subnet-1', 1, 180), inputOf('subnet-2', 1.5, 190)];
    const [one, two] = inputs.map(forecastPaths);
    const [zone] = portfolioForecasts(
      'vpc-1',
      inputs.map((input) => ({ subnetId: input.subnetId, availabilityZoneId: 'a', input })),
    );
    if (one === undefined || two === undefined) {
      throw new Error('Forty days are enough for paths');
    }
    let reached = 0;
    const usedOn = ({ futures, futureByPath }: typeof one, path: number, day: number) =>
      futures.used[(futureByPath[path] ?? Number.NaN) * futures.dayCount + day] ?? Number.NaN;
    for (let path = 0; path < one.futureByPath.length; path += 1) {
      const days = Array.from({ length: 30 }, (_, day) => day);
      reached += days.some((day) => usedOn(one, path, day) + usedOn(two, path, day) >= 502) ? 1 : 0;
    }
    expect(zone?.atZero.probability.get(30)).toBe(reached / one.futureByPath.length);
  });

  it('names what it lacks, and is not told of a zone of which nothing is known', () => {
    const portfolios = portfolioForecasts('vpc-1', [
      { subnetId: 'subnet-1', availabilityZoneId: 'a', input: inputOf('subnet-1', 2, 200) },
      { subnetId: 'subnet-2', availabilityZoneId: 'a', input: undefined },
      { subnetId: 'subnet-3', availabilityZoneId: 'b', input: undefined },
      { subnetId: 'subnet-4', availabilityZoneId: undefined, input: inputOf('subnet-4', 2, 200) },
    ]);
    expect(portfolios.map(({ id, subnetIds, missingSubnetIds }) => [id, subnetIds, missingSubnetIds])).toEqual([
      ['a', ['subnet-1'], ['subnet-2']],
      ['vpc-1', ['subnet-1', 'subnet-4'], ['subnet-2', 'subnet-3']],
    ]);
  });
});
