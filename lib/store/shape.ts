/** What a value must look like to be a `T`. A field that `T` gains is a compile error where its shape is written down. */
export interface Shape<T> {
  /** Returns what is wrong with a value, with the path to it, or `undefined` where it is a `T`. */
  readonly problemOf: (value: unknown) => string | undefined;
  /** Never there. It makes a shape of `string` no shape of `string | undefined`, nor the other way round. */
  readonly type?: (value: T) => T;
}

/** A shape of something. */
type AnyShape = Pick<Shape<unknown>, 'problemOf'>;

function shape<T>(problemOf: (value: unknown) => string | undefined): Shape<T> {
  return { problemOf };
}

export const text: Shape<string> = shape((value) => (typeof value === 'string' ? undefined : 'is no text'));
export const flag: Shape<boolean> = shape((value) => (typeof value === 'boolean' ? undefined : 'is no boolean'));
export const numeric: Shape<number> = shape((value) => (typeof value === 'number' ? undefined : 'is no number'));
export const anything: Shape<unknown> = shape(() => undefined);

export function optional<T>(inner: Shape<T>): Shape<T | undefined> {
  return shape((value) => (value === undefined ? undefined : inner.problemOf(value)));
}

export function nullable<T>(inner: Shape<T>): Shape<T | null> {
  return shape((value) => (value === null ? undefined : inner.problemOf(value)));
}

/** Takes the texts as the names of a record, so that none can be forgotten. */
export function oneOf<T extends string>(names: Readonly<Record<T, true>>): Shape<T> {
  return shape((value) =>
    typeof value === 'string' && Object.hasOwn(names, value) ? undefined : 'is none of the known texts',
  );
}

export function list<T>(item: Shape<T>): Shape<readonly T[]> {
  return shape((value) => {
    if (!Array.isArray(value)) {
      return 'is no list';
    }
    // Long lists of numbers are what most documents are.
    for (let index = 0; index < value.length; index += 1) {
      const problem = item.problemOf(value[index]);
      if (problem !== undefined) {
        return `${index} ${problem}`;
      }
    }
    return undefined;
  });
}

export function mapOf<T>(item: Shape<T>): Shape<ReadonlyMap<string, T>> {
  return mapBy(text, item);
}

export function mapBy<K extends string, T>(key: Shape<K>, item: Shape<T>): Shape<ReadonlyMap<K, T>> {
  return shape((value) => {
    if (!(value instanceof Map)) {
      return 'is no map';
    }
    for (const [name, own] of value) {
      const problem = key.problemOf(name);
      if (problem !== undefined) {
        return `has a key that ${problem}`;
      }
      const problemWithin = item.problemOf(own);
      if (problemWithin !== undefined) {
        return `${name} ${problemWithin}`;
      }
    }
    return undefined;
  });
}

/** Numbers by number. */
export const numbersByNumber: Shape<ReadonlyMap<number, number>> = shape((value) => {
  if (!(value instanceof Map)) {
    return 'is no map';
  }
  return [...value].every((entry) => entry.every((part) => typeof part === 'number'))
    ? undefined
    : 'is no map of numbers';
});

export function pair<A, B>(first: Shape<A>, second: Shape<B>): Shape<readonly [A, B]> {
  return shape((value) => {
    if (!Array.isArray(value) || value.length !== 2) {
      return 'is no pair';
    }
    const problem = first.problemOf(value[0]);
    const secondProblem = second.problemOf(value[1]);
    if (problem !== undefined) {
      return `0 ${problem}`;
    }
    return secondProblem === undefined ? undefined : `1 ${secondProblem}`;
  });
}

/** Exactly these fields, each of its shape; a field that is `undefined` has to be there as well. */
export function record<T extends object>(fields: { readonly [Field in keyof T]-?: Shape<T[Field]> }): Shape<T> {
  return recordOf(fields, {});
}

type OptionalField<T> = { [Field in keyof T]-?: object extends Pick<T, Field> ? Field : never }[keyof T];

/**
 * As `record`, of a type with fields that may be missing: those that documents of the same version were written without as well.
 * One that is there has to have its shape.
 */
export function sparseRecord<T extends object>(
  fields: { readonly [Field in Exclude<keyof T, OptionalField<T>>]: Shape<T[Field]> },
  missable: { readonly [Field in OptionalField<T>]-?: Shape<Required<T>[Field]> },
): Shape<T> {
  return recordOf(fields, missable);
}

function recordOf<T>(fields: object, missable: object): Shape<T> {
  // Every field of the mapped types above is a shape.
  const shapes = new Map<string, AnyShape>(Object.entries({ ...fields, ...missable }));
  const needed = Object.keys(fields);
  return shape((value) => {
    if (typeof value !== 'object' || value === null) {
      return 'is no record';
    }
    for (const name of needed) {
      if (!Object.hasOwn(value, name)) {
        return `lacks ${name}`;
      }
    }
    return fieldProblem(value, shapes);
  });
}

function fieldProblem(value: object, shapes: ReadonlyMap<string, AnyShape>): string | undefined {
  // Names rather than entries: a pair for each field of each record would be garbage.
  for (const name of Object.keys(value)) {
    const of = shapes.get(name);
    // Any object is a record of its own fields.
    const problem =
      of === undefined ? 'is not known' : of.problemOf((value as Readonly<Record<string, unknown>>)[name]);
    if (problem !== undefined) {
      return `${name} ${problem}`;
    }
  }
  return undefined;
}

export function either<A, B>(first: Shape<A>, second: Shape<B>): Shape<A | B> {
  return shape((value) => {
    const problem = first.problemOf(value);
    return problem === undefined || second.problemOf(value) === undefined ? undefined : problem;
  });
}
