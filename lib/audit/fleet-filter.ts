import { AWS_RESERVED_ADDRESS_COUNT } from '../domain/address/cidr.ts';
import type { Ipv4Address } from '../domain/address/ipv4.ts';
import { type BoundedMap, boundedMap } from '../domain/bounded-map.ts';
import { STATUSES, type Status, urgency } from '../domain/capacity/subnet-status.ts';
import type { Fleet } from './fleet.ts';
import { at } from './fleet-columns.ts';
import type { RowFigures } from './fleet-figures.ts';
import { NO_TEXT, type TextColumn } from './fleet-shard.ts';
import { idTexts } from './id-column.ts';

/** What a row must be to match; what is `undefined` asks nothing. */
export interface FleetFilter {
  /** The owner of the subnet, or the cluster's account. */
  readonly accountIds?: readonly string[] | undefined;
  /** A caller that may see these accounts sees their subnets and clusters, and subnets that one of their clusters uses. */
  readonly visibleAccountIds?: readonly string[] | undefined;
  readonly regions?: readonly string[] | undefined;
  /** As shown: with the age of the row taken into account. */
  readonly statuses?: readonly Status[] | undefined;
  readonly teams?: readonly string[] | undefined;
  readonly vpcIds?: readonly string[] | undefined;
  /** Subnets that one of these uses, or these clusters themselves. */
  readonly clusterIds?: readonly string[] | undefined;
  /** In the IPv4 block of the subnet; no cluster has one. */
  readonly address?: Ipv4Address | undefined;
  /** Somewhere in the id of the subnet or cluster, whatever the case. */
  readonly idText?: string | undefined;
}

type RowKind = 'subnets' | 'clusters';

const MATCH = 1;

/** Returns 1 for each row of a kind that matches, else 0. */
export function rowsMatching(fleet: Fleet, kind: RowKind, filter: FleetFilter, { status }: RowFigures): Uint8Array {
  const matches = rowsOfVpcs(fleet, kind, vpcsMatching(fleet, kind, filter));
  const { accountIds, visibleAccountIds, statuses, teams, clusterIds, address, idText } = filter;
  if (accountIds !== undefined && kind === 'clusters') {
    keepPlaced(matches, fleet.clusters.accountId, wantedTexts(fleet, accountIds));
  }
  if (visibleAccountIds !== undefined) {
    keepFlagged(matches, visibleRows(fleet, kind, visibleAccountIds));
  }
  if (statuses !== undefined) {
    keepStatuses(matches, status, wantedPlaces(STATUSES.length, statuses.map(urgency)));
  }
  if (teams !== undefined) {
    keepPlaced(matches, fleet[kind].team, wantedTexts(fleet, teams));
  }
  if (clusterIds !== undefined) {
    const wanted = wantedTexts(fleet, clusterIds);
    keepFlagged(matches, kind === 'subnets' ? subnetsUsedBy(fleet, wanted) : placed(fleet.clusters.clusterId, wanted));
  }
  if (address !== undefined) {
    keepFlagged(matches, kind === 'subnets' ? subnetsWith(fleet, address) : new Uint8Array(matches.length));
  }
  if (idText !== undefined && idText !== '') {
    keepFlagged(matches, rowsContaining(idsOf(fleet, kind), idText.toLowerCase()));
  }
  return matches;
}

/** Returns 1 for each VPC whose rows may match, by what is the same of all of them; there are far fewer VPCs than rows. */
function vpcsMatching(fleet: Fleet, kind: RowKind, { accountIds, regions, vpcIds }: FleetFilter): Uint8Array {
  const { vpcs } = fleet;
  const matches = new Uint8Array(vpcs.vpcId.length).fill(MATCH);
  if (accountIds !== undefined && kind === 'subnets') {
    keepPlaced(matches, vpcs.ownerId, wantedTexts(fleet, accountIds));
  }
  if (regions !== undefined) {
    keepPlaced(matches, vpcs.region, wantedTexts(fleet, regions));
  }
  if (vpcIds !== undefined) {
    const wanted = new Set(vpcIds);
    keepFlagged(
      matches,
      Uint8Array.from(idTexts(vpcs.vpcId), (vpcId) => (wanted.has(vpcId) ? MATCH : 0)),
    );
  }
  return matches;
}

/** Returns 1 for each row of flagged VPCs. */
function rowsOfVpcs({ subnetsOfVpc, clustersOfVpc }: Fleet, kind: RowKind, vpcs: Uint8Array): Uint8Array {
  const slices = kind === 'subnets' ? subnetsOfVpc : clustersOfVpc;
  const rows = new Uint8Array(slices.at(-1)?.end ?? 0);
  slices.forEach(({ start, end }, vpc) => {
    if (vpcs[vpc] === MATCH) {
      rows.fill(MATCH, start, end);
    }
  });
  return rows;
}

function keepFlagged(matches: Uint8Array, flags: Uint8Array): void {
  for (let row = 0; row < matches.length; row += 1) {
    matches[row] = (matches[row] ?? 0) & (flags[row] ?? 0);
  }
}

/** Keeps the rows whose place in a column is flagged. */
function keepPlaced(matches: Uint8Array, column: TextColumn, flags: Uint8Array): void {
  for (let row = 0; row < matches.length; row += 1) {
    matches[row] = (matches[row] ?? 0) & (flags[column[row] ?? NO_TEXT] ?? 0);
  }
}

function placed(column: TextColumn, flags: Uint8Array): Uint8Array {
  const rows = new Uint8Array(column.length).fill(MATCH);
  keepPlaced(rows, column, flags);
  return rows;
}

/** As `keepPlaced`, for arrays of bytes: one loop over both kinds of arrays takes twice the time of two loops. */
function keepStatuses(matches: Uint8Array, status: Uint8Array, flags: Uint8Array): void {
  for (let row = 0; row < matches.length; row += 1) {
    matches[row] = (matches[row] ?? 0) & (flags[status[row] ?? NO_TEXT] ?? 0);
  }
}

/** Flags texts by their place in the fleet's table; one that the fleet does not hold has none. */
function wantedTexts({ texts, textPlaces }: Fleet, wanted: readonly string[]): Uint8Array {
  return wantedPlaces(
    texts.length,
    wanted.flatMap((text) => textPlaces.get(text) ?? []),
  );
}

function wantedPlaces(count: number, places: readonly number[]): Uint8Array {
  const flags = new Uint8Array(count);
  for (const place of places) {
    flags[place] = MATCH;
  }
  return flags;
}

/** Callers differ in the accounts that they may see; of so many sets the rows are kept, a byte each. */
const VISIBLE_SETS_MAX = 32;
const visibleSets = new WeakMap<Fleet, BoundedMap<Uint8Array>>();

/** What a set of accounts may see is part of every question of its callers: it is worked out once for a fleet. */
function visibleRows(fleet: Fleet, kind: RowKind, accountIds: readonly string[]): Uint8Array {
  const sets = visibleSets.get(fleet) ?? boundedMap<Uint8Array>(VISIBLE_SETS_MAX);
  visibleSets.set(fleet, sets);
  const name = JSON.stringify([kind, accountIds.toSorted()]);
  const rows = sets.get(name) ?? rowsSeenBy(fleet, kind, wantedTexts(fleet, accountIds));
  sets.set(name, rows);
  return rows;
}

/** A subnet is seen by who sees its owner or a cluster in it; a cluster by who sees its account. */
function rowsSeenBy(fleet: Fleet, kind: RowKind, accounts: Uint8Array): Uint8Array {
  const { clusters, texts, vpcs } = fleet;
  if (kind === 'clusters') {
    return placed(clusters.accountId, accounts);
  }
  const own = rowsOfVpcs(fleet, kind, placed(vpcs.ownerId, accounts));
  const seenClusters = clusters.clusterId.filter((_, row) => accounts[clusters.accountId[row] ?? NO_TEXT] === MATCH);
  const used = subnetsUsedBy(fleet, wantedPlaces(texts.length, [...seenClusters]));
  return own.map((flag, row) => flag | (used[row] ?? 0));
}

function subnetsUsedBy({ subnets, clusterStartsOfSubnet: starts }: Fleet, clusters: Uint8Array): Uint8Array {
  const used = new Uint8Array(subnets.subnetId.length);
  for (let row = 0; row < used.length; row += 1) {
    const end = starts[row + 1] ?? 0;
    for (let place = starts[row] ?? 0; place < end; place += 1) {
      used[row] = (used[row] ?? 0) | (clusters[subnets.cluster[place] ?? NO_TEXT] ?? 0);
    }
  }
  return used;
}

/** A row without a block compares with nothing. */
function subnetsWith({ subnets: { baseAddress, usableAddressCount } }: Fleet, address: Ipv4Address): Uint8Array {
  const flags = new Uint8Array(baseAddress.length);
  for (let row = 0; row < flags.length; row += 1) {
    const offset = address - (baseAddress[row] ?? Number.NaN);
    flags[row] = offset >= 0 && offset < (usableAddressCount[row] ?? 0) + AWS_RESERVED_ADDRESS_COUNT ? MATCH : 0;
  }
  return flags;
}

/** Ids in lower case as one text, one id a line: searching it once is quicker than searching each. */
interface IdText {
  readonly text: string;
  /** Where the id of each row starts. */
  readonly starts: Uint32Array;
}

const keptIds: Readonly<Record<RowKind, WeakMap<Fleet, IdText>>> = { subnets: new WeakMap(), clusters: new WeakMap() };

const LINE_END = '\n';

function idsOf(fleet: Fleet, kind: RowKind): IdText {
  const known = keptIds[kind].get(fleet);
  if (known !== undefined) {
    return known;
  }
  const ids =
    kind === 'subnets'
      ? idTexts(fleet.subnets.subnetId).map((id) => id.toLowerCase())
      : Array.from(fleet.clusters.clusterId, (place) => at(fleet.texts, place).toLowerCase());
  const starts = new Uint32Array(ids.length);
  let start = 0;
  ids.forEach((id, row) => {
    starts[row] = start;
    start += id.length + LINE_END.length;
  });
  const made = { text: ids.join(LINE_END), starts };
  keptIds[kind].set(fleet, made);
  return made;
}

function rowsContaining({ text, starts }: IdText, part: string): Uint8Array {
  const rows = new Uint8Array(starts.length);
  let row = 0;
  let next = starts[1] ?? text.length;
  // An id holds no line end, so neither does a part of one.
  let place = part.includes(LINE_END) ? -1 : text.indexOf(part);
  while (place >= 0) {
    while (next <= place) {
      row += 1;
      next = starts[row + 1] ?? text.length;
    }
    rows[row] = MATCH;
    place = text.indexOf(part, next);
  }
  return rows;
}
