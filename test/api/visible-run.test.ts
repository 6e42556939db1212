import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { visibleRun } from '../../lib/api/visible.ts';
import type { Run } from '../../lib/audit/store-ports.ts';
import { tallyRun } from '../../lib/audit/tally-run.ts';
import { ACCOUNT_IDS, anyRun } from '../audit/any-run.ts';

/** The ledger of a run without whatever is of other accounts. */
function ledgerOf({ plan, outcomes }: Run, visible: readonly string[]): Run {
  const isVisible = ({ accountId }: { readonly accountId: string | undefined }) =>
    accountId !== undefined && visible.includes(accountId);
  return {
    plan: {
      ...plan,
      caller: plan.caller !== undefined && isVisible(plan.caller) ? plan.caller : undefined,
      accounts: plan.accounts.filter(isVisible),
      targets: plan.targets.filter(isVisible),
      notSeen: plan.notSeen.filter(isVisible),
    },
    outcomes: outcomes
      .filter(({ target }) => isVisible(target))
      .map((outcome) => ({ ...outcome, notSeen: outcome.notSeen.filter(isVisible) })),
  };
}

describe('what is seen of a run', () => {
  it('is what a ledger without all other accounts would come to', () => {
    fc.assert(
      fc.property(anyRun, fc.subarray(ACCOUNT_IDS, { minLength: 1 }), (run, visible) => {
        expect(visibleRun(tallyRun(run), visible)).toEqual(tallyRun(ledgerOf(run, visible)));
      }),
    );
  });

  it('is nothing for who sees none of its accounts, and everything for who sees every one', () => {
    fc.assert(
      fc.property(anyRun, (run) => {
        const tally = tallyRun(run);
        expect(visibleRun(tally, [])).toBeUndefined();
        expect(visibleRun(tally, ['999999999999'])).toBeUndefined();
        expect(visibleRun(tally, undefined)).toBe(tally);
      }),
    );
  });
});
