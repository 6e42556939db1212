import type { RunView } from '../run-view.ts';

/** A run. */
export const RUN_EXAMPLE: RunView = {
  slot: 'pulse~2026-11-23T11:15:00.000Z',
  kind: 'pulse',
  scheduledAt: '2026-11-23T11:15:00.000Z',
  plannedAt: '2026-11-23T11:20:59.527Z',
  lastEndedAt: '2026-11-23T11:20:59.889Z',
  callerAccountId: '111111111111',
  partition: 'aws',
  targetsExpected: 17,
  targetsFinished: 17,
  targetsFailed: 0,
  targetsMissed: 0,
  targetsUnderWay: 0,
  vpcCount: 18,
  clusterCount: 19,
  accounts: [
    {
      accountId: '111111111111',
      accountName: 'Management',
      state: 'ACTIVE',
      outcome: 'planned',
      notScannedReason: null,
      regionsNotEnabled: [],
      regionsLeftOut: [],
    },
  ],
  isComplete: true,
  notSeen: [],
};
