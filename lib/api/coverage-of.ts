import type { RunTally } from '../audit/tally-run.ts';
import { type BoundedMap, boundedMap } from '../domain/bounded-map.ts';
import type { CoverageSummaryView } from './coverage-summary-view.ts';
import { toCoverageSummaryView } from './to-coverage-summary-view.ts';
import { type VisibleAccounts, visibleRun } from './visible.ts';

/** Callers differ in the accounts that they may see. */
const SETS_MAX = 32;

interface Kept {
  readonly coverage: CoverageSummaryView | null;
}

const known = new WeakMap<RunTally, BoundedMap<Kept>>();

/**
 * Returns what a scan comes to for some accounts, `null` where there is none or it planned none of them. It is kept, since there may
 * be thousands of accounts.
 */
export function coverageOf(run: RunTally | undefined, visible: VisibleAccounts): CoverageSummaryView | null {
  if (run === undefined) {
    return null;
  }
  const sets = known.get(run) ?? boundedMap<Kept>(SETS_MAX);
  known.set(run, sets);
  const name = JSON.stringify(visible?.toSorted() ?? null);
  const kept = sets.get(name) ?? { coverage: summaryOf(run, visible) };
  sets.set(name, kept);
  return kept.coverage;
}

function summaryOf(run: RunTally, visible: VisibleAccounts): CoverageSummaryView | null {
  const seen = visibleRun(run, visible);
  return seen === undefined ? null : toCoverageSummaryView(seen);
}
