import { orderOfSubnet } from '../audit/fleet-figures.ts';
import type { FleetSubnet, FleetVpc } from '../audit/fleet-shard.ts';
import { compareTexts } from '../audit/id-column.ts';
import type { SubnetState } from '../domain/capacity/region-state.ts';
import { type ColumnList, decodeColumns, encodeColumns, openColumnList } from './column-codec.ts';
import { checkedValue } from './columns-document.ts';
import { joinBlocks, openBlocks } from './fleet-rest-codec.ts';
import { type EncodedStates, openSubnetStates, type RowInVpc } from './fleet-state-codec.ts';
import { list, numeric, record, text } from './shape.ts';

/** A subnet that lists begin with. */
export interface UrgentSubnet {
  readonly subnetId: string;
  /** Where lists have it, as `orderOfSubnet` gives it. */
  readonly order: number;
  /** What `encodeFleetState` left of its state. */
  readonly rest: unknown;
}

/** Of 64 shards a thousand: a page of two hundred finds its own among them, also that of who sees half of the accounts. */
const SUBNETS_PER_SHARD_MAX = 16;
/** So many are opened at once: a page of a hundred opens two blocks. */
const SUBNETS_PER_BLOCK = 64;

/** Returns the most urgent subnets of a shard, its VPCs given with their encoded states. That some may be stale by now is left out. */
export function urgentSubnets(
  vpcs: readonly { readonly row: FleetVpc; readonly states: EncodedStates }[],
): readonly UrgentSubnet[] {
  return vpcs
    .flatMap(({ row, states }) =>
      row.subnets.map((subnet, index) => ({
        subnetId: subnet.subnetId,
        order: orderOfSubnet(subnet),
        rest: () => openColumnList(states.subnets).at(index),
      })),
    )
    .sort(compareUrgent)
    .slice(0, SUBNETS_PER_SHARD_MAX)
    .map((subnet) => ({ ...subnet, rest: subnet.rest() }));
}

type Placed = Omit<UrgentSubnet, 'rest'>;

function compareUrgent(a: Placed, b: Placed): number {
  return a.order - b.order || compareTexts(a.subnetId, b.subnetId);
}

/** By shard. */
export type UrgentSubnets = ReadonlyMap<number, readonly UrgentSubnet[]>;

const indexShape = list(
  record<Placed & { readonly shard: number }>({ shard: numeric, subnetId: text, order: numeric }),
);

/** Encodes the most urgent subnets of all shards: which they are, then the states of the first few, of the next few and so on. */
export function encodeUrgentSubnets(byShard: UrgentSubnets): Uint8Array {
  const all = [...byShard]
    .flatMap(([shard, subnets]) => subnets.map((subnet) => ({ shard, ...subnet })))
    .sort(compareUrgent);
  return joinBlocks([
    encodeColumns(all.map(({ shard, subnetId, order }) => ({ shard, subnetId, order }))),
    ...Array.from({ length: blockOf(all.length - 1) + 1 }, (_, block) =>
      encodeColumns(all.filter((_, place) => blockOf(place) === block).map(({ rest }) => rest)),
    ),
  ]);
}

function blockOf(place: number): number {
  return Math.floor(place / SUBNETS_PER_BLOCK);
}

/** Decodes what `encodeUrgentSubnets` gave, to go on with some of it; throws where the bytes are anything else. */
export function decodeUrgentSubnets(bytes: Uint8Array): UrgentSubnets {
  const { index, atPlace } = openUrgent<ColumnList>(bytes, openColumnList);
  const all = index.map(({ shard, ...subnet }, place) => ({
    shard,
    subnet: { ...subnet, rest: atPlace(place, (states, row) => states.at(row)) },
  }));
  return new Map(
    [...Map.groupBy(all, ({ shard }) => shard)].map(([shard, of]) => [shard, of.map(({ subnet }) => subnet)]),
  );
}

/** Some states of subnets by their ids. */
export interface UrgentStates {
  /** Returns the state of a subnet, or `undefined` where it is not among them. */
  stateOf(subnetId: string, rowOf: () => RowInVpc<FleetSubnet>): SubnetState | undefined;
}

/** Opens what `encodeUrgentSubnets` gave, for who needs few of them; throws where the bytes are anything else. */
export function openUrgentStates(bytes: Uint8Array): UrgentStates {
  const { index, atPlace } = openUrgent(bytes, openSubnetStates);
  const places = new Map(index.map(({ subnetId }, place) => [subnetId, place]));
  return {
    stateOf(subnetId, rowOf) {
      const place = places.get(subnetId);
      return place === undefined ? undefined : atPlace(place, (states, row) => states.at(row, rowOf));
    },
  };
}

/** Opens each block when something of it is asked for. */
function openUrgent<L>(bytes: Uint8Array, open: (block: Uint8Array) => L) {
  const blocks = openBlocks(bytes);
  const index = checkedValue(
    { name: 'list of the most urgent subnets', shape: indexShape },
    decodeColumns(blocks.at(0)),
  );
  const opened = new Map<number, L>();
  return {
    index,
    atPlace<T>(place: number, read: (states: L, row: number) => T): T {
      const block = blockOf(place);
      // The index is before them.
      const states = opened.get(block) ?? open(blocks.at(block + 1));
      opened.set(block, states);
      return read(states, place % SUBNETS_PER_BLOCK);
    },
  };
}
