import { type Status, urgency } from '../domain/capacity/subnet-status.ts';
import type { Fleet } from './fleet.ts';
import { at } from './fleet-columns.ts';
import type { RowFigures } from './fleet-figures.ts';
import { NO_TEXT } from './fleet-shard.ts';

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
  /** Somewhere in the id of the subnet or cluster, whatever the case. */
  readonly idText?: string | undefined;
}

type RowKind = 'subnets' | 'clusters';

const MATCH = 1;

/** Returns 1 for each row of a kind that matches, else 0. */
export function rowsMatching(fleet: Fleet, kind: RowKind, filter: FleetFilter, { status }: RowFigures): Uint8Array {
  const { vpcs } = fleet;
  const vpcOf = kind === 'subnets' ? fleet.vpcOfSubnet : fleet.vpcOfCluster;
  const matches = new Uint8Array(vpcOf.length).fill(MATCH);
  const keep = (isWanted: (row: number) => boolean) => {
    for (let row = 0; row < matches.length; row += 1) {
      if (matches[row] === MATCH && !isWanted(row)) {
        matches[row] = 0;
      }
    }
  };
  const { accountIds, visibleAccountIds, regions, statuses, teams, vpcIds, clusterIds, idText } = filter;
  const accountAt = (row: number) =>
    (kind === 'subnets' ? vpcs.ownerId[at(vpcOf, row)] : fleet.clusters.accountId[row]) ?? NO_TEXT;
  if (accountIds !== undefined) {
    const wanted = placesOf(fleet, accountIds);
    keep((row) => wanted.has(accountAt(row)));
  }
  if (visibleAccountIds !== undefined) {
    const wanted = placesOf(fleet, visibleAccountIds);
    const usedBySeen = kind === 'subnets' ? subnetsUsedBy(fleet, clustersOfAccounts(fleet, wanted)) : undefined;
    keep((row) => wanted.has(accountAt(row)) || usedBySeen?.[row] === MATCH);
  }
  if (regions !== undefined) {
    const wanted = placesOf(fleet, regions);
    keep((row) => wanted.has(vpcs.region[at(vpcOf, row)] ?? NO_TEXT));
  }
  if (statuses !== undefined) {
    const wanted = new Set(statuses.map(urgency));
    keep((row) => wanted.has(status[row] ?? Number.NaN));
  }
  if (teams !== undefined) {
    const wanted = placesOf(fleet, teams);
    const { team } = fleet[kind];
    keep((row) => wanted.has(team[row] ?? NO_TEXT));
  }
  if (vpcIds !== undefined) {
    const wanted = new Set(vpcIds);
    const isWantedVpc = vpcs.vpcId.map((vpcId) => wanted.has(vpcId));
    keep((row) => isWantedVpc[at(vpcOf, row)] === true);
  }
  if (clusterIds !== undefined) {
    const wanted = placesOf(fleet, clusterIds);
    const used = kind === 'subnets' ? subnetsUsedBy(fleet, wanted) : undefined;
    keep((row) => (used === undefined ? wanted.has(fleet.clusters.clusterId[row] ?? NO_TEXT) : used[row] === MATCH));
  }
  if (idText !== undefined && idText !== '') {
    const containing = rowsContaining(idsOf(fleet, kind), idText.toLowerCase());
    keep((row) => containing[row] === MATCH);
  }
  return matches;
}

/** Places of texts in the fleet's table; a text that the fleet does not hold has none. */
function placesOf({ textPlaces }: Fleet, texts: readonly string[]): ReadonlySet<number> {
  return new Set(texts.flatMap((text) => textPlaces.get(text) ?? []));
}

function clustersOfAccounts({ clusters }: Fleet, accounts: ReadonlySet<number>): ReadonlySet<number> {
  const places = new Set<number>();
  clusters.clusterId.forEach((place, row) => {
    if (accounts.has(at(clusters.accountId, row))) {
      places.add(place);
    }
  });
  return places;
}

function subnetsUsedBy({ subnets, clusterStartsOfSubnet: starts }: Fleet, clusters: ReadonlySet<number>): Uint8Array {
  const used = new Uint8Array(subnets.subnetId.length);
  for (let row = 0; row < used.length; row += 1) {
    for (let place = starts[row] ?? 0; place < (starts[row + 1] ?? 0); place += 1) {
      if (clusters.has(subnets.cluster[place] ?? NO_TEXT)) {
        used[row] = MATCH;
      }
    }
  }
  return used;
}

/** Ids in lower case as one text, one id a line: searching it once is quicker than searching each. */
interface IdText {
  readonly text: string;
  /** Where the id of each row starts. */
  readonly starts: Uint32Array;
}

const idTexts: Readonly<Record<RowKind, WeakMap<Fleet, IdText>>> = { subnets: new WeakMap(), clusters: new WeakMap() };

const LINE_END = '\n';

function idsOf(fleet: Fleet, kind: RowKind): IdText {
  const known = idTexts[kind].get(fleet);
  if (known !== undefined) {
    return known;
  }
  const ids =
    kind === 'subnets'
      ? fleet.subnets.subnetId.map((id) => id.toLowerCase())
      : Array.from(fleet.clusters.clusterId, (place) => at(fleet.texts, place).toLowerCase());
  const starts = new Uint32Array(ids.length);
  let start = 0;
  ids.forEach((id, row) => {
    starts[row] = start;
    start += id.length + LINE_END.length;
  });
  const made = { text: ids.join(LINE_END), starts };
  idTexts[kind].set(fleet, made);
  return made;
}

function rowsContaining({ text, starts }: IdText, part: string): Uint8Array {
  const rows = new Uint8Array(starts.length);
  // An id holds no line end, so neither does a part of one.
  let place = part.includes(LINE_END) ? -1 : text.indexOf(part);
  while (place >= 0) {
    const row = rowAt(starts, place);
    rows[row] = MATCH;
    const nextStart = starts[row + 1];
    place = nextStart === undefined ? -1 : text.indexOf(part, nextStart);
  }
  return rows;
}

/** Returns the last row that starts at or before a place, by bisection. */
function rowAt(starts: Uint32Array, place: number): number {
  let low = 0;
  let high = starts.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (at(starts, middle) <= place) {
      low = middle;
    } else {
      high = middle;
    }
  }
  return low;
}
