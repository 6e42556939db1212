import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RegionFacts } from '../../lib/domain/region-facts.ts';
import { encodeColumns } from '../../lib/store/column-codec.ts';
import { FACTS_DOCUMENT } from '../../lib/store/facts-codec.ts';
import { arbitraryRegionFacts, OWNER_ID } from '../helpers/arbitrary-region-facts.ts';
import { expectGolden } from '../helpers/golden.ts';
import { FULL_REGION_FACTS } from './full-region-facts.ts';

const HEX_DIGITS_PER_LINE = 100;

function hexOf(bytes: Uint8Array): string {
  const lines = Buffer.from(bytes)
    .toString('hex')
    .match(new RegExp(`.{1,${HEX_DIGITS_PER_LINE}}`, 'g'));
  return `${(lines ?? []).join('\n')}\n`;
}

/** Every place in a value where a field or an item stands, as copies of the value without it. */
function withoutAnyField(value: unknown): unknown[] {
  if (typeof value !== 'object' || value === null || value instanceof Map || Array.isArray(value)) {
    return [];
  }
  return Object.keys(value).map((name) => Object.fromEntries(Object.entries(value).filter(([key]) => key !== name)));
}

function outcomeOf(bytes: Uint8Array): { readonly facts: RegionFacts } | { readonly error: Error } {
  try {
    return { facts: FACTS_DOCUMENT.decode(bytes) };
  } catch (cause) {
    return { error: cause instanceof Error ? cause : new Error(String(cause)) };
  }
}

describe('facts', () => {
  it('come back as they went', () => {
    expect(FACTS_DOCUMENT.decode(encodeColumns(FULL_REGION_FACTS))).toStrictEqual(FULL_REGION_FACTS);
    fc.assert(
      fc.property(arbitraryRegionFacts(OWNER_ID), (facts) => {
        expect(FACTS_DOCUMENT.decode(encodeColumns(facts))).toStrictEqual(facts);
      }),
    );
  });

  it('of version 1 are these bytes, for as long as it is read', () => {
    expect(FACTS_DOCUMENT.schemaVersion).toBe(1);
    expectGolden('facts-v1.hex', hexOf(encodeColumns(FULL_REGION_FACTS)));
  });

  it('lack no field', () => {
    const lacking = withoutAnyField(FULL_REGION_FACTS);
    expect(lacking.length).toBeGreaterThan(10);
    for (const value of lacking) {
      expect(() => FACTS_DOCUMENT.decode(encodeColumns(value))).toThrow('the document holds no facts: lacks');
    }
  });

  it.each([
    ['nothing', undefined, 'is no record'],
    ['a field too many', { ...FULL_REGION_FACTS, more: 1 }, 'more is not known'],
    ['a number for a text', { ...FULL_REGION_FACTS, startedAt: 1 }, 'startedAt is no text'],
    [
      'something else deep inside',
      { ...FULL_REGION_FACTS, target: { ...FULL_REGION_FACTS.target, region: null } },
      'target region is no text',
    ],
    ['a list for a map', { ...FULL_REGION_FACTS, clusters: [] }, 'clusters is no map'],
    ['a fact of an unknown state', { ...FULL_REGION_FACTS, vpcs: { state: 'guessed' } }, 'vpcs '],
  ])('are not read from %s', (_, value, problem) => {
    expect(() => FACTS_DOCUMENT.decode(encodeColumns(value))).toThrow(`the document holds no facts: ${problem}`);
  });

  it('from damaged bytes are an error or facts, never anything else', () => {
    const bytes = encodeColumns(FULL_REGION_FACTS);
    let readCount = 0;
    let refusedCount = 0;
    const position = fc.nat({ max: bytes.byteLength - 1 });
    fc.assert(
      fc.property(fc.array(fc.tuple(position, fc.nat({ max: 255 })), { minLength: 1, maxLength: 4 }), (changes) => {
        const damaged = Buffer.from(bytes);
        for (const [index, byte] of changes) {
          damaged[index] = byte;
        }
        const outcome = outcomeOf(damaged);
        if ('facts' in outcome) {
          readCount += 1;
          // Texts of any length may repeat, so a comparison that prints both sides is no use here.
          expect(isDeepStrictEqual(outcomeOf(encodeColumns(outcome.facts)), outcome)).toBe(true);
        } else {
          refusedCount += 1;
          expect(outcome.error.constructor).toBe(Error);
        }
      }),
      { numRuns: 2_000 },
    );
    expect(readCount).toBeGreaterThan(0);
    expect(refusedCount).toBeGreaterThan(0);
  });
});
