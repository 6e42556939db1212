import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type MadeBody, madeBody } from '../../lib/api/body-cache.ts';
import { jsonBytes, jsonBytesWithItems } from '../../lib/api/json-bytes.ts';

const UNPACK = { br: brotliDecompressSync, gzip: gunzipSync, '': (bytes: Uint8Array) => Buffer.from(bytes) };
const ACCEPTED = ['br', 'gzip', ''] as const;
/** What fits is not compressed. */
const PACKET_BYTES = 1_460;

function textOf(body: MadeBody, accepted: (typeof ACCEPTED)[number]): string {
  const { encoding, bytes } = body.encodedFor(accepted);
  expect(encoding).toBe(body.byteLength > PACKET_BYTES && accepted !== '' ? accepted : undefined);
  return UNPACK[encoding === undefined ? '' : accepted](bytes()).toString();
}

describe('a body of several parts', () => {
  it('is the same in each encoding, whatever others are sent in between', () => {
    // Mostly longer than a packet, so that it is compressed, and now longer and now shorter than the one before.
    const pages = fc.array(fc.array(fc.string({ minLength: 700, maxLength: 900 }), { minLength: 2, maxLength: 9 }), {
      minLength: 2,
      maxLength: 3,
    });
    const asked = fc.array(fc.tuple(fc.nat(), fc.constantFrom(...ACCEPTED)), { maxLength: 12 });
    fc.assert(
      fc.property(pages, asked, (all, questions) => {
        const bodies = all.map((items) => ({
          text: JSON.stringify({ items }),
          body: madeBody(jsonBytesWithItems({}, items.map(jsonBytes))),
        }));
        for (const [index, accepted] of questions) {
          const { text, body } = bodies[index % bodies.length] ?? { text: '', body: madeBody(jsonBytes(null)) };
          expect(textOf(body, accepted)).toBe(text);
        }
      }),
    );
  });

  it('is put together and compressed once', () => {
    const body = madeBody(
      jsonBytesWithItems(
        {},
        ['a', 'b'].map((letter) => jsonBytes(letter.repeat(1_000))),
      ),
    );
    for (const accepted of ACCEPTED) {
      expect(body.encodedFor(accepted).bytes()).toBe(body.encodedFor(accepted).bytes());
    }
  });
});
