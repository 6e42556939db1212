import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countText, integerText, ratioText, signedText } from '../../../lib/domain/text/number-text.ts';

describe('numbers as text', () => {
  it.each([
    [0, '0'],
    [999, '999'],
    [1000, '1,000'],
    [65_531, '65,531'],
  ])('writes %d as %s', (value, text) => {
    expect(integerText(value)).toBe(text);
  });

  it.each([
    [-3, '−3'],
    [0, '0'],
    [3, '+3'],
  ])('writes the difference %d as %s', (value, text) => {
    expect(signedText(value)).toBe(text);
  });

  it.each([
    [0, '0 addresses'],
    [1, '1 address'],
    [2, '2 addresses'],
  ])('gives %d its unit: %s', (count, text) => {
    expect(countText(count, 'address', 'addresses')).toBe(text);
  });

  it.each([
    [0, '0.00'],
    [0.003, '< 0.01'],
    [0.01, '0.01'],
    [0.5, '0.50'],
    [0.99, '0.99'],
    [0.995, '> 0.99'],
    [1, '1.00'],
  ])('writes the ratio %d as %s', (ratio, text) => {
    expect(ratioText(ratio)).toBe(text);
  });

  it('writes 0.00 and 1.00 for nothing but 0 and 1', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, minExcluded: true, maxExcluded: true, noNaN: true }), (ratio) => {
        expect(['0.00', '1.00']).not.toContain(ratioText(ratio));
      }),
    );
  });
});
