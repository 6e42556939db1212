import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { returnAddress } from '../../../lib/dashboard/login/return-to.ts';

const ORIGIN = 'https://pages.example';

describe('the address after a login', () => {
  it.each([
    ['/', `${ORIGIN}/`],
    ['/subnets/subnet-0a?window=30d&a=b', `${ORIGIN}/subnets/subnet-0a?window=30d&a=b`],
    ['/a#part', `${ORIGIN}/a`],
    [`/${'a'.repeat(1_023)}`, `${ORIGIN}/${'a'.repeat(1_023)}`],
  ])('is the page that was asked for: %s', (asked, address) => {
    expect(returnAddress(asked, ORIGIN)).toBe(address);
  });

  it.each([
    undefined,
    '',
    'evil.example',
    'https://evil.example/',
    '//evil.example',
    '/\\evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    ' //evil.example',
    'javascript:alert(1)',
    '/a\r\nset-cookie: a=b',
    '/ä',
    `/${'a'.repeat(1_024)}`,
    // It would lead around in a circle.
    '/login?returnTo=/',
    '/callback?code=a',
    '/logout',
    '/a/../logout',
  ])('is the fleet where that is no page of ours: %j', (asked) => {
    expect(returnAddress(asked, ORIGIN)).toBe(`${ORIGIN}/`);
  });

  it('is of our origin whatever is asked for, and stays so where a browser follows it', () => {
    const pieces = fc.constantFrom(
      '/',
      '\\',
      '.',
      '..',
      '@',
      ':',
      '?',
      '#',
      '%2f',
      '%5c',
      'evil.example',
      'http',
      '\t',
    );
    const asked = fc.oneof(
      fc.string(),
      fc.array(pieces, { maxLength: 8 }).map((parts) => `/${parts.join('')}`),
    );
    fc.assert(
      fc.property(asked, (text) => {
        const address = returnAddress(text, ORIGIN);
        expect(address.startsWith(`${ORIGIN}/`)).toBe(true);
        expect(new URL(address, 'https://elsewhere.example').origin).toBe(ORIGIN);
      }),
      { numRuns: 2_000 },
    );
  });
});
