import { STATUSES, type Status } from '../domain/capacity/subnet-status.ts';
import type { Fleet } from './fleet.ts';
import { at, rowsOf, sliceAt, statusAt } from './fleet-columns.ts';
import { addressesLeftRatio, fleetFigures, orderOf, type RowFigures } from './fleet-figures.ts';
import { type FleetFilter, type Rows, rowsMatching } from './fleet-filter.ts';
import { compareIds, compareTexts, idAt } from './id-column.ts';

/**
 * Where a list goes on: the sort key of its last row. It stands for a place between rows, so it holds whatever is written
 * in between.
 */
export interface ListPosition {
  readonly status: Status;
  /** `null` for a row without counts. */
  readonly addressesLeftRatio: number | null;
  /** The id of the subnet or the cluster. */
  readonly id: string;
}

export interface ListQuery {
  readonly filter: FleetFilter;
  /** Most rows that are returned. */
  readonly limit: number;
  /** Rows up to here and including it are left out. */
  readonly after: ListPosition | undefined;
}

export interface ListPage {
  /** Rows of the fleet, most urgent first. */
  readonly rows: readonly number[];
  /** All that match, on whatever page. */
  readonly matchCount: number;
  /** `undefined` where nothing is left. */
  readonly next: ListPosition | undefined;
}

/** Lists subnets: by urgency, then the smallest share of addresses left, then id. Pure; reads no state. */
export function listSubnets(fleet: Fleet, query: ListQuery, nowMs: number): ListPage {
  const figures = fleetFigures(fleet, nowMs);
  return listRows(query, {
    figures: figures.subnets,
    matches: rowsMatching(fleet, 'subnets', query.filter, figures.subnets),
    idOf: (row) => idAt(fleet.subnets.subnetId, row),
    compareIdsOf: (a, b) => compareIds(fleet.subnets.subnetId, a, b),
    ratioAt: (row) => addressesLeftRatio(fleet, row),
  });
}

/** Lists clusters as subnets are listed; a cluster's share of addresses left is that of its binding subnet. */
export function listClusters(fleet: Fleet, query: ListQuery, nowMs: number): ListPage {
  const figures = fleetFigures(fleet, nowMs);
  const { texts, clusters } = fleet;
  const clusterId = (row: number) => at(texts, at(clusters.clusterId, row));
  return listRows(query, {
    figures: figures.clusters,
    matches: rowsMatching(fleet, 'clusters', query.filter, figures.clusters),
    idOf: clusterId,
    compareIdsOf: (a, b) => compareTexts(clusterId(a), clusterId(b)),
    ratioAt: (row) => {
      const subnet = at(clusters.bindingSubnet, row);
      return Number.isNaN(subnet) ? undefined : addressesLeftRatio(fleet, subnet);
    },
  });
}

interface Listed {
  readonly figures: RowFigures;
  readonly matches: Rows;
  idOf(row: number): string;
  /** As `compareTexts` compares them, without making them. */
  compareIdsOf(a: number, b: number): number;
  ratioAt(row: number): number | undefined;
}

function listRows({ limit, after }: ListQuery, { figures, matches, idOf, compareIdsOf, ratioAt }: Listed): ListPage {
  const { order, status } = figures;
  const compare = (a: number, b: number) => (order[a] ?? 0) - (order[b] ?? 0) || compareIdsOf(a, b);
  const isAfter = afterPosition(after, order, idOf);
  const first = firstRows(limit + 1, compare);
  let lastOrder = Number.POSITIVE_INFINITY;
  for (let place = 0; place < matches.length; place += 1) {
    const row = matches[place] ?? Number.NaN;
    // Most rows are told apart from the first few by this alone.
    if ((order[row] ?? 0) <= lastOrder && isAfter(row)) {
      const last = first.add(row);
      lastOrder = last === undefined ? lastOrder : (order[last] ?? 0);
    }
  }
  const sorted = first.sorted();
  const rows = sorted.slice(0, limit);
  const last = rows.at(-1);
  const next =
    sorted.length <= limit || last === undefined
      ? undefined
      : { status: statusAt(status, last), addressesLeftRatio: ratioAt(last) ?? null, id: idOf(last) };
  return { rows, matchCount: matches.length, next };
}

function afterPosition(
  after: ListPosition | undefined,
  order: Float64Array,
  idOf: (row: number) => string,
): (row: number) => boolean {
  if (after === undefined) {
    return () => true;
  }
  const position = orderOf(STATUSES.indexOf(after.status), after.addressesLeftRatio ?? undefined);
  return (row) => {
    const own = order[row] ?? 0;
    return own > position || (own === position && compareTexts(idOf(row), after.id) > 0);
  };
}

/** Keeps the first few of many rows, in their order. */
function firstRows(count: number, compare: (a: number, b: number) => number) {
  const rows = new Uint32Array(count);
  let length = 0;
  const rowAt = (place: number) => rows[place] ?? Number.NaN;
  /** Returns after how many of them a row comes. */
  const placeOf = (row: number) => {
    let start = 0;
    let end = length;
    while (start < end) {
      const middle = (start + end) >> 1;
      if (compare(rowAt(middle), row) < 0) {
        start = middle + 1;
      } else {
        end = middle;
      }
    }
    return start;
  };
  return {
    /** Returns the last row of those that are kept; `undefined` while there is room for more. */
    add(row: number): number | undefined {
      const place = placeOf(row);
      if (place < count) {
        rows.copyWithin(place + 1, place);
        rows[place] = row;
        length = Math.min(length + 1, count);
      }
      return length < count ? undefined : rowAt(count - 1);
    },
    sorted: () => Array.from(rows.subarray(0, length)),
  };
}

/** Returns the ids of the clusters that a subnet serves, by its row. */
export function clusterIdsOf({ texts, subnets, clusterStartsOfSubnet }: Fleet, row: number): string[] {
  return rowsOf(sliceAt(clusterStartsOfSubnet, row)).map((place) => at(texts, at(subnets.cluster, place)));
}
