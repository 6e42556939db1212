/** As much of JSON Schema as the document of the API uses. https://json-schema.org/draft/2020-12 */
export interface JsonSchema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
}

/** A piece of what a type is called: words, or the name of a schema that has one. */
export type TypePart = string | { readonly schema: string };

/** One field of a schema, nested ones with the path to them. */
export interface SchemaField {
  /** `pulse.observedAt`, `items[].name`, `tags.*`; a field of one form of several: `match(by = account).accountId`. */
  readonly path: string;
  readonly type: readonly TypePart[];
  readonly isRequired: boolean;
  readonly description: string | undefined;
}

const NAMED = '#/components/schemas/';

/** Returns what a value of a schema is, in words for people: `integer or null`, `list of SubnetView`. */
export function typeParts(schema: JsonSchema): TypePart[] {
  const { $ref, type, items } = schema;
  if ($ref !== undefined) {
    return [{ schema: $ref.slice(NAMED.length) }];
  }
  const forms = schema.anyOf ?? schema.oneOf;
  if (forms !== undefined) {
    return joined(forms.map(typeParts));
  }
  if (schema.enum !== undefined) {
    return [schema.enum.map(String).join(', ')];
  }
  if (schema.const !== undefined) {
    return [String(schema.const)];
  }
  if (items !== undefined) {
    return ['list of ', ...typeParts(items)];
  }
  if (typeof schema.additionalProperties === 'object') {
    return ['map of ', ...typeParts(schema.additionalProperties)];
  }
  return joined(
    [type ?? 'anything'].flat().map((one) => [schema.format === undefined ? one : formatText(schema, one)]),
  );
}

/** What a text of a format is; null has none. */
function formatText({ format }: JsonSchema, type: string): string {
  return type === 'string' ? `${format}` : type;
}

/** Several forms may be called the same. */
function joined(types: readonly (readonly TypePart[])[]): TypePart[] {
  const different = [...new Map(types.map((type) => [JSON.stringify(type), type])).values()];
  return different.flatMap((type, index) => (index === 0 ? type : [' or ', ...type]));
}

/** Returns the fields of a schema in its order, each followed by those inside it. What has a name of its own is not opened. */
export function schemaFields(schema: JsonSchema): SchemaField[] {
  return fieldsOf(schema, '');
}

function fieldsOf(schema: JsonSchema, prefix: string): SchemaField[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
    const path = `${prefix}${name}`;
    const isRequired = schema.required?.includes(name) ?? false;
    return [
      { path, type: typeParts(property), isRequired, description: property.description },
      ...insideOf(property, path),
    ];
  });
}

function insideOf(schema: JsonSchema, path: string): SchemaField[] {
  const { items, additionalProperties } = schema;
  if (items !== undefined) {
    return insideOf(items, `${path}[]`);
  }
  if (typeof additionalProperties === 'object') {
    return insideOf(additionalProperties, `${path}.*`);
  }
  const forms = (schema.anyOf ?? schema.oneOf)?.filter(({ type }) => type !== 'null');
  if (forms === undefined) {
    return fieldsOf(schema, `${path}.`);
  }
  return forms.flatMap((form) => (forms.length === 1 ? insideOf(form, path) : insideForm(form, path)));
}

/** Its fields under the one that says which of the forms it is. */
function insideForm(form: JsonSchema, path: string): SchemaField[] {
  const told = Object.entries(form.properties ?? {}).find(([, property]) => property.const !== undefined);
  if (told === undefined) {
    return insideOf(form, path);
  }
  const [name, { const: value }] = told;
  const prefix = `${path}(${name} = ${value})`;
  return insideOf(form, prefix).filter((field) => field.path !== `${prefix}.${name}`);
}
