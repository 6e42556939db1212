import type { DescribeSubnets$, Subnet$ } from '@aws-sdk/client-ec2';

/**
 * Reads the schemas that the SDK's clients carry at run time, so that answers are written from the very descriptions the
 * client reads them with, and no field list is kept here.
 */
export type OperationSchema = typeof DescribeSubnets$;
export type SchemaRef = (typeof Subnet$)[5][number];

type Traits = Readonly<Record<string, unknown>>;

export interface Member {
  readonly name: string;
  readonly ref: SchemaRef;
}

export type Shape =
  | { readonly kind: 'string' | 'number' | 'boolean' | 'timestamp' | 'other'; readonly traits: Traits }
  | { readonly kind: 'list'; readonly traits: Traits; readonly member: SchemaRef }
  | { readonly kind: 'map'; readonly traits: Traits; readonly value: SchemaRef }
  | { readonly kind: 'structure'; readonly traits: Traits; readonly members: readonly Member[] };

// Numbers that stand for shapes, from @smithy/types `schema/sentinels.d.ts`.
const LIST_OF = 0b0100_0000;
const MAP_OF = 0b1000_0000;
const STRING = 0b0000_0000;
const NUMERIC = 0b0000_0001;
const BOOLEAN = 0b0000_0010;
const TIMESTAMP_FIRST = 0b0000_0100;
const TIMESTAMP_LAST = 0b0000_0111;

// The first element of a static schema, from @smithy/types `schema/static-schemas.d.ts`.
const SIMPLE_ID = 0;
const LIST_ID = 1;
const MAP_ID = 2;
const OPERATION_ID = 9;

const MEMBER_LENGTH = 2;
const NO_TRAITS: Traits = {};

// Schemas never change: a page of a thousand interfaces asks for the same few shapes ten thousand times.
const resolved = new WeakMap<object, Shape>();

/** Resolves a reference to a shape with the traits of the member and of its target merged, the member's first. */
export function shapeOf(ref: SchemaRef): Shape {
  if (typeof ref !== 'object' && typeof ref !== 'function') {
    return resolveShape(ref);
  }
  const known = resolved.get(ref);
  if (known !== undefined) {
    return known;
  }
  const shape = resolveShape(ref);
  resolved.set(ref, shape);
  return shape;
}

function resolveShape(ref: SchemaRef): Shape {
  const schema = typeof ref === 'function' ? ref() : ref;
  if (typeof schema === 'number') {
    return shapeOfNumber(schema);
  }
  if (!Array.isArray(schema)) {
    // 'unit', the schema of an action without input or output.
    return { kind: 'structure', traits: NO_TRAITS, members: [] };
  }
  if (schema.length === MEMBER_LENGTH) {
    const target = shapeOf(schema[0]);
    return { ...target, traits: { ...target.traits, ...traitsOf(schema[1]) } };
  }
  const traits = traitsOf(schema[3]);
  switch (schema[0]) {
    case SIMPLE_ID:
      return { ...shapeOf(schema[4]), traits };
    case LIST_ID:
      return { kind: 'list', traits, member: schema[4] };
    case MAP_ID:
      return { kind: 'map', traits, value: schema[5] };
    case OPERATION_ID:
      throw new Error(`Cannot resolve "${schema[2]}": it is an operation, expected a shape`);
    default:
      return { kind: 'structure', traits, members: namedMembers(schema[4], schema[5]) };
  }
}

/** The input and output shapes of an operation. */
export function operationShapes(schema: OperationSchema): { readonly input: SchemaRef; readonly output: SchemaRef } {
  return { input: schema[4], output: schema[5] };
}

/** The members of a structure with their schemas; empty for any other shape. */
export function membersOf(shape: Shape): readonly Member[] {
  return shape.kind === 'structure' ? shape.members : [];
}

/** A trait whose value is text (`xmlName`, `jsonName`, `httpQuery`, …), or `undefined`. */
export function textTrait(traits: Traits, name: string): string | undefined {
  const value = traits[name];
  return typeof value === 'string' ? value : undefined;
}

/** The method and path template of an operation with an HTTP binding, or `undefined`. */
export function httpBinding(schema: OperationSchema): { readonly method: string; readonly path: string } | undefined {
  const http = traitsOf(schema[3])['http'];
  if (!Array.isArray(http)) {
    return undefined;
  }
  const [method, path]: unknown[] = http;
  return typeof method === 'string' && typeof path === 'string' ? { method, path } : undefined;
}

/** Traits packed in a number are flags (`httpLabel`, `sensitive`, …), none of which changes how a value is written here. */
function traitsOf(traits: OperationSchema[3]): Traits {
  return typeof traits === 'number' ? NO_TRAITS : traits;
}

function namedMembers(names: readonly string[], refs: readonly SchemaRef[]): Member[] {
  return refs.flatMap((ref, index) => {
    const name = names[index];
    return name === undefined ? [] : [{ name, ref }];
  });
}

function shapeOfNumber(schema: number): Shape {
  if ((schema & LIST_OF) !== 0) {
    return { kind: 'list', traits: NO_TRAITS, member: schema & ~LIST_OF };
  }
  if ((schema & MAP_OF) !== 0) {
    return { kind: 'map', traits: NO_TRAITS, value: schema & ~MAP_OF };
  }
  return { kind: simpleKind(schema), traits: NO_TRAITS };
}

function simpleKind(schema: number): 'string' | 'number' | 'boolean' | 'timestamp' | 'other' {
  if (schema === STRING) {
    return 'string';
  }
  if (schema === NUMERIC) {
    return 'number';
  }
  if (schema === BOOLEAN) {
    return 'boolean';
  }
  return schema >= TIMESTAMP_FIRST && schema <= TIMESTAMP_LAST ? 'timestamp' : 'other';
}
