import type { Fleet } from '../audit/fleet.ts';
import { type BoundedMap, boundedMap } from '../domain/bounded-map.ts';
import { type BodyBytes, type JsonBytes, jsonBytes } from './json-bytes.ts';

/** Twelve thousand subnets. */
const ROW_BYTES_MAX = 32 * 1_024 * 1_024;

const known = new WeakMap<Fleet, BoundedMap<BodyBytes>>();

interface RowViews<V> {
  /** Says all that the view of a row rests on besides the fleet: of the same name it is the same. */
  readonly nameOf: (row: number) => string;
  /** Reads the views of rows in their order; `undefined` for one that is not to be seen. */
  readonly read: (rows: readonly number[]) => Promise<readonly (V | undefined)[]>;
}

/**
 * Returns the views of rows as JSON, without those that are not to be seen. Lists differ in which rows they show and not in what
 * they show of them, so what was made for one serves the others.
 */
export async function keptRows<V>(
  fleet: Fleet,
  rows: readonly number[],
  { nameOf, read }: RowViews<V>,
): Promise<JsonBytes<V>[]> {
  const kept = known.get(fleet) ?? boundedMap<BodyBytes>(ROW_BYTES_MAX, ({ byteLength }) => byteLength);
  known.set(fleet, kept);
  const named = rows.map((row) => ({ row, name: nameOf(row) }));
  const found = new Map<number, JsonBytes<V> | undefined>(named.map(({ row, name }) => [row, kept.get(name)]));
  const missing = named.filter(({ row }) => found.get(row) === undefined);
  const views = missing.length === 0 ? [] : await read(missing.map(({ row }) => row));
  missing.forEach(({ row, name }, index) => {
    const view = views[index];
    if (view !== undefined) {
      const json = jsonBytes(view);
      kept.set(name, json);
      found.set(row, json);
    }
  });
  return rows.flatMap((row) => found.get(row) ?? []);
}
