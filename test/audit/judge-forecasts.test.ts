import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type JudgePorts, judgeVpc } from '../../lib/audit/judge-vpc.ts';
import { OPEN_POLICY } from '../../lib/audit/policy.ts';
import type { Slot } from '../../lib/audit/slot.ts';
import type { SubnetState } from '../../lib/domain/capacity/region-state.ts';
import type { VpcId } from '../../lib/domain/capacity/vpc-state.ts';
import { observed } from '../../lib/domain/fact.ts';
import type { NetworkInterface } from '../../lib/domain/network/network.ts';
import type { RegionFacts } from '../../lib/domain/region-facts.ts';
import type { SeriesSample } from '../../lib/domain/trend/series.ts';
import type { VpcForecasts } from '../../lib/domain/trend/vpc-forecasts.ts';
import { ACCOUNT_ID, aCluster, aNetworkInterface, aSubnet, SUBNET_ID, VPC_ID } from '../helpers/builders.ts';
import { memoryVpcStores } from '../helpers/memory-vpc-stores.ts';
import { REGION, someClusterFacts, someRegionFacts, withClusters } from '../helpers/region-facts-builder.ts';
import { HOURS_PER_DAY, hourlySamples, instantAt, TODAY, USABLE } from '../helpers/series-builder.ts';

const VPC: VpcId = { ownerId: ACCOUNT_ID, region: REGION, vpcId: VPC_ID };
const BASE = 0x0a00_0000;
const NOW_HOUR = TODAY * HOURS_PER_DAY + 8;

function slotAt(hour: number): Slot {
  return { kind: 'scan', at: instantAt(hour, 0) };
}

/** The VPC with one subnet in which so many addresses are free. */
function scanned(hour: number, free: number, overrides: Partial<RegionFacts> = {}): RegionFacts {
  const at = instantAt(hour);
  const networkInterfaces: NetworkInterface[] = [
    aNetworkInterface({ privateIpAddresses: Array.from({ length: USABLE - free }, (_, index) => BASE + 4 + index) }),
  ];
  return someRegionFacts({
    target: { accountId: ACCOUNT_ID, region: REGION },
    startedAt: at,
    subnets: observed([aSubnet({ availableIpAddressCount: free })], at),
    networkInterfaces: observed(networkInterfaces, at),
    ...overrides,
  });
}

function service() {
  const stores = memoryVpcStores();
  let readCount = 0;
  const ports: JudgePorts = {
    ...stores,
    series: {
      ...stores.series,
      samples(vpc, days) {
        readCount += 1;
        return stores.series.samples(vpc, days);
      },
    },
    policy: OPEN_POLICY,
    accounts: async () => new Map(),
  };
  return {
    ...stores,
    ports,
    seriesReads: () => readCount,
    async remember(samples: readonly SeriesSample[]) {
      for (const sample of samples) {
        await stores.series.addSample(VPC, sample);
      }
    },
    async scan(hour: number, free: number, overrides: Partial<RegionFacts> = {}) {
      const slot = slotAt(hour);
      await stores.facts.putFacts(VPC, { slot, facts: scanned(hour, free, overrides) });
      return judgeVpc({ vpc: VPC, viewerAccountId: ACCOUNT_ID, slot }, ports);
    },
    async subnet(): Promise<SubnetState> {
      const subnet = (await stores.states.readState(VPC))?.state.subnets[0];
      if (subnet === undefined) {
        throw new Error('Nothing was judged');
      }
      return subnet;
    },
    async forecasts(): Promise<VpcForecasts> {
      const stored = await stores.forecasts.readForecasts(VPC);
      if (stored === undefined) {
        throw new Error('Nothing was forecast');
      }
      return stored.forecasts;
    },
  };
}

function fail(): never {
  throw new Error('Expected a forecast');
}

/** So many are free at 08:00 today, and `perDay` more on each day before; noon takes ten. */
function falling(perDay: number, now: number): (hour: number) => number {
  return (hour) =>
    Math.min(
      USABLE,
      Math.max(0, Math.round(now + ((NOW_HOUR - hour) / HOURS_PER_DAY) * perDay) - (hour % 24 === 12 ? 10 : 0)),
    );
}

function past(days: number, free: (hour: number) => number | undefined): SeriesSample[] {
  return hourlySamples((TODAY - days) * HOURS_PER_DAY, NOW_HOUR, free);
}

describe('a subnet that fills up', () => {
  it.each([
    ['within a week', 4, 22, 'critical', 7],
    ['within a month', 4, 70, 'warning', 30],
  ] as const)('%s is told so, with how likely that is', async (_, perDay, now, status, withinDays) => {
    const one = service();
    await one.remember(past(40, falling(perDay, now)));
    await one.scan(NOW_HOUR, now);
    const subnet = await one.subnet();
    const [reason] = subnet.status.reasons;
    expect(subnet.status.status).toBe(status);
    expect(reason).toMatchObject({ code: 'exhaustion-likely', kind: 'addresses', withinDays });
    expect(subnet.status.reasons.map(({ code }) => code)).not.toContain('no-forecast');
    expect(subnet.exhaustion).toMatchObject({ state: 'forecast', method: 'trend', dayCount: 40 });
  });

  it('is told with a portfolio of its zone and its VPC', async () => {
    const one = service();
    await one.remember(past(40, falling(4, 70)));
    await one.scan(NOW_HOUR, 70);
    const { portfolios, subnets } = await one.forecasts();
    const [subnet] = subnets;
    expect(portfolios.map(({ group }) => group)).toEqual(['zone', 'vpc']);
    for (const { atFloor, subnetIds, missingSubnetIds } of portfolios) {
      expect([subnetIds, missingSubnetIds]).toEqual([[SUBNET_ID], []]);
      // The sum of one is that one.
      expect(subnet?.addresses).toMatchObject({ forecast: { atFloor } });
    }
  });
});

describe('a subnet that stays as it is', () => {
  it('is not expected to run out, and no forecast is not what that is called', async () => {
    const one = service();
    await one.remember(past(40, () => 200));
    await one.scan(NOW_HOUR, 200);
    const { exhaustion, status } = await one.subnet();
    expect(exhaustion).toEqual({ state: 'not-expected', withinDays: 180, dayCount: 40 });
    expect(status).toEqual({ status: 'healthy', reasons: [] });
    expect((await one.forecasts()).portfolios).toEqual([]);
  });
});

describe('a subnet that fills up slowly', () => {
  it('is not expected to run out for as long as no future may get there', async () => {
    const one = service();
    await one.remember(past(40, falling(1, 150)));
    await one.scan(NOW_HOUR, 150);
    expect((await one.subnet()).exhaustion).toEqual({ state: 'not-expected', withinDays: 90, dayCount: 40 });
  });
});

describe('a short history', () => {
  it.each([
    [0, { dayCount: 0, sinceDay: TODAY }],
    [2, { dayCount: 2, sinceDay: TODAY - 2 }],
  ])('of %i days says how many days there are, and since when', async (days, found) => {
    const missing = { kind: 'addresses', neededDayCount: 3, ...found } as const;
    const reason = { code: 'no-forecast', why: 'insufficient-history', ...missing };
    const one = service();
    await one.remember(past(days, () => 200));
    await one.scan(NOW_HOUR, 200);
    expect((await one.subnet()).status.reasons).toEqual([reason]);
  });

  it('of three days is told by its level, and no further than a week', async () => {
    const one = service();
    await one.remember(past(3, () => 200));
    await one.scan(NOW_HOUR, 200);
    const { exhaustion } = await one.subnet();
    expect(exhaustion).toMatchObject({ state: 'forecast', method: 'level', censoredDay: TODAY + 6 });
  });

  it('is what is left where days were not seen often enough', async () => {
    const one = service();
    // Of every other day nothing was seen after 17 hours.
    await one.remember(past(6, (hour) => (Math.floor(hour / 24) % 2 === 0 && hour % 24 >= 17 ? undefined : 200)));
    await one.scan(NOW_HOUR, 200);
    expect((await one.subnet()).exhaustion).toMatchObject({ dayCount: 3 });
  });
});

/** Of a day whose hours are no longer kept. */
const GONE_ROOM = { freeMin: 12, freePrefixMin: undefined, scatter: undefined };

/** The least of each day, hour by hour. */
function leastOfDays(free: (hour: number) => number | undefined, from: number, to: number): [number, number][] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index).flatMap((day) => {
    const seen = Array.from({ length: HOURS_PER_DAY }, (_, hour) => free(day * HOURS_PER_DAY + hour)).filter(
      (count) => count !== undefined,
    );
    return seen.length < 18 ? [] : [[day, Math.min(...seen)] as [number, number]];
  });
}

describe('the least room of a day', () => {
  const everyDay = { from: 0, to: TODAY + 10 };
  const kept = async ({ series }: ReturnType<typeof service>): Promise<[number, number][]> =>
    ((await series.dailyRoom(VPC, everyDay)).get(SUBNET_ID) ?? []).map(({ at, freeMin }) => [at, freeMin]);

  it('is kept when the day is over, of days that were seen often enough', async () => {
    const one = service();
    const free = (hour: number) =>
      hour % 24 >= 17 && Math.floor(hour / 24) === TODAY - 3 ? undefined : 100 - (hour % 24);
    await one.remember(past(6, free));
    await one.scan(NOW_HOUR, 100 - 8);
    expect(await kept(one)).toEqual(leastOfDays(free, TODAY - 6, TODAY - 1));
    for (const hour of Array.from({ length: 17 }, (_, index) => NOW_HOUR + 1 + index)) {
      await one.scan(hour, 100 - (hour % 24));
    }
    expect(await kept(one)).toEqual(leastOfDays(free, TODAY - 6, TODAY));
  });

  it('is mended by what arrives late', async () => {
    const one = service();
    const free = (hour: number) => (Math.floor(hour / 24) === TODAY - 2 ? undefined : 90);
    await one.remember(past(4, free));
    await one.scan(NOW_HOUR, 90);
    expect((await kept(one)).map(([day]) => day)).toEqual([TODAY - 4, TODAY - 3, TODAY - 1]);
    for (let hour = (TODAY - 2) * HOURS_PER_DAY; hour < (TODAY - 1) * HOURS_PER_DAY; hour += 1) {
      await one.scan(hour, 40);
    }
    await one.scan(NOW_HOUR + 1, 90);
    expect(await kept(one)).toEqual([
      [TODAY - 4, 90],
      [TODAY - 3, 90],
      [TODAY - 2, 40],
      [TODAY - 1, 90],
    ]);
  });

  it('stays where the hours that it was made from are no longer kept', async () => {
    const one = service();
    await one.series.keepDailyRoom(VPC, new Map([[SUBNET_ID, [{ ...GONE_ROOM, at: TODAY - 3 }]]]));
    await one.remember(past(1, () => 90));
    await one.scan(NOW_HOUR, 90);
    expect(await kept(one)).toEqual([
      [TODAY - 3, GONE_ROOM.freeMin],
      [TODAY - 1, 90],
    ]);
  });

  it('is kept once more where whoever kept it stopped before the forecast was written', async () => {
    const one = service();
    await one.remember(past(3, () => 90));
    const slot = slotAt(NOW_HOUR);
    await one.facts.putFacts(VPC, { slot, facts: scanned(NOW_HOUR, 90) });
    const dying: JudgePorts = {
      ...one.ports,
      forecasts: { ...one.ports.forecasts, writeForecasts: () => Promise.reject(new Error('stopped')) },
    };
    await expect(judgeVpc({ vpc: VPC, viewerAccountId: ACCOUNT_ID, slot }, dying)).rejects.toThrow('stopped');
    const before = await kept(one);
    expect(before).toHaveLength(3);
    await judgeVpc({ vpc: VPC, viewerAccountId: ACCOUNT_ID, slot }, one.ports);
    expect(await kept(one)).toEqual(before);
    expect((await one.forecasts()).today).toBe(TODAY);
  });
});

describe('forecasting again', () => {
  it('happens once a day, whatever is judged in between', async () => {
    const one = service();
    await one.remember(past(40, falling(4, 70)));
    for (const hour of [0, 1, 2, 15]) {
      await one.scan(NOW_HOUR + hour, 70 - hour);
    }
    expect(one.seriesReads()).toBe(1);
    const { today } = await one.forecasts();
    expect(today).toBe(TODAY);
    await one.scan(NOW_HOUR + 16, 50);
    expect(one.seriesReads()).toBe(2);
    expect((await one.forecasts()).today).toBe(TODAY + 1);
  });

  it('happens where an observation of an earlier day arrives late, with the next judgement and once', async () => {
    const one = service();
    await one.remember(past(10, () => 200));
    await one.scan(NOW_HOUR, 200);
    await one.scan(NOW_HOUR - 20, 199);
    await one.scan(NOW_HOUR - 19, 199);
    expect(one.seriesReads()).toBe(1);
    expect((await one.forecasts()).isOutdated).toBe(true);
    await one.scan(NOW_HOUR + 1, 200);
    await one.scan(NOW_HOUR + 2, 200);
    expect(one.seriesReads()).toBe(2);
    expect((await one.forecasts()).isOutdated).toBe(false);
  });

  it('is not asked for by an observation of the same day', async () => {
    const one = service();
    await one.remember(past(10, () => 200));
    await one.scan(NOW_HOUR, 200);
    await one.scan(NOW_HOUR - 2, 199);
    expect((await one.forecasts()).isOutdated).toBe(false);
  });

  it('happens where a cluster appears, which is kept with what is learnt from then on', async () => {
    const one = service();
    await one.remember(past(40, falling(4, 90)));
    await one.scan(NOW_HOUR, 90);
    const at = instantAt(NOW_HOUR + 1);
    const cluster = withClusters({
      prod: someClusterFacts({ cluster: observed(aCluster({ name: 'prod', subnetIds: [SUBNET_ID] }), at) }, 'prod'),
    });
    await one.scan(NOW_HOUR + 1, 90, cluster);
    expect(one.seriesReads()).toBe(2);
    expect((await one.forecasts()).breaks.get(SUBNET_ID)).toEqual([{ day: TODAY, reason: 'cluster-created' }]);
    await one.remember(hourlySamples(NOW_HOUR + 2, (TODAY + 2) * HOURS_PER_DAY, () => 80));
    await one.scan((TODAY + 2) * HOURS_PER_DAY, 80, cluster);
    const [{ addresses } = fail()] = (await one.forecasts()).subnets;
    expect(addresses.state === 'forecast' ? addresses.forecast.breaks : []).toContainEqual({
      day: TODAY,
      reason: 'cluster-created',
    });
  });

  it('is finished by the next delivery where the process ended before the state was written', async () => {
    const [straight, broken] = [service(), service()];
    for (const one of [straight, broken]) {
      await one.remember(past(40, falling(4, 70)));
    }
    await straight.scan(NOW_HOUR, 70);
    const facts = scanned(NOW_HOUR, 70);
    await broken.facts.putFacts(VPC, { slot: slotAt(NOW_HOUR), facts });
    const message = { vpc: VPC, viewerAccountId: ACCOUNT_ID, slot: slotAt(NOW_HOUR) };
    const dying: JudgePorts = {
      ...broken.ports,
      states: { ...broken.ports.states, writeState: () => Promise.reject(new Error('The process ended')) },
    };
    await expect(judgeVpc(message, dying)).rejects.toThrow('The process ended');
    await judgeVpc(message, broken.ports);
    expect(broken.seriesReads()).toBe(1);
    expect(await broken.subnet()).toEqual(await straight.subnet());
  });
});

describe('whatever was seen', () => {
  const history = fc.record({
    days: fc.integer({ min: 0, max: 24 }),
    perDay: fc.integer({ min: -5, max: 8 }),
    now: fc.integer({ min: 0, max: 240 }),
    gaps: fc.array(fc.nat(24 * 24), { maxLength: 60 }),
  });

  it('judging twice gives the same, in any order of the samples', async () => {
    await fc.assert(
      fc.asyncProperty(history, fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), async (of, random) => {
        const missing = new Set(of.gaps.map((gap) => NOW_HOUR - 1 - gap));
        const free = falling(of.perDay, of.now);
        const samples = past(of.days, (hour) => (missing.has(hour) ? undefined : free(hour)));
        const shuffled = samples
          .map((sample) => ({ sample, order: random.next().value as number }))
          .sort((a, b) => a.order - b.order)
          .map(({ sample }) => sample);
        const [one, two] = [service(), service()];
        await one.remember(samples);
        await two.remember(shuffled);
        await one.scan(NOW_HOUR, of.now);
        const once = await one.subnet();
        expect((await one.scan(NOW_HOUR, of.now)).outcome).toBe('already-judged');
        await two.scan(NOW_HOUR, of.now);
        expect(await one.subnet()).toEqual(once);
        expect(await two.subnet()).toEqual(once);
        expect(await two.forecasts()).toEqual(await one.forecasts());
      }),
      { numRuns: 20 },
    );
  });

  it('nothing of the judged day or later is used', async () => {
    await fc.assert(
      fc.asyncProperty(history, fc.array(fc.nat(251), { minLength: 1, maxLength: 48 }), async (of, later) => {
        const samples = hourlySamples(
          (TODAY - of.days) * HOURS_PER_DAY,
          TODAY * HOURS_PER_DAY,
          falling(of.perDay, of.now),
        );
        const [one, two] = [service(), service()];
        await one.remember(samples);
        await two.remember([
          ...samples,
          ...hourlySamples(
            TODAY * HOURS_PER_DAY,
            TODAY * HOURS_PER_DAY + later.length,
            (hour) => later[hour - TODAY * HOURS_PER_DAY],
          ),
        ]);
        await one.scan(NOW_HOUR, of.now);
        await two.scan(NOW_HOUR, of.now);
        expect(await two.forecasts()).toEqual(await one.forecasts());
        expect(await two.subnet()).toEqual(await one.subnet());
      }),
      { numRuns: 20 },
    );
  });
});
