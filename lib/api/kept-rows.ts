import type { FleetOutline } from '../audit/fleet.ts';
import { at } from '../audit/fleet-columns.ts';
import { type BoundedMap, boundedMap } from '../domain/bounded-map.ts';
import { type JsonBytes, jsonBytes } from './json-bytes.ts';

/** Twelve thousand subnets. */
const ROW_BYTES_MAX = 32 * 1_024 * 1_024;

/** All that the view of a row rests on besides the fleet: where it is the same, so is the view. */
interface RowBasis {
  /** 1 for a row that is. */
  readonly isStale: number;
  /** What is seen of it, as `seenParts` tells that. */
  readonly parts: string;
  readonly accountName: string | undefined;
}

interface RowViews<V> {
  readonly basisOf: (row: number) => RowBasis;
  /** Reads the views of rows in their order; `undefined` for one that is not to be seen. */
  readonly read: (rows: readonly number[]) => Promise<readonly (V | undefined)[]>;
}

type ReadRows<V> = (fleet: FleetOutline, rows: readonly number[], views: RowViews<V>) => Promise<JsonBytes<V>[]>;

/** The views of a row, of each basis that one was made on. */
type Variants<V> = readonly { readonly basis: RowBasis; readonly json: JsonBytes<V> }[];

/**
 * Returns what gives the views of rows as JSON, without those that are not to be seen. Lists differ in which rows they show and not
 * in what they show of them, so what was made for one serves the others.
 */
export function createKeptRows<V>(): ReadRows<V> {
  const fleets = new WeakMap<FleetOutline, BoundedMap<Variants<V>, number>>();
  return async (fleet, rows, { basisOf, read }) => {
    const kept = fleets.get(fleet) ?? boundedMap<Variants<V>, number>(ROW_BYTES_MAX, byteLengthOf);
    fleets.set(fleet, kept);
    const wanted = rows.map((row) => ({ row, basis: basisOf(row) }));
    const found = wanted.map(({ row, basis }) => kept.get(row)?.find((one) => isSame(one.basis, basis))?.json);
    const missing = [...wanted.keys()].filter((place) => found[place] === undefined);
    const views = missing.length === 0 ? [] : await read(missing.map((place) => at(rows, place)));
    missing.forEach((place, index) => {
      const view = views[index];
      if (view !== undefined) {
        const { row, basis } = at(wanted, place);
        const json = jsonBytes(view);
        const others = kept.get(row)?.filter((one) => !isSame(one.basis, basis));
        kept.set(row, [...(others ?? []), { basis, json }]);
        found[place] = json;
      }
    });
    return found.filter((json) => json !== undefined);
  };
}

function isSame(a: RowBasis, b: RowBasis): boolean {
  return a.isStale === b.isStale && a.parts === b.parts && a.accountName === b.accountName;
}

function byteLengthOf(variants: Variants<unknown>): number {
  return variants.reduce((sum, { json }) => sum + json.byteLength, 0);
}
