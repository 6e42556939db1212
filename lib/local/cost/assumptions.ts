/** What no bench on one machine can measure. Each is shown with the bill. */
export const ASSUMPTIONS = {
  /** A Describe or List call from Lambda, in its own region or another one. */
  awsAnswerMs: { value: 150, why: 'milliseconds for an answer of EC2, EKS or STS, partly from far regions' },
  awsCallsInRow: { value: 4, why: 'calls of a scan that wait for each other: role, clusters, subnets, interfaces' },
  awsCallsInRowIdle: { value: 1.2, why: 'the same in a region without clusters, the role once for five regions' },
  awsRequestsIdle: {
    value: 2.2,
    why: 'requests to a region without clusters: two listings, and the role once for five regions',
  },
  tableAnswerMs: { value: 5, why: 'milliseconds for an answer of DynamoDB in its own region' },
  idleCpuMs: { value: 5, why: 'milliseconds of CPU time for a scan of a region without clusters' },
  idleUnits: { value: 0.2, why: 'write units of such a scan: its share of the ledger and of the list of targets' },
  idleReadUnits: { value: 1, why: 'read units of such a scan: what is known of the target' },
  targetsOfBatch: { value: 8, why: 'targets that Lambda hands over at once, of 10 at most in 20 seconds' },
  judgementsOfBatch: { value: 5, why: 'messages of VPCs that Lambda hands over at once, of 10 at most' },
  instancesOfFunction: {
    value: 5,
    why: 'instances of a function that live at the same time, each looking for settings and keys',
  },
  apiRequestsOfMonth: { value: 100_000, why: 'requests to the API: some dashboards and scripts' },
  apiMetrics: {
    value: 7,
    why: 'metrics of the API that are sent in every hour: six routes with a class of status each, and cold starts',
  },
  apiMs: { value: 60, why: 'milliseconds for a request to the API' },
  sweepMs: { value: 150, why: 'milliseconds for a sweep for alerts that finds none' },
  alertsOfRegionMonth: { value: 2, why: 'transitions of alerts in a region with clusters' },
  unitsOfAlert: { value: 12, why: 'write units of a transition that two subscribers confirm' },
} as const;
