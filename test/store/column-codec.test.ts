import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeColumnField, decodeColumns, encodeColumns, openColumnList } from '../../lib/store/column-codec.ts';

const leaf = fc.oneof(
  fc.constantFrom(undefined, null, true, false),
  fc.integer(),
  fc.maxSafeInteger(),
  fc.double(),
  fc.constantFrom(0, -0, 2 ** 50, 2 ** 50 + 1, -(2 ** 50), Number.NaN, Number.POSITIVE_INFINITY),
  fc.string({ unit: 'binary' }),
  fc.constantFrom('', '\uD800', '\uDC00\uD800', '\u{1F600}', '__proto__', 'constructor'),
);

const { value: plain } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    leaf,
    fc.array(tie('value'), { maxLength: 8 }),
    fc.dictionary(fc.oneof(fc.constantFrom('a', 'b', '__proto__', ''), fc.string()), tie('value'), {
      maxKeys: 4,
      noNullPrototype: true,
    }),
    fc.array(fc.tuple(leaf, tie('value')), { maxLength: 4 }).map((entries) => new Map(entries)),
  ),
}));

function nested(depth: number): unknown {
  let value: unknown = 'end';
  for (let level = 0; level < depth; level += 1) {
    value = [value];
  }
  return value;
}

describe('columns', () => {
  it('give back any plain value', () => {
    fc.assert(
      fc.property(plain, (value) => {
        expect(decodeColumns(encodeColumns(value))).toStrictEqual(value);
      }),
      { numRuns: 1_000 },
    );
  });

  it('give back any plain value whichever of its texts come last', () => {
    fc.assert(
      fc.property(plain, fc.func(fc.boolean()), (value, comesLast) => {
        const bytes = encodeColumns(value, comesLast);
        expect(decodeColumns(bytes)).toStrictEqual(value);
        expect(bytes.byteLength).toBeLessThanOrEqual(2 * encodeColumns(value).byteLength);
      }),
    );
  });

  it('give any item of a list by itself, as often as it is asked for', () => {
    fc.assert(
      fc.property(fc.array(plain, { maxLength: 6 }), (values) => {
        const list = openColumnList(encodeColumns(values));
        expect(list.length).toBe(values.length);
        for (const index of [...values.keys(), ...values.keys()].toReversed()) {
          expect(list.at(index)).toStrictEqual(values[index]);
        }
        expect(() => list.at(values.length)).toThrow();
      }),
    );
  });

  it('give any field of a record by itself', () => {
    fc.assert(
      fc.property(plain, plain, (a, b) => {
        const bytes = encodeColumns({ a, b });
        expect(decodeColumnField(bytes, 'a')).toStrictEqual(a);
        expect(decodeColumnField(bytes, 'b')).toStrictEqual(b);
        expect(decodeColumnField(bytes, 'c')).toBeUndefined();
      }),
    );
  });

  it.each([[{ a: 1 }], [null], ['text'], [7]])('are no list where they hold %j', (value) => {
    expect(() => openColumnList(encodeColumns(value))).toThrow('the bytes hold no list');
  });

  it('keep the order of fields, and fields that would set what a record inherits from', () => {
    const value: unknown = JSON.parse('[{"b":1,"a":2},{"a":3,"b":4},{"__proto__":{"x":1}}]');
    expect(JSON.stringify(decodeColumns(encodeColumns(value)))).toBe(JSON.stringify(value));
  });

  it('take less than three bytes for an address near the one before, and one for a text that was there already', () => {
    const addresses = Array.from({ length: 1_000 }, (_, index) => 0x0a000000 + 37 * index);
    expect(encodeColumns(addresses).byteLength).toBeLessThan(3 * 1_000 + 20);
    const words = Array.from({ length: 1_000 }, () => 'available');
    expect(encodeColumns(words).byteLength).toBeLessThan(2 * 1_000 + 20);
  });

  it.each([
    ['a function', () => undefined, 'Cannot encode a value of type function'],
    ['a symbol', Symbol('x'), 'Cannot encode a value of type symbol'],
    ['a big integer', 1n, 'Cannot encode a value of type bigint'],
    ['a date', new Date(0), 'Cannot encode an object that is not plain'],
    ['201 levels', nested(201), 'nested deeper than 200 levels'],
  ])('refuse %s', (_, value, problem) => {
    expect(() => encodeColumns({ inside: value })).toThrow(problem);
  });

  it('refuse a value that contains itself', () => {
    const knot: unknown[] = [];
    knot.push(knot);
    expect(() => encodeColumns(knot)).toThrow('nested deeper than 200 levels');
  });

  it('take 200 levels', () => {
    expect(decodeColumns(encodeColumns(nested(200)))).toEqual(nested(200));
  });
});

describe('damaged columns', () => {
  const outcomeOf = (bytes: Uint8Array) => {
    try {
      return { value: decodeColumns(bytes) };
    } catch (cause) {
      return { error: cause };
    }
  };

  it('are an error with a message or another value, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const { error } = outcomeOf(bytes);
        expect(error === undefined || (error instanceof Error && !(error instanceof RangeError))).toBe(true);
      }),
      { numRuns: 5_000 },
    );
  });

  it('are an error wherever they are cut off, and where something follows', () => {
    fc.assert(
      fc.property(plain, (value) => {
        const bytes = encodeColumns(value);
        for (let length = 0; length < bytes.byteLength; length += 1) {
          expect(() => decodeColumns(bytes.subarray(0, length))).toThrow();
        }
        expect(() => decodeColumns(Buffer.concat([bytes, Buffer.from([0])]))).toThrow('1 bytes are left over');
      }),
      { numRuns: 200 },
    );
  });

  it('are an error where a text of UTF-16 ends within a character', () => {
    // One text, UTF-16, of three bytes.
    expect(() => decodeColumns(Buffer.from([1, 7, 0, 0, 0, 1, 5, 0, 0]))).toThrow('a text of UTF-16 has 3 bytes');
  });

  it('make no more values than there are bytes, whatever count they claim', () => {
    // No texts; one kind, a list; of one value; and then a length of 2^49.
    const claim = Buffer.from([0, 1, 6, 0, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01, 1, 0]);
    expect(() => decodeColumns(claim)).toThrow('562949953421312 values cannot be in');
  });
});
