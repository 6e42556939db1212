import { describe, expect, it } from 'vitest';
import { difference } from '../../lib/store/compression.ts';
import { assembled, compressMore, sha256 } from '../../lib/store/fleet-parts.ts';
import type { Item } from '../../lib/store/table.ts';
import { incompressible } from './incompressible.ts';

const BASE = incompressible(1, 2_000);
const BYTES = Buffer.from(BASE).fill(7, 500, 600);
const IN_FULL = compressMore(BYTES).bytes;
const SMALLER = difference(BYTES, BASE) ?? fail();

function itemOf(codec: string, stored: Uint8Array): Item {
  return {
    codec: { S: codec },
    byteCount: { N: String(BYTES.byteLength) },
    sha256: { B: sha256(stored) },
    body: { B: stored },
  };
}

describe.each([
  ['in full', itemOf('zstd', IN_FULL), undefined],
  ['kept as a difference', itemOf('zstd', SMALLER), BASE],
] as const)('a part that is %s', (_, item, base) => {
  const stored = item['body']?.B ?? fail();

  it('is what was written, in one item or several', () => {
    const [first, second] = [stored.subarray(0, 20), stored.subarray(20)];
    expect(Buffer.from(assembled([item], base) ?? []).equals(BYTES)).toBe(true);
    const several = assembled([{ ...item, body: { B: first } }, { body: { B: second } }], base);
    expect(Buffer.from(several ?? []).equals(BYTES)).toBe(true);
  });

  it('is none where any of its bytes is another', () => {
    stored.forEach((byte, place) => {
      const damaged = Buffer.from(stored);
      damaged[place] = byte ^ 1;
      expect(assembled([{ ...item, body: { B: damaged } }], base)).toBeUndefined();
    });
  });

  it.each([0, BYTES.byteLength - 1, BYTES.byteLength + 1, 2 ** 50, Number.NaN])(
    'is none where it says that it has %d bytes',
    (byteCount) => {
      expect(assembled([{ ...item, byteCount: { N: String(byteCount) } }], base)).toBeUndefined();
    },
  );

  it('is none where an item of it is missing', () => {
    expect(assembled([item, undefined], base)).toBeUndefined();
    expect(assembled([undefined], base)).toBeUndefined();
  });
});

function fail(): never {
  throw new Error('Expected something to be there');
}
