import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchesPattern } from '../../lib/settings/pattern.ts';

describe('matchesPattern', () => {
  it.each([
    ['prod', 'prod', true],
    ['prod', 'Prod', false],
    ['prod', 'prod-1', false],
    ['', '', true],
    ['*', '', true],
    ['*', 'anything', true],
    ['prod-*', 'prod-', true],
    ['prod-*', 'prod', false],
    ['*-prod', 'eu-prod', true],
    ['*-prod', 'prod', false],
    ['a*a', 'a', false],
    ['a*a', 'aa', true],
    ['*b*b*', 'abcb', true],
    ['*b*b*', 'abc', false],
    ['a*ab*b', 'aabb', true],
    ['a*ab*b', 'aab', false],
    ['a.c', 'abc', false],
    ['[a]', 'a', false],
    ['a**b', 'ab', true],
    ['a*', 'a*', true],
  ])('"%s" and "%s": %s', (pattern, text, expected) => {
    expect(matchesPattern(pattern, text)).toBe(expected);
  });

  it('agrees with a search of every way to split the text', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 7 });
    const text = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 9 });
    fc.assert(
      fc.property(letters, text, (pattern, value) => matchesPattern(pattern, value) === matchesSlowly(pattern, value)),
      {
        numRuns: 2000,
      },
    );
  });
});

function matchesSlowly(pattern: string, text: string): boolean {
  if (pattern === '') {
    return text === '';
  }
  const rest = pattern.slice(1);
  if (pattern.startsWith('*')) {
    return Array.from({ length: text.length + 1 }, (_, length) => length).some((length) =>
      matchesSlowly(rest, text.slice(length)),
    );
  }
  return text.startsWith(pattern.charAt(0)) && matchesSlowly(rest, text.slice(1));
}
