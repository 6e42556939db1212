import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { absentFields, createInterner, parseInstant, parseTagList, parseTagMap } from '../../lib/collect/parsing.ts';
import { tagValue } from '../../lib/domain/tags.ts';

/** Keys that a plain object would take for something else. */
const HOSTILE_KEYS = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', ''];

describe('tags', () => {
  it.each(HOSTILE_KEYS)('keep the key "%s" as any other', (key) => {
    const list = parseTagList([
      { Key: 'Name', Value: 'a' },
      { Key: key, Value: 'hostile' },
    ]);
    expect(list).toEqual([
      ['Name', 'a'],
      [key, 'hostile'],
    ]);
    expect(tagValue(list, key)).toBe('hostile');
    const map = parseTagMap(
      Object.fromEntries([
        ['Name', 'a'],
        [key, 'hostile'],
      ]),
    );
    expect(tagValue(map, key)).toBe('hostile');
    expect(tagValue(map, 'Name')).toBe('a');
  });

  it.each(HOSTILE_KEYS)('do not have the key "%s" where nobody set it', (key) => {
    expect(tagValue(parseTagList([{ Key: 'Name', Value: 'a' }]), key)).toBeUndefined();
    expect(tagValue(parseTagMap({ Name: 'a' }), key)).toBeUndefined();
    expect(({} as Record<string, unknown>)['hostile']).toBeUndefined();
  });

  it('come back as they were listed, whatever they say', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.string(), fc.string())), (pairs) => {
        expect(parseTagList(pairs.map(([Key, Value]) => ({ Key, Value })))).toEqual(pairs);
      }),
    );
  });

  it('without a value have the empty one, and without a key are none', () => {
    expect(parseTagList([{ Key: 'spot' }, { Value: 'lost' }])).toEqual([['spot', '']]);
  });

  it.each([undefined, []])('are none where the list is %j', (list) => {
    expect(parseTagList(list)).toEqual([]);
  });

  it('are none where the map is left out or empty', () => {
    expect(parseTagMap(undefined)).toEqual([]);
    expect(parseTagMap({})).toEqual([]);
  });
});

describe('absentFields', () => {
  it('names the resource and what is absent, not what is zero or empty', () => {
    expect(absentFields('subnet', 'subnet-1', { A: 0, B: undefined, C: '' })).toEqual({
      ok: false,
      error: 'Cannot read subnet "subnet-1": B is absent',
    });
    expect(absentFields('subnet', undefined, { A: undefined, B: undefined })).toEqual({
      ok: false,
      error: 'Cannot read subnet "without an id": A, B are absent',
    });
  });
});

describe('parseInstant', () => {
  it('turns a date into text, and what is none into undefined', () => {
    expect(parseInstant(new Date(0))).toBe('1970-01-01T00:00:00.000Z');
    expect(parseInstant(new Date(Number.NaN))).toBeUndefined();
    expect(parseInstant(undefined)).toBeUndefined();
  });
});

describe('createInterner', () => {
  const texts = fc.constantFrom(...HOSTILE_KEYS, 'subnet-1', 'subnet-2');

  it('returns the texts and tags that it is given, and knows nothing of other ones', () => {
    fc.assert(
      fc.property(fc.array(texts), fc.array(fc.tuple(texts, texts)), (some, tags) => {
        const intern = createInterner();
        expect(some.map((text) => intern.text(text))).toEqual(some);
        expect(intern.tags(tags)).toEqual(tags);
        expect(intern.tags(tags)).toEqual(tags);
      }),
    );
  });

  it('hands out one copy of equal tags, and keeps an absent text absent', () => {
    const intern = createInterner();
    const [first] = intern.tags([['Name', 'nodes']]);
    const [again, other] = intern.tags([
      ['Name', 'nodes'],
      ['Name', 'pods'],
    ]);
    expect(again).toBe(first);
    expect(other).toEqual(['Name', 'pods']);
    expect(intern.optionalText(undefined)).toBeUndefined();
    expect(intern.optionalText('')).toBe('');
  });
});
