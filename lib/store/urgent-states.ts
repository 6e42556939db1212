import { orderOfSubnet } from '../audit/fleet-figures.ts';
import type { FleetVpc } from '../audit/fleet-shard.ts';
import { compareTexts } from '../audit/id-column.ts';
import type { SubnetState } from '../domain/capacity/region-state.ts';
import { joinBlocks, openBlocks } from './blocks.ts';
import { type ColumnList, decodeColumns, encodeColumns, openColumnList } from './column-codec.ts';
import { checkedValue } from './columns-document.ts';
import { list, numeric, record, text } from './shape.ts';
import { subnetStateShape } from './state-shape.ts';

/** A subnet that lists begin with. */
export interface UrgentSubnet {
  /** Among the subnets of its shard. */
  readonly row: number;
  /** Where lists have it: by `orderOfSubnet`, then by its VPC. */
  readonly order: number;
  readonly vpcId: string;
  /** All of it: who reads it need not look at the columns of the fleet. */
  readonly state: unknown;
}

/** Of 64 shards 768: a page of two hundred finds its own among them, also that of who sees half of the accounts. */
const SUBNETS_PER_SHARD_MAX = 12;
/** So many are opened at once: few that nobody asked for where a page takes one here and one there. */
const SUBNETS_PER_BLOCK = 16;

/** Returns the most urgent subnets of a shard, given its VPCs and what reads their states. That some may be stale by now is left out. */
export function urgentSubnets<V extends Pick<FleetVpc, 'vpc' | 'subnets'>>(
  vpcs: readonly V[],
  stateOf: (vpc: V, index: number) => unknown,
): readonly UrgentSubnet[] {
  return vpcs
    .flatMap((of) =>
      of.subnets.map((subnet, index) => ({ order: orderOfSubnet(subnet), vpcId: of.vpc.vpcId, of, index })),
    )
    .map((subnet, row) => ({ row, ...subnet }))
    .sort(compareUrgent)
    .slice(0, SUBNETS_PER_SHARD_MAX)
    .map(({ row, order, vpcId, of, index }) => ({ row, order, vpcId, state: stateOf(of, index) }));
}

type Placed = Omit<UrgentSubnet, 'state'>;

function compareUrgent(a: Placed, b: Placed): number {
  return a.order - b.order || compareTexts(a.vpcId, b.vpcId) || a.row - b.row;
}

/** By shard. */
export type UrgentSubnets = ReadonlyMap<number, readonly UrgentSubnet[]>;

const placesShape = list(
  record<Placed & { readonly shard: number }>({ shard: numeric, row: numeric, order: numeric, vpcId: text }),
);

/**
 * Encodes the most urgent subnets of all shards: where they lie and belong, then the states of the first few, of the next few and so
 * on. Who looks for some reads where they lie and no more.
 */
export function encodeUrgentSubnets(byShard: UrgentSubnets): Uint8Array {
  const all = [...byShard]
    .flatMap(([shard, subnets]) => subnets.map((subnet) => ({ shard, ...subnet })))
    .sort(compareUrgent);
  return joinBlocks([
    encodeColumns(all.map(({ shard, row, order, vpcId }) => ({ shard, row, order, vpcId }))),
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
  const { places, stateAt } = openUrgent(bytes);
  const all = places.map(({ shard, ...subnet }, place) => ({ shard, subnet: { ...subnet, state: stateAt(place) } }));
  return new Map(
    [...Map.groupBy(all, ({ shard }) => shard)].map(([shard, of]) => [shard, of.map(({ subnet }) => subnet)]),
  );
}

/** Returns the state of a subnet by its shard and its row there, or `undefined` where it is not among the most urgent. */
export type UrgentStates = (shard: number, row: number) => SubnetState | undefined;

/** Opens what `encodeUrgentSubnets` gave, for who needs few of them; throws where the bytes are anything else. */
export function openUrgentStates(bytes: Uint8Array): UrgentStates {
  const { places, stateAt } = openUrgent(bytes);
  const placeOf = new Map(places.map(({ shard, row }, place) => [nameOf(shard, row), place]));
  const states = new Map<number, SubnetState>();
  return (shard, row) => {
    const place = placeOf.get(nameOf(shard, row));
    if (place === undefined) {
      return undefined;
    }
    const state =
      states.get(place) ?? checkedValue({ name: 'state of a subnet', shape: subnetStateShape }, stateAt(place));
    states.set(place, state);
    return state;
  };
}

function nameOf(shard: number, row: number): string {
  return `${shard}/${row}`;
}

/** Opens each block when something of it is asked for. */
function openUrgent(bytes: Uint8Array) {
  const blocks = openBlocks(bytes);
  const places = checkedValue(
    { name: 'list of where the most urgent subnets lie', shape: placesShape },
    decodeColumns(blocks.at(0)),
  );
  const opened = new Map<number, ColumnList>();
  return {
    places,
    stateAt(place: number): unknown {
      const block = blockOf(place);
      const states = opened.get(block) ?? openColumnList(blocks.at(1 + block));
      opened.set(block, states);
      return states.at(place % SUBNETS_PER_BLOCK);
    },
  };
}
