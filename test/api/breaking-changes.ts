/** A JSON value of a document, read by name. */
type Json = Readonly<Record<string, unknown>>;

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

/**
 * Returns what of a document a client of an earlier one may trip over, as sentences: operations, answers and fields that are gone or
 * of another type, values that may newly come, and what is newly asked for.
 */
export function breakingChanges(before: Json, after: Json): string[] {
  return Object.entries(objectOf(before['paths'])).flatMap(([path, item]) =>
    Object.entries(objectOf(item))
      .filter(([method]) => METHODS.includes(method))
      .flatMap(([method, operation]) => {
        const name = `${method.toUpperCase()} ${path}`;
        const now = at(after, 'paths', path, method);
        return now === undefined
          ? [`${name} is gone`]
          : operationChanges(
              name,
              { document: before, value: objectOf(operation) },
              { document: after, value: objectOf(now) },
            );
      }),
  );
}

/** A part of a document, which may refer to another part of it. */
interface Part {
  readonly document: Json;
  readonly value: Json;
}

function operationChanges(name: string, before: Part, after: Part): string[] {
  const parameters = (of: Part) =>
    new Map(listOf(of.value['parameters']).map((one) => [`${one['in']} ${one['name']}`, one]));
  const [known, now] = [parameters(before), parameters(after)];
  return [
    ...[...known].flatMap(([parameter, { schema }]) => {
      const found = now.get(parameter);
      return found === undefined
        ? [`${name} no longer takes ${parameter}`]
        : schemaChanges(`${name} ${parameter}`, 'taken', part(before, schema), part(after, found['schema']));
    }),
    ...[...now].flatMap(([parameter, { required }]) =>
      required === true && known.get(parameter)?.['required'] !== true ? [`${name} newly needs ${parameter}`] : [],
    ),
    ...contentChanges(
      `${name} body`,
      'taken',
      part(before, before.value['requestBody']),
      part(after, after.value['requestBody']),
    ),
    ...Object.entries(objectOf(before.value['responses']))
      .filter(([status]) => status.startsWith('2'))
      .flatMap(([status, response]) => {
        const found = at(after.value, 'responses', status);
        return found === undefined
          ? [`${name} no longer answers ${status}`]
          : contentChanges(`${name} ${status}`, 'given', part(before, response), part(after, found));
      }),
  ];
}

function contentChanges(name: string, direction: 'taken' | 'given', before: Part, after: Part): string[] {
  const content = objectOf(before.value['content']);
  const isNew = Object.keys(content).length === 0 && after.value['required'] === true;
  return [
    ...(isNew ? [`${name} is newly needed`] : []),
    ...Object.entries(content).flatMap(([mediaType, { schema }]) => {
      const found = at(after.value, 'content', mediaType);
      return found === undefined
        ? [`${name} is no longer ${mediaType}`]
        : schemaChanges(name, direction, part(before, schema), part(after, objectOf(found)['schema']));
    }),
  ];
}

/** What is given may not lose anything or gain values; what is taken may not ask for more or refuse values. */
function schemaChanges(name: string, direction: 'taken' | 'given', from: Part, to: Part): string[] {
  const [before, after] = [resolved(from), resolved(to)];
  const types = (of: Json) => JSON.stringify(of['type'] ?? of['const'] ?? null);
  if (types(before.value) !== types(after.value)) {
    return [`${name} is ${types(after.value)}, it was ${types(before.value)}`];
  }
  const [stricter, looser] = direction === 'taken' ? [before, after] : [after, before];
  const allowed = valuesOf(looser.value);
  const values =
    allowed === undefined ? [] : (valuesOf(stricter.value) ?? []).filter((value) => !allowed.includes(value));
  const properties = objectOf(before.value['properties']);
  const required = (of: Part) => listTexts(of.value['required']);
  return [
    ...values.map((value) => `${name} ${direction === 'taken' ? 'no longer takes' : 'newly gives'} ${value}`),
    ...Object.entries(properties).flatMap(([field, schema]) => {
      const found = at(after.value, 'properties', field);
      return found === undefined
        ? [`${name}.${field} is gone`]
        : schemaChanges(`${name}.${field}`, direction, part(before, schema), part(after, found));
    }),
    ...(direction === 'taken'
      ? required(after)
          .filter((field) => !required(before).includes(field))
          .map((field) => `${name}.${field} is newly needed`)
      : required(before)
          .filter((field) => !required(after).includes(field))
          .map((field) => `${name}.${field} may be missing`)),
    ...(before.value['items'] === undefined
      ? []
      : schemaChanges(`${name}[]`, direction, part(before, before.value['items']), part(after, after.value['items']))),
    ...variants(before).flatMap((variant, index) => {
      const found = variants(after)[index];
      return found === undefined ? [`${name} has fewer forms`] : schemaChanges(name, direction, variant, found);
    }),
  ];
}

function variants(of: Part): Part[] {
  return [...listOf(of.value['anyOf']), ...listOf(of.value['oneOf'])].map((value) => part(of, value));
}

function valuesOf(schema: Json): readonly string[] | undefined {
  return schema['enum'] === undefined ? undefined : listTexts(schema['enum']);
}

function resolved({ document, value }: Part): Part {
  const reference = value['$ref'];
  return typeof reference === 'string'
    ? part({ document, value }, at(document, ...reference.replace('#/', '').split('/')))
    : { document, value };
}

function part({ document }: Part, value: unknown): Part {
  return { document, value: objectOf(value) };
}

function at(value: unknown, ...names: readonly string[]): unknown {
  return names.reduce((inner, name) => objectOf(inner)[name], value);
}

function objectOf(value: unknown): Readonly<Record<string, Json>> {
  // What is no object has no names, and what is read by a name is looked at again.
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, Json>>) : {};
}

function listOf(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value.map(objectOf) : [];
}

function listTexts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
