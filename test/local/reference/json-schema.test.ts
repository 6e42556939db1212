import { describe, expect, it } from 'vitest';
import { type JsonSchema, schemaFields, type TypePart, typeParts } from '../../../lib/local/reference/json-schema.ts';

const OTHER: JsonSchema = { $ref: '#/components/schemas/OtherView' };

describe('typeParts', () => {
  it.each<[JsonSchema, readonly TypePart[]]>([
    [{ type: 'integer' }, ['integer']],
    [{ type: ['string', 'null'] }, ['string', ' or ', 'null']],
    [{ type: 'string', format: 'date-time' }, ['date-time']],
    [{ anyOf: [{ type: 'string', format: 'date-time' }, { type: 'null' }] }, ['date-time', ' or ', 'null']],
    [{ enum: ['a', 'b'] }, ['a, b']],
    [{ const: 'a' }, ['a']],
    [{ type: 'array', items: OTHER }, ['list of ', { schema: 'OtherView' }]],
    [{ type: 'object', additionalProperties: { type: 'string' } }, ['map of ', 'string']],
    [{ anyOf: [OTHER, { type: 'null' }] }, [{ schema: 'OtherView' }, ' or ', 'null']],
    // Forms that are called the same are one.
    [{ oneOf: [{ type: 'object' }, { type: 'object' }] }, ['object']],
    [{}, ['anything']],
  ])('says what %j is', (schema, parts) => {
    expect(typeParts(schema)).toEqual(parts);
  });
});

describe('schemaFields', () => {
  const pathsOf = (schema: JsonSchema) => schemaFields(schema).map(({ path }) => path);
  const inner: JsonSchema = { type: 'object', properties: { at: { type: 'string' } } };

  it('lists what is inside a field after it, with the path to it', () => {
    const schema = { properties: { list: { items: inner }, map: { additionalProperties: inner }, one: inner } };
    expect(pathsOf(schema)).toEqual(['list', 'list[].at', 'map', 'map.*.at', 'one', 'one.at']);
  });

  it('looks through a null beside the only form', () => {
    expect(pathsOf({ properties: { one: { anyOf: [inner, { type: 'null' }] } } })).toEqual(['one', 'one.at']);
  });

  it('tells several forms apart by the field that says which it is', () => {
    const form = (by: string, field: string): JsonSchema => ({
      properties: { by: { const: by }, [field]: { type: 'string' } },
    });
    expect(pathsOf({ properties: { match: { oneOf: [form('team', 'team'), form('tag', 'key')] } } })).toEqual([
      'match',
      'match(by = team).team',
      'match(by = tag).key',
    ]);
  });

  it('does not open what has a name of its own', () => {
    expect(pathsOf({ properties: { other: OTHER, others: { items: OTHER } } })).toEqual(['other', 'others']);
  });

  it('knows which may be left out', () => {
    const fields = schemaFields({ properties: { a: { type: 'string', description: 'A' }, b: {} }, required: ['a'] });
    expect(fields).toEqual([
      { path: 'a', type: ['string'], isRequired: true, description: 'A' },
      { path: 'b', type: ['anything'], isRequired: false, description: undefined },
    ]);
  });
});
