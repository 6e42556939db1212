import { ASSUMPTIONS } from './assumptions.ts';
import { DEPLOYED_PARTS } from './deployed-parts.ts';
import type { MeasuredUsage } from './measured-usage.ts';

/** What is scanned every hour. */
export interface FleetShape {
  readonly accounts: number;
  /** Of each account. */
  readonly regions: number;
  /** Of the whole fleet; as many as were measured live in each region until there are none left. */
  readonly clusters: number;
  /** Regions with a subnet at risk: these are looked at between scans too. */
  readonly atRiskRegions: number;
}

/** How often a month has each piece of work. */
export interface FleetWork {
  /** Scans of regions with clusters, and of those without. */
  readonly busyScans: number;
  readonly idleScans: number;
  /** Of regions, and of VPCs in them. */
  readonly pulses: number;
  readonly pulsedVpcs: number;
  readonly judgements: number;
  /** Forecasts of VPCs, once a day. */
  readonly forecasts: number;
  /** Functions that the Scheduler starts; sweeps for alerts are among them. */
  readonly starts: number;
  readonly rollUps: number;
  readonly sweeps: number;
  readonly busyRegions: number;
  readonly awsRequests: number;
}

/** Of a year: 365 days in 12 months. */
export const HOURS_PER_MONTH = 730;
const HOURS_PER_DAY = 24;
const PULSES_PER_HOUR = 3;
/** A region that is not at risk is pulsed one day in so many, to learn how far it swings: `lib/audit/pulse-plan.ts`. */
const LEARNING_DAYS = 14;

/** `test/bench/pipeline-organization.ts`: of so many regions, in one VPC each. */
const AT_RISK_SHARE = 0.1;
const AT_RISK_VPCS = 1;

/** Returns how many clusters a fleet has, and how many of its regions are at risk, where nobody says so: as it was measured. */
export function measuredShape(accounts: number, regions: number, { region }: MeasuredUsage): FleetShape {
  const targets = accounts * regions;
  return { accounts, regions, clusters: targets * region.clusters, atRiskRegions: targets * AT_RISK_SHARE };
}

/** Returns what a fleet makes of work in a month. */
export function fleetWork(
  { accounts, regions, clusters, atRiskRegions }: FleetShape,
  measured: MeasuredUsage,
): FleetWork {
  const { plans, rollUps, sweeps } = DEPLOYED_PARTS.startsOfDay;
  const targets = accounts * regions;
  const busyRegions = Math.min(targets, clusters / measured.region.clusters);
  const atRisk = Math.min(atRiskRegions, busyRegions);
  const pulsesOfMonth = PULSES_PER_HOUR * HOURS_PER_MONTH;
  const pulses = (atRisk + (busyRegions - atRisk) / LEARNING_DAYS) * pulsesOfMonth;
  const vpcsAtRisk = atRisk * AT_RISK_VPCS;
  const pulsedVpcs = (vpcsAtRisk + (busyRegions * measured.region.vpcs - vpcsAtRisk) / LEARNING_DAYS) * pulsesOfMonth;
  const busyScans = busyRegions * HOURS_PER_MONTH;
  const idleScans = (targets - busyRegions) * HOURS_PER_MONTH;
  return {
    busyScans,
    idleScans,
    pulses,
    pulsedVpcs,
    judgements: busyScans * measured.region.vpcs + pulsedVpcs,
    forecasts: (busyScans * measured.region.vpcs) / HOURS_PER_DAY,
    starts: ((plans + rollUps + sweeps) * HOURS_PER_MONTH) / HOURS_PER_DAY,
    rollUps: (rollUps * HOURS_PER_MONTH) / HOURS_PER_DAY,
    sweeps: (sweeps * HOURS_PER_MONTH) / HOURS_PER_DAY,
    busyRegions,
    awsRequests:
      busyScans * measured.scan.awsRequests +
      pulses * measured.pulse.awsRequests +
      idleScans * ASSUMPTIONS.awsRequestsIdle.value,
  };
}
