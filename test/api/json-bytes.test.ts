import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isBytes, jsonBytes, jsonBytesWithItems } from '../../lib/api/json-bytes.ts';

function textOf(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
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
      fc.property(
        fc.dictionary(fc.string(), fc.jsonValue()),
        fc.array(fc.jsonValue(), { maxLength: 4 }),
        (record, items) => {
          const { items: _, ...others } = record;
          const joined = jsonBytesWithItems(others, items.map(jsonBytes));
          expect(textOf(joined)).toBe(JSON.stringify({ ...others, items }));
        },
      ),
    );
  });
});

describe('isBytes', () => {
  it.each([
    { what: 'JSON', value: jsonBytes(null), is: true },
    { what: 'bytes that other threads change', value: new Uint8Array(new SharedArrayBuffer(1)), is: false },
    { what: 'a text', value: 'null', is: false },
  ])('is $is of $what', ({ value, is }) => {
    expect(isBytes(value)).toBe(is);
  });
});
