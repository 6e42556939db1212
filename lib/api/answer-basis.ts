import { fleetFigures } from '../audit/fleet-figures.ts';
import type { ReadPorts } from './api-ports.ts';

/** All that an answer rests on: while each part is the same, so is what is answered to who may see the same. */
export type AnswerBasis = readonly unknown[];

type BasisPorts = Pick<ReadPorts, 'fleets' | 'history' | 'now'>;

/** As often as a new version of the fleet is looked for. */
const SERIES_KEPT_MS = 10_000;

/**
 * Returns what answers over the fleet rest on, made now; `undefined` before the first roll-up. Figures are of a fleet, which has its
 * scan, and others as soon as a row of it gets stale. What all of it is read from is kept for seconds.
 */
export async function fleetBasis(ports: BasisPorts): Promise<AnswerBasis | undefined> {
  const fleet = await ports.fleets.readFleet();
  return fleet === undefined ? undefined : [fleetFigures(fleet, ports.now()), JSON.stringify(ports.history())];
}

/** Returns what answers from series rest on: nothing says whether these went on, so they are read again every ten seconds. */
export async function seriesBasis({ now }: BasisPorts): Promise<AnswerBasis> {
  return [Math.floor(now() / SERIES_KEPT_MS)];
}

export function isSameBasis(a: AnswerBasis, b: AnswerBasis): boolean {
  return a.length === b.length && a.every((part, index) => Object.is(part, b[index]));
}
