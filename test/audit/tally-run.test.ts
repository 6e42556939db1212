import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Run, TargetOutcome } from '../../lib/audit/store-ports.ts';
import { runTotals, tallyRun } from '../../lib/audit/tally-run.ts';
import { targetText } from '../../lib/audit/target-text.ts';
import type { Target } from '../../lib/domain/region-facts.ts';
import { anOutcome, aPlan, NOT_SEEN } from '../store/audit-values.ts';
import { anyRun } from './any-run.ts';

/** What the ledger says, target by target. */
function totalsByTarget({ plan, outcomes }: Run) {
  const planned = new Set(plan.targets.map(targetText));
  const counted = outcomes.filter(({ target }) => planned.has(targetText(target)));
  const countOf = (state: TargetOutcome['state']) => counted.filter((one) => one.state === state).length;
  const sumOf = (field: 'vpcCount' | 'clusterCount') => counted.reduce((sum, outcome) => sum + outcome[field], 0);
  return {
    targetsExpected: plan.targets.length,
    targetsFinished: countOf('finished'),
    targetsFailed: countOf('failed'),
    targetsMissed: countOf('missed'),
    vpcCount: sumOf('vpcCount'),
    clusterCount: sumOf('clusterCount'),
    lastEndedAt: counted
      .map(({ endedAt }) => endedAt)
      .toSorted()
      .at(-1),
  };
}

describe('the tally of a run', () => {
  it('adds up to what its ledger says target by target', () => {
    fc.assert(
      fc.property(anyRun, (run) => {
        const { notSeen, ...totals } = runTotals(tallyRun(run));
        expect(totals).toEqual(totalsByTarget(run));
        const ofTargets = run.outcomes.flatMap((outcome) => outcome.notSeen);
        expect(new Set(notSeen)).toEqual(new Set([...run.plan.notSeen, ...ofTargets]));
        expect(notSeen).toHaveLength(run.plan.notSeen.length + ofTargets.length);
      }),
    );
  });

  it('names what is under way, so that that and what has ended are all that was planned', () => {
    fc.assert(
      fc.property(anyRun, (run) => {
        const tally = tallyRun(run);
        const { targetsExpected, targetsFinished, targetsFailed, targetsMissed } = runTotals(tally);
        expect(targetsFinished + targetsFailed + targetsMissed + tally.underWay.length).toBe(targetsExpected);
        const ended = run.outcomes.map(({ target }) => targetText(target));
        expect(tally.underWay.filter((target) => ended.includes(targetText(target)))).toEqual([]);
      }),
    );
  });

  it('has an account of a target that was not planned, with what failed there and without a count', () => {
    const target: Target = { accountId: '999900001111', region: 'eu-west-1' };
    const outcomes = [anOutcome({ target, notSeen: [NOT_SEEN] })];
    const { targets } = tallyRun({ plan: aPlan({ targets: [] }), outcomes });
    expect(targets).toEqual([
      {
        accountId: target.accountId,
        regions: [],
        finishedCount: 0,
        failedCount: 0,
        missedCount: 0,
        vpcCount: 0,
        clusterCount: 0,
        lastEndedAt: undefined,
        isScanned: true,
        notSeen: [NOT_SEEN],
      },
    ]);
  });
});
