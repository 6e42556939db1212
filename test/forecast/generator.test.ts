import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { randomOf } from '../../lib/local/simulated-aws/build/random.ts';
import { capacityOf, createAddressSpace, freeBlocks } from './generator/address-space.ts';
import { type GeneratedSubnet, generateFleetSubnet, generateSubnet } from './generator/generate-subnet.ts';
import { crossesWithin, type Line } from './generator/labels.ts';
import { createPool, deletePool, type PoolRules, shrinkPool, startPods, stopPods } from './generator/node-pool.ts';
import {
  DAYS,
  FIRST_DAY,
  FLEET_SHARES,
  FLOOR_ADDRESSES,
  REGIME_NAMES,
  type RegimeName,
  STEPS_PER_DAY,
  STEPS_PER_HOUR,
  SUBNETS_PER_REGIME,
} from './generator/regimes.ts';

const FLEET_SAMPLE = 40;
const FIRST_HOUR = FIRST_DAY * 24;

/** What all the data are, and in how many of the subnets a line is crossed. A change makes earlier figures of forecasts void. */
const DATA: Readonly<Record<RegimeName | 'fleet', { readonly digest: string; readonly crossing: number }>> = {
  linear: { digest: 'f4da1acc72aaef50', crossing: 14 },
  accelerating: { digest: 'e33cc5bc7a25e9c7', crossing: 10 },
  'step-early': { digest: 'c2d260c6c97a76fe', crossing: 16 },
  'step-late': { digest: 'bd1deae8592db44e', crossing: 16 },
  weekly: { digest: '90e6920af5761371', crossing: 2 },
  saturating: { digest: '87bf6a668dcf8f2c', crossing: 13 },
  flat: { digest: 'a69d44cdd71a8b74', crossing: 0 },
  shrinking: { digest: '3be9f8e5100fb323', crossing: 5 },
  'break-migration': { digest: '1ae7514a118fab5e', crossing: 10 },
  'break-toggle': { digest: '70e5e252d438fb2d', crossing: 16 },
  bursts: { digest: 'b11918c4f66d67b6', crossing: 16 },
  'month-end': { digest: '7347fe5b8a259a7e', crossing: 11 },
  fleet: { digest: '84f6ea708b6e4226', crossing: 4 },
};

describe.each([...REGIME_NAMES, 'fleet'] as const)('the series of %s', (regime) => {
  const subnets =
    regime === 'fleet'
      ? Array.from({ length: FLEET_SAMPLE }, (_, index) => generateFleetSubnet(index))
      : Array.from({ length: SUBNETS_PER_REGIME }, (_, index) => generateSubnet(regime, index));

  it('are what they were when forecasts were judged by them', () => {
    const crossing = subnets.filter(({ labels }) => labels.floor.length + labels.prefixes.length > 0).length;
    expect({ digest: digestOf(subnets), crossing }).toEqual(DATA[regime]);
  });

  it('never count more addresses than there are, nor blocks that are not', () => {
    for (const { truth, prefixLength } of subnets) {
      const usable = 2 ** (32 - prefixLength) - 5;
      for (const [step, held] of truth.held.entries()) {
        const capacity = truth.capacity[step] ?? Number.NaN;
        const isSound =
          held >= 0 &&
          held <= capacity &&
          capacity <= usable &&
          (truth.wanted[step] ?? Number.NaN) >= held &&
          16 * (truth.prefixesLeft[step] ?? Number.NaN) <= capacity - held;
        expect(isSound || step).toBe(true);
      }
    }
  });

  it('show in each hour that was seen what was there, and nothing in the others', () => {
    for (const { hours, truth } of subnets) {
      let before = -1;
      for (const { hour, usedMin, usedMax, freeMin, freePrefixMin, isUnexplained, readingCount } of hours) {
        const first = (hour - FIRST_HOUR) * STEPS_PER_HOUR;
        const held = truth.held.subarray(first, first + STEPS_PER_HOUR);
        const blocks = truth.prefixesLeft.subarray(first, first + STEPS_PER_HOUR);
        const isSeen = readingCount === 1 ? held.includes(usedMax) : usedMax === Math.max(...held);
        const isSound =
          hour > before &&
          usedMin <= usedMax &&
          freeMin >= 0 &&
          freePrefixMin >= Math.max(0, Math.min(...blocks)) &&
          (isUnexplained || isSeen);
        expect(isSound || hour).toBe(true);
        before = hour;
      }
      expect(hours.length).toBeLessThan(DAYS * 24);
      expect(hours.length).toBeGreaterThan(DAYS * 24 * 0.85);
    }
  });

  it('are labelled by what each step of the truth says', () => {
    for (const subnet of subnets) {
      for (let day = 0; day < DAYS - 30; day += 9) {
        for (const days of [1, 7, 14, 30]) {
          for (const line of ['floor', 'zero', 'prefixes'] as const) {
            const expected = crossesByEachStep(subnet, line, day, days);
            expect(crossesWithin(subnet.labels[line], day, days), `${subnet.name} ${line} ${day}+${days}`).toBe(
              expected,
            );
          }
        }
      }
    }
  });

  it('name for each crossing a cause that came before it', () => {
    for (const { labels } of subnets) {
      for (const { causeStep, fromStep } of [...labels.floor, ...labels.zero, ...labels.prefixes]) {
        expect(causeStep).toBeGreaterThanOrEqual(0);
        expect(causeStep).toBeLessThanOrEqual(fromStep);
      }
    }
  });
});

describe('the regimes', () => {
  it('leave flat subnets alone', () => {
    for (let index = 0; index < SUBNETS_PER_REGIME; index += 1) {
      const { labels } = generateSubnet('flat', index);
      expect([labels.floor, labels.zero, labels.prefixes], `flat ${index}`).toEqual([[], [], []]);
    }
  });

  it('cross within a week of a late step and later than that after an early one', () => {
    const daysAfterCause = (regime: RegimeName) =>
      Array.from({ length: SUBNETS_PER_REGIME }, (_, index) => generateSubnet(regime, index).labels.floor)
        .flatMap((crossings) => crossings.find(({ causeStep }) => causeStep > 0) ?? [])
        .map(({ fromStep, causeStep }) => (fromStep - causeStep) / STEPS_PER_DAY)
        .sort((a, b) => a - b);
    const late = daysAfterCause('step-late');
    const early = daysAfterCause('step-early');
    expect(late[Math.floor(late.length / 2)]).toBeLessThan(7);
    expect(early[Math.floor(early.length / 2)]).toBeGreaterThan(7);
  });

  it('share the fleet out wholly', () => {
    expect(REGIME_NAMES.reduce((sum, name) => sum + FLEET_SHARES[name], 0)).toBeCloseTo(1, 12);
  });
});

describe('a node of the generator', () => {
  const space = () => createAddressSpace(20, randomOf(7), 1);
  const T3_SMALL = { networkInterfacesMax: 3, slotsPerInterface: 3, podsMax: 11 };
  const P3DN = { networkInterfacesMax: 15, slotsPerInterface: 49, podsMax: 737 };
  const DEFAULTS = { warmIpTarget: undefined, minimumIpTarget: undefined, warmEniTarget: 1, warmPrefixTarget: 1 };
  const targets = (warmIpTarget: number, minimumIpTarget: number) => ({ ...DEFAULTS, warmIpTarget, minimumIpTarget });

  // The tables of https://github.com/aws/amazon-vpc-cni-k8s/blob/master/docs/eni-and-ip-target.md
  it.each([
    ['t3.small', T3_SMALL, DEFAULTS, 0, 1, 3],
    ['t3.small', T3_SMALL, DEFAULTS, 5, 3, 9],
    ['t3.small', T3_SMALL, DEFAULTS, 9, 3, 9],
    ['t3.small', T3_SMALL, targets(1, 1), 0, 1, 1],
    ['t3.small', T3_SMALL, targets(1, 1), 5, 2, 6],
    ['t3.small', T3_SMALL, targets(1, 1), 9, 3, 9],
    ['t3.small', T3_SMALL, targets(2, 5), 0, 2, 5],
    ['t3.small', T3_SMALL, targets(2, 5), 5, 3, 7],
    ['t3.small', T3_SMALL, targets(2, 5), 9, 3, 9],
    ['p3dn.24xlarge', P3DN, DEFAULTS, 0, 1, 49],
    ['p3dn.24xlarge', P3DN, DEFAULTS, 3, 2, 98],
    ['p3dn.24xlarge', P3DN, DEFAULTS, 95, 3, 147],
    ['p3dn.24xlarge', P3DN, targets(5, 10), 0, 1, 10],
    ['p3dn.24xlarge', P3DN, targets(5, 10), 7, 1, 12],
    ['p3dn.24xlarge', P3DN, targets(5, 10), 15, 1, 20],
    ['p3dn.24xlarge', P3DN, targets(5, 10), 45, 2, 50],
  ] as const)('%s %j %j with %i pods has %i interfaces and %i addresses', (_, type, warm, pods, interfaces, slots) => {
    const pool = started({ ...type, ...warm, mode: 'addresses' }, pods);
    expect([pool.primaries.length, pool.slots]).toEqual([interfaces, slots]);
  });

  // https://github.com/aws/amazon-vpc-cni-k8s/blob/master/docs/prefix-and-ip-target.md
  it.each([
    [DEFAULTS, 0, 1],
    [DEFAULTS, 5, 2],
    [DEFAULTS, 16, 2],
    [DEFAULTS, 17, 3],
    [DEFAULTS, 58, 5],
    [targets(1, 1), 0, 1],
    [targets(1, 1), 5, 1],
    [targets(1, 1), 17, 2],
    [targets(1, 1), 58, 4],
    [targets(7, 20), 0, 2],
    [targets(7, 20), 17, 2],
    [targets(7, 20), 58, 5],
  ] as const)('t3.small in prefix mode, %j with %i pods has %i prefixes', (warm, pods, prefixes) => {
    const pool = started({ ...T3_SMALL, ...warm, podsMax: 110, mode: 'prefixes' }, pods);
    expect(pool.units.length).toBe(prefixes);
  });

  it.each(['addresses', 'prefixes'] as const)('gives back all %s that it took', (mode) => {
    const subnet = space();
    const all = [capacityOf(subnet), freeBlocks(subnet).length];
    const rules: PoolRules = { ...P3DN, ...DEFAULTS, mode };
    const pool = createPool(rules, subnet);
    startPods(pool, 120, subnet);
    expect(subnet.held).toBeGreaterThan(120);
    stopPods(pool, 120, randomOf(1));
    shrinkPool(pool, subnet);
    // What stays warm: one interface and what is kept on it.
    expect(pool.primaries.length).toBe(1);
    deletePool(pool, subnet);
    expect([capacityOf(subnet), freeBlocks(subnet).length, subnet.held]).toEqual([...all, 0]);
  });

  function started(rules: PoolRules, pods: number) {
    const subnet = space();
    const pool = createPool(rules, subnet);
    startPods(pool, pods, subnet);
    return pool;
  }
});

function crossesByEachStep({ truth, usesPrefixes, events }: GeneratedSubnet, line: Line, day: number, days: number) {
  const toggle = events.find(({ kind }) => kind === 'prefix-mode-toggled');
  const prefixesFrom = (toggle?.day ?? 0) * STEPS_PER_DAY;
  for (let step = day * STEPS_PER_DAY; step < (day + days) * STEPS_PER_DAY; step += 1) {
    const left = (truth.capacity[step] ?? Number.NaN) - (truth.wanted[step] ?? Number.NaN);
    const isBelow = {
      floor: left <= FLOOR_ADDRESSES,
      zero: left <= 0,
      prefixes: usesPrefixes && step >= prefixesFrom && (truth.prefixesLeft[step] ?? Number.NaN) <= 0,
    };
    if (isBelow[line]) {
      return true;
    }
  }
  return false;
}

function digestOf(subnets: readonly GeneratedSubnet[]): string {
  const hash = createHash('sha256');
  for (const { name, prefixLength, usesPrefixes, hours, truth, labels, events } of subnets) {
    for (const column of [truth.capacity, truth.held, truth.wanted, truth.prefixesLeft]) {
      hash.update(column);
    }
    hash.update(JSON.stringify([name, prefixLength, usesPrefixes, events, labels]));
    hash.update(JSON.stringify(hours.map((hour) => Object.values(hour))));
  }
  return hash.digest('hex').slice(0, 16);
}
