import type { VpcId } from '../domain/capacity/vpc-state.ts';
import type { Instant } from '../domain/fact.ts';
import { at, type RowSlice, rowStarts, slices } from './fleet-columns.ts';
import {
  type ClusterColumns,
  type FleetShard,
  NO_TEXT,
  type NumberColumn,
  type SubnetColumns,
  type TextColumn,
  type VpcColumns,
} from './fleet-shard.ts';
import type { Run } from './store-ports.ts';

/** Every VPC, subnet and cluster as columns over all shards, as they were rolled up last. */
export interface Fleet extends FleetShard {
  /** Names this content: another fleet has another version. */
  readonly version: string;
  readonly rolledUpAt: Instant;
  /** The newest scan that was over, or under way where none was yet; the same object while it stays the same. `undefined` before the first. */
  readonly scan: Run | undefined;
  /** The place of each text. */
  readonly textPlaces: ReadonlyMap<string, number>;
  /** The VPC's row, by the subnet's and the cluster's row. */
  readonly vpcOfSubnet: Uint32Array;
  readonly vpcOfCluster: Uint32Array;
  /** Rows of subnets and clusters, by the VPC's row. A VPC without both has left the fleet. */
  readonly subnetsOfVpc: readonly RowSlice[];
  readonly clustersOfVpc: readonly RowSlice[];
  /** Where the rows of `subnets.cluster` start, by the subnet's row; `sliceAt` reads them. */
  readonly clusterStartsOfSubnet: Uint32Array;
  /** Rows of VPCs, by shard. */
  readonly vpcsOfShard: readonly RowSlice[];
}

/** Joins shards to a fleet; the order of shards is the order of rows. */
export function createFleet(
  shards: readonly FleetShard[],
  { version, rolledUpAt, scan }: Pick<Fleet, 'version' | 'rolledUpAt' | 'scan'>,
): Fleet {
  const texts = joinTexts(shards);
  const vpcs = joinVpcs(shards, texts.places);
  const subnets = joinSubnets(shards, texts.places);
  const clusters = joinClusters(shards, texts.places);
  const subnetsOfVpc = slices(vpcs.subnetCount);
  const clustersOfVpc = slices(vpcs.clusterCount);
  return {
    version,
    rolledUpAt,
    scan,
    texts: texts.texts,
    textPlaces: texts.placeByText,
    vpcs,
    subnets,
    clusters,
    vpcOfSubnet: ownersOf(subnetsOfVpc, subnets.subnetId.length),
    vpcOfCluster: ownersOf(clustersOfVpc, clusters.clusterId.length),
    subnetsOfVpc,
    clustersOfVpc,
    clusterStartsOfSubnet: rowStarts(subnets.clusterCount),
    vpcsOfShard: slices(Float64Array.from(shards, (shard) => shard.vpcs.vpcId.length)),
  };
}

/** Returns which VPC a row of `fleet.vpcs` is. */
export function vpcAt({ texts, vpcs }: Fleet, row: number): VpcId {
  return {
    ownerId: at(texts, at(vpcs.ownerId, row)),
    region: at(texts, at(vpcs.region, row)),
    vpcId: at(vpcs.vpcId, row),
  };
}

/** Returns the row of a subnet, or `undefined` where the fleet has none of that id. */
export function subnetRowOf({ subnets }: Fleet, subnetId: string): number | undefined {
  return rowsBySubnetId(subnets).get(subnetId);
}

const subnetRows = new WeakMap<SubnetColumns, ReadonlyMap<string, number>>();

/** Made when the first subnet is looked for: going through a hundred thousand ids takes milliseconds each time. */
function rowsBySubnetId(subnets: SubnetColumns): ReadonlyMap<string, number> {
  const known = subnetRows.get(subnets);
  if (known !== undefined) {
    return known;
  }
  const rows = new Map<string, number>();
  subnets.subnetId.forEach((id, row) => {
    // The first one of an id, as a search from the front would find it.
    if (!rows.has(id)) {
      rows.set(id, row);
    }
  });
  subnetRows.set(subnets, rows);
  return rows;
}

/** Returns the row of a cluster by `{accountId}:{region}:{clusterName}`, or `undefined` where the fleet has none. */
export function clusterRowOf({ clusters, textPlaces }: Fleet, clusterId: string): number | undefined {
  const place = textPlaces.get(clusterId);
  const row = place === undefined ? -1 : clusters.clusterId.indexOf(place);
  return row < 0 ? undefined : row;
}

interface JoinedTexts {
  readonly texts: readonly string[];
  readonly placeByText: ReadonlyMap<string, number>;
  /** For each shard, the place of each of its texts in the table of all. */
  readonly places: readonly Uint32Array[];
}

function joinTexts(shards: readonly FleetShard[]): JoinedTexts {
  const texts = [''];
  const placeByText = new Map<string, number>();
  const places = shards.map((shard) =>
    Uint32Array.from(shard.texts, (text, place) => {
      if (place === NO_TEXT) {
        return NO_TEXT;
      }
      const known = placeByText.get(text);
      if (known !== undefined) {
        return known;
      }
      placeByText.set(text, texts.length);
      return texts.push(text) - 1;
    }),
  );
  return { texts, placeByText, places };
}

/** Lists are joined by `concat`, which copies them whole. */
function noTexts(): string[] {
  return [];
}

type Places = readonly Uint32Array[];

function joinText(columns: readonly TextColumn[], places: Places): TextColumn {
  const joined = new Uint32Array(columns.reduce((length, column) => length + column.length, 0));
  let row = 0;
  columns.forEach((column, shard) => {
    const placesOfShard = at(places, shard);
    for (let own = 0; own < column.length; own += 1) {
      joined[row] = placesOfShard[column[own] ?? NO_TEXT] ?? NO_TEXT;
      row += 1;
    }
  });
  return joined;
}

function joinNumbers(columns: readonly NumberColumn[]): NumberColumn {
  const joined = new Float64Array(columns.reduce((length, column) => length + column.length, 0));
  let row = 0;
  for (const column of columns) {
    joined.set(column, row);
    row += column.length;
  }
  return joined;
}

function joinVpcs(shards: readonly FleetShard[], places: Places): VpcColumns {
  const all = shards.map(({ vpcs }) => vpcs);
  return {
    vpcId: noTexts().concat(...all.map(({ vpcId }) => vpcId)),
    stateVersion: noTexts().concat(...all.map(({ stateVersion }) => stateVersion)),
    ownerId: joinText(
      all.map(({ ownerId }) => ownerId),
      places,
    ),
    region: joinText(
      all.map(({ region }) => region),
      places,
    ),
    viewer: joinText(
      all.map(({ viewer }) => viewer),
      places,
    ),
    firstObservedMs: joinNumbers(all.map(({ firstObservedMs }) => firstObservedMs)),
    observedMs: joinNumbers(all.map(({ observedMs }) => observedMs)),
    viewerCount: joinNumbers(all.map(({ viewerCount }) => viewerCount)),
    subnetCount: joinNumbers(all.map(({ subnetCount }) => subnetCount)),
    clusterCount: joinNumbers(all.map(({ clusterCount }) => clusterCount)),
  };
}

function joinSubnets(shards: readonly FleetShard[], places: Places): SubnetColumns {
  const all = shards.map(({ subnets }) => subnets);
  const text = (of: (columns: SubnetColumns) => TextColumn) => joinText(all.map(of), places);
  const number = (of: (columns: SubnetColumns) => NumberColumn) => joinNumbers(all.map(of));
  return {
    subnetId: noTexts().concat(...all.map(({ subnetId }) => subnetId)),
    availabilityZoneId: text(({ availabilityZoneId }) => availabilityZoneId),
    team: text(({ team }) => team),
    status: number(({ status }) => status),
    observedMs: number(({ observedMs }) => observedMs),
    baseAddress: number(({ baseAddress }) => baseAddress),
    availableIpAddressCount: number(({ availableIpAddressCount }) => availableIpAddressCount),
    usableAddressCount: number(({ usableAddressCount }) => usableAddressCount),
    usedAddressCount: number(({ usedAddressCount }) => usedAddressCount),
    freeAddressCount: number(({ freeAddressCount }) => freeAddressCount),
    reservedAddressCount: number(({ reservedAddressCount }) => reservedAddressCount),
    addressesLeft: number(({ addressesLeft }) => addressesLeft),
    maxPrefixCount: number(({ maxPrefixCount }) => maxPrefixCount),
    freePrefixCount: number(({ freePrefixCount }) => freePrefixCount),
    fragmentation: number(({ fragmentation }) => fragmentation),
    prefixesAreInUse: number(({ prefixesAreInUse }) => prefixesAreInUse),
    exhaustionP10: number(({ exhaustionP10 }) => exhaustionP10),
    exhaustionP50: number(({ exhaustionP50 }) => exhaustionP50),
    exhaustionP90: number(({ exhaustionP90 }) => exhaustionP90),
    clusterCount: number(({ clusterCount }) => clusterCount),
    cluster: text(({ cluster }) => cluster),
  };
}

function joinClusters(shards: readonly FleetShard[], places: Places): ClusterColumns {
  const all = shards.map(({ clusters }) => clusters);
  const text = (of: (columns: ClusterColumns) => TextColumn) => joinText(all.map(of), places);
  const number = (of: (columns: ClusterColumns) => NumberColumn) => joinNumbers(all.map(of));
  let firstSubnet = 0;
  const bindingSubnets = shards.map(({ clusters, subnets }) => {
    const first = firstSubnet;
    firstSubnet += subnets.subnetId.length;
    return clusters.bindingSubnet.map((row) => first + row);
  });
  return {
    clusterId: text(({ clusterId }) => clusterId),
    accountId: text(({ accountId }) => accountId),
    region: text(({ region }) => region),
    clusterName: text(({ clusterName }) => clusterName),
    team: text(({ team }) => team),
    version: text(({ version }) => version),
    status: number(({ status }) => status),
    observedMs: number(({ observedMs }) => observedMs),
    bindingSubnet: joinNumbers(bindingSubnets),
  };
}

function ownersOf(rows: readonly RowSlice[], count: number): Uint32Array {
  const owners = new Uint32Array(count);
  rows.forEach(({ start, end }, owner) => {
    owners.fill(owner, start, end);
  });
  return owners;
}
