import { levelBreaks } from '../../lib/domain/trend/breaks.ts';
import { dailyPeaks, HOURS_PER_DAY, type HourlyDemand, type SeriesKind } from '../../lib/domain/trend/daily.ts';
import { type ForecastInput, forecast, trainForecast } from '../../lib/domain/trend/forecast.ts';
import { screenForecast } from '../../lib/domain/trend/screen-forecast.ts';
import { TRAINING_DAYS_MAX } from '../../lib/domain/trend/training.ts';
import { generateFleetSubnet, generateSubnet } from '../forecast/generator/generate-subnet.ts';
import { FIRST_DAY, SUBNETS_PER_REGIME } from '../forecast/generator/regimes.ts';
import { judgedSubnet } from '../forecast/subject.ts';

export interface ForecastBench {
  readonly screen: {
    /** From hourly points in memory to what is said: daily peaks, breaks, training and both bounds. No reading, no decoding. */
    readonly subnetCount: number;
    readonly hourlyPointCount: number;
    readonly cpuSeconds: number;
    /** CPU time over that of one pass over the same points that takes the highest of each. */
    readonly baselineRatio: number;
    readonly drawnShare: number;
    readonly boundedShare: number;
  };
  readonly bootstrap: {
    /** Of both series, from hourly points in memory to quantiles and probabilities. */
    readonly subnetCount: number;
    readonly subnetsPerCpuSecond: number;
    readonly baselineRatio: number;
  };
}

const SCREENED_SUBNETS = 100_000;
/** So many different subnets of the generated fleet, each on so many mornings, are screened in turn. */
const FLEET_SUBNETS = 120;
const MORNINGS = [92, 101, 110, 119, 128, 137, 146];
const BOOTSTRAP_ROUNDS = 10;

interface BenchedSeries {
  readonly subnetId: string;
  readonly kind: SeriesKind;
  readonly hours: readonly HourlyDemand[];
  readonly capacity: number;
  readonly floor: number;
  readonly today: number;
}

/** Measures the screen of a fleet and the bootstrap of subnets that grow, in CPU time of one core. */
export function benchForecast(): ForecastBench {
  return { screen: benchScreen(), bootstrap: benchBootstrap() };
}

function benchScreen(): ForecastBench['screen'] {
  const fleet = Array.from({ length: FLEET_SUBNETS }, (_, index) => generateFleetSubnet(index)).flatMap((subnet) =>
    MORNINGS.map((day) => seriesOf(subnet, 'addresses', day)),
  );
  const all = Array.from({ length: SCREENED_SUBNETS }, (_, index) => fleet[index % fleet.length]).flatMap(
    (each) => each ?? [],
  );
  for (const each of fleet) {
    screened(each);
    highest(each);
  }
  let hourlyPointCount = 0;
  const baselineSeconds = cpuSeconds(() => {
    for (const each of all) {
      hourlyPointCount += highest(each) > 0 ? each.hours.length : 0;
    }
  });
  const tally = { drawn: 0, bounded: 0 };
  const seconds = cpuSeconds(() => {
    for (const each of all) {
      const said = screened(each);
      tally.drawn += said === undefined ? 1 : 0;
      tally.bounded += said?.probabilityBelow === undefined ? 0 : 1;
    }
  });
  return {
    subnetCount: all.length,
    hourlyPointCount,
    cpuSeconds: seconds,
    baselineRatio: seconds / baselineSeconds,
    drawnShare: tally.drawn / all.length,
    boundedShare: tally.bounded / all.length,
  };
}

function benchBootstrap(): ForecastBench['bootstrap'] {
  const subnets = Array.from({ length: SUBNETS_PER_REGIME }, (_, index) => generateSubnet('linear', index)).flatMap(
    (subnet) => MORNINGS.map((day) => [seriesOf(subnet, 'addresses', day), seriesOf(subnet, 'blocks', day)] as const),
  );
  const run = () => {
    for (const [addresses, blocks] of subnets) {
      forecast(inputOf(addresses));
      forecast(inputOf(blocks));
    }
  };
  run();
  const baselineSeconds = cpuSeconds(() => {
    for (let round = 0; round < BOOTSTRAP_ROUNDS; round += 1) {
      for (const series of subnets.flat()) {
        highest(series);
      }
    }
  });
  const seconds = cpuSeconds(() => {
    for (let round = 0; round < BOOTSTRAP_ROUNDS; round += 1) {
      run();
    }
  });
  const subnetCount = BOOTSTRAP_ROUNDS * subnets.length;
  return { subnetCount, subnetsPerCpuSecond: subnetCount / seconds, baselineRatio: seconds / baselineSeconds };
}

function seriesOf(subnet: Parameters<typeof judgedSubnet>[0], kind: SeriesKind, day: number): BenchedSeries {
  const { subject } = judgedSubnet(subnet, kind);
  const today = FIRST_DAY + day;
  const [from, to] = [(today - TRAINING_DAYS_MAX) * HOURS_PER_DAY, today * HOURS_PER_DAY];
  return {
    subnetId: `${subnet.name}/${day}`,
    kind,
    hours: subject.hours.filter(({ hour }) => hour >= from && hour < to),
    capacity: subject.capacityAt(today),
    floor: subject.floor,
    today,
  };
}

function inputOf({ hours, ...rest }: BenchedSeries): ForecastInput {
  const series = dailyPeaks(hours);
  const now = rest.capacity - (hours.at(-1)?.peak ?? Number.NaN);
  return { ...rest, series, breaks: levelBreaks(series, rest.kind), now };
}

function screened(series: BenchedSeries): ReturnType<typeof screenForecast> {
  const input = inputOf(series);
  return screenForecast(input, trainForecast(input));
}

function highest({ hours }: BenchedSeries): number {
  let most = Number.NEGATIVE_INFINITY;
  for (const { peak } of hours) {
    most = Math.max(most, peak);
  }
  return most;
}

const MICROSECONDS = 1e6;

function cpuSeconds(run: () => void): number {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / MICROSECONDS;
}
