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
/** So many are opened at once: a page of a hundred opens two blocks. */
const SUBNETS_PER_BLOCK = 64;

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
      encodeColumns(all.filter((_, place) => blockOf(place) === block).map(({ state }) => state)),
    ),
  ]);
}

function blockOf(place: number): number {
  return Math.floor(place / SUBNETS_PER_BLOCK);
}

/** Decodes what `encodeUrgentSubnets` gave, to go on with some of it; throws where the bytes are anything else. */
export function decodeUrgentSubnets(bytes: Uint8Array): UrgentSubnets {
  const { index, stateAt } = openUrgent(bytes);
  const all = index.map(({ shard, ...subnet }, place) => ({ shard, subnet: { ...subnet, state: stateAt(place) } }));
  return new Map(
    [...Map.groupBy(all, ({ shard }) => shard)].map(([shard, of]) => [shard, of.map(({ subnet }) => subnet)]),
  );
}

/** Returns the state of a subnet by its id, or `undefined` where it is not among the most urgent. */
export type UrgentStates = (subnetId: string) => SubnetState | undefined;

/** Opens what `encodeUrgentSubnets` gave, for who needs few of them; throws where the bytes are anything else. */
export function openUrgentStates(bytes: Uint8Array): UrgentStates {
  const { index, stateAt } = openUrgent(bytes);
  const places = new Map(index.map(({ subnetId }, place) => [subnetId, place]));
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

/** Opens each block when something of it is asked for. */
function openUrgent(bytes: Uint8Array) {
  const blocks = openBlocks(bytes);
  const index = checkedValue(
    { name: 'list of the most urgent subnets', shape: indexShape },
    decodeColumns(blocks.at(0)),
  );
  const opened = new Map<number, ColumnList>();
  return {
    index,
    stateAt(place: number): unknown {
      const block = blockOf(place);
      // The index is before them.
      const states = opened.get(block) ?? openColumnList(blocks.at(block + 1));
      opened.set(block, states);
      return states.at(place % SUBNETS_PER_BLOCK);
    },
  };
}
