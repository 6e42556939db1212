import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type RoomTrendPorts, readClusterTrend } from '../../lib/audit/read-room-trend.ts';
import type { SubnetState } from '../../lib/domain/capacity/region-state.ts';
import type { VpcState } from '../../lib/domain/capacity/vpc-state.ts';
import type { SeriesSample } from '../../lib/domain/trend/series.ts';
import type { PortfolioForecast, VpcForecasts } from '../../lib/domain/trend/vpc-forecasts.ts';
import { memoryVpcStores } from '../helpers/memory-vpc-stores.ts';
import { realisticVpc } from '../helpers/realistic-fleet.ts';
import { aPoint, HOURS_PER_DAY, instantAt, TODAY } from '../helpers/series-builder.ts';

const NOW_MS = (TODAY * HOURS_PER_DAY + 8) * 3_600_000;
const STATE = realisticVpc(
  { vpcCount: 1, subnetsPerVpc: 9, clusterCount: 2, observedAt: '2026-11-23T08:00:00.000Z', seed: 11 },
  0,
);
const [CLUSTER] = STATE.clusters;
if (CLUSTER === undefined) {
  throw new Error('There are two clusters');
}
const { clusterId } = CLUSTER;
const OWN_IDS = new Set(CLUSTER.subnets.map(({ subnetId }) => subnetId));
const OWN = STATE.subnets.filter(({ subnet }) => OWN_IDS.has(subnet.subnetId));
const ZONES = [...new Set(OWN.flatMap(({ availabilityZoneId }) => availabilityZoneId ?? []))].sort();

/** What is free in each subnet, by its place among all, at an hour; nothing where it was not seen. */
type FreeAt = (place: number, hour: number) => number | undefined;

function samplesOf(free: FreeAt, from: number, to: number): SeriesSample[] {
  return Array.from({ length: to - from }, (_, index) => from + index).map((hour) => ({
    observedAt: instantAt(hour),
    kind: 'scan',
    viewerAccountId: STATE.vpc.ownerId,
    points: new Map(
      STATE.subnets.flatMap(({ subnet: { subnetId } }, place) => {
        const count = free(place, hour);
        return count === undefined ? [] : [[subnetId, aPoint(count)]];
      }),
    ),
  }));
}

async function aService(free: FreeAt, days = 3, state: VpcState = STATE) {
  const stores = memoryVpcStores();
  await stores.states.writeState(state, undefined);
  for (const sample of samplesOf(free, (TODAY - days + 1) * HOURS_PER_DAY, TODAY * HOURS_PER_DAY + 8)) {
    await stores.series.addSample(state.vpc, sample);
  }
  const reads: string[] = [];
  const ports: RoomTrendPorts = {
    states: stores.states,
    series: {
      samplesAndForecasts(vpc, asked) {
        reads.push(`samples ${asked.from} ${asked.to}`);
        return stores.series.samplesAndForecasts(vpc, asked);
      },
      dailyRoom(vpc, asked) {
        reads.push(`days ${asked.from - TODAY} ${asked.to - TODAY}`);
        return stores.series.dailyRoom(vpc, asked);
      },
    },
    forecasts: stores.forecasts,
    now: () => NOW_MS,
  };
  return { ...stores, ports, reads };
}

function placeOf({ subnet }: SubnetState): number {
  return STATE.subnets.findIndex((one) => one.subnet.subnetId === subnet.subnetId);
}

/** Hour by hour, subnet by subnet. */
function sumsOneByOne(free: FreeAt, subnets: readonly SubnetState[], hours: readonly number[]) {
  return hours.flatMap((hour) => {
    const seen = subnets.flatMap((subnet) => free(placeOf(subnet), hour) ?? []);
    return seen.length === 0
      ? []
      : [[hour, seen.reduce((sum, count) => sum + count, 0), subnets.length - seen.length] as const];
  });
}

const HOURS = Array.from({ length: 8 }, (_, index) => TODAY * HOURS_PER_DAY + index);

describe('the trend of a cluster', () => {
  it('is that of its subnets and of each of its zones, added up hour by hour', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.option(fc.nat(200), { nil: undefined }), { minLength: 9 * 8, maxLength: 9 * 8 }),
        async (drawn) => {
          const free: FreeAt = (place, hour) => drawn[place * 8 + (hour % HOURS_PER_DAY)];
          const { ports } = await aService(free, 1);
          const trend = await readClusterTrend(clusterId, 1, undefined, ports);
          const told = trend?.groups.map(({ group, id, hourly }) => [
            group,
            id,
            hourly.map(({ at, freeMin, missingPartCount }) => [at, freeMin, missingPartCount]),
          ]);
          expect(told).toEqual([
            ['cluster', clusterId, sumsOneByOne(free, OWN, HOURS)],
            ...ZONES.map((zone) => [
              'zone',
              zone,
              sumsOneByOne(
                free,
                OWN.filter(({ availabilityZoneId }) => availabilityZoneId === zone),
                HOURS,
              ),
            ]),
            ['vpc', STATE.vpc.vpcId, sumsOneByOne(free, STATE.subnets, HOURS)],
          ]);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('is by days of which enough was seen, today as far as it went, by one Query', async () => {
    const { ports, reads } = await aService((place, hour) => 100 + place - (hour % HOURS_PER_DAY));
    const trend = await readClusterTrend(clusterId, 3, undefined, ports);
    expect(trend?.window).toEqual({ from: TODAY - 2, to: TODAY });
    const least = OWN.reduce((sum, subnet) => sum + 100 + placeOf(subnet) - 23, 0);
    expect(trend?.groups[0]?.daily.map(({ at, freeMin }) => [at, freeMin])).toEqual([
      [TODAY - 2, least],
      [TODAY - 1, least],
    ]);
    expect(reads).toEqual(['samples 2026-11-21 2026-11-23']);
  });

  it.each([
    [90, 'samples 2026-08-26 2026-11-23'],
    [91, 'days -90 0'],
  ])('of %i days is read as %s', async (days, read) => {
    const { ports, reads, series } = await aService(() => 50);
    const subnetId = [...OWN_IDS][0] ?? '';
    const room = { freeMin: 7, freePrefixMin: 2, scatter: undefined };
    await series.keepDailyRoom(STATE.vpc, new Map([[subnetId, [{ at: TODAY - 80, ...room }]]]));
    const trend = await readClusterTrend(clusterId, days, undefined, ports);
    expect(reads).toEqual([read]);
    const [cluster] = trend?.groups ?? [];
    expect(cluster?.subnetIds).toHaveLength(OWN.length);
    const isByDay = days > 90;
    expect(cluster?.hourly.length).toBe(isByDay ? 0 : 56);
    expect(cluster?.daily.some(({ freeMin }) => freeMin === 7)).toBe(isByDay);
    if (isByDay) {
      expect(cluster?.daily).toEqual([
        {
          at: TODAY - 80,
          ...room,
          partCount: 1,
          missingPartCount: OWN.length - 1,
          missingPrefixPartCount: OWN.length - 1,
        },
      ]);
    }
  });

  it('leaves out subnets without IPv4 addresses, and says nothing of a cluster that is not known', async () => {
    const [first, ...others] = STATE.subnets.filter(({ subnet }) => OWN_IDS.has(subnet.subnetId));
    const bare = first === undefined ? others : [{ ...first, capacity: undefined }, ...others];
    const { ports } = await aService(() => 50, 1, { ...STATE, subnets: bare });
    const trend = await readClusterTrend(clusterId, 1, undefined, ports);
    expect(trend?.groups[0]?.subnetIds).toEqual(others.map(({ subnet }) => subnet.subnetId));
    expect(await readClusterTrend(`${clusterId}-other`, 1, undefined, ports)).toBeUndefined();
  });
});

function portfolioOf(group: 'zone' | 'vpc', id: string, subnetIds: readonly string[]): PortfolioForecast {
  const crossing = {
    floor: 5,
    probability: new Map([[7, 0.1]]),
    p10: 9,
    p50: 20,
    p90: undefined,
    censoredAt: 180,
  };
  return {
    group,
    id,
    subnetIds,
    missingSubnetIds: [],
    capacity: 500,
    firstDay: TODAY,
    atFloor: crossing,
    atZero: crossing,
  };
}

async function withPortfolios(portfolios: readonly PortfolioForecast[]) {
  const service = await aService(() => 50, 1);
  const forecasts: VpcForecasts = {
    inputsDigest: '',
    today: TODAY,
    isOutdated: false,
    breaks: new Map(),
    reservations: new Map(),
    subnets: [],
    portfolios,
  };
  await service.forecasts.writeForecasts(STATE.vpc, forecasts, undefined);
  return service;
}

describe('what else is told with a trend', () => {
  const portfolios = [
    ...ZONES.map((zone) => portfolioOf('zone', zone, [...OWN_IDS])),
    portfolioOf('zone', 'elsewhere', []),
    portfolioOf(
      'vpc',
      STATE.vpc.vpcId,
      STATE.subnets.map(({ subnet }) => subnet.subnetId),
    ),
  ];

  it('is the forecast of each zone that the cluster is in, and of the VPC', async () => {
    const { ports } = await withPortfolios(portfolios);
    const trend = await readClusterTrend(clusterId, 1, undefined, ports);
    expect(trend?.portfolios.map(({ id }) => id)).toEqual([...ZONES, STATE.vpc.vpcId]);
    expect(trend?.forecastOf).toBe(TODAY);
  });

  it('is told to who sees the owner, or a cluster in every subnet of the sum', async () => {
    const tenant = '999988887777';
    const foreign = { ...CLUSTER, target: { ...CLUSTER.target, accountId: tenant } };
    const shared = { ...STATE, clusters: [foreign] };
    const service = await withPortfolios(portfolios);
    const version = (await service.states.readState(STATE.vpc))?.version;
    await service.states.writeState(shared, version);
    const told = async (visible: readonly string[]) => {
      const trend = await readClusterTrend(clusterId, 1, visible, service.ports);
      return trend && [trend.portfolios.map(({ id }) => id), trend.groups.map(({ group }) => group).includes('vpc')];
    };
    expect(await told([tenant])).toEqual([ZONES, false]);
    expect(await told([tenant, STATE.vpc.ownerId])).toEqual([[...ZONES, STATE.vpc.vpcId], true]);
    expect(await told([STATE.vpc.ownerId])).toBeUndefined();
    expect(await told([])).toBeUndefined();
  });
});
