import { at } from '../audit/fleet-columns.ts';
import { orderOfSubnet } from '../audit/fleet-figures.ts';
import type { FleetVpc } from '../audit/fleet-shard.ts';
import { compareTexts } from '../audit/id-column.ts';
import type { SubnetState } from '../domain/capacity/region-state.ts';
import { type ColumnList, decodeColumns, encodeColumns, openColumnList } from './column-codec.ts';
import { checkedValue } from './columns-document.ts';
import { joinBlocks, openBlocks } from './fleet-rest-codec.ts';
import { list, numeric, record, text } from './shape.ts';
import { subnetStateShape } from './state-shape.ts';

/** A subnet that lists begin with. */
export interface UrgentSubnet {
  readonly subnetId: string;
  /** Where lists have it, as `orderOfSubnet` gives it. */
  readonly order: number;
  /** All of it: who reads it need not look at the columns of the fleet. */
  readonly state: unknown;
}

/** Of 64 shards 768: a page of two hundred finds its own among them, also that of who sees half of the accounts. */
const SUBNETS_PER_SHARD_MAX = 12;
/** So many are opened at once: few that nobody asked for where a page takes one here and one there. */
const SUBNETS_PER_BLOCK = 16;

/** Returns the most urgent subnets of a shard, given its VPCs and what reads their states. That some may be stale by now is left out. */
export function urgentSubnets<V extends Pick<FleetVpc, 'subnets'>>(
  vpcs: readonly V[],
  stateOf: (vpc: V, index: number) => unknown,
): readonly UrgentSubnet[] {
  return vpcs
    .flatMap((vpc) =>
      vpc.subnets.map((subnet, index) => ({ subnetId: subnet.subnetId, order: orderOfSubnet(subnet), vpc, index })),
    )
    .sort(compareUrgent)
    .slice(0, SUBNETS_PER_SHARD_MAX)
    .map(({ subnetId, order, vpc, index }) => ({ subnetId, order, state: stateOf(vpc, index) }));
}

type Placed = Omit<UrgentSubnet, 'state'>;

function compareUrgent(a: Placed, b: Placed): number {
  return a.order - b.order || compareTexts(a.subnetId, b.subnetId);
}

/** By shard. */
export type UrgentSubnets = ReadonlyMap<number, readonly UrgentSubnet[]>;

const idsShape = list(text);
const placesShape = list(
  record<Pick<UrgentSubnet, 'order'> & { readonly shard: number }>({ shard: numeric, order: numeric }),
);

/**
 * Encodes the most urgent subnets of all shards: which they are, where they belong, then the states of the first few, of the next few
 * and so on. Who looks for some reads their ids and no more.
 */
export function encodeUrgentSubnets(byShard: UrgentSubnets): Uint8Array {
  const all = [...byShard]
    .flatMap(([shard, subnets]) => subnets.map((subnet) => ({ shard, ...subnet })))
    .sort(compareUrgent);
  return joinBlocks([
    encodeColumns(all.map(({ subnetId }) => subnetId)),
    encodeColumns(all.map(({ shard, order }) => ({ shard, order }))),
    ...Array.from({ length: blockOf(all.length - 1) + 1 }, (_, block) =>
      encodeColumns(all.filter((_, place) => blockOf(place) === block).map(({ state }) => state)),
    ),
  ]);
}

function blockOf(place: number): number {
  return Math.floor(place / SUBNETS_PER_BLOCK);
}

/** Decodes what `encodeUrgentSubnets` gave, to go on with some of it; throws where the bytes are anything else. */
export function decodeUrgentSubnets(bytes: Uint8Array): UrgentSubnets {
  const { blocks, ids, stateAt } = openUrgent(bytes);
  const places = checkedValue(
    { name: 'list of where the most urgent subnets belong', shape: placesShape },
    decodeColumns(blocks.at(1)),
  );
  if (places.length !== ids.length) {
    throw new Error(`there are ${ids.length} most urgent subnets, and places for ${places.length}`);
  }
  const all = places.map(({ shard, order }, place) => ({
    shard,
    subnet: { subnetId: at(ids, place), order, state: stateAt(place) },
  }));
  return new Map(
    [...Map.groupBy(all, ({ shard }) => shard)].map(([shard, of]) => [shard, of.map(({ subnet }) => subnet)]),
  );
}

/** Returns the state of a subnet by its id, or `undefined` where it is not among the most urgent. */
export type UrgentStates = (subnetId: string) => SubnetState | undefined;

/** Opens what `encodeUrgentSubnets` gave, for who needs few of them; throws where the bytes are anything else. */
export function openUrgentStates(bytes: Uint8Array): UrgentStates {
  const { ids, stateAt } = openUrgent(bytes);
  const places = new Map(ids.map((subnetId, place) => [subnetId, place]));
  const states = new Map<number, SubnetState>();
  return (subnetId) => {
    const place = places.get(subnetId);
    if (place === undefined) {
      return undefined;
    }
    const state =
      states.get(place) ?? checkedValue({ name: 'state of a subnet', shape: subnetStateShape }, stateAt(place));
    states.set(place, state);
    return state;
  };
}

/** The blocks before those of states: ids, and where they belong. */
const BLOCKS_BEFORE = 2;

/** Opens each block when something of it is asked for. */
function openUrgent(bytes: Uint8Array) {
  const blocks = openBlocks(bytes);
  const ids = checkedValue({ name: 'list of the most urgent subnets', shape: idsShape }, decodeColumns(blocks.at(0)));
  const opened = new Map<number, ColumnList>();
  return {
    blocks,
    ids,
    stateAt(place: number): unknown {
      const block = blockOf(place);
      const states = opened.get(block) ?? openColumnList(blocks.at(BLOCKS_BEFORE + block));
      opened.set(block, states);
      return states.at(place % SUBNETS_PER_BLOCK);
    },
  };
}
