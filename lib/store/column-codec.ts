import { type ByteReader, byteReader } from './byte-reader.ts';
import { type ByteWriter, byteWriter } from './byte-writer.ts';

/**
 * Plain values (undefined, null, booleans, numbers, texts, arrays, maps, records) as bytes, without loss, in columns: the
 * records of one shape become one column for each of their fields, all lists of a column one column of their items. Integers
 * are stored as differences to the one before, texts as places in a table of all texts. Lists of alike things get small, and
 * what is left repeats, which is what compression wants.
 *
 * A column of n values: the number of its kinds, each kind (a record's with its field names), for each value the place of its
 * kind, then kind by kind what is left to say of its values. So each value takes a byte at least, and reading damaged bytes
 * never makes more values than there are bytes.
 */

const KIND = {
  undefined: 0,
  null: 1,
  boolean: 2,
  integer: 3,
  float: 4,
  text: 5,
  list: 6,
  map: 7,
  record: 8,
} as const;
type Kind = (typeof KIND)[keyof typeof KIND];

/** Differences of two such integers are safe ones, doubled for their sign too. Larger ones are written as floats, exactly. */
const INTEGER_MAX = 2 ** 50;
/** Far deeper than facts are; a value that contains itself ends here. */
const DEPTH_MAX = 200;

type PlainRecord = Readonly<Record<string, unknown>>;

/**
 * Encodes a value. Throws where it is not plain, or contains itself. Texts that come last move no other where there is one more
 * or less of them: what is otherwise alike stays alike, byte by byte. To tell them apart takes another pass.
 */
export function encodeColumns(value: unknown, comesLast?: (text: string) => boolean): Uint8Array {
  const texts = textTable();
  if (comesLast !== undefined) {
    placeInOrder(texts, value, comesLast);
  }
  const body = byteWriter();
  writeColumn({ body, texts }, [value], 0);
  const whole = byteWriter();
  texts.write(whole);
  whole.raw(body.bytes());
  return whole.bytes();
}

function placeInOrder(texts: TextTable, value: unknown, comesLast: (text: string) => boolean): void {
  const last: string[] = [];
  const placeOf = (text: string): number => (comesLast(text) ? last.push(text) : texts.placeOf(text));
  writeColumn({ body: byteWriter(), texts: { placeOf } }, [value], 0);
  for (const text of last) {
    texts.placeOf(text);
  }
}

/** Decodes what `encodeColumns` gave. Throws where the bytes are anything else, after work in proportion to their number. */
export function decodeColumns(bytes: Uint8Array): unknown {
  const reader = byteReader(bytes);
  const texts = readTexts(reader);
  const [value] = readColumn({ reader, texts }, 1, 0);
  if (reader.remaining() > 0) {
    throw new Error(`${reader.remaining()} bytes are left over`);
  }
  return value;
}

type TextTable = ReturnType<typeof textTable>;

interface Output {
  readonly body: ByteWriter;
  readonly texts: Pick<TextTable, 'placeOf'>;
}

interface Group {
  readonly place: number;
  readonly kind: Kind;
  /** Of a record. */
  readonly fields: readonly string[];
  readonly values: unknown[];
}

function writeColumn(output: Output, values: readonly unknown[], depth: number): void {
  if (depth > DEPTH_MAX) {
    throw new Error(`Cannot encode a value that is nested deeper than ${DEPTH_MAX} levels`);
  }
  const { body, texts } = output;
  const groups = new Map<string, Group>();
  const places = values.map((value) => groupOf(groups, value));
  body.varint(groups.size);
  for (const { kind, fields } of groups.values()) {
    body.varint(kind);
    if (kind === KIND.record) {
      body.varint(fields.length);
      for (const field of fields) {
        body.varint(texts.placeOf(field));
      }
    }
  }
  for (const place of places) {
    body.varint(place);
  }
  for (const group of groups.values()) {
    writeGroup(output, group, depth);
  }
}

/** Puts a value with those of its kind and returns the place of that kind. */
function groupOf(groups: Map<string, Group>, value: unknown): number {
  const kind = kindOf(value);
  const fields = kind === KIND.record ? Object.keys(recordOf(value)) : [];
  const name = kind === KIND.record ? JSON.stringify(fields) : String(kind);
  const known = groups.get(name);
  if (known !== undefined) {
    known.values.push(value);
    return known.place;
  }
  groups.set(name, { place: groups.size, kind, fields, values: [value] });
  return groups.size - 1;
}

function kindOf(value: unknown): Kind {
  switch (typeof value) {
    case 'undefined':
      return KIND.undefined;
    case 'boolean':
      return KIND.boolean;
    case 'number':
      return Number.isInteger(value) && Math.abs(value) <= INTEGER_MAX && !Object.is(value, -0)
        ? KIND.integer
        : KIND.float;
    case 'string':
      return KIND.text;
    case 'object':
      return kindOfObject(value);
    default:
      throw new Error(`Cannot encode a value of type ${typeof value}`);
  }
}

function kindOfObject(value: object | null): Kind {
  if (value === null) {
    return KIND.null;
  }
  if (Array.isArray(value)) {
    return KIND.list;
  }
  if (value instanceof Map) {
    return KIND.map;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    throw new Error('Cannot encode an object that is not plain');
  }
  return KIND.record;
}

function writeGroup(output: Output, { kind, fields, values }: Group, depth: number): void {
  const { body, texts } = output;
  switch (kind) {
    case KIND.undefined:
    case KIND.null:
      break;
    case KIND.boolean:
      writeVarints(
        body,
        values.map((value) => (value === true ? 1 : 0)),
      );
      break;
    case KIND.integer:
      writeDifferences(body, values.map(Number));
      break;
    case KIND.float:
      for (const value of values) {
        body.float64(Number(value));
      }
      break;
    case KIND.text:
      writeDifferences(
        body,
        values.map((value) => texts.placeOf(String(value))),
      );
      break;
    case KIND.list:
      writeLists(output, values.map(listOf), depth);
      break;
    case KIND.map:
      writeMaps(output, values.map(mapOf), depth);
      break;
    case KIND.record:
      writeRecords(output, fields, values.map(recordOf), depth);
      break;
  }
}

function writeLists(output: Output, lists: readonly (readonly unknown[])[], depth: number): void {
  writeVarints(
    output.body,
    lists.map((list) => list.length),
  );
  writeColumn(output, lists.flat(), depth + 1);
}

function writeMaps(output: Output, maps: readonly ReadonlyMap<unknown, unknown>[], depth: number): void {
  const entries = maps.flatMap((map) => [...map]);
  writeVarints(
    output.body,
    maps.map((map) => map.size),
  );
  writeColumn(
    output,
    entries.map(([key]) => key),
    depth + 1,
  );
  writeColumn(
    output,
    entries.map(([, value]) => value),
    depth + 1,
  );
}

function writeRecords(output: Output, fields: readonly string[], records: readonly PlainRecord[], depth: number): void {
  for (const field of fields) {
    writeColumn(
      output,
      records.map((record) => record[field]),
      depth + 1,
    );
  }
}

function writeVarints(body: ByteWriter, values: readonly number[]): void {
  for (const value of values) {
    body.varint(value);
  }
}

/** An integer's sign goes into its lowest bit: 0, -1, 1, -2, … become 0, 1, 2, 3, … */
function writeDifferences(body: ByteWriter, values: readonly number[]): void {
  let previous = 0;
  for (const value of values) {
    const difference = value - previous;
    body.varint(difference < 0 ? -2 * difference - 1 : 2 * difference);
    previous = value;
  }
}

function textTable() {
  const places = new Map<string, number>();
  return {
    placeOf(text: string): number {
      const known = places.get(text);
      if (known !== undefined) {
        return known;
      }
      places.set(text, places.size);
      return places.size - 1;
    },
    /** Each text's length in bytes, doubled, plus one where it is UTF-16: UTF-8 has no lone surrogates. Then all texts. */
    write(writer: ByteWriter): void {
      const encoded = [...places.keys()].map((text) =>
        text.isWellFormed()
          ? { bytes: Buffer.from(text, 'utf8'), isUtf16: 0 }
          : { bytes: Buffer.from(text, 'utf16le'), isUtf16: 1 },
      );
      writer.varint(encoded.length);
      for (const { bytes, isUtf16 } of encoded) {
        writer.varint(2 * bytes.byteLength + isUtf16);
      }
      for (const { bytes } of encoded) {
        writer.raw(bytes);
      }
    },
  };
}

interface Input {
  readonly reader: ByteReader;
  readonly texts: readonly string[];
}

function readTexts(reader: ByteReader): string[] {
  return reader.varints(reader.varint()).map((length) => {
    const bytes = reader.raw(Math.floor(length / 2));
    return length % 2 === 1 ? utf16Text(bytes) : bytes.toString('utf8');
  });
}

function utf16Text(bytes: Buffer): string {
  // No writer makes this; random bytes do, and Node 24.21 was seen to damage its own memory over it.
  if (bytes.byteLength % 2 === 1) {
    throw new Error(`a text of UTF-16 has ${bytes.byteLength} bytes`);
  }
  return bytes.toString('utf16le');
}

function readColumn(input: Input, count: number, depth: number): readonly unknown[] {
  if (depth > DEPTH_MAX) {
    throw new Error(`values are nested deeper than ${DEPTH_MAX} levels`);
  }
  const { reader } = input;
  const kinds = readKinds(input);
  const places = reader.varints(count);
  const counts = new Array<number>(kinds.length).fill(0);
  for (const place of places) {
    const known = counts[place];
    if (known === undefined) {
      throw new Error(`a value is of kind ${place} of ${kinds.length}`);
    }
    counts[place] = known + 1;
  }
  const groups = kinds.map((kind, place) => readGroup(input, kind, at(counts, place), depth));
  return groups.length === 1 ? at(groups, 0) : inTheirPlaces(groups, places);
}

function inTheirPlaces(groups: readonly (readonly unknown[])[], places: readonly number[]): unknown[] {
  const taken = new Array<number>(groups.length).fill(0);
  return places.map((place) => {
    const index = at(taken, place);
    taken[place] = index + 1;
    return at(groups, place)[index];
  });
}

interface ReadKind {
  readonly kind: number;
  readonly fields: readonly string[];
}

function readKinds(input: Input): readonly ReadKind[] {
  const { reader } = input;
  const kinds: ReadKind[] = [];
  for (let left = reader.varint(); left > 0; left -= 1) {
    const kind = reader.varint();
    const places = kind === KIND.record ? reader.varints(reader.varint()) : [];
    kinds.push({ kind, fields: places.map((place) => textAt(input, place)) });
  }
  return kinds;
}

function readGroup(input: Input, { kind, fields }: ReadKind, count: number, depth: number): readonly unknown[] {
  const { reader } = input;
  switch (kind) {
    case KIND.undefined:
      return new Array<undefined>(count).fill(undefined);
    case KIND.null:
      return new Array<null>(count).fill(null);
    case KIND.boolean:
      return reader.varints(count).map((value) => value === 1);
    case KIND.integer:
      return readDifferences(reader, count);
    case KIND.float:
      return readFloats(reader, count);
    case KIND.text:
      return readDifferences(reader, count).map((place) => textAt(input, place));
    case KIND.list:
      return readLists(input, count, depth);
    case KIND.map: {
      const sizes = reader.varints(count);
      const keys = readColumn(input, sum(sizes), depth + 1);
      const values = readColumn(input, sum(sizes), depth + 1);
      const entries = keys.map((key, index) => [key, values[index]] as const);
      return cut(entries, sizes).map((slice) => new Map(slice));
    }
    case KIND.record:
      return readRecords(input, fields, count, depth);
    default:
      throw new Error(`a value is of kind ${kind}, which does not exist`);
  }
}

function readLists(input: Input, count: number, depth: number): unknown[][] {
  const lengths = input.reader.varints(count);
  return cut(readColumn(input, sum(lengths), depth + 1), lengths);
}

function readRecords(input: Input, fields: readonly string[], count: number, depth: number): PlainRecord[] {
  const records: Record<string, unknown>[] = [];
  for (let index = 0; index < count; index += 1) {
    records.push({});
  }
  for (const field of fields) {
    const values = readColumn(input, count, depth + 1);
    records.forEach((record, index) => {
      setField(record, field, values[index]);
    });
  }
  return records;
}

function setField(record: Record<string, unknown>, field: string, value: unknown): void {
  if (field === '__proto__') {
    // An assignment would set what the record inherits from.
    Object.defineProperty(record, field, { value, enumerable: true, configurable: true, writable: true });
  } else {
    record[field] = value;
  }
}

function readFloats(reader: ByteReader, count: number): number[] {
  if (count > reader.remaining()) {
    throw new Error(`${count} values cannot be in ${reader.remaining()} bytes`);
  }
  return Array.from({ length: count }, () => reader.float64());
}

function readDifferences(reader: ByteReader, count: number): number[] {
  let previous = 0;
  return reader.varints(count).map((coded) => {
    previous += coded % 2 === 1 ? -(coded + 1) / 2 : coded / 2;
    return previous;
  });
}

function cut<T>(items: readonly T[], lengths: readonly number[]): T[][] {
  let start = 0;
  return lengths.map((length) => {
    start += length;
    return items.slice(start - length, start);
  });
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function textAt({ texts }: Input, place: number): string {
  return at(texts, place);
}

function at<T>(items: readonly T[], index: number): T {
  const item = items[index];
  if (item === undefined) {
    throw new Error(`there is no item ${index} of ${items.length}`);
  }
  return item;
}

/** `kindOf` has told lists, maps and records apart before these are asked. */
function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function mapOf(value: unknown): ReadonlyMap<unknown, unknown> {
  return value instanceof Map ? value : new Map();
}

function recordOf(value: unknown): PlainRecord {
  // A plain object is a record of its own fields.
  return value as PlainRecord;
}
