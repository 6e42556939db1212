import { STALE_AFTER_MS, staleStatus } from '../domain/capacity/staleness.ts';
import { STATUSES, urgency } from '../domain/capacity/subnet-status.ts';
import { madeOnce } from '../domain/made-once.ts';
import type { FleetOutline } from './fleet.ts';
import { at } from './fleet-columns.ts';
import type { FleetSubnet, NumberColumn, StatusColumn } from './fleet-shard.ts';

/** What the fleet says at a moment: the status of each row with its age taken into account, and its place by urgency. */
export interface FleetFigures {
  readonly subnets: RowFigures;
  readonly clusters: RowFigures;
  readonly sums: Pick<RowFigures, 'isStale'>;
  /** True for every moment after the first and not after the second, in milliseconds. */
  readonly trueAfterMs: number;
  readonly trueUntilMs: number;
}

export interface RowFigures {
  /** The position by urgency; a stale row is `unknown` unless it is worse. */
  readonly status: Uint8Array;
  readonly isStale: Uint8Array;
  /** Sorts by urgency, then by the share of addresses left. */
  readonly order: Float64Array;
}

const known = new WeakMap<FleetOutline, FleetFigures>();

/** Returns the figures at `nowMs`. They are kept, per fleet, until the next row becomes stale. */
export function fleetFigures(fleet: FleetOutline, nowMs: number): FleetFigures {
  const last = known.get(fleet);
  if (last !== undefined && last.trueAfterMs < nowMs && nowMs <= last.trueUntilMs) {
    return last;
  }
  const figures = figuresAt(fleet, nowMs);
  known.set(fleet, figures);
  return figures;
}

function figuresAt(fleet: FleetOutline, nowMs: number): FleetFigures {
  // Each subnet is in a sum of its moment.
  const sums = staleAt(fleet.sums.observedMs, nowMs);
  const clusters = staleAt(fleet.clusters.observedMs, nowMs);
  const ofSubnets = madeOnce(() => subnetFigures(fleet, staleSubnets(fleet, sums.isStale, nowMs)));
  const ofClusters = madeOnce(() => clusterFigures(fleet, clusters.isStale));
  return {
    get subnets() {
      return ofSubnets();
    },
    get clusters() {
      return ofClusters();
    },
    sums: { isStale: sums.isStale },
    trueAfterMs: Math.max(sums.trueAfterMs, clusters.trueAfterMs),
    trueUntilMs: Math.min(sums.trueUntilMs, clusters.trueUntilMs),
  };
}

type Staleness = Pick<RowFigures, 'isStale'> & Pick<FleetFigures, 'trueAfterMs' | 'trueUntilMs'>;

/** A row whose time cannot be read is stale at every moment. */
function staleAt(observedMs: NumberColumn, nowMs: number): Staleness {
  const isStale = new Uint8Array(observedMs.length);
  let trueAfterMs = Number.NEGATIVE_INFINITY;
  let trueUntilMs = Number.POSITIVE_INFINITY;
  for (let row = 0; row < observedMs.length; row += 1) {
    const freshUntilMs = (observedMs[row] ?? Number.NaN) + STALE_AFTER_MS.subnets;
    if (nowMs <= freshUntilMs) {
      trueUntilMs = Math.min(trueUntilMs, freshUntilMs);
    } else {
      isStale[row] = STALE;
      // What cannot be read as a time compares with nothing.
      if (freshUntilMs > trueAfterMs) {
        trueAfterMs = freshUntilMs;
      }
    }
  }
  return { isStale, trueAfterMs, trueUntilMs };
}

const STALE = 1;

/** Says of each subnet what its VPC's sums say; where these differ each subnet's own time does. */
function staleSubnets(
  { vpcs, subnets, subnetsOfVpc }: FleetOutline,
  isStaleSum: Uint8Array,
  nowMs: number,
): Uint8Array {
  const isStale = new Uint8Array(subnets.status.length);
  let sum = 0;
  subnetsOfVpc.forEach(({ start, end }, vpc) => {
    const ofVpc = isStaleSum.subarray(sum, sum + at(vpcs.sumCount, vpc));
    sum += ofVpc.length;
    if (!ofVpc.includes(STALE)) {
      return;
    }
    if (ofVpc.every((one) => one === STALE)) {
      isStale.fill(STALE, start, end);
    } else {
      isStale.set(staleAt(subnets.observedMs.subarray(start, end), nowMs).isStale, start);
    }
  });
  return isStale;
}

function subnetFigures({ subnets }: FleetOutline, isStale: Uint8Array): RowFigures {
  const status = statusesShown(subnets.status, isStale);
  return rowFigures(status, isStale, () => {
    const { addressesLeft, usableAddressCount } = subnets;
    const order = new Float64Array(status.length);
    for (let row = 0; row < order.length; row += 1) {
      const ratio = ratioOf(addressesLeft[row] ?? Number.NaN, usableAddressCount[row] ?? Number.NaN);
      order[row] = orderOf(status[row] ?? Number.NaN, ratio);
    }
    return order;
  });
}

/** A cluster has the share that its binding subnet has. */
function clusterFigures(fleet: FleetOutline, isStale: Uint8Array): RowFigures {
  const status = statusesShown(fleet.clusters.status, isStale);
  return rowFigures(status, isStale, () => {
    const { bindingSubnet } = fleet.clusters;
    return Float64Array.from(status, (own, row) => {
      const subnet = at(bindingSubnet, row);
      return orderOf(own, Number.isNaN(subnet) ? undefined : addressesLeftRatio(fleet, subnet));
    });
  });
}

/** Totals need no order: it is made when a list asks for it. */
function rowFigures(status: Uint8Array, isStale: Uint8Array, makeOrder: () => Float64Array): RowFigures {
  const order = madeOnce(makeOrder);
  return {
    status,
    isStale,
    get order() {
      return order();
    },
  };
}

/** By urgency: the urgency that a stale row counts as. */
const STALE_URGENCY = STATUSES.map((status) => urgency(staleStatus(status)));

function statusesShown(status: StatusColumn, isStale: Uint8Array): Uint8Array {
  if (!isStale.includes(STALE)) {
    return status;
  }
  return status.map((own, row) => (isStale[row] === STALE ? (STALE_URGENCY[own] ?? own) : own));
}

/** The share that is left, 1 at most; `undefined` for a row without counts or without usable addresses. */
function ratioOf(addressesLeft: number, usableAddressCount: number): number | undefined {
  return usableAddressCount > 0 ? Math.min(1, addressesLeft / usableAddressCount) : undefined;
}

/** A ratio is 1 at most, so a row without one comes after all others of its urgency, and before the next urgency. */
const ORDER_WITHOUT_RATIO = 2;
const ORDER_PER_URGENCY = 4;

/** Returns a number that sorts by urgency, then by ratio. */
export function orderOf(urgencyOfRow: number, ratio: number | undefined): number {
  return urgencyOfRow * ORDER_PER_URGENCY + (ratio ?? ORDER_WITHOUT_RATIO);
}

/** Returns a number that sorts subnets as lists do while none of them is stale, but for their ids. */
export function orderOfSubnet({ status, counts }: Pick<FleetSubnet, 'status' | 'counts'>): number {
  return orderOf(urgency(status), counts && ratioOf(counts.addressesLeft, counts.usableAddressCount));
}

/** Returns the share of a subnet's usable addresses that is left, 0 to 1; `undefined` for a row without counts. */
export function addressesLeftRatio({ subnets }: Pick<FleetOutline, 'subnets'>, row: number): number | undefined {
  return ratioOf(at(subnets.addressesLeft, row), at(subnets.usableAddressCount, row));
}
