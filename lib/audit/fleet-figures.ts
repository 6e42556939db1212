import { STALE_AFTER_MS, staleStatus } from '../domain/capacity/staleness.ts';
import { STATUSES, urgency } from '../domain/capacity/subnet-status.ts';
import type { Fleet } from './fleet.ts';
import { at } from './fleet-columns.ts';
import type { FleetSubnet, NumberColumn } from './fleet-shard.ts';

/** What the fleet says at a moment: the status of each row with its age taken into account, and its place by urgency. */
export interface FleetFigures {
  readonly subnets: RowFigures;
  readonly clusters: RowFigures;
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

const known = new WeakMap<Fleet, FleetFigures>();

/** Returns the figures at `nowMs`. They are kept, per fleet, until the next row becomes stale. */
export function fleetFigures(fleet: Fleet, nowMs: number): FleetFigures {
  const last = known.get(fleet);
  if (last !== undefined && last.trueAfterMs < nowMs && nowMs <= last.trueUntilMs) {
    return last;
  }
  const figures = figuresAt(fleet, nowMs);
  known.set(fleet, figures);
  return figures;
}

function figuresAt(fleet: Fleet, nowMs: number): FleetFigures {
  const { subnets, clusters } = fleet;
  const ratios = addressesLeftRatios(fleet);
  const bindingRatios = clusters.bindingSubnet.map((subnet) => ratios[subnet] ?? Number.NaN);
  const first = rowFigures(subnets.status, subnets.observedMs, ratios, nowMs);
  const second = rowFigures(clusters.status, clusters.observedMs, bindingRatios, nowMs);
  return {
    subnets: first.figures,
    clusters: second.figures,
    trueAfterMs: Math.max(first.trueAfterMs, second.trueAfterMs),
    trueUntilMs: Math.min(first.trueUntilMs, second.trueUntilMs),
  };
}

/** By row of subnets; NaN where there is none. */
function addressesLeftRatios({ subnets }: Fleet): Float64Array {
  const { addressesLeft, usableAddressCount } = subnets;
  const ratios = new Float64Array(addressesLeft.length);
  for (let row = 0; row < ratios.length; row += 1) {
    ratios[row] = ratioOf(addressesLeft[row] ?? Number.NaN, usableAddressCount[row] ?? Number.NaN);
  }
  return ratios;
}

/** The share that is left, 1 at most; NaN for a row without counts or without usable addresses. */
function ratioOf(addressesLeft: number, usableAddressCount: number): number {
  return usableAddressCount > 0 ? Math.min(1, addressesLeft / usableAddressCount) : Number.NaN;
}

/** By urgency: the urgency that a stale row counts as. */
const STALE_URGENCY = STATUSES.map((status) => urgency(staleStatus(status)));

function rowFigures(
  status: NumberColumn,
  observedMs: NumberColumn,
  ratios: Float64Array,
  nowMs: number,
): { readonly figures: RowFigures; readonly trueAfterMs: number; readonly trueUntilMs: number } {
  const { length } = status;
  const figures: RowFigures = {
    status: new Uint8Array(length),
    isStale: new Uint8Array(length),
    order: new Float64Array(length),
  };
  let trueAfterMs = Number.NEGATIVE_INFINITY;
  let trueUntilMs = Number.POSITIVE_INFINITY;
  for (let row = 0; row < length; row += 1) {
    const freshUntilMs = (observedMs[row] ?? Number.NaN) + STALE_AFTER_MS.subnets;
    const isFresh = nowMs <= freshUntilMs;
    if (isFresh) {
      trueUntilMs = Math.min(trueUntilMs, freshUntilMs);
    } else if (freshUntilMs > trueAfterMs) {
      trueAfterMs = freshUntilMs;
    }
    const own = status[row] ?? Number.NaN;
    const shown = isFresh ? own : (STALE_URGENCY[own] ?? own);
    const ratio = ratios[row] ?? Number.NaN;
    figures.status[row] = shown;
    figures.isStale[row] = isFresh ? 0 : 1;
    figures.order[row] = orderOf(shown, Number.isNaN(ratio) ? undefined : ratio);
  }
  return { figures, trueAfterMs, trueUntilMs };
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
  const ratio = counts === undefined ? Number.NaN : ratioOf(counts.addressesLeft, counts.usableAddressCount);
  return orderOf(urgency(status), Number.isNaN(ratio) ? undefined : ratio);
}

/** Returns the share of a subnet's usable addresses that is left, 0 to 1; `undefined` for a row without counts. */
export function addressesLeftRatio({ subnets }: Pick<Fleet, 'subnets'>, row: number): number | undefined {
  const ratio = ratioOf(at(subnets.addressesLeft, row), at(subnets.usableAddressCount, row));
  return Number.isNaN(ratio) ? undefined : ratio;
}
