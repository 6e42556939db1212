import { NormalizedSchema } from '@smithy/core/schema';

/**
 * Reads EC2's XML answers straight from bytes, and only the members that are asked for.
 *
 * The SDK's own decoder builds every element of a page as JavaScript objects first; listing network interfaces that way
 * takes most of a scan's CPU time and memory (docs/adr/0004). This reader walks the bytes once. It returns what the SDK
 * would return for the same members, and gives up (`undefined`) on anything unusual (attributes, comments, CDATA,
 * malformed nesting, unknown entities), so that the caller falls back on the SDK and the two never disagree.
 */

/** Which members of an output to read: `true` for a leaf, an object for a structure or the items of a list. */
export interface WantedMembers {
  readonly [member: string]: true | WantedMembers;
}

export type Ec2XmlReader = (bytes: Buffer) => Record<string, unknown> | undefined;

type Leaf = 'string' | 'boolean' | 'number';
type Shape =
  | { kind: 'leaf'; leaf: Leaf; recent: RecentValue }
  | { kind: 'structure'; fields: Fields }
  | { kind: 'list'; itemName: Buffer; item: Shape };
/** Where a leaf's value stood last in the document, and what it was: ids, types and tag keys mostly repeat from item to item. */
interface RecentValue {
  start: number;
  end: number;
  value: unknown;
}
interface Field {
  readonly member: string;
  readonly name: Buffer;
  readonly shape: Shape;
}
type Fields = ReadonlyMap<number, Field>;

const LESS_THAN = 60;
const GREATER_THAN = 62;
const SLASH = 47;
const AMPERSAND = 38;
const QUESTION_MARK = 63;
const QUOTE = 34;
const SPACE = 32;
const TAB = 9;
const CARRIAGE_RETURN = 13;
const LINE_FEED = 10;
const LAST_ASCII = 127;
const NAMESPACE_ATTRIBUTE = Buffer.from(' xmlns="');
/** EC2 nests about ten elements deep. What is skipped is walked recursively, and a hostile document must not exhaust the stack. */
const SKIPPED_DEPTH_MAX = 100;
/** The last code point that is one UTF-16 unit: the SDK decodes numeric references as such units. */
const LAST_UTF16_UNIT = 0xffff;
/** https://en.wikipedia.org/wiki/Fowler%E2%80%93Noll%E2%80%93Vo_hash_function: names are compared in full after the hash matched. */
const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

class UnusualXml extends Error {}

/** Compiles a reader of one operation's output from the SDK's own schema, which knows each member's XML name. */
export function createEc2XmlReader(
  outputSchema: Parameters<typeof NormalizedSchema.of>[0],
  wanted: WantedMembers,
): Ec2XmlReader {
  const fields = compileFields(NormalizedSchema.of(outputSchema), wanted);
  return (bytes) => {
    try {
      return new Cursor(bytes).readDocument(fields);
    } catch (cause) {
      if (cause instanceof UnusualXml) {
        return undefined;
      }
      throw cause;
    } finally {
      forgetRecent(fields);
    }
  };
}

function compileFields(schema: NormalizedSchema, wanted: WantedMembers): Fields {
  const fields = new Map<number, Field>();
  for (const [member, memberWanted] of Object.entries(wanted)) {
    const memberSchema = schema.getMemberSchema(member);
    const xmlName = memberSchema.getMemberTraits().xmlName;
    const name = Buffer.from(typeof xmlName === 'string' ? xmlName : member);
    fields.set(hashOf(name), { member, name, shape: compileShape(memberSchema, memberWanted, member) });
  }
  if (fields.size !== Object.keys(wanted).length) {
    throw new Error(`Cannot compile an XML reader for ${schema.getName()}: two element names have one hash`);
  }
  return fields;
}

function compileShape(schema: NormalizedSchema, wanted: true | WantedMembers, member: string): Shape {
  if (schema.isListSchema()) {
    const itemSchema = schema.getValueSchema();
    const itemName = itemSchema.getMergedTraits().xmlName;
    return {
      kind: 'list',
      itemName: Buffer.from(typeof itemName === 'string' ? itemName : 'member'),
      item: compileShape(itemSchema, wanted, member),
    };
  }
  if (schema.isStructSchema()) {
    if (wanted === true) {
      throw new Error(`Cannot compile an XML reader: "${member}" is a structure and needs its members named`);
    }
    return { kind: 'structure', fields: compileFields(schema, wanted) };
  }
  if (schema.isStringSchema()) {
    return leafShape('string');
  }
  if (schema.isBooleanSchema()) {
    return leafShape('boolean');
  }
  if (schema.isNumericSchema()) {
    return leafShape('number');
  }
  throw new Error(`Cannot compile an XML reader: "${member}" has a type this reader does not know`);
}

function leafShape(leaf: Leaf): Shape {
  return { kind: 'leaf', leaf, recent: { start: 0, end: 0, value: undefined } };
}

/** Positions of another document mean nothing in this one. */
function forgetRecent(fields: Fields): void {
  for (const { shape } of fields.values()) {
    forgetRecentOf(shape);
  }
}

function forgetRecentOf(shape: Shape): void {
  switch (shape.kind) {
    case 'leaf':
      shape.recent.end = 0;
      shape.recent.start = 0;
      shape.recent.value = undefined;
      break;
    case 'structure':
      forgetRecent(shape.fields);
      break;
    case 'list':
      forgetRecentOf(shape.item);
      break;
  }
}

function hashOf(name: Buffer): number {
  let hash = FNV_OFFSET;
  for (const byte of name) {
    hash = Math.imul(hash ^ byte, FNV_PRIME);
  }
  return hash;
}

/** A position in one document. The open element's name is kept as a range of bytes, to compare with its closing tag. */
class Cursor {
  private position = 0;
  private nameStart = 0;
  private nameEnd = 0;
  private nameHash = 0;
  private isSelfClosing = false;
  private readonly bytes: Buffer;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  readDocument(fields: Fields): Record<string, unknown> {
    this.skipWhitespace();
    if (this.bytes[this.position] === LESS_THAN && this.bytes[this.position + 1] === QUESTION_MARK) {
      this.skipPast(GREATER_THAN);
      if (this.bytes[this.position - 2] !== QUESTION_MARK) {
        throw new UnusualXml();
      }
      this.skipWhitespace();
    }
    this.expect(LESS_THAN);
    this.readRootName();
    return this.readStructure(fields, this.nameStart, this.nameEnd);
  }

  /** The root alone carries an attribute: its namespace. To the SDK any other attribute is a member of the output. */
  private readRootName(): void {
    this.nameStart = this.position;
    while (isNameByte(this.byteAt(this.position))) {
      this.position += 1;
    }
    this.nameEnd = this.position;
    if (this.nameEnd === this.nameStart) {
      throw new UnusualXml();
    }
    if (this.byteAt(this.position) === SPACE) {
      this.skipNamespace();
    }
    this.expect(GREATER_THAN);
  }

  private skipNamespace(): void {
    for (const byte of NAMESPACE_ATTRIBUTE) {
      this.expect(byte);
    }
    this.skipPast(QUOTE);
  }

  private readStructure(fields: Fields, nameStart: number, nameEnd: number): Record<string, unknown> {
    const value: Record<string, unknown> = {};
    while (this.nextChild(nameStart, nameEnd)) {
      const field = fields.get(this.nameHash);
      if (field === undefined || !this.isNamed(field.name)) {
        this.skipElement();
        continue;
      }
      if (field.member in value) {
        throw new UnusualXml();
      }
      value[field.member] = this.readElement(field.shape);
    }
    return value;
  }

  private readList(itemName: Buffer, item: Shape, nameStart: number, nameEnd: number): unknown[] {
    const values: unknown[] = [];
    while (this.nextChild(nameStart, nameEnd)) {
      if (this.isNamed(itemName)) {
        values.push(this.readElement(item));
      } else {
        this.skipElement();
      }
    }
    return values;
  }

  private readElement(shape: Shape): unknown {
    const { nameStart, nameEnd } = this;
    switch (shape.kind) {
      case 'leaf':
        return this.isSelfClosing
          ? leafValue('', shape.leaf)
          : this.readLeaf(shape.leaf, shape.recent, nameStart, nameEnd);
      case 'structure':
        return this.isSelfClosing ? {} : this.readStructure(shape.fields, nameStart, nameEnd);
      case 'list':
        return this.isSelfClosing ? [] : this.readList(shape.itemName, shape.item, nameStart, nameEnd);
    }
  }

  /** Moves to the next child's opening tag and returns true, or past the parent's closing tag and returns false. */
  private nextChild(parentStart: number, parentEnd: number): boolean {
    this.skipIndentation();
    this.expect(LESS_THAN);
    if (this.bytes[this.position] === SLASH) {
      this.position += 1;
      this.expectClosingName(parentStart, parentEnd);
      return false;
    }
    this.readOpeningName();
    return true;
  }

  private readOpeningName(): void {
    const bytes = this.bytes;
    let position = this.position;
    let hash = FNV_OFFSET;
    this.nameStart = position;
    let byte = this.byteAt(position);
    while (isNameByte(byte)) {
      hash = Math.imul(hash ^ byte, FNV_PRIME);
      position += 1;
      byte = this.byteAt(position);
    }
    if (position === this.nameStart) {
      throw new UnusualXml();
    }
    this.nameEnd = position;
    this.nameHash = hash;
    this.isSelfClosing = byte === SLASH;
    if (this.isSelfClosing) {
      position += 1;
      byte = this.byteAt(position);
    }
    if (byte !== GREATER_THAN) {
      throw new UnusualXml();
    }
    this.position = position + 1;
    if (this.position > bytes.length) {
      throw new UnusualXml();
    }
  }

  private expectClosingName(start: number, end: number): void {
    const bytes = this.bytes;
    let position = this.position;
    for (let index = start; index < end; index += 1) {
      if (bytes[position] !== bytes[index]) {
        throw new UnusualXml();
      }
      position += 1;
    }
    this.position = position;
    this.expect(GREATER_THAN);
  }

  private readLeaf(leaf: Leaf, recent: RecentValue, nameStart: number, nameEnd: number): unknown {
    const bytes = this.bytes;
    const start = this.position;
    let position = start;
    let isPlain = true;
    let byte = this.byteAt(position);
    while (byte !== LESS_THAN) {
      // One comparison for ordinary text; the rest is decided only where it can differ.
      if (byte > LAST_ASCII || byte === AMPERSAND || byte < 32) {
        isPlain = false;
      }
      position += 1;
      byte = this.byteAt(position);
    }
    this.position = position + 1;
    this.expect(SLASH);
    this.expectClosingName(nameStart, nameEnd);
    const isOfThatLength = recent.value !== undefined && recent.end - recent.start === position - start;
    if (isOfThatLength && this.isSameText(recent.start, start, position)) {
      return recent.value;
    }
    const text = isPlain
      ? bytes.toString('latin1', start, position)
      : decodeText(bytes.toString('utf8', start, position));
    recent.start = start;
    recent.end = position;
    recent.value = leafValue(text, leaf);
    return recent.value;
  }

  private isSameText(other: number, start: number, end: number): boolean {
    const bytes = this.bytes;
    const offset = other - start;
    // From the end: what differs between ids and addresses that follow each other is mostly their last characters.
    for (let index = end - 1; index >= start; index -= 1) {
      if (bytes[index] !== bytes[index + offset]) {
        return false;
      }
    }
    return true;
  }

  private skipElement(depth = 0): void {
    if (this.isSelfClosing) {
      return;
    }
    if (depth > SKIPPED_DEPTH_MAX) {
      throw new UnusualXml();
    }
    const { nameStart, nameEnd } = this;
    for (;;) {
      while (this.byteAt(this.position) !== LESS_THAN) {
        this.position += 1;
      }
      this.position += 1;
      if (this.byteAt(this.position) === SLASH) {
        this.position += 1;
        this.expectClosingName(nameStart, nameEnd);
        return;
      }
      this.readOpeningName();
      this.skipElement(depth + 1);
    }
  }

  private isNamed(name: Buffer): boolean {
    if (this.nameEnd - this.nameStart !== name.length) {
      return false;
    }
    for (let index = 0; index < name.length; index += 1) {
      if (this.bytes[this.nameStart + index] !== name[index]) {
        return false;
      }
    }
    return true;
  }

  /** Space between elements. Without a line break the SDK takes it for text, and text for the value of the whole element. */
  private skipIndentation(): void {
    if (this.byteAt(this.position) !== LESS_THAN && !this.skipWhitespace()) {
      throw new UnusualXml();
    }
  }

  /** Returns whether what was skipped holds a line break. */
  private skipWhitespace(): boolean {
    let hasLineBreak = false;
    let byte = this.byteAt(this.position);
    while (byte === SPACE || byte === TAB || byte === LINE_FEED || byte === CARRIAGE_RETURN) {
      hasLineBreak ||= byte === LINE_FEED || byte === CARRIAGE_RETURN;
      this.position += 1;
      byte = this.byteAt(this.position);
    }
    return hasLineBreak;
  }

  private skipPast(wanted: number): void {
    while (this.byteAt(this.position) !== wanted) {
      this.position += 1;
    }
    this.position += 1;
  }

  private expect(wanted: number): void {
    if (this.bytes[this.position] !== wanted) {
      throw new UnusualXml();
    }
    this.position += 1;
  }

  /** Past the end is unusual: a document cut short is the SDK's to complain about. */
  private byteAt(position: number): number {
    const byte = this.bytes[position];
    if (byte === undefined) {
      throw new UnusualXml();
    }
    return byte;
  }
}

/** Letters and digits: what EC2's element names are made of. So `__proto__`, on which the SDK chokes, is unusual. */
function isNameByte(byte: number): boolean {
  return (byte >= 97 && byte <= 122) || (byte >= 65 && byte <= 90) || (byte >= 48 && byte <= 57);
}

const NAMED_ENTITIES: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
]);

function decodeText(text: string): string {
  if (text.includes(String.fromCharCode(CARRIAGE_RETURN))) {
    throw new UnusualXml();
  }
  const decoded = text.includes('&') ? text.replace(/&([^;&]*);?/g, decodeEntity) : text;
  return decoded.includes(String.fromCharCode(LINE_FEED)) && decoded.trim() === '' ? '' : decoded;
}

function decodeEntity(entity: string, name: string): string {
  const named = NAMED_ENTITIES.get(name);
  if (named !== undefined && entity.endsWith(';')) {
    return named;
  }
  const numeric = /^#(?:x([\da-fA-F]{1,6})|(\d{1,7}))$/.exec(name);
  const codePoint = numeric?.[1] !== undefined ? Number.parseInt(numeric[1], 16) : Number(numeric?.[2] ?? Number.NaN);
  if (
    !entity.endsWith(';') ||
    !(codePoint > 0 && codePoint <= LAST_UTF16_UNIT) ||
    (codePoint >= 0xd800 && codePoint <= 0xdfff)
  ) {
    throw new UnusualXml();
  }
  return String.fromCodePoint(codePoint);
}

function leafValue(text: string, leaf: Leaf): unknown {
  switch (leaf) {
    case 'string':
      return text;
    case 'boolean':
      if (text === 'true' || text === 'false') {
        return text === 'true';
      }
      throw new UnusualXml();
    case 'number':
      if (/^-?\d{1,15}$/.test(text)) {
        return Number(text);
      }
      throw new UnusualXml();
  }
}
