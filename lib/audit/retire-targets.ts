import type { Target } from '../domain/region-facts.ts';
import type { NotSeen } from './coverage.ts';
import type { RunPlan } from './store-ports.ts';
import { targetText } from './target-text.ts';

export interface Retirement {
  readonly retired: readonly Target[];
  readonly kept: readonly Target[];
}

/**
 * Divides targets that were planned before by a newer plan: retired are those that it leaves out on purpose, because the account
 * left the organisation, closed or went out of scope, or the region is not enabled or out of scope. What the plan leaves out
 * because something could not be seen is kept.
 */
export function retireTargets(plan: RunPlan, known: readonly Target[]): Retirement {
  const accounts = new Map(plan.accounts.map(({ accountId, outcome }) => [accountId, outcome]));
  const planned = new Set(plan.targets.map(targetText));
  const isListingComplete = !plan.notSeen.some(isOfListing);
  const isRetired = (target: Target): boolean => {
    if (planned.has(targetText(target))) {
      return false;
    }
    switch (accounts.get(target.accountId)) {
      case undefined:
        return isListingComplete;
      case 'not-seen':
        return false;
      case 'not-scanned':
      case 'planned':
        return true;
    }
  };
  return { retired: known.filter(isRetired), kept: known.filter((target) => !isRetired(target)) };
}

/** Without the caller nobody is listed. */
function isOfListing({ scope }: NotSeen): boolean {
  return scope === 'accounts' || scope === 'caller';
}
