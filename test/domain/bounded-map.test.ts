import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boundedMap } from '../../lib/domain/bounded-map.ts';

const WEIGHT_MAX = 10;

describe('a bounded map', () => {
  it('keeps exactly as much as there is room for', () => {
    const map = boundedMap<string>(2);
    map.set('a', 'first');
    map.set('b', 'second');
    expect(map.get('a')).toBe('first');
    map.set('c', 'third');
    expect([map.get('a'), map.get('b'), map.get('c')]).toEqual(['first', undefined, 'third']);
  });

  it('does not keep what alone is too heavy, nor what it stood in the place of', () => {
    const map = boundedMap<number>(WEIGHT_MAX, (value) => value);
    map.set('a', WEIGHT_MAX);
    expect(map.get('a')).toBe(WEIGHT_MAX);
    map.set('a', WEIGHT_MAX + 1);
    expect(map.get('a')).toBeUndefined();
  });

  it('remembers as a list does that is searched from its end', () => {
    const key = fc.constantFrom('a', 'b', 'c', 'd');
    const step = fc.oneof(
      fc.record({ type: fc.constant('get' as const), key }),
      fc.record({ type: fc.constant('set' as const), key, weight: fc.integer({ min: 1, max: WEIGHT_MAX + 2 }) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const map = boundedMap<number>(WEIGHT_MAX, (value) => value);
        let model: readonly Entry[] = [];
        for (const one of steps) {
          const known = model.find((entry) => entry.key === one.key);
          if (one.type === 'get') {
            expect(map.get(one.key)).toBe(known?.weight);
          } else {
            map.set(one.key, one.weight);
          }
          model = remembered(model, one.type === 'get' ? known : one);
        }
      }),
    );
  });
});

interface Entry {
  readonly key: string;
  readonly weight: number;
}

/** The entries that are left once one was used, that one last. */
function remembered(entries: readonly Entry[], used: Entry | undefined): readonly Entry[] {
  let left = used === undefined ? entries : [...entries.filter(({ key }) => key !== used.key), used];
  while (left.reduce((sum, { weight }) => sum + weight, 0) > WEIGHT_MAX) {
    left = left.slice(1);
  }
  return left;
}
