import { membersOf, type SchemaRef, shapeOf, textTrait } from './schema.ts';

// The name of a list's element where its schema gives none.
// https://smithy.io/2.0/spec/protocol-traits.html#xml-bindings
const LIST_MEMBER_NAME = 'member';

const UNSAFE = /[&<>"'\r]/g;
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&apos;'],
  // An XML reader turns a bare carriage return into a line feed.
  ['\r', '&#xD;'],
]);

/** Writes the members of a structure as XML elements, without an element around them. Absent members are left out. */
export function renderXmlMembers(ref: SchemaRef, value: object): string {
  let xml = '';
  for (const { name, ref: memberRef } of membersOf(shapeOf(ref))) {
    const field: unknown = Reflect.get(value, name);
    if (field !== undefined) {
      xml += renderElement(memberRef, field, name);
    }
  }
  return xml;
}

/** Makes text safe inside an XML element. */
export function escapeXml(text: string): string {
  return text.replace(UNSAFE, (character) => ESCAPES.get(character) ?? character);
}

function renderElement(ref: SchemaRef, value: unknown, fallbackName: string): string {
  const shape = shapeOf(ref);
  const name = textTrait(shape.traits, 'xmlName') ?? fallbackName;
  if (shape.kind === 'list' && Array.isArray(value)) {
    const items = value.map((item) => renderElement(shape.member, item, LIST_MEMBER_NAME)).join('');
    return `<${name}>${items}</${name}>`;
  }
  if (shape.kind === 'structure' && typeof value === 'object' && value !== null) {
    return `<${name}>${renderXmlMembers(ref, value)}</${name}>`;
  }
  return `<${name}>${escapeXml(scalarText(value, name))}</${name}>`;
}

function scalarText(value: unknown, name: string): string {
  if (value instanceof Date) {
    return value.toISOString();
  }
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    return String(value);
  }
  throw new Error(`Cannot write "${name}": ${typeof value}, expected what its schema says`);
}
