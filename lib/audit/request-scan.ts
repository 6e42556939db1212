import type { Instant } from '../domain/fact.ts';
import type { Target } from '../domain/region-facts.ts';
import type { Outbox } from './message-ports.ts';
import type { RequestSlot } from './slot.ts';
import type { DirectoryReader, Run, RunStore } from './store-ports.ts';
import { targetText } from './target-text.ts';

export interface RequestScanPorts {
  readonly directory: DirectoryReader;
  readonly runs: Pick<RunStore, 'createRun' | 'listRuns' | 'readRun'>;
  readonly outbox: Pick<Outbox, 'scanTargets'>;
  readonly now: () => Instant;
}

export interface RequestedScan {
  readonly target: Target;
  /** Names the request: asking again by the same is the same run. */
  readonly requestId: string;
}

/** - `requested`: it is on its way. - `already-requested`: it was, and is sent once more. - `unknown-target`: nobody scans there. */
export type RequestScanOutcome =
  | { readonly outcome: 'requested' | 'already-requested'; readonly run: Run }
  | { readonly outcome: 'unknown-target' };

/** A request is repeated within minutes; a day of pulses and scans is 120 runs. */
const RUNS_LOOKED_THROUGH = 120;

/**
 * Has one account and region scanned now, in a run of its own. The run is kept before anything is sent, so a request that was
 * lost is missed and not forgotten; a scan that was done is not done again by a second message.
 */
export async function requestScan(
  { target, requestId }: RequestedScan,
  { directory, runs, outbox, now }: RequestScanPorts,
): Promise<RequestScanOutcome> {
  const known = (await directory.readDirectory())?.directory;
  const account = known?.accounts.find(({ accountId }) => accountId === target.accountId);
  if (account === undefined || !known?.targets.some((one) => targetText(one) === targetText(target))) {
    return { outcome: 'unknown-target' };
  }
  const earlier = await earlierSlot(requestId, runs);
  const at = now();
  const slot: RequestSlot = earlier ?? { kind: 'request', at, requestId };
  const plan = await runs.createRun({
    slot,
    plannedAt: at,
    caller: known.caller,
    accounts: [
      { ...account, outcome: 'planned', notScannedReason: undefined, regionsNotEnabled: [], regionsLeftOut: [] },
    ],
    targets: [target],
    pulsedVpcs: [],
    notSeen: [],
  });
  await outbox.scanTargets([{ message: { slot, target, purpose: 'observe' }, delayMs: 0 }]);
  const run = (await runs.readRun(slot)) ?? { plan, outcomes: [] };
  return { outcome: earlier === undefined ? 'requested' : 'already-requested', run };
}

async function earlierSlot(requestId: string, runs: RequestScanPorts['runs']): Promise<RequestSlot | undefined> {
  const slots = await runs.listRuns({ limit: RUNS_LOOKED_THROUGH });
  return slots.find((slot): slot is RequestSlot => slot.kind === 'request' && slot.requestId === requestId);
}
