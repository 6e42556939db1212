import { AWS_RESERVED_ADDRESS_COUNT } from '../domain/address/cidr.ts';
import type { Ipv4Address } from '../domain/address/ipv4.ts';
import { type BoundedMap, boundedMap } from '../domain/bounded-map.ts';
import { STATUSES, type Status, urgency } from '../domain/capacity/subnet-status.ts';
import { clusterStartsOf, type Fleet, type FleetOutline, guestStartsOf } from './fleet.ts';
import { at } from './fleet-columns.ts';
import type { RowFigures } from './fleet-figures.ts';
import { NO_TEXT, type TextColumn } from './fleet-shard.ts';
import { idAt } from './id-column.ts';
import { rowsWithIdPart } from './id-search.ts';

/** What a row must be to match, as far as the outline of a fleet tells; what is `undefined` asks nothing. */
export interface OutlineFilter {
  /** The owner of the subnet, or the cluster's account. */
  readonly accountIds?: readonly string[] | undefined;
  /** A caller that may see these accounts sees their subnets and clusters, and subnets that one of their clusters uses. */
  readonly visibleAccountIds?: readonly string[] | undefined;
  readonly regions?: readonly string[] | undefined;
  /** As shown: with the age of the row taken into account. */
  readonly statuses?: readonly Status[] | undefined;
  readonly teams?: readonly string[] | undefined;
  readonly vpcIds?: readonly string[] | undefined;
}

/** What a row must be to match; what is `undefined` asks nothing. */
export interface FleetFilter extends OutlineFilter {
  /** Subnets that one of these uses, or these clusters themselves. */
  readonly clusterIds?: readonly string[] | undefined;
  /** In the IPv4 block of the subnet; no cluster has one. */
  readonly address?: Ipv4Address | undefined;
  /** Somewhere in the id of the subnet or cluster, whatever the case. */
  readonly idText?: string | undefined;
}

/** Returns whether the outline of a fleet tells which rows match. */
export function isOutlineEnough({ clusterIds, address, idText }: FleetFilter): boolean {
  return clusterIds === undefined && address === undefined && idText === undefined;
}

type RowKind = 'subnets' | 'clusters';

/**
 * Rows, the first ones first. Of a hundred thousand `for … of` and `filter` take 1 ms, a loop over places a tenth of that; lists that
 * grow leave much to collect.
 */
export type Rows = Uint32Array;

const NO_ROWS: Rows = new Uint32Array();

/** 1 for each place of a column that is wanted, else 0. */
type Flags = Uint8Array;
const WANTED = 1;

/** Returns the rows of a kind that match. */
export function rowsMatching(fleet: Fleet, kind: RowKind, filter: FleetFilter, figures: RowFigures): Rows {
  const { clusterIds, address, idText } = filter;
  const named = idText === undefined || idText === '' ? undefined : rowsWithId(fleet, kind, idText);
  let rows = outlineRowsMatching(fleet, kind, filter, figures, named);
  if (clusterIds !== undefined) {
    const wanted = wantedTexts(fleet, clusterIds);
    rows =
      kind === 'subnets' ? inBoth(rows, rowsUsedBy(fleet, wanted)) : placedRows(rows, fleet.clusters.clusterId, wanted);
  }
  if (address !== undefined) {
    rows = kind === 'subnets' ? rowsHolding(fleet, rows, address) : NO_ROWS;
  }
  return rows;
}

/** Returns the rows of a kind that match, of all or of those that are given. */
export function outlineRowsMatching(
  fleet: FleetOutline,
  kind: RowKind,
  filter: OutlineFilter,
  { status }: RowFigures,
  among?: Rows,
): Rows {
  const { accountIds, statuses, teams } = filter;
  let rows = rowsToLookAt(fleet, kind, filter, among);
  if (accountIds !== undefined && kind === 'clusters') {
    rows = placedRows(rows, fleet.clusters.accountId, wantedTexts(fleet, accountIds));
  }
  if (statuses !== undefined) {
    rows = placedByByte(rows, status, wantedPlaces(STATUSES.length, statuses.map(urgency)));
  }
  return teams === undefined ? rows : placedRows(rows, fleet[kind].team, wantedTexts(fleet, teams));
}

/** The rows of VPCs that match, of those that may be seen and those that are given; each of these leaves few where it is asked for. */
function rowsToLookAt(fleet: FleetOutline, kind: RowKind, filter: OutlineFilter, among: Rows | undefined): Rows {
  const { visibleAccountIds } = filter;
  const seen = visibleAccountIds === undefined ? undefined : visibleRows(fleet, kind, visibleAccountIds);
  const rows = seen !== undefined && among !== undefined ? inBoth(seen, among) : (seen ?? among);
  const vpcs = vpcsMatching(fleet, kind, filter);
  if (rows === undefined) {
    return vpcs === undefined ? allRows(fleet, kind) : rowsOfVpcs(fleet, kind, vpcs);
  }
  const vpcOfRow = kind === 'subnets' ? fleet.vpcOfSubnet : fleet.vpcOfCluster;
  return vpcs === undefined ? rows : placedRows(rows, vpcOfRow, wantedPlaces(fleet.vpcs.vpcId.length, vpcs));
}

/** Returns the VPCs whose rows may match, by what is the same of all of them; `undefined` where nothing is asked of these. */
function vpcsMatching(
  fleet: FleetOutline,
  kind: RowKind,
  { accountIds, regions, vpcIds }: OutlineFilter,
): Rows | undefined {
  const { vpcs } = fleet;
  const owners = kind === 'subnets' ? accountIds : undefined;
  if (owners === undefined && regions === undefined && vpcIds === undefined) {
    return undefined;
  }
  let rows = allVpcs(fleet);
  if (owners !== undefined) {
    rows = placedRows(rows, vpcs.ownerId, wantedTexts(fleet, owners));
  }
  if (regions !== undefined) {
    rows = placedRows(rows, vpcs.region, wantedTexts(fleet, regions));
  }
  if (vpcIds !== undefined) {
    const wanted = new Set(vpcIds);
    rows = rows.filter((row) => wanted.has(idAt(vpcs.vpcId, row)));
  }
  return rows;
}

const everyVpc = new WeakMap<FleetOutline, Rows>();

function allVpcs(fleet: FleetOutline): Rows {
  const rows = everyVpc.get(fleet) ?? new Uint32Array(fleet.subnetsOfVpc.length).map((_, vpc) => vpc);
  everyVpc.set(fleet, rows);
  return rows;
}

function rowsOfVpcs({ subnetsOfVpc, clustersOfVpc }: FleetOutline, kind: RowKind, vpcs: Rows): Rows {
  const slices = kind === 'subnets' ? subnetsOfVpc : clustersOfVpc;
  let length = 0;
  for (const vpc of vpcs) {
    const { start, end } = at(slices, vpc);
    length += end - start;
  }
  const rows = new Uint32Array(length);
  let count = 0;
  for (const vpc of vpcs) {
    const { start, end } = at(slices, vpc);
    for (let row = start; row < end; row += 1) {
      rows[count] = row;
      count += 1;
    }
  }
  return rows;
}

const everyRow: Readonly<Record<RowKind, WeakMap<FleetOutline, Rows>>> = {
  subnets: new WeakMap(),
  clusters: new WeakMap(),
};

function allRows(fleet: FleetOutline, kind: RowKind): Rows {
  const rows = everyRow[kind].get(fleet) ?? rowsOfVpcs(fleet, kind, allVpcs(fleet));
  everyRow[kind].set(fleet, rows);
  return rows;
}

/** Goes through both at once: neither names a row before one that comes earlier. */
function inBoth(rows: Rows, others: Rows): Rows {
  const both = new Uint32Array(Math.min(rows.length, others.length));
  let count = 0;
  let otherPlace = 0;
  for (let place = 0; place < rows.length; place += 1) {
    const row = rows[place] ?? Number.NaN;
    while ((others[otherPlace] ?? Number.POSITIVE_INFINITY) < row) {
      otherPlace += 1;
    }
    if (others[otherPlace] === row) {
      both[count] = row;
      count += 1;
    }
  }
  return both.subarray(0, count);
}

/** Returns the rows whose place in a column is wanted. */
function placedRows(rows: Rows, column: Uint32Array, wanted: Flags): Rows {
  const placed = new Uint32Array(rows.length);
  let count = 0;
  for (let place = 0; place < rows.length; place += 1) {
    const row = rows[place] ?? Number.NaN;
    if (wanted[column[row] ?? NO_TEXT] === WANTED) {
      placed[count] = row;
      count += 1;
    }
  }
  return placed.subarray(0, count);
}

/** As `placedRows`, for a column of bytes: one loop over both kinds of arrays takes twice the time of two loops. */
function placedByByte(rows: Rows, column: Uint8Array, wanted: Flags): Rows {
  const placed = new Uint32Array(rows.length);
  let count = 0;
  for (let place = 0; place < rows.length; place += 1) {
    const row = rows[place] ?? Number.NaN;
    if (wanted[column[row] ?? NO_TEXT] === WANTED) {
      placed[count] = row;
      count += 1;
    }
  }
  return placed.subarray(0, count);
}

/** Flags texts by their place in the fleet's table; one that the fleet does not hold has none. */
function wantedTexts({ texts, textPlaces }: FleetOutline, wanted: readonly string[]): Flags {
  return wantedPlaces(
    texts.length,
    wanted.flatMap((text) => textPlaces.get(text) ?? []),
  );
}

function wantedPlaces(count: number, places: Iterable<number>): Flags {
  const flags = new Uint8Array(count);
  for (const place of places) {
    flags[place] = WANTED;
  }
  return flags;
}

/** Callers differ in the accounts that they may see; of so many sets the rows are kept. */
const VISIBLE_SETS_MAX = 32;
const visibleSets = new WeakMap<FleetOutline, BoundedMap<Rows>>();

/** What a set of accounts may see is part of every question of its callers: it is worked out once for a fleet. */
function visibleRows(fleet: FleetOutline, kind: RowKind, accountIds: readonly string[]): Rows {
  const sets = visibleSets.get(fleet) ?? boundedMap<Rows>(VISIBLE_SETS_MAX);
  visibleSets.set(fleet, sets);
  const name = JSON.stringify([kind, accountIds.toSorted()]);
  const rows = sets.get(name) ?? rowsSeenBy(fleet, kind, wantedTexts(fleet, accountIds));
  sets.set(name, rows);
  return rows;
}

/** A subnet is seen by who sees its owner or a cluster in it; a cluster by who sees its account. */
function rowsSeenBy(fleet: FleetOutline, kind: RowKind, accounts: Flags): Rows {
  if (kind === 'clusters') {
    return placedRows(allRows(fleet, kind), fleet.clusters.accountId, accounts);
  }
  const own = rowsOfVpcs(fleet, kind, placedRows(allVpcs(fleet), fleet.vpcs.ownerId, accounts));
  const lent = rowsNaming(fleet.subnets.guest, guestStartsOf(fleet), accounts);
  if (lent.length === 0) {
    return own;
  }
  const all = allRows(fleet, kind);
  const isSeen = wantedPlaces(all.length, [...own, ...lent]);
  return placedByByte(all, isSeen, wantedPlaces(WANTED + 1, [WANTED]));
}

/** Returns the subnets that one of some clusters uses. */
function rowsUsedBy(fleet: Fleet, clusterIds: Flags): Rows {
  return rowsNaming(fleet.subnets.cluster, clusterStartsOf(fleet), clusterIds);
}

/** Returns the rows of subnets that have a wanted text in a column which has several of each, given where each row's start. */
function rowsNaming(column: TextColumn, starts: Uint32Array, wanted: Flags): Rows {
  const rows = new Set<number>();
  let row = 0;
  for (let place = 0; place < column.length; place += 1) {
    if (wanted[column[place] ?? NO_TEXT] === WANTED) {
      while ((starts[row + 1] ?? Number.POSITIVE_INFINITY) <= place) {
        row += 1;
      }
      rows.add(row);
    }
  }
  return Uint32Array.from(rows);
}

/** A row without a block compares with nothing. */
function rowsHolding({ subnets: { baseAddress, usableAddressCount } }: Fleet, rows: Rows, address: Ipv4Address): Rows {
  return rows.filter((row) => {
    const offset = address - (baseAddress[row] ?? Number.NaN);
    return offset >= 0 && offset < (usableAddressCount[row] ?? 0) + AWS_RESERVED_ADDRESS_COUNT;
  });
}

function rowsWithId(fleet: Fleet, kind: RowKind, idText: string): Rows {
  if (kind === 'subnets') {
    return rowsWithIdPart(fleet.subnets.subnetId, idText);
  }
  const { texts, clusters } = fleet;
  const part = idText.toLowerCase();
  return allRows(fleet, kind).filter((row) => at(texts, at(clusters.clusterId, row)).toLowerCase().includes(part));
}
