import { type FleetFigures, fleetFigures } from '../audit/fleet-figures.ts';
import type { Account } from '../audit/ports.ts';
import type { Run } from '../audit/store-ports.ts';
import type { ReadPorts } from './api-ports.ts';

/** All that answers over the fleet rest on: while this is the same they are. */
export interface AnswerBasis {
  /** Of a fleet, at a moment: others as soon as a row of it gets stale. */
  readonly figures: FleetFigures;
  readonly scan: Run | undefined;
  readonly accounts: ReadonlyMap<string, Account>;
  /** As text. */
  readonly history: string;
}

type BasisPorts = Pick<ReadPorts, 'fleets' | 'newestScan' | 'accounts' | 'history' | 'now'>;

/** Returns what an answer made now rests on; `undefined` before the first roll-up. What it is read from is kept for seconds. */
export async function readAnswerBasis({
  fleets,
  newestScan,
  accounts,
  history,
  now,
}: BasisPorts): Promise<AnswerBasis | undefined> {
  const [fleet, scan, known] = await Promise.all([fleets.readFleet(), newestScan(), accounts()]);
  return fleet === undefined
    ? undefined
    : { figures: fleetFigures(fleet, now()), scan, accounts: known, history: JSON.stringify(history()) };
}

export function isSameBasis(a: AnswerBasis, b: AnswerBasis): boolean {
  return a.figures === b.figures && a.scan === b.scan && a.accounts === b.accounts && a.history === b.history;
}
