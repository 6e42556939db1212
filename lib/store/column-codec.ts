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
  const { texts, column } = readWhole(bytes);
  return valueAt(texts, column, 0);
}

/** A list of which each item is made when it is asked for. */
export interface ColumnList {
  readonly length: number;
  /** Throws where the bytes hold no such item. */
  at(index: number): unknown;
}

/** Decodes a list that `encodeColumns` was given, for who needs few items of it. Throws where the bytes are anything else. */
export function openColumnList(bytes: Uint8Array): ColumnList {
  const { texts, column } = readWhole(bytes);
  const [list] = column.groups;
  const [items] = list?.columns ?? [];
  if (list?.kind !== KIND.list || items === undefined) {
    throw new Error('the bytes hold no list');
  }
  const length = at(list.values, 1);
  return {
    length,
    at(index) {
      if (!(index >= 0 && index < length)) {
        throw new Error(`there is no item ${index} of ${length}`);
      }
      return valueAt(texts, items, index);
    },
  };
}

/** Decodes one field of a record that `encodeColumns` was given; `undefined` where it has none of that name. */
export function decodeColumnField(bytes: Uint8Array, name: string): unknown {
  const { texts, column } = readWhole(bytes);
  const [record] = column.groups;
  const place = record?.fields.findIndex((field) => at(texts, field) === name) ?? -1;
  const field = record?.columns[place];
  return field === undefined ? undefined : valueAt(texts, field, 0);
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
    write: (writer: ByteWriter): void => writeTexts(writer, [...places.keys()]),
  };
}

/** Writes each text's length in bytes, doubled, plus one where it is UTF-16: UTF-8 has no lone surrogates. Then all texts. */
export function writeTexts(writer: ByteWriter, texts: readonly string[]): void {
  const encoded = texts.map((text) =>
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
}

/** The values of a column, kind by kind, before any of them is made. */
interface Column {
  readonly groups: readonly ColumnGroup[];
  /** Of each value the place of its kind, and its place among those; `undefined` where all are of one kind. */
  readonly places: readonly number[] | undefined;
  readonly ranks: readonly number[] | undefined;
}

interface ColumnGroup {
  readonly kind: number;
  /** Numbers, booleans as 0 and 1, places of texts; of lists and maps where the items of each start, and the last ones end. */
  readonly values: readonly number[];
  /** Of records the names of their fields, as places of texts. */
  readonly fields: readonly number[];
  /** Of each field; the items of lists; keys and values of maps. */
  readonly columns: readonly Column[];
}

type Texts = readonly string[];

// Loops rather than `map`, here and below: a new process runs them before they are compiled, and then each call counts.

function readWhole(bytes: Uint8Array): { readonly texts: Texts; readonly column: Column } {
  const reader = byteReader(bytes);
  const texts = readTexts(reader);
  const column = readColumn(reader, 1, 0);
  if (reader.remaining() > 0) {
    throw new Error(`${reader.remaining()} bytes are left over`);
  }
  return { texts, column };
}

/** Reads what `writeTexts` wrote. */
export function readTexts(reader: ByteReader): string[] {
  const lengths = reader.varints(reader.varint());
  let byteCount = 0;
  let hasUtf16 = false;
  for (const length of lengths) {
    byteCount += Math.floor(length / 2);
    hasUtf16 ||= length % 2 === 1;
  }
  const bytes = reader.raw(byteCount);
  const all = bytes.toString('utf8');
  // As many characters as bytes: all are ASCII, and cutting one text is quicker than decoding many.
  return hasUtf16 || all.length < byteCount ? textsOneByOne(bytes, lengths) : cutTexts(all, lengths);
}

function cutTexts(all: string, lengths: readonly number[]): string[] {
  const texts: string[] = [];
  let start = 0;
  for (const length of lengths) {
    const end = start + length / 2;
    texts.push(all.slice(start, end));
    start = end;
  }
  return texts;
}

function textsOneByOne(bytes: Buffer, lengths: readonly number[]): string[] {
  let start = 0;
  return lengths.map((length) => {
    const own = bytes.subarray(start, start + Math.floor(length / 2));
    start += own.byteLength;
    return length % 2 === 1 ? utf16Text(own) : own.toString('utf8');
  });
}

function utf16Text(bytes: Buffer): string {
  // No writer makes this; random bytes do, and Node 24.21 was seen to damage its own memory over it.
  if (bytes.byteLength % 2 === 1) {
    throw new Error(`a text of UTF-16 has ${bytes.byteLength} bytes`);
  }
  return bytes.toString('utf16le');
}

function readColumn(reader: ByteReader, count: number, depth: number): Column {
  if (depth > DEPTH_MAX) {
    throw new Error(`values are nested deeper than ${DEPTH_MAX} levels`);
  }
  const kindCount = reader.varint();
  if (kindCount !== 1) {
    return readMixed(reader, kindCount, count, depth);
  }
  const kind = reader.varint();
  const fields = readFields(reader, kind);
  if (!reader.zeros(count)) {
    throw new Error('a value is of another kind than the one of its column');
  }
  return { groups: [readGroup(reader, { kind, fields }, count, depth)], places: undefined, ranks: undefined };
}

function readMixed(reader: ByteReader, kindCount: number, count: number, depth: number): Column {
  const kinds: ReadKind[] = [];
  for (let left = kindCount; left > 0; left -= 1) {
    const kind = reader.varint();
    kinds.push({ kind, fields: readFields(reader, kind) });
  }
  const places = reader.varints(count);
  const counts = kinds.map(() => 0);
  const ranks: number[] = [];
  for (const place of places) {
    const rank = counts[place];
    if (rank === undefined) {
      throw new Error(`a value is of kind ${place} of ${kinds.length}`);
    }
    counts[place] = rank + 1;
    ranks.push(rank);
  }
  return { groups: kinds.map((kind, place) => readGroup(reader, kind, at(counts, place), depth)), places, ranks };
}

type ReadKind = Pick<ColumnGroup, 'kind' | 'fields'>;

const NONE: readonly never[] = [];

function readFields(reader: ByteReader, kind: number): readonly number[] {
  return kind === KIND.record ? reader.varints(reader.varint()) : NONE;
}

function readGroup(reader: ByteReader, { kind, fields }: ReadKind, count: number, depth: number): ColumnGroup {
  switch (kind) {
    case KIND.undefined:
    case KIND.null:
      return { kind, fields, values: NONE, columns: NONE };
    case KIND.boolean:
      return { kind, fields, values: reader.varints(count), columns: NONE };
    case KIND.integer:
    case KIND.text:
      return { kind, fields, values: readDifferences(reader, count), columns: NONE };
    case KIND.float:
      return { kind, fields, values: readFloats(reader, count), columns: NONE };
    case KIND.list:
    case KIND.map: {
      const values = readStarts(reader, count);
      const itemCount = at(values, count);
      const items = readColumn(reader, itemCount, depth + 1);
      const columns = kind === KIND.list ? [items] : [items, readColumn(reader, itemCount, depth + 1)];
      return { kind, fields, values, columns };
    }
    case KIND.record: {
      const columns: Column[] = [];
      for (let left = fields.length; left > 0; left -= 1) {
        columns.push(readColumn(reader, count, depth + 1));
      }
      return { kind, fields, values: NONE, columns };
    }
    default:
      throw new Error(`a value is of kind ${kind}, which does not exist`);
  }
}

function readFloats(reader: ByteReader, count: number): number[] {
  if (count > reader.remaining()) {
    throw new Error(`${count} values cannot be in ${reader.remaining()} bytes`);
  }
  return Array.from({ length: count }, () => reader.float64());
}

function readDifferences(reader: ByteReader, count: number): number[] {
  const values = reader.varints(count);
  let previous = 0;
  for (let index = 0; index < count; index += 1) {
    const coded = values[index] ?? 0;
    previous += coded % 2 === 1 ? -(coded + 1) / 2 : coded / 2;
    values[index] = previous;
  }
  return values;
}

/** Reads lengths, and returns where each one starts and the last ends. */
function readStarts(reader: ByteReader, count: number): number[] {
  const starts = [0];
  let end = 0;
  for (const length of reader.varints(count)) {
    end += length;
    starts.push(end);
  }
  return starts;
}

function valueAt(texts: Texts, { groups, places, ranks }: Column, index: number): unknown {
  const group = at(groups, places === undefined ? 0 : at(places, index));
  const rank = ranks === undefined ? index : at(ranks, index);
  switch (group.kind) {
    case KIND.undefined:
      return undefined;
    case KIND.null:
      return null;
    case KIND.boolean:
      return at(group.values, rank) === 1;
    case KIND.text:
      return at(texts, at(group.values, rank));
    case KIND.list:
      return listAt(texts, group, rank);
    case KIND.map:
      return mapAt(texts, group, rank);
    case KIND.record:
      return recordAt(texts, group, rank);
    default:
      return at(group.values, rank);
  }
}

function listAt(texts: Texts, { values, columns }: ColumnGroup, rank: number): unknown[] {
  const items = at(columns, 0);
  const list: unknown[] = [];
  for (let index = at(values, rank), end = at(values, rank + 1); index < end; index += 1) {
    list.push(valueAt(texts, items, index));
  }
  return list;
}

function mapAt(texts: Texts, { values, columns }: ColumnGroup, rank: number): Map<unknown, unknown> {
  const map = new Map<unknown, unknown>();
  for (let index = at(values, rank), end = at(values, rank + 1); index < end; index += 1) {
    map.set(valueAt(texts, at(columns, 0), index), valueAt(texts, at(columns, 1), index));
  }
  return map;
}

function recordAt(texts: Texts, { fields, columns }: ColumnGroup, rank: number): PlainRecord {
  const record: Record<string, unknown> = {};
  for (let place = 0; place < fields.length; place += 1) {
    const field = at(texts, at(fields, place));
    const value = valueAt(texts, at(columns, place), rank);
    if (field === '__proto__') {
      // An assignment would set what the record inherits from.
      Object.defineProperty(record, field, { value, enumerable: true, configurable: true, writable: true });
    } else {
      record[field] = value;
    }
  }
  return record;
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
