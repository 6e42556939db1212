import { membersOf, type SchemaRef, shapeOf, textTrait } from './schema.ts';

const MILLISECONDS_PER_SECOND = 1000;

/**
 * Turns an output into what `JSON.stringify` should write: members in their JSON names, timestamps as epoch seconds.
 * Members the schema does not know are left out.
 * https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html#shape-serialization
 */
export function toJson(ref: SchemaRef, value: unknown): unknown {
  const shape = shapeOf(ref);
  if (value instanceof Date) {
    return value.getTime() / MILLISECONDS_PER_SECOND;
  }
  if (shape.kind === 'list' && Array.isArray(value)) {
    return value.map((item) => toJson(shape.member, item));
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  if (shape.kind === 'map') {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toJson(shape.value, item)]));
  }
  return Object.fromEntries(
    membersOf(shape).flatMap(({ name, ref: memberRef }) => {
      const field: unknown = Reflect.get(value, name);
      const jsonName = textTrait(shapeOf(memberRef).traits, 'jsonName') ?? name;
      return field === undefined ? [] : [[jsonName, toJson(memberRef, field)]];
    }),
  );
}
