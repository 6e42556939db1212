import { describe, expect, it } from 'vitest';
import { compress } from '../../lib/store/compression.ts';
import { encodeSeries } from '../../lib/store/series-codec.ts';
import { waitingAttributes, waitingBytes, waitingIn } from '../../lib/store/waiting-samples.ts';
import { expectGolden } from '../helpers/golden.ts';
import { hexOf } from './hex.ts';
import { aPulsePoint, aSample, aScanPoint } from './series-values.ts';

const SAMPLES = [
  aSample({
    points: new Map([
      ['subnet-0a1b2c3d4e5f60718', aScanPoint()],
      ['subnet-0b1b2c3d4e5f60718', aScanPoint({ availableIpAddressCount: 7 })],
    ]),
  }),
  aSample({
    observedAt: '2026-11-23T08:15:00.000Z',
    kind: 'pulse',
    points: new Map([['subnet-0a1b2c3d4e5f60718', aPulsePoint(198)]]),
  }),
];

function waitingOf(version: string, codec: string, bytes: Uint8Array) {
  return { waiting: { L: [{ N: version }, { S: codec }, { B: bytes }] } };
}

describe('samples that wait with a state', () => {
  it('come back as they went, in three quarters of the bytes that their day takes', () => {
    const attributes = waitingAttributes(SAMPLES);
    expect(waitingIn(attributes)).toStrictEqual(SAMPLES);
    expect(waitingBytes(attributes)).toBeLessThan(compress(encodeSeries(SAMPLES)).bytes.byteLength * 0.75);
  });

  it('are no attribute where there are none', () => {
    expect(waitingAttributes([])).toEqual({});
    expect([waitingIn({}), waitingBytes({})]).toEqual([[], 0]);
  });

  it('are these bytes, for as long as they are read', () => {
    const { L: [version, codec, packed] = [] } = waitingAttributes(SAMPLES)['waiting'] ?? { L: [] };
    expect([version, codec]).toEqual([{ N: '1' }, { S: 'typical' }]);
    expectGolden('waiting-samples-v1.hex', hexOf(packed?.B ?? new Uint8Array()));
  });

  it('are read where no difference could be had', () => {
    const { codec, bytes } = compress(encodeSeries(SAMPLES));
    expect(waitingIn(waitingOf('1', codec, bytes))).toStrictEqual(SAMPLES);
  });

  it.each([
    ['2', 'typical', 'their version is "2", this code reads 1'],
    ['1', 'lz', 'nothing here knows how "lz" packs'],
  ])('of version %s packed as %s are refused', (version, codec, problem) => {
    expect(() => waitingIn(waitingOf(version, codec, Buffer.from('a')))).toThrow(problem);
  });
});
