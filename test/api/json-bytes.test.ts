import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BodyBytes, isBytes, jsonBytes, jsonBytesWithItems, textBytes } from '../../lib/api/json-bytes.ts';

function textOf({ parts }: BodyBytes): string {
  return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(parts));
}

const records = fc.dictionary(fc.string(), fc.jsonValue());
/** Few, so that pages have some in common. */
const items = fc.array(fc.constantFrom(null, 0, 1, '', ',', ']}', [], [[]], { items: [] }), { maxLength: 4 });

function pageOf([{ items: _, ...record }, all]: readonly [Record<string, unknown>, readonly unknown[]]) {
  return jsonBytesWithItems(record, all.map(jsonBytes));
}

describe('jsonBytes', () => {
  it('is what JSON has of a value, in UTF-8', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(textOf(jsonBytes(value))).toBe(JSON.stringify(value));
      }),
    );
  });
});

describe('jsonBytesWithItems', () => {
  it('is JSON of the record and of items made one by one', () => {
    fc.assert(
      fc.property(records, fc.array(fc.jsonValue(), { maxLength: 4 }), ({ items: _, ...record }, all) => {
        const page = jsonBytesWithItems(record, all.map(jsonBytes));
        expect(textOf(page)).toBe(JSON.stringify({ ...record, items: all }));
        expect(page.byteLength).toBe(Buffer.byteLength(textOf(page)));
      }),
    );
  });

  it('has the validator of another page where that is the same, and else one of its own', () => {
    const record = fc.constantFrom<Record<string, unknown>>({}, { a: 1 }, { a: [] });
    fc.assert(
      fc.property(fc.tuple(record, items), fc.tuple(record, items), (one, other) => {
        const [first, second] = [pageOf(one), pageOf(other)];
        expect(first.etag === second.etag).toBe(textOf(first) === textOf(second));
        expect(first.etag).toMatch(/^"[\w-]{22}"$/);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('isBytes', () => {
  it.each([
    { what: 'JSON', value: jsonBytes(null), is: true },
    { what: 'a page', value: jsonBytesWithItems({}, []), is: true },
    { what: 'a text in UTF-8', value: textBytes(''), is: true },
    { what: 'a view that looks like it', value: { parts: [], byteLength: 0, etag: '""' }, is: false },
    { what: 'a text', value: 'null', is: false },
    { what: 'nothing', value: null, is: false },
  ])('is $is of $what', ({ value, is }) => {
    expect(isBytes(value)).toBe(is);
  });
});
