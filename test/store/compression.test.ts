import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  applyDifference,
  CODECS,
  compress,
  decompress,
  difference,
  HAS_DICTIONARIES,
} from '../../lib/store/compression.ts';
import { incompressible } from './incompressible.ts';

const ZEROS = new Uint8Array(100_000);

describe.each(CODECS)('the codec %s', (codec) => {
  it('gives back what it was given', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2_000 }), (bytes) => {
        expect(Buffer.from(decompress(compress(bytes, codec), bytes.byteLength))).toEqual(Buffer.from(bytes));
      }),
    );
  });

  it('leaves alone what it would not make smaller, and says so', () => {
    const bytes = incompressible(1, 1_000);
    expect(compress(bytes, codec)).toEqual({ codec: 'none', bytes });
  });
});

describe.each(['gzip', 'zstd', 'brotli'] as const)('the codec %s', (codec) => {
  it('stops at the length it is told', () => {
    const packed = compress(ZEROS, codec);
    expect(packed.codec).toBe(codec);
    expect(decompress(packed, ZEROS.byteLength).byteLength).toBe(ZEROS.byteLength);
    expect(() => decompress(packed, ZEROS.byteLength - 1)).toThrow();
  });

  it('refuses what is no such stream', () => {
    expect(() => decompress({ codec, bytes: incompressible(2, 100) }, 1_000)).toThrow();
  });
});

describe.each(['gzip', 'zstd', 'brotli'] as const)('the codec %s', (codec) => {
  // Around what is made in one piece.
  it.each([1, 63, 64, 65, 4 * 1024 * 1024, 4 * 1024 * 1024 + 1])('gives back %i bytes', (byteCount) => {
    const bytes = Buffer.alloc(byteCount, 7);
    const packed = compress(bytes, codec);
    expect(bytes.equals(decompress(packed, byteCount))).toBe(true);
    expect(bytes.equals(decompress(packed, 10 * byteCount))).toBe(true);
  });
});

describe('a difference', () => {
  const base = incompressible(3, 100_000);
  const changed = Buffer.from(base).fill(0, 50_000, 50_010);

  it('can be had from this Node', () => {
    expect(HAS_DICTIONARIES).toBe(true);
  });

  it('gives back what it was made of, whatever its base', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2_000 }), fc.uint8Array({ maxLength: 2_000 }), (bytes, other) => {
        const smaller = difference(bytes, other);
        if (smaller !== undefined) {
          expect(smaller.byteLength).toBeLessThan(bytes.byteLength);
          expect(Buffer.from(applyDifference(smaller, other, bytes.byteLength))).toEqual(Buffer.from(bytes));
        }
      }),
    );
  });

  it.each([
    ['the same', base, 50],
    ['a few bytes changed', changed, 100],
    ['its end cut off and more put before', Buffer.concat([incompressible(4, 500), base.subarray(0, 90_000)]), 600],
  ])('to bytes that are %s is small', (_, bytes, bytesMax) => {
    const smaller = difference(bytes, base) ?? bytes;
    expect(smaller.byteLength).toBeLessThan(bytesMax);
    expect(Buffer.compare(applyDifference(smaller, base, bytes.byteLength), bytes)).toBe(0);
  });

  it('finds all of a base of 3 MB again', () => {
    const large = incompressible(5, 3_000_000);
    const bytes = Buffer.from(large).fill(0, 10, 20);
    expect(difference(bytes, large)?.byteLength).toBeLessThan(1_000);
  });

  it('is none where it would be no smaller, or the base reads as a trained dictionary', () => {
    expect(difference(new Uint8Array(0), base)).toBeUndefined();
    expect(difference(incompressible(6, 1_000), base)).toBeUndefined();
    const trained = Buffer.concat([Buffer.from([0x37, 0xa4, 0x30, 0xec]), base]);
    expect(difference(trained, trained)).toBeUndefined();
    expect(difference(trained, trained.subarray(1))).toBeDefined();
  });

  it('stops at the length it is told, and gives other bytes or none from another base', () => {
    const smaller = difference(changed, base) ?? changed;
    expect(() => applyDifference(smaller, base, changed.byteLength - 1)).toThrow();
    expect(() => {
      const other = applyDifference(smaller, incompressible(7, 100_000), changed.byteLength);
      if (Buffer.compare(other, changed) !== 0) {
        throw new Error('other bytes');
      }
    }).toThrow();
  });
});
