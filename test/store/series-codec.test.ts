import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SeriesPoint, SeriesSample } from '../../lib/domain/trend/series.ts';
import { encodeColumns } from '../../lib/store/column-codec.ts';
import { compress } from '../../lib/store/compression.ts';
import { encodeSeries, SERIES_DOCUMENT, seriesDocumentOf } from '../../lib/store/series-codec.ts';
import { expectGolden } from '../helpers/golden.ts';
import { HOSTILE_TEXT } from './audit-values.ts';
import { hexOf } from './hex.ts';
import { incompressible } from './incompressible.ts';
import { aPulsePoint, aSample, aScanPoint } from './series-values.ts';

const count = fc.oneof(fc.nat({ max: 20 }), fc.nat({ max: 2 ** 32 }), fc.integer({ min: -5, max: 5 }));
const gap = fc.option(count, { nil: undefined });
const point: fc.Arbitrary<SeriesPoint> = fc.record(
  {
    availableIpAddressCount: count,
    usedAddressCount: gap,
    freeAddressCount: gap,
    reservedAddressCount: gap,
    freePrefixCount: gap,
    freePrefixCountMost: gap,
    strandedAddressCount: gap,
  },
  { noNullPrototype: true },
);
const sample: fc.Arbitrary<SeriesSample> = fc.record(
  {
    observedAt: fc
      .date({ min: new Date('1970-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59Z'), noInvalidDate: true })
      .map((date) => date.toISOString()),
    kind: fc.constantFrom('scan', 'pulse', 'request'),
    viewerAccountId: fc.constantFrom('1', '2', HOSTILE_TEXT, ''),
    points: fc
      .array(fc.tuple(fc.constantFrom('subnet-1', 'subnet-2', '__proto__', HOSTILE_TEXT, ''), point), { maxLength: 5 })
      .map((entries) => new Map(entries)),
  },
  { noNullPrototype: true },
);

const SUBNET_COUNT = 25;
const SAMPLES_PER_DAY = 96;
const PULSES_PER_SCAN = 4;
const BYTES_PER_ID = 8;
const MS_PER_SAMPLE = 900_000;

/** A day of hourly scans with three pulses in between, at each of which one subnet in `changeEvery` is not what it was before. */
function dayOf(changeEvery: number): SeriesSample[] {
  const random = incompressible(5, 100_000);
  let drawn = 0;
  const draw = (max: number) => {
    drawn += 1;
    return (random[drawn] ?? 0) % max;
  };
  const subnets = Array.from({ length: SUBNET_COUNT }, (_, index) => ({
    subnetId: `subnet-0${Buffer.from(incompressible(index, BYTES_PER_ID)).toString('hex')}`,
    available: 500 + 10 * draw(256),
    prefixes: 20 + draw(100),
    stranded: draw(200),
  }));
  const startMs = Date.parse('2026-11-23T00:00:02.000Z');
  return Array.from({ length: SAMPLES_PER_DAY }, (_, index) => {
    const isScan = index % PULSES_PER_SCAN === 0;
    const points = subnets.map((subnet): [string, SeriesPoint] => {
      if (draw(changeEvery) === 0) {
        subnet.available += draw(17) - 8;
        subnet.prefixes += draw(3) - 1;
        subnet.stranded += draw(5) - 2;
      }
      const { subnetId, available, prefixes, stranded } = subnet;
      return [
        subnetId,
        isScan
          ? aScanPoint({
              availableIpAddressCount: available,
              usedAddressCount: 4_091 - available,
              freeAddressCount: available,
              freePrefixCount: prefixes,
              freePrefixCountMost: prefixes,
              strandedAddressCount: stranded,
            })
          : aPulsePoint(available),
      ];
    });
    const observedAt = new Date(startMs + index * MS_PER_SAMPLE + 16 * draw(256)).toISOString();
    return aSample({ observedAt, kind: isScan ? 'scan' : 'pulse', points: new Map(points) });
  });
}

describe('a day of a series', () => {
  it('comes back as it went, gaps and all', () => {
    fc.assert(
      fc.property(fc.array(sample, { maxLength: 12 }), (samples) => {
        expect(SERIES_DOCUMENT.decode(encodeSeries(samples))).toStrictEqual(samples);
      }),
      { numRuns: 500 },
    );
  });

  it('comes back without the points of other subnets where one is asked for', () => {
    const subnetIds = ['subnet-1', 'subnet-2', '__proto__', HOSTILE_TEXT, '', 'subnet-3'];
    fc.assert(
      fc.property(fc.array(sample, { maxLength: 12 }), fc.constantFrom(...subnetIds), (samples, subnetId) => {
        const bytes = encodeSeries(samples);
        const own = samples.map((each) => {
          const found = each.points.get(subnetId);
          return { ...each, points: new Map(found === undefined ? [] : [[subnetId, found]]) };
        });
        expect(seriesDocumentOf(subnetId).decode(bytes)).toStrictEqual(own);
      }),
      { numRuns: 500 },
    );
  });

  it('tells a point without counts of its own from no point', () => {
    const points = new Map([['subnet-2', aPulsePoint(0)]]);
    const samples = [aSample(), aSample({ points }), aSample({ points: new Map() }), aSample()];
    expect(SERIES_DOCUMENT.decode(encodeSeries(samples))).toStrictEqual(samples);
  });

  it('of version 1 is these bytes, for as long as it is read', () => {
    const samples = [
      aSample(),
      aSample({
        observedAt: '2026-11-23T08:15:01.000Z',
        kind: 'pulse',
        points: new Map([
          ['subnet-1', aPulsePoint(199)],
          ['subnet-2', aPulsePoint(7)],
        ]),
      }),
      aSample({ observedAt: '2026-11-23T09:00:02.000Z', viewerAccountId: '444455556666' }),
    ];
    expect(SERIES_DOCUMENT.schemaVersion).toBe(1);
    expectGolden('series-v1.hex', hexOf(encodeSeries(samples)));
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, 0.5, 2 ** 32 + 1, -(2 ** 32) - 1])(
    'takes %s for no count',
    (value) => {
      const samples = [aSample({ points: new Map([['subnet-1', aScanPoint({ strandedAddressCount: value })]]) })];
      expect(() => encodeSeries(samples)).toThrow(
        `Cannot write series: strandedAddressCount is ${value}, which is no count`,
      );
    },
  );

  it.each([
    [{}, 'lacks observedAtMs'],
    [{ columns: [] }, 'it has 0 columns'],
    [{ kinds: [] }, 'a column has nothing at 0'],
    [{ presence: { places: [], values: [] } }, 'a column has nothing at -1'],
    [{ columns: Array.from({ length: 7 }, () => ({ places: [], values: [] })) }, 'a column has nothing at -1'],
  ])('is not read from %j', (changed, problem) => {
    const step = { places: [0], values: [1] };
    const day = {
      observedAtMs: [0],
      kinds: ['scan'],
      viewerAccountIds: ['1'],
      subnetIds: ['subnet-1'],
      presence: step,
      columns: Array.from({ length: 7 }, () => step),
    };
    expect(SERIES_DOCUMENT.decode(encodeColumns(day))).toHaveLength(1);
    const damaged = Object.keys(changed).length === 0 ? {} : { ...day, ...changed };
    expect(() => SERIES_DOCUMENT.decode(encodeColumns(damaged))).toThrow(`the document holds no series: ${problem}`);
  });

  it.each([
    [10, 1],
    [4, 1],
    [1, 1.5],
  ])('in which one subnet in %d changes each time takes less than %f bytes a point', (changeEvery, bytesMax) => {
    const { bytes } = compress(encodeSeries(dayOf(changeEvery)));
    expect(bytes.byteLength / (SUBNET_COUNT * SAMPLES_PER_DAY)).toBeLessThan(bytesMax);
  });
});
