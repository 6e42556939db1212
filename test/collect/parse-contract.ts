import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Result } from '../../lib/domain/result.ts';

/** What every parse function of `lib/collect` keeps to. */
export interface ParseContract<Raw extends object> {
  readonly parse: (raw: Raw) => Result<object>;
  /** How a message calls the resource, with its id: `subnet "subnet-1"`. */
  readonly resource: string;
  /** The raw field that names the resource. */
  readonly idField: keyof Raw & string;
  /** The other fields without which there is nothing to work with. */
  readonly required?: readonly (keyof Raw & string)[];
  /** A raw object in which every field is filled, with neither 0, false nor the empty text anywhere. */
  readonly full: Raw;
  /** Raw fields whose values come back in another form, or decide something and are not kept. */
  readonly readDifferently?: readonly string[];
  /** Parsed fields in which a zero, false or empty text is what absent means, with why in the code. */
  readonly emptyWhereAbsent?: readonly string[];
}

type Path = readonly (string | number)[];

/** A tag without a value is one with the empty value. */
const EMPTY_WHERE_ABSENT = ['tags'];

/** Tests that nothing is made up for a field that AWS left out, and that what is needed is asked for by name. */
export function describeParseContract<Raw extends object>(name: string, contract: ParseContract<Raw>): void {
  const { parse, full, idField, required = [], resource, emptyWhereAbsent = [] } = contract;
  const mayBeEmpty = [...EMPTY_WHERE_ABSENT, ...emptyWhereAbsent];
  const noun = resource.slice(0, resource.indexOf(' "'));

  describe(name, () => {
    it('leaves what AWS left out undefined, whatever that is', () => {
      const whole = parse(full);
      expect(whole.ok).toBe(true);
      const known = new Set(leavesOf(whole.ok ? whole.value : {}).map(({ value }) => value));
      const paths = pathsOf(full).filter(([first]) => first !== idField && !required.some((field) => field === first));
      fc.assert(
        fc.property(fc.subarray(paths), (absent) => {
          const parsed = parse(without(full, absent));
          expect(parsed.ok).toBe(true);
          const madeUp = leavesOf(parsed.ok ? parsed.value : {}).filter(
            ({ key, value }) => value !== undefined && !known.has(value) && (value || !mayBeEmpty.includes(key)),
          );
          expect(madeUp).toEqual([]);
        }),
      );
    });

    it('keeps the value of each field', () => {
      const parsed = parse(full);
      const kept = new Set(leavesOf(parsed.ok ? parsed.value : {}).map(({ value }) => value));
      const lost = leavesOf(full).filter(
        ({ key, value }) =>
          !contract.readDifferently?.includes(key) && !kept.has(value instanceof Date ? value.toISOString() : value),
      );
      expect(lost).toEqual([]);
    });

    it('holds no zero, false or empty text of its own', () => {
      const parsed = parse(full);
      const leaves = leavesOf(parsed.ok ? parsed.value : {});
      expect(leaves.some(({ value }) => value === full[idField])).toBe(true);
      expect(leaves.filter(({ value }) => !value && value !== undefined)).toEqual([]);
    });

    it.each(required)('refuses one without %s by its id and the field', (field) => {
      expect(parse(without(full, [[field]]))).toEqual({
        ok: false,
        error: `Cannot read ${resource}: ${field} is absent`,
      });
    });

    it('refuses one without an id', () => {
      expect(parse(without(full, [[idField]]))).toMatchObject({
        ok: false,
        error: expect.stringContaining(`Cannot read ${noun} "`),
      });
      expect(parse(without(full, [[idField]]))).toMatchObject({
        ok: false,
        error: expect.stringContaining(`${idField} is absent`),
      });
    });

    if (required.length === 0) {
      return;
    }
    it('names every field that is absent', () => {
      const fields: string[] = [idField, ...required];
      const refused = parse(
        without(
          full,
          fields.map((field) => [field]),
        ),
      );
      const error = refused.ok ? '' : refused.error;
      expect(error).toMatch(/ are absent$/);
      for (const field of fields) {
        expect(error).toContain(field);
      }
    });
  });
}

/** Every field, and every field of what is inside. */
function pathsOf(value: unknown): Path[] {
  if (typeof value !== 'object' || value === null || value instanceof Date) {
    return [];
  }
  return Object.entries(value).flatMap(([key, inner]) => {
    const nested = pathsOf(inner).map((path) => [key, ...path]);
    // An element is not left out of a list; what it holds may be.
    return Array.isArray(value) ? nested : [[key], ...nested];
  });
}

function without<Raw extends object>(full: Raw, paths: readonly Path[]): Raw {
  const copy = structuredClone(full);
  for (const path of paths) {
    let holder: unknown = copy;
    for (const key of path.slice(0, -1)) {
      holder = typeof holder === 'object' && holder !== null ? Reflect.get(holder, key) : undefined;
    }
    if (typeof holder === 'object' && holder !== null) {
      Reflect.deleteProperty(holder, path.at(-1) ?? '');
    }
  }
  return copy;
}

function leavesOf(value: unknown, key = ''): { key: string; value: unknown }[] {
  if (Array.isArray(value)) {
    return value.flatMap((inner) => leavesOf(inner, key));
  }
  return typeof value === 'object' && value !== null && !(value instanceof Date)
    ? Object.entries(value).flatMap(([name, inner]) => leavesOf(inner, name))
    : [{ key, value }];
}
