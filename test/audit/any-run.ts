import * as fc from 'fast-check';
import type { Run, RunAccount, TargetOutcome } from '../../lib/audit/store-ports.ts';
import { uniqueTargets } from '../../lib/audit/target-text.ts';
import { anOutcome, aPlan, NOT_SEEN } from '../store/audit-values.ts';

export const ACCOUNT_IDS = ['111122223333', '222233334444', '333344445555'];
const REGIONS = ['eu-west-1', 'us-east-1', 'ap-south-1'];

const PLANNED: Omit<RunAccount, 'accountId'> = {
  name: undefined,
  state: 'ACTIVE',
  organizationalUnitPaths: undefined,
  outcome: 'planned',
  notScannedReason: undefined,
  regionsNotEnabled: [],
  regionsLeftOut: [],
};

const aTarget = fc.record({ accountId: fc.constantFrom(...ACCOUNT_IDS), region: fc.constantFrom(...REGIONS) });
const someTargets = fc.array(aTarget, { maxLength: 9 }).map(uniqueTargets);
/** Some targets of three accounts that were planned, and some that ended, planned or not. */
export const anyRun: fc.Arbitrary<Run> = fc
  .record({
    planned: someTargets,
    ended: someTargets,
    states: fc.array(fc.constantFrom<TargetOutcome['state']>('finished', 'failed', 'missed'), {
      minLength: 9,
      maxLength: 9,
    }),
    minutes: fc.array(fc.integer({ min: 10, max: 59 }), { minLength: 9, maxLength: 9 }),
  })
  .map(({ planned, ended, states, minutes }) => ({
    plan: aPlan({
      accounts: ACCOUNT_IDS.map((accountId) => ({ ...PLANNED, accountId })),
      targets: planned,
    }),
    outcomes: ended.map((target, index) =>
      anOutcome({
        target,
        state: states[index] ?? 'finished',
        endedAt: `2026-11-23T08:${minutes[index]}:00.000Z`,
        vpcCount: index,
        clusterCount: 2 * index,
        notSeen:
          index % 2 === 0
            ? []
            : [{ ...NOT_SEEN, accountId: ACCOUNT_IDS[index % ACCOUNT_IDS.length], region: target.region }],
      }),
    ),
  }));
