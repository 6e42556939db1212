import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutText } from '../../../lib/domain/text/cut-text.ts';

describe('cutText', () => {
  it.each([
    ['', 1, ''],
    ['abc', 3, 'abc'],
    ['abcd', 3, 'ab…'],
    ['😀😀😀', 3, '😀😀😀'],
    ['😀😀😀😀', 3, '😀😀…'],
    ['ab', 1, '…'],
  ])('of %j with at most %d characters leaves %j', (text, lengthMax, cut) => {
    expect(cutText(text, lengthMax)).toBe(cut);
  });

  it('keeps the limit and cuts no character in two', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 20 }), (text, lengthMax) => {
        const cut = cutText(text, lengthMax);
        expect([...cut].length).toBeLessThanOrEqual(lengthMax);
        expect(cut.isWellFormed()).toBe(true);
        expect(text.startsWith(cut.replace(/…$/, ''))).toBe(true);
      }),
    );
  });
});
