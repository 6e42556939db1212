import { CHARGED_FLEET_METRICS, CHARGED_METRICS } from '../../wiring/powertools-telemetry.ts';
import { ASSUMPTIONS } from './assumptions.ts';
import { DEPLOYED_PARTS } from './deployed-parts.ts';
import { type FleetShape, type FleetWork, fleetWork, HOURS_PER_MONTH } from './fleet-work.ts';
import { lambdaSeconds } from './lambda-seconds.ts';
import type { MeasuredUsage } from './measured-usage.ts';
import { PRICES, type PriceName } from './prices.ts';

export interface BillLine {
  readonly price: PriceName;
  readonly quantity: number;
  readonly usd: number;
}

export interface MonthlyBill {
  readonly shape: FleetShape;
  /** What Elbowroom itself costs in the hub account. */
  readonly lines: readonly BillLine[];
  readonly totalUsd: number;
  /** What others charge for the requests that it sends, where they are switched on. */
  readonly sideEffects: readonly BillLine[];
  /** What others would charge to watch the same addresses. */
  readonly peers: readonly BillLine[];
}

const MINUTES_PER_MONTH = HOURS_PER_MONTH * 60;
const BYTES_PER_GB = 1e9;
/** How long things are kept: `lib/store/facts-store.ts`, and the default of the settings for series. */
const KEPT_DAYS = { facts: 31, pulses: 30, series: 90 };
const KEPT_WEEKS = 56;
const KEPT_MONTHS = 13;
const HOURS_PER_DAY = 24;
const DAYS_PER_MONTH = HOURS_PER_MONTH / HOURS_PER_DAY;
/** Lambda asks a queue with so many pollers, each waiting 20 seconds: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html */
const POLLS_PER_MINUTE = 5 * 3;
const MESSAGES_OF_REQUEST = 10;
/** Settings are looked for, and DynamoDB asks for its key, every 5 minutes. https://docs.aws.amazon.com/kms/latest/developerguide/services-dynamodb.html */
const LOOKS_PER_MONTH = MINUTES_PER_MONTH / 5;
const CHEAPER_METRICS_FROM = 10_000;
/** One when it is attached, one when it goes: https://docs.aws.amazon.com/config/latest/developerguide/resource-config-reference.html */
const ITEMS_OF_INTERFACE = 2;

/** Returns what a fleet costs in a month of 730 hours, once everything is kept that is going to be. */
export function monthlyBill(shape: FleetShape, measured: MeasuredUsage): MonthlyBill {
  const work = fleetWork(shape, measured);
  const lines = [
    ...tableLines(work, measured),
    ...computeLines(work, measured),
    ...queueLines(work, measured),
    ...watchingLines(work, measured),
    line('apiRequest', ASSUMPTIONS.apiRequestsOfMonth.value),
    line('objectRead', DEPLOYED_PARTS.underSettings * ASSUMPTIONS.instancesOfFunction.value * LOOKS_PER_MONTH),
    line('keyRequest', DEPLOYED_PARTS.functions * ASSUMPTIONS.instancesOfFunction.value * LOOKS_PER_MONTH),
  ];
  return {
    shape,
    lines,
    totalUsd: lines.reduce((sum, { usd }) => sum + usd, 0),
    sideEffects: [line('guardDutyEvent', work.awsRequests), line('trailCopy', work.awsRequests)],
    peers: peerLines(work, measured),
  };
}

function line(price: PriceName, quantity: number): BillLine {
  const { usd, per } = PRICES[price];
  return { price, quantity, usd: (quantity * usd) / per };
}

function tableLines(
  work: FleetWork,
  { scan, pulsedVpc, judgement, forecastOfDay, rollUp, kept, region }: MeasuredUsage,
): BillLine[] {
  const { idleUnits, idleReadUnits, alertsOfRegionMonth, unitsOfAlert } = ASSUMPTIONS;
  const keptGb = (work.busyRegions * keptBytesOfRegion(kept) + keptBytesOfPulses(work, kept)) / BYTES_PER_GB;
  return [
    line(
      'writeUnit',
      work.busyScans * scan.writeUnits +
        work.pulsedVpcs * pulsedVpc.writeUnits +
        work.idleScans * idleUnits.value +
        work.busyRegions * alertsOfRegionMonth.value * unitsOfAlert.value,
    ),
    line(
      'readUnit',
      work.busyScans * scan.readUnits +
        work.pulsedVpcs * pulsedVpc.readUnits +
        work.judgements * judgement.alertReadUnits +
        work.forecasts * forecastOfDay.readUnits +
        work.rollUps * work.busyRegions * region.vpcs * rollUp.readUnitsOfListedVpc +
        work.idleScans * idleReadUnits.value +
        work.sweeps,
    ),
    line('tableStorage', keptGb),
    line('recovery', keptGb),
  ];
}

function keptBytesOfRegion(kept: MeasuredUsage['kept']): number {
  return (
    kept.factsInFullBytes * (KEPT_WEEKS + KEPT_DAYS.facts) +
    kept.factsOfHourBytes * HOURS_PER_DAY * KEPT_DAYS.facts +
    kept.seriesOfDayBytes * KEPT_DAYS.series +
    kept.roomOfMonthBytes * KEPT_MONTHS +
    kept.otherBytes
  );
}

function keptBytesOfPulses({ pulsedVpcs }: FleetWork, { pulseOfVpcBytes }: MeasuredUsage['kept']): number {
  return (pulsedVpcs / DAYS_PER_MONTH) * KEPT_DAYS.pulses * pulseOfVpcBytes;
}

function computeLines(work: FleetWork, measured: MeasuredUsage): BillLine[] {
  return [line('lambdaTime', lambdaSeconds(work, measured)), line('lambdaRequest', invocations(work))];
}

function invocations({ busyScans, idleScans, pulses, judgements, starts }: FleetWork): number {
  return (
    (busyScans + idleScans + pulses) / ASSUMPTIONS.targetsOfBatch.value +
    judgements / ASSUMPTIONS.judgementsOfBatch.value +
    starts +
    ASSUMPTIONS.apiRequestsOfMonth.value
  );
}

/** Messages are sent ten at a time, received and deleted a batch at a time; and queues are asked when there is nothing in them. */
function queueLines(
  { busyScans, idleScans, pulses, judgements, busyRegions, starts }: FleetWork,
  { region }: MeasuredUsage,
): BillLine[] {
  const { standard, fifo } = DEPLOYED_PARTS.workQueues;
  const targets = busyScans + idleScans + pulses;
  const polls = POLLS_PER_MINUTE * MINUTES_PER_MONTH;
  const receivedAndDeleted = 2;
  // A batch of targets sends what is to be judged together.
  const targetsOfBatch = ASSUMPTIONS.targetsOfBatch.value;
  const sendsOfTarget = Math.ceil((targetsOfBatch * region.vpcs) / MESSAGES_OF_REQUEST) / targetsOfBatch;
  return [
    line('queueRequest', targets * (1 / MESSAGES_OF_REQUEST + receivedAndDeleted / targetsOfBatch) + standard * polls),
    line(
      'fifoRequest',
      (busyScans + pulses) * sendsOfTarget +
        (judgements * receivedAndDeleted) / ASSUMPTIONS.judgementsOfBatch.value +
        fifo * polls,
    ),
    line('schedule', starts),
    // A hint and the transition itself.
    line('event', busyRegions * ASSUMPTIONS.alertsOfRegionMonth.value * 2),
  ];
}

function watchingLines(work: FleetWork, { log }: MeasuredUsage): BillLine[] {
  const targets = work.busyScans + work.idleScans + work.pulses;
  const targetBatches = targets / ASSUMPTIONS.targetsOfBatch.value;
  const batches = targetBatches + work.judgements / ASSUMPTIONS.judgementsOfBatch.value;
  const logBytes =
    (targets + work.judgements) * log.bytesOfMessage +
    batches * log.bytesOfBatch +
    invocations(work) * log.bytesOfInvocation +
    targetBatches * log.bytesOfMetrics;
  const logGb = logBytes / BYTES_PER_GB;
  const metricCount =
    CHARGED_METRICS.length * DEPLOYED_PARTS.targetFunctions +
    CHARGED_FLEET_METRICS.length +
    ASSUMPTIONS.apiMetrics.value;
  return [
    line('logIngestion', logGb),
    line('logStorage', logGb),
    line('metric', metricCount),
    line('alarm', DEPLOYED_PARTS.alarms),
    line('dashboard', DEPLOYED_PARTS.dashboards),
  ];
}

function peerLines({ busyRegions }: FleetWork, { region }: MeasuredUsage): BillLine[] {
  const interfaces = busyRegions * region.networkInterfaces;
  const subnets = busyRegions * region.subnets;
  return [
    line('ipamAddressHour', interfaces * region.addressesOfInterface * HOURS_PER_MONTH),
    line('configItem', interfaces * region.interfacesNewEachHour * HOURS_PER_MONTH * ITEMS_OF_INTERFACE),
    line('metric', Math.min(subnets, CHEAPER_METRICS_FROM)),
    line('metricBeyond10000', Math.max(0, subnets - CHEAPER_METRICS_FROM)),
  ];
}
