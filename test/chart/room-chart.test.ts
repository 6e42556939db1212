import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { layOutRoomChart, type RoomChart } from '../../lib/chart/room-chart.ts';

const FRAME = { width: 700, height: 300, fontSize: 20 };
const HOURS_PER_DAY = 24;
const MS_PER_HOUR = 3_600_000;
const MS_PER_DAY = 86_400_000;
/** 2026-11-23. */
const TODAY = 20_780;
const FROM_DAY = TODAY - 29;

function hours(count: number, free: (index: number) => number): RoomChart['hours'] {
  return Array.from({ length: count }, (_, index) => ({ hour: FROM_DAY * HOURS_PER_DAY + index, free: free(index) }));
}

function aChart(overrides: Partial<RoomChart> = {}): RoomChart {
  return {
    series: 'addresses',
    fromDay: FROM_DAY,
    nowMs: TODAY * MS_PER_DAY + 12 * MS_PER_HOUR,
    hours: hours(29 * HOURS_PER_DAY + 12, () => 100),
    capacity: 251,
    floor: 18,
    expected: [
      { day: TODAY, p10: 80, p50: 90, p90: 100 },
      { day: TODAY + 10, p10: 0, p50: 40, p90: 80 },
      { day: TODAY + 90, p10: -90, p50: -50, p90: 0 },
    ],
    crossing: { p10: TODAY + 5, p50: TODAY + 11, p90: TODAY + 20 },
    ...overrides,
  };
}

function layOut(overrides: Partial<RoomChart> = {}) {
  return layOutRoomChart(aChart(overrides), FRAME);
}

/** The points of a path of absolute commands. */
function points(path: string): [x: number, y: number][] {
  return [...path.matchAll(/(-?[\d.]+) (-?[\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)]);
}

describe('what was seen', () => {
  it('leaves gaps open, and draws a piece of one point too', () => {
    const all = hours(24, () => 50);
    const path = layOut({ hours: all.filter((_, index) => index < 6 || index >= 12) }).seenPath;
    expect(path.match(/[ML]/g)).toEqual(['M', 'M', 'L']);
    expect(path.match(/h0/g)).toHaveLength(2);
  });

  it('is the least of each six hours', () => {
    const { seenPath, yTicks } = layOut({
      hours: hours(6, (index) => (index === 3 ? 0 : 100)),
      expected: [],
      floor: 0,
    });
    expect(points(seenPath)[0]?.[1]).toBe(yTicks[0]?.y);
  });

  it('never reaches beyond now', () => {
    const { seenPath, nowX } = layOut({ nowMs: TODAY * MS_PER_DAY + 7 * MS_PER_HOUR });
    expect(points(seenPath).at(-1)?.[0]).toBe(nowX);
  });
});

describe('the axes', () => {
  it.each([
    { most: 1, step: 1 },
    { most: 7, step: 2 },
    { most: 100, step: 50 },
    { most: 13_000, step: 5_000 },
  ])('count up to $most in steps of $step', ({ most, step }) => {
    const { yTicks } = layOut({ hours: hours(6, () => most), expected: [], floor: undefined, capacity: 16_379 });
    expect(yTicks.slice(0, 2).map(({ label }) => label)).toEqual(['0', step.toLocaleString('en-US')]);
    expect(yTicks.length).toBeLessThanOrEqual(6);
  });

  it('reach up to all there is only where what was free still fills three quarters', () => {
    expect(layOut({ hours: hours(6, () => 75), expected: [], capacity: 100 }).capacityY).toBe(34);
    expect(layOut({ hours: hours(6, () => 74), expected: [], capacity: 100 }).capacityY).toBeUndefined();
    expect(layOut({ hours: hours(6, () => 74), expected: [], capacity: 100 }).unit).toBe('free addresses of 100');
  });

  it('name days that today is one of', () => {
    const { xTicks, plot } = layOut();
    expect(xTicks.map(({ label }) => label)).toEqual(['26 Oct', '9 Nov', '23 Nov', '7 Dec']);
    for (const { x } of xTicks) {
      expect(x).toBeGreaterThanOrEqual(45);
      expect(x).toBeLessThanOrEqual(plot.right - 40);
    }
  });
});

describe('what is expected', () => {
  it('is shown until it runs out, for two weeks at the least and two months at the most', () => {
    const futureShare = (crossing: RoomChart['crossing']) => {
      const { plot, nowX } = layOut({ crossing });
      return (plot.right - nowX) / (plot.right - plot.left);
    };
    const share = (days: number) => (days + 0.5) / (30 + days);
    expect(futureShare(undefined)).toBeCloseTo(share(14), 2);
    expect(futureShare({ p10: TODAY + 5, p50: TODAY + 11, p90: TODAY + 20 })).toBeCloseTo(share(23), 2);
    expect(futureShare({ p10: TODAY + 5, p50: undefined, p90: undefined })).toBeCloseTo(share(14), 2);
    expect(futureShare({ p10: TODAY + 5, p50: TODAY + 170, p90: undefined })).toBeCloseTo(share(60), 2);
  });

  it('ends at the edge by the line between the days around it', () => {
    const { middlePath, bandPath, plot } = layOut({ crossing: undefined });
    // From 40 ten days from now to -50 ninety days from now it is 35.5 after fourteen.
    const [, before, last] = points(middlePath ?? '');
    const perAddress = ((before?.[1] ?? 0) - plot.bottom) / 40;
    expect(last?.[1]).toBeCloseTo(plot.bottom + perAddress * 35.5, 0);
    expect(points(bandPath ?? '')).toHaveLength(6);
  });

  it('is nothing below zero', () => {
    const { bandPath, plot } = layOut();
    expect(Math.max(...points(bandPath ?? '').map(([, y]) => y))).toBe(plot.bottom);
  });

  it('is not drawn without a forecast', () => {
    const { bandPath, middlePath, runsOut, floorY, legend } = layOut({
      expected: [],
      floor: undefined,
      crossing: undefined,
    });
    expect([bandPath, middlePath, runsOut, floorY]).toEqual([undefined, undefined, undefined, undefined]);
    expect(legend.map(({ sign }) => sign)).toEqual(['seen']);
  });
});

describe('when it runs out', () => {
  it('reaches from p10 to p90, with a mark at p50', () => {
    const { runsOut, floorY, nowX } = layOut();
    expect(runsOut?.y).toBe(floorY);
    const [from, middle, to] = [runsOut?.fromX ?? 0, runsOut?.mostLikelyX ?? 0, runsOut?.toX ?? 0];
    expect([nowX, from, middle, to]).toEqual([nowX, from, middle, to].toSorted((a, b) => a - b));
    expect(runsOut?.isOpenEnded).toBe(false);
  });

  it('stays open where p90 is never told, or later than what is shown', () => {
    for (const p90 of [undefined, TODAY + 170]) {
      const { runsOut, plot } = layOut({ crossing: { p10: TODAY + 5, p50: undefined, p90 } });
      expect(runsOut).toMatchObject({ isOpenEnded: true, toX: plot.right, mostLikelyX: undefined });
    }
  });

  it('is not marked where even p10 is later than what is shown', () => {
    expect(layOut({ crossing: { p10: TODAY + 100, p50: undefined, p90: undefined } }).runsOut).toBeUndefined();
  });
});

const count = fc.oneof(fc.integer({ min: 0, max: 65_531 }), fc.constant(0));
const day = fc.option(fc.integer({ min: TODAY, max: TODAY + 180 }), { nil: undefined });
const anyChart: fc.Arbitrary<RoomChart> = fc.record({
  series: fc.constantFrom('addresses' as const, 'blocks' as const),
  fromDay: fc.constantFrom(FROM_DAY, TODAY - 6, TODAY),
  nowMs: fc.integer({ min: TODAY * MS_PER_DAY, max: (TODAY + 1) * MS_PER_DAY - 1 }),
  hours: fc
    .uniqueArray(fc.integer({ min: 0, max: 30 * HOURS_PER_DAY - 1 }), { minLength: 1, maxLength: 40 })
    .chain((at) =>
      fc.tuple(
        ...at
          .toSorted((a, b) => a - b)
          .map((index) => fc.record({ hour: fc.constant(FROM_DAY * HOURS_PER_DAY + index), free: count })),
      ),
    ),
  capacity: fc.integer({ min: 0, max: 65_531 }),
  floor: fc.option(count, { nil: undefined }),
  expected: fc
    .uniqueArray(fc.integer({ min: 0, max: 179 }), { maxLength: 8 })
    .chain((days) =>
      fc.tuple(
        ...days
          .toSorted((a, b) => a - b)
          .map((after) =>
            fc
              .tuple(fc.double({ min: -1e5, max: 1e5, noNaN: true }), fc.double({ min: 0, max: 1e4, noNaN: true }))
              .map(([p10, step]) => ({ day: TODAY + after, p10, p50: p10 + step, p90: p10 + 2 * step })),
          ),
      ),
    ),
  crossing: fc.option(fc.record({ p10: day, p50: day, p90: day }), { nil: undefined }),
});

it('keeps everything in its frame, whatever is drawn', () => {
  fc.assert(
    fc.property(anyChart, (chart) => {
      const layout = layOutRoomChart(chart, FRAME);
      const { plot, seenPath, bandPath = '', middlePath = '', runsOut, xTicks, yTicks, legend } = layout;
      const all = [seenPath, bandPath, middlePath].flatMap(points);
      const xs = [...all.map(([x]) => x), layout.nowX, ...xTicks.map(({ x }) => x), runsOut?.fromX, runsOut?.toX];
      const ys = [...all.map(([, y]) => y), ...yTicks.map(({ y }) => y), layout.floorY, layout.capacityY];
      for (const x of xs) {
        expect(x === undefined || (x >= plot.left && x <= plot.right)).toBe(true);
      }
      for (const y of ys) {
        expect(y === undefined || (y >= plot.top && y <= plot.bottom)).toBe(true);
      }
      expect(plot.left).toBeLessThan(FRAME.width / 4);
      expect(legend.every(({ x, y }) => x < FRAME.width - 150 && y < FRAME.height)).toBe(true);
      expect(seenPath).not.toMatch(/NaN|undefined/);
    }),
    { numRuns: 300 },
  );
});
