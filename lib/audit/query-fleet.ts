import { STATUSES, type Status } from '../domain/capacity/subnet-status.ts';
import type { Fleet } from './fleet.ts';
import { at, rowsOf, sliceAt, statusAt } from './fleet-columns.ts';
import { addressesLeftRatio, fleetFigures, orderOf, type RowFigures } from './fleet-figures.ts';
import { type FleetFilter, rowsMatching } from './fleet-filter.ts';
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
  /** 1 where the row matches. */
  readonly matches: Uint8Array;
  idOf(row: number): string;
  /** As `compareTexts` compares them, without making them. */
  compareIdsOf(a: number, b: number): number;
  ratioAt(row: number): number | undefined;
}

function listRows({ limit, after }: ListQuery, { figures, matches, idOf, compareIdsOf, ratioAt }: Listed): ListPage {
  const { order, status } = figures;
  const compare = (a: number, b: number) => at(order, a) - at(order, b) || compareIdsOf(a, b);
  const isAfter = afterPosition(after, order, idOf);
  const first = firstRows(limit + 1, compare);
  let matchCount = 0;
  let lastOrder = Number.POSITIVE_INFINITY;
  for (let row = 0; row < matches.length; row += 1) {
    if (matches[row] === 1) {
      matchCount += 1;
      // Most rows are told apart from the first few by this alone.
      if ((order[row] ?? 0) <= lastOrder && isAfter(row)) {
        const last = first.add(row);
        lastOrder = last === undefined ? lastOrder : at(order, last);
      }
    }
  }
  const sorted = first.sorted();
  const rows = sorted.slice(0, limit);
  const last = rows.at(-1);
  const next =
    sorted.length <= limit || last === undefined
      ? undefined
      : { status: statusAt(status, last), addressesLeftRatio: ratioAt(last) ?? null, id: idOf(last) };
  return { rows, matchCount, next };
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

/** Keeps the first few of many rows: a binary heap with the last of them on top. */
function firstRows(count: number, compare: (a: number, b: number) => number) {
  const heap: number[] = [];
  const swap = (a: number, b: number) => {
    const row = at(heap, a);
    heap[a] = at(heap, b);
    heap[b] = row;
  };
  const isLater = (a: number, b: number) => compare(at(heap, a), at(heap, b)) > 0;
  const rise = (from: number) => {
    let place = from;
    let parent = (place - 1) >> 1;
    while (place > 0 && isLater(place, parent)) {
      swap(place, parent);
      place = parent;
      parent = (place - 1) >> 1;
    }
  };
  const sink = () => {
    let place = 0;
    let child = laterChild(place);
    while (child < heap.length && isLater(child, place)) {
      swap(place, child);
      place = child;
      child = laterChild(place);
    }
  };
  const laterChild = (place: number) => {
    const left = 2 * place + 1;
    return left + 1 < heap.length && isLater(left + 1, left) ? left + 1 : left;
  };
  return {
    /** Returns the last row of those that are kept; `undefined` while there is room for more. */
    add(row: number): number | undefined {
      if (heap.length < count) {
        heap.push(row);
        rise(heap.length - 1);
      } else if (compare(row, at(heap, 0)) < 0) {
        heap[0] = row;
        sink();
      }
      return heap.length < count ? undefined : heap[0];
    },
    sorted: () => heap.toSorted(compare),
  };
}

/** Returns the ids of the clusters that a subnet serves, by its row. */
export function clusterIdsOf({ texts, subnets, clusterStartsOfSubnet }: Fleet, row: number): string[] {
  return rowsOf(sliceAt(clusterStartsOfSubnet, row)).map((place) => at(texts, at(subnets.cluster, place)));
}
