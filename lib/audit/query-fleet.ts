import { STATUSES, type Status } from '../domain/capacity/subnet-status.ts';
import { type Fleet, type FleetOutline, guestStartsOf } from './fleet.ts';
import { at, numberOf, rowsOf, sliceAt, statusAt } from './fleet-columns.ts';
import { addressesLeftRatio, fleetFigures, orderOf, type RowFigures } from './fleet-figures.ts';
import { type FleetFilter, type OutlineFilter, outlineRowsMatching, type Rows, rowsMatching } from './fleet-filter.ts';
import { compareIds, compareTexts, idAt } from './id-column.ts';
import { compareEach, placeInVpc } from './subnet-place.ts';

/**
 * Where a list goes on: the sort key of its last row. It stands for a place between rows, so it holds whatever is written
 * in between.
 */
export interface ListPosition extends UrgencyPosition {
  /** What rows are sorted by that are equally urgent: of a subnet the id of its VPC and its place there, or the id of a cluster. */
  readonly place: readonly string[];
}

/** How urgent a row is. */
export interface UrgencyPosition {
  readonly status: Status;
  /** `null` for a row without counts. */
  readonly addressesLeftRatio: number | null;
}

export interface FirstPageQuery<F = OutlineFilter> {
  readonly filter: F;
  /** Most rows that are returned. */
  readonly limit: number;
}

export interface ListQuery extends FirstPageQuery<FleetFilter> {
  /** Rows up to here and including it are left out. */
  readonly after: ListPosition | undefined;
}

export interface ListPage<P = ListPosition> {
  /** Rows of the fleet, most urgent first. */
  readonly rows: readonly number[];
  /** All that match, on whatever page. */
  readonly matchCount: number;
  /** `undefined` where nothing is left. */
  readonly next: P | undefined;
}

/**
 * Lists subnets: by urgency, then the smallest share of addresses left, then the id of the VPC, then their places in that. Pure; reads no
 * state.
 */
export function listSubnets(fleet: Fleet, query: ListQuery, nowMs: number): ListPage {
  const { subnets: figures } = fleetFigures(fleet, nowMs);
  const { vpcs, vpcOfSubnet, subnets } = fleet;
  return pageOf(query, {
    ...subnetsListed(fleet, figures),
    matches: rowsMatching(fleet, 'subnets', query.filter, figures),
    placeOf: (row) => [
      idAt(vpcs.vpcId, at(vpcOfSubnet, row)),
      ...placeInVpc({ baseAddress: numberOf(subnets.baseAddress, row), subnetId: idAt(subnets.subnetId, row) }),
    ],
  });
}

/** Lists as `listSubnets` does, and does not tell the place of the last one. */
export function listFirstSubnets(
  fleet: FleetOutline,
  { filter, limit }: FirstPageQuery,
  nowMs: number,
): ListPage<UrgencyPosition> {
  const { subnets: figures } = fleetFigures(fleet, nowMs);
  return firstPageOf(limit, {
    ...subnetsListed(fleet, figures),
    matches: outlineRowsMatching(fleet, 'subnets', filter, figures),
  });
}

function subnetsListed(fleet: FleetOutline, figures: RowFigures): Omit<Listed, 'matches'> {
  const { vpcs, vpcOfSubnet } = fleet;
  const compareVpcs = (a: number, b: number) =>
    compareIds(vpcs.vpcId, vpcOfSubnet[a] ?? Number.NaN, vpcOfSubnet[b] ?? Number.NaN);
  return {
    figures,
    // Subnets of a VPC lie by their places.
    compareTies: (a, b) => compareVpcs(a, b) || a - b,
    ratioAt: (row) => addressesLeftRatio(fleet, row),
  };
}

/** Lists clusters as subnets are listed, then by id; a cluster's share of addresses left is that of its binding subnet. */
export function listClusters(fleet: Fleet, query: ListQuery, nowMs: number): ListPage {
  const { clusters: figures } = fleetFigures(fleet, nowMs);
  const { texts, clusters } = fleet;
  const clusterId = (row: number) => at(texts, at(clusters.clusterId, row));
  return pageOf(query, {
    figures,
    matches: rowsMatching(fleet, 'clusters', query.filter, figures),
    compareTies: (a, b) => compareTexts(clusterId(a), clusterId(b)),
    ratioAt: (row) => {
      const subnet = at(clusters.bindingSubnet, row);
      return Number.isNaN(subnet) ? undefined : addressesLeftRatio(fleet, subnet);
    },
    placeOf: (row) => [clusterId(row)],
  });
}

interface Listed {
  readonly figures: RowFigures;
  readonly matches: Rows;
  /** As `compareEach` compares the places of rows that are equally urgent, without making them. */
  compareTies(a: number, b: number): number;
  ratioAt(row: number): number | undefined;
}

interface ListedWithPlaces extends Listed {
  placeOf(row: number): readonly string[];
}

function pageOf({ limit, after }: ListQuery, listed: ListedWithPlaces): ListPage {
  const isAfter = afterPosition(after, listed);
  const { next, ...page } = firstPageOf(limit, listed, isAfter);
  const last = page.rows.at(-1);
  return {
    ...page,
    next: next === undefined || last === undefined ? undefined : { ...next, place: listed.placeOf(last) },
  };
}

function firstPageOf(
  limit: number,
  { figures, matches, compareTies, ratioAt }: Listed,
  isAsked: (row: number) => boolean = () => true,
): ListPage<UrgencyPosition> {
  const { order, status } = figures;
  const compare = (a: number, b: number) => (order[a] ?? 0) - (order[b] ?? 0) || compareTies(a, b);
  const first = firstRows(limit + 1, compare);
  let lastOrder = Number.POSITIVE_INFINITY;
  for (let place = 0; place < matches.length; place += 1) {
    const row = matches[place] ?? Number.NaN;
    // Most rows are told apart from the first few by this alone.
    if ((order[row] ?? 0) <= lastOrder && isAsked(row)) {
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
      : { status: statusAt(status, last), addressesLeftRatio: ratioAt(last) ?? null };
  return { rows, matchCount: matches.length, next };
}

function afterPosition(
  after: ListPosition | undefined,
  { figures: { order }, placeOf }: ListedWithPlaces,
): (row: number) => boolean {
  if (after === undefined) {
    return () => true;
  }
  const position = orderOf(STATUSES.indexOf(after.status), after.addressesLeftRatio ?? undefined);
  return (row) => {
    const own = order[row] ?? 0;
    return own > position || (own === position && compareEach(placeOf(row), after.place) > 0);
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

/** Returns the accounts but its owner that have clusters in a subnet, by its row. */
export function guestsOf(fleet: FleetOutline, row: number): string[] {
  return rowsOf(sliceAt(guestStartsOf(fleet), row)).map((place) => at(fleet.texts, at(fleet.subnets.guest, place)));
}
