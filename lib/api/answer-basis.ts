import type { FleetOutline } from '../audit/fleet.ts';
import { fleetFigures } from '../audit/fleet-figures.ts';
import type { ReadPorts } from './api-ports.ts';

/** All that an answer rests on: while each part is the same, so is what is answered to who may see the same. */
export type AnswerBasis = readonly unknown[];

type BasisPorts = Pick<ReadPorts, 'fleets' | 'history' | 'now'>;

/** As often as a new version of the fleet is looked for. */
const SERIES_KEPT_MS = 10_000;

/** Returns what answers over the fleet rest on that need all of it; `undefined` before the first roll-up. */
export async function fleetBasis(ports: BasisPorts): Promise<AnswerBasis | undefined> {
  return basisOf(await ports.fleets.readFleet(), ports);
}

/** The same, of answers that mostly need no more than its outline. */
export async function outlineBasis(ports: BasisPorts): Promise<AnswerBasis | undefined> {
  return basisOf(await ports.fleets.readOutline(), ports);
}

/** A fleet has its scan, and other figures as soon as a row of it gets stale. What all of it is read from is kept for seconds. */
function basisOf(fleet: FleetOutline | undefined, { now, history }: BasisPorts): AnswerBasis | undefined {
  if (fleet === undefined) {
    return undefined;
  }
  const { trueAfterMs, trueUntilMs } = fleetFigures(fleet, now());
  return [fleet.version, trueAfterMs, trueUntilMs, JSON.stringify(history())];
}

/** Returns what answers from series rest on: nothing says whether these went on, so they are read again every ten seconds. */
export async function seriesBasis({ now }: BasisPorts): Promise<AnswerBasis> {
  return [Math.floor(now() / SERIES_KEPT_MS)];
}

export function isSameBasis(a: AnswerBasis, b: AnswerBasis): boolean {
  return a.length === b.length && a.every((part, index) => Object.is(part, b[index]));
}
