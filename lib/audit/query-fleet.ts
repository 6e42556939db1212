import { STATUSES, type Status } from '../domain/capacity/subnet-status.ts';
import { type Fleet, vpcAt } from './fleet.ts';
import { at, rowsOf, statusAt, textOf } from './fleet-columns.ts';
import { addressesLeftRatio, type FleetFigures, fleetFigures, orderOf, type RowFigures } from './fleet-figures.ts';
import { type FleetFilter, rowsMatching } from './fleet-filter.ts';

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
    idAt: (row) => at(fleet.subnets.subnetId, row),
    ratioAt: (row) => addressesLeftRatio(fleet, row),
  });
}

/** Lists clusters as subnets are listed; a cluster's share of addresses left is that of its binding subnet. */
export function listClusters(fleet: Fleet, query: ListQuery, nowMs: number): ListPage {
  const figures = fleetFigures(fleet, nowMs);
  const { texts, clusters } = fleet;
  return listRows(query, {
    figures: figures.clusters,
    matches: rowsMatching(fleet, 'clusters', query.filter, figures.clusters),
    idAt: (row) => at(texts, at(clusters.clusterId, row)),
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
  idAt(row: number): string;
  ratioAt(row: number): number | undefined;
}

function listRows({ limit, after }: ListQuery, { figures, matches, idAt, ratioAt }: Listed): ListPage {
  const { order, status } = figures;
  const compare = (a: number, b: number) => at(order, a) - at(order, b) || compareTexts(idAt(a), idAt(b));
  const isAfter = afterPosition(after, order, idAt);
  const first = firstRows(limit + 1, compare);
  let matchCount = 0;
  for (let row = 0; row < matches.length; row += 1) {
    if (matches[row] === 1) {
      matchCount += 1;
      if (isAfter(row)) {
        first.add(row);
      }
    }
  }
  const sorted = first.sorted();
  const rows = sorted.slice(0, limit);
  const last = rows.at(-1);
  const next =
    sorted.length <= limit || last === undefined
      ? undefined
      : { status: statusAt(status, last), addressesLeftRatio: ratioAt(last) ?? null, id: idAt(last) };
  return { rows, matchCount, next };
}

function afterPosition(
  after: ListPosition | undefined,
  order: Float64Array,
  idAt: (row: number) => string,
): (row: number) => boolean {
  if (after === undefined) {
    return () => true;
  }
  const position = orderOf(STATUSES.indexOf(after.status), after.addressesLeftRatio ?? undefined);
  return (row) => {
    const own = at(order, row);
    return own > position || (own === position && compareTexts(idAt(row), after.id) > 0);
  };
}

/** By UTF-16 code unit, as `<` has it. */
function compareTexts(a: string, b: string): number {
  if (a === b) {
    return 0;
  }
  return a < b ? -1 : 1;
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
    add(row: number): void {
      if (heap.length < count) {
        heap.push(row);
        rise(heap.length - 1);
      } else if (compare(row, at(heap, 0)) < 0) {
        heap[0] = row;
        sink();
      }
    },
    sorted: () => heap.toSorted(compare),
  };
}

/** Sums over rows. What a row does not know it does not add. */
export interface FleetTotals {
  /** VPCs that a counted subnet or cluster is in. */
  readonly vpcCount: number;
  readonly subnetCount: number;
  readonly clusterCount: number;
  readonly usableAddressCount: number;
  readonly usedAddressCount: number;
  readonly freeAddressCount: number;
  readonly reservedAddressCount: number;
  readonly freePrefixCount: number;
  /** Subnets that add no addresses, and those that add no free prefixes. */
  readonly subnetsWithoutCounts: number;
  readonly subnetsWithoutPrefixCount: number;
  readonly staleSubnetCount: number;
  readonly staleClusterCount: number;
  readonly subnetCountByStatus: Readonly<Record<Status, number>>;
  readonly clusterCountByStatus: Readonly<Record<Status, number>>;
}

export interface FleetSummary {
  readonly totals: FleetTotals;
  /** By the owner account of subnets and the account of clusters; by region; sorted by name. */
  readonly byAccount: readonly RollUp[];
  readonly byRegion: readonly RollUp[];
  /** By team; that of `undefined` comes last. */
  readonly byTeam: readonly RollUp[];
}

export interface RollUp {
  readonly name: string | undefined;
  readonly totals: FleetTotals;
}

const summaries = new WeakMap<FleetFigures, FleetSummary>();

/** Totals and roll-ups of what matches. Those of everything are kept as long as the fleet's figures are. Pure. */
export function summarizeFleet(fleet: Fleet, filter: FleetFilter, nowMs: number): FleetSummary {
  const figures = fleetFigures(fleet, nowMs);
  const isEverything = Object.values(filter).every((value) => value === undefined);
  const known = isEverything ? summaries.get(figures) : undefined;
  if (known !== undefined) {
    return known;
  }
  const summary = summaryOf(fleet, filter, figures);
  if (isEverything) {
    summaries.set(figures, summary);
  }
  return summary;
}

function summaryOf(fleet: Fleet, filter: FleetFilter, figures: FleetFigures): FleetSummary {
  const { vpcs, subnets, clusters, vpcOfSubnet, vpcOfCluster } = fleet;
  const all = grouping();
  const byAccount = grouping();
  const byRegion = grouping();
  const byTeam = grouping();
  const subnetMatches = rowsMatching(fleet, 'subnets', filter, figures.subnets);
  for (let row = 0; row < subnetMatches.length; row += 1) {
    if (subnetMatches[row] === 1) {
      const vpc = at(vpcOfSubnet, row);
      const groups = [
        all.of(0, vpc),
        byAccount.of(at(vpcs.ownerId, vpc), vpc),
        byRegion.of(at(vpcs.region, vpc), vpc),
        byTeam.of(at(subnets.team, row), vpc),
      ];
      for (const sums of groups) {
        addSubnet(sums, fleet, figures.subnets, row);
      }
    }
  }
  const clusterMatches = rowsMatching(fleet, 'clusters', filter, figures.clusters);
  for (let row = 0; row < clusterMatches.length; row += 1) {
    if (clusterMatches[row] === 1) {
      const vpc = at(vpcOfCluster, row);
      const groups = [
        all.of(0, vpc),
        byAccount.of(at(clusters.accountId, row), vpc),
        byRegion.of(at(clusters.region, row), vpc),
        byTeam.of(at(clusters.team, row), vpc),
      ];
      for (const sums of groups) {
        addCluster(sums, figures.clusters, row);
      }
    }
  }
  const rollUps = (groups: Grouping) => rollUpsOf(groups, (place) => textOf(fleet.texts, Uint32Array.of(place), 0));
  return {
    totals: totalsOf(all.sums.get(0) ?? noSums()),
    byAccount: rollUps(byAccount),
    byRegion: rollUps(byRegion),
    byTeam: rollUps(byTeam),
  };
}

interface Sums {
  readonly vpcs: Set<number>;
  subnetCount: number;
  clusterCount: number;
  usableAddressCount: number;
  usedAddressCount: number;
  freeAddressCount: number;
  reservedAddressCount: number;
  freePrefixCount: number;
  subnetsWithoutCounts: number;
  subnetsWithoutPrefixCount: number;
  staleSubnetCount: number;
  staleClusterCount: number;
  /** By urgency. */
  readonly subnetsByUrgency: number[];
  readonly clustersByUrgency: number[];
}

function noSums(): Sums {
  return {
    vpcs: new Set(),
    subnetCount: 0,
    clusterCount: 0,
    usableAddressCount: 0,
    usedAddressCount: 0,
    freeAddressCount: 0,
    reservedAddressCount: 0,
    freePrefixCount: 0,
    subnetsWithoutCounts: 0,
    subnetsWithoutPrefixCount: 0,
    staleSubnetCount: 0,
    staleClusterCount: 0,
    subnetsByUrgency: STATUSES.map(() => 0),
    clustersByUrgency: STATUSES.map(() => 0),
  };
}

type Grouping = ReturnType<typeof grouping>;

/** Sums by the place of a text. */
function grouping() {
  const sums = new Map<number, Sums>();
  return {
    sums,
    of(place: number, vpc: number): Sums {
      const known = sums.get(place) ?? noSums();
      sums.set(place, known);
      known.vpcs.add(vpc);
      return known;
    },
  };
}

function addSubnet(sums: Sums, { subnets }: Fleet, { status, isStale }: RowFigures, row: number): void {
  sums.subnetCount += 1;
  sums.staleSubnetCount += at(isStale, row);
  const urgency = at(status, row);
  sums.subnetsByUrgency[urgency] = at(sums.subnetsByUrgency, urgency) + 1;
  const usableAddressCount = at(subnets.usableAddressCount, row);
  if (Number.isNaN(usableAddressCount)) {
    sums.subnetsWithoutCounts += 1;
    return;
  }
  sums.usableAddressCount += usableAddressCount;
  sums.usedAddressCount += at(subnets.usedAddressCount, row);
  sums.freeAddressCount += at(subnets.freeAddressCount, row);
  sums.reservedAddressCount += at(subnets.reservedAddressCount, row);
  const freePrefixCount = at(subnets.freePrefixCount, row);
  if (Number.isNaN(freePrefixCount)) {
    sums.subnetsWithoutPrefixCount += 1;
  } else {
    sums.freePrefixCount += freePrefixCount;
  }
}

function addCluster(sums: Sums, { status, isStale }: RowFigures, row: number): void {
  sums.clusterCount += 1;
  sums.staleClusterCount += at(isStale, row);
  const urgency = at(status, row);
  sums.clustersByUrgency[urgency] = at(sums.clustersByUrgency, urgency) + 1;
}

function totalsOf({ vpcs, subnetsByUrgency, clustersByUrgency, ...sums }: Sums): FleetTotals {
  return {
    ...sums,
    vpcCount: vpcs.size,
    subnetCountByStatus: countByStatus(subnetsByUrgency),
    clusterCountByStatus: countByStatus(clustersByUrgency),
  };
}

function countByStatus(counts: readonly number[]): Record<Status, number> {
  const of = (status: Status) => at(counts, STATUSES.indexOf(status));
  return {
    exhausted: of('exhausted'),
    critical: of('critical'),
    warning: of('warning'),
    unknown: of('unknown'),
    healthy: of('healthy'),
  };
}

function rollUpsOf({ sums }: Grouping, nameOf: (place: number) => string | undefined): RollUp[] {
  return [...sums]
    .map(([place, of]) => ({ name: nameOf(place), totals: totalsOf(of) }))
    .sort((a, b) => compareNames(a.name, b.name));
}

function compareNames(a: string | undefined, b: string | undefined): number {
  if (a === undefined || b === undefined) {
    return Number(a === undefined) - Number(b === undefined);
  }
  return compareTexts(a, b);
}

/** What a plan of pulses needs to know of a VPC. */
export interface WatchedVpc {
  readonly vpc: ReturnType<typeof vpcAt>;
  /** The accounts that saw it. */
  readonly viewerAccountIds: readonly string[];
  readonly firstObservedMs: number;
  readonly clusterCount: number;
  /** Whether some subnet is not healthy, as the fleet shows it. */
  readonly isAtRisk: boolean;
}

/** Returns every VPC of the fleet with its viewers, and whether it is at risk. Pure. */
export function watchedVpcs(fleet: Fleet, nowMs: number): WatchedVpc[] {
  const { texts, vpcs, subnetsOfVpc, clustersOfVpc } = fleet;
  const { status } = fleetFigures(fleet, nowMs).subnets;
  const healthy = STATUSES.indexOf('healthy');
  const watched: WatchedVpc[] = [];
  let nextViewer = 0;
  vpcs.vpcId.forEach((_, row) => {
    const firstViewer = nextViewer;
    nextViewer += at(vpcs.viewerCount, row);
    const subnets = at(subnetsOfVpc, row);
    const clusters = at(clustersOfVpc, row);
    const clusterCount = clusters.end - clusters.start;
    if (subnets.end === subnets.start && clusterCount === 0) {
      return;
    }
    watched.push({
      vpc: vpcAt(fleet, row),
      viewerAccountIds: Array.from(vpcs.viewer.subarray(firstViewer, nextViewer), (place) => at(texts, place)),
      firstObservedMs: at(vpcs.firstObservedMs, row),
      clusterCount,
      isAtRisk: status.subarray(subnets.start, subnets.end).some((urgency) => urgency !== healthy),
    });
  });
  return watched;
}

/** Returns the accounts and regions that see a VPC at risk, its owner among them: none twice, sorted. Pure. */
export function atRiskTargets(fleet: Fleet, nowMs: number): { readonly accountId: string; readonly region: string }[] {
  const targets = new Map<string, { readonly accountId: string; readonly region: string }>();
  for (const { vpc, viewerAccountIds, isAtRisk } of watchedVpcs(fleet, nowMs)) {
    for (const accountId of isAtRisk ? [vpc.ownerId, ...viewerAccountIds] : []) {
      targets.set(`${accountId}/${vpc.region}`, { accountId, region: vpc.region });
    }
  }
  return [...targets.values()].sort(
    (a, b) => compareTexts(a.accountId, b.accountId) || compareTexts(a.region, b.region),
  );
}

/** Returns the ids of the clusters that a subnet serves, by its row. */
export function clusterIdsOf({ texts, subnets, clustersOfSubnet }: Fleet, row: number): string[] {
  return rowsOf(at(clustersOfSubnet, row)).map((place) => at(texts, at(subnets.cluster, place)));
}
