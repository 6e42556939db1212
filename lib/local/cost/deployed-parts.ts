/** What of `infra/` a bill depends on. `test/infra/infra.test.ts` holds it to what is deployed. */
export const DEPLOYED_PARTS = {
  memoryMb: {
    planScan: 1024,
    scanTarget: 1024,
    pulseTarget: 512,
    judgeVpc: 1769,
    rollUpFleet: 1769,
    notifySlack: 512,
    api: 1769,
  },
  functions: 9,
  /** Those that count what their targets came to. */
  targetFunctions: 2,
  workQueues: { standard: 2, fifo: 1 },
  alarms: 22,
  dashboards: 1,
  /** Of the Scheduler, in a day. */
  startsOfDay: { plans: 96, rollUps: 96, sweeps: 576 },
  /** Functions that look for new settings. */
  underSettings: 7,
} as const;
