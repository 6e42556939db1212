import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CODECS, compress, decompress } from '../../lib/store/compression.ts';
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

describe.each(['gzip', 'zstd'] as const)('the codec %s', (codec) => {
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
