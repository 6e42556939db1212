import { readFileSync } from 'node:fs';
import * as z from 'zod';

const Figure = z.number().nonnegative();

/**
 * What a region with clusters takes as `npm run bench -- pipeline` measured it: the figures of `measured-usage.json`. Units are
 * DynamoDB's request units, bytes those of items and log lines with what AWS counts beside them.
 */
const MeasuredUsage = z.strictObject({
  measuredOn: z.iso.date(),
  source: z.string(),
  /** What no run printed just so. */
  workedOut: z.string(),
  region: z.strictObject({
    vpcs: Figure,
    subnets: Figure,
    clusters: Figure.positive(),
    networkInterfaces: Figure,
    addressesOfInterface: Figure,
    /** The share of them that no earlier hour knew. */
    interfacesNewEachHour: Figure,
  }),
  /** Of a region in an hour, its judgements and its share of the fleet included, but their CPU time. */
  scan: z.strictObject({
    awsRequests: Figure,
    writeUnits: Figure,
    readUnits: Figure,
    cpuMs: Figure,
    /** Requests to the table that wait for each other. */
    tableCallsInRow: Figure,
  }),
  /** Of one VPC; DynamoDB's units are those of scans and pulses, but for the alerts that are looked at. */
  judgement: z.strictObject({ cpuMs: Figure, tableCallsInRow: Figure, alertReadUnits: Figure }),
  /** Of a region that is pulsed once, but what is of its VPCs. */
  pulse: z.strictObject({ awsRequests: Figure, cpuMs: Figure }),
  /** Of a VPC of it, its judgement and its share of the run and the fleet included. */
  pulsedVpc: z.strictObject({ writeUnits: Figure, readUnits: Figure }),
  /** Of a VPC with 90 days of series, where the bench has one; CPU time is that of a few subnets in a hundred that may run out. */
  forecastOfDay: z.strictObject({ readUnits: Figure, cpuMs: Figure }),
  /** Each lists every VPC, which is apart from the units of scans and pulses. */
  rollUp: z.strictObject({ cpuMsOfScannedRegion: Figure, cpuMsOfPulsedRegion: Figure, readUnitsOfListedVpc: Figure }),
  plan: z.strictObject({ cpuMsOfRegion: Figure }),
  /** Of a region: facts in full, differences to them, pulses of a VPC, series, their least of a month, and what there is once. */
  kept: z.strictObject({
    factsInFullBytes: Figure,
    factsOfHourBytes: Figure,
    pulseOfVpcBytes: Figure,
    seriesOfDayBytes: Figure,
    roomOfMonthBytes: Figure,
    otherBytes: Figure,
  }),
  /** With 26 bytes that CloudWatch counts for each event, and Lambda's own lines about an invocation. */
  log: z.strictObject({
    bytesOfMessage: Figure,
    bytesOfBatch: Figure,
    bytesOfInvocation: Figure,
    bytesOfMetrics: Figure,
  }),
});
export type MeasuredUsage = z.infer<typeof MeasuredUsage>;

export function readMeasuredUsage(): MeasuredUsage {
  return MeasuredUsage.parse(JSON.parse(readFileSync(new URL('./measured-usage.json', import.meta.url), 'utf8')));
}
