import { ASSUMPTIONS } from './assumptions.ts';
import { DEPLOYED_PARTS } from './deployed-parts.ts';
import type { FleetWork } from './fleet-work.ts';
import type { MeasuredUsage } from './measured-usage.ts';

/** As much memory as goes with one core: https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html */
const MB_OF_CORE = 1769;
const MB_PER_GB = 1024;
const MS_PER_SECOND = 1000;

type FunctionName = keyof typeof DEPLOYED_PARTS.memoryMb;

/** Returns the GB-seconds that a month of work is billed: CPU time as measured on a core, and waiting as assumed. */
export function lambdaSeconds(
  work: FleetWork,
  { scan, judgement, pulse, forecastOfDay, rollUp, plan }: MeasuredUsage,
): number {
  const { awsAnswerMs, awsCallsInRow, awsCallsInRowIdle, idleCpuMs } = ASSUMPTIONS;
  const tableMs = (callsInRow: number) => ASSUMPTIONS.tableAnswerMs.value * callsInRow;
  // All of a batch wait side by side.
  const ofTarget = (cpuMs: number, callsInRow: number, name: FunctionName) =>
    gbSeconds(
      name,
      cpuMs,
      (callsInRow * awsAnswerMs.value + tableMs(scan.tableCallsInRow)) / ASSUMPTIONS.targetsOfBatch.value,
    );
  const judgementWaitMs = tableMs(judgement.tableCallsInRow) / ASSUMPTIONS.judgementsOfBatch.value;
  const regions = work.busyScans + work.idleScans;
  return (
    work.busyScans * ofTarget(scan.cpuMs, awsCallsInRow.value, 'scanTarget') +
    work.idleScans * ofTarget(idleCpuMs.value, awsCallsInRowIdle.value, 'scanTarget') +
    work.pulses * ofTarget(pulse.cpuMs, awsCallsInRowIdle.value, 'pulseTarget') +
    work.judgements * gbSeconds('judgeVpc', judgement.cpuMs, judgementWaitMs) +
    work.forecasts * gbSeconds('judgeVpc', forecastOfDay.cpuMs, 0) +
    work.busyScans * gbSeconds('rollUpFleet', rollUp.cpuMsOfScannedRegion, 0) +
    work.pulses * gbSeconds('rollUpFleet', rollUp.cpuMsOfPulsedRegion, 0) +
    regions * gbSeconds('planScan', plan.cpuMsOfRegion, 0) +
    ASSUMPTIONS.apiRequestsOfMonth.value * gbSeconds('api', 0, ASSUMPTIONS.apiMs.value) +
    work.sweeps * gbSeconds('notifySlack', 0, ASSUMPTIONS.sweepMs.value)
  );
}

/** With less memory than a core comes with, what computes takes longer. */
function gbSeconds(name: FunctionName, cpuMs: number, waitMs: number): number {
  const memoryMb = DEPLOYED_PARTS.memoryMb[name];
  return ((memoryMb / MB_PER_GB) * ((cpuMs * MB_OF_CORE) / memoryMb + waitMs)) / MS_PER_SECOND;
}
