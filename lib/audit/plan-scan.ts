import type { CollectError } from '../domain/fact.ts';
import type { Target } from '../domain/region-facts.ts';
import { scopeNotSeen } from './coverage.ts';
import type { Outbox, PlanScan, ScanTarget } from './message-ports.ts';
import { type PulseCandidate, pulsePlan } from './pulse-plan.ts';
import {
  EMPTY_DIRECTORY,
  mergeDirectory,
  NOTHING_SEEN,
  type RefreshPorts,
  refreshDirectory,
  type SeenDirectory,
} from './refresh-directory.ts';
import { retireTargets } from './retire-targets.ts';
import { type ScanScope, scanPlan } from './scan-plan.ts';
import { isPastSlot, type ScheduledSlot, SLOT_INTERVAL_MS, scheduledSlot, slotMs } from './slot.ts';
import { delayOf, spreadOf } from './spread.ts';
import type { Directory, DirectoryStore, Run, RunPlan, RunStore } from './store-ports.ts';
import { missedOutcome } from './target-outcome.ts';
import { targetText, uniqueTargets } from './target-text.ts';
import { updateDirectory } from './update-directory.ts';

export interface PlanScanPorts extends RefreshPorts, ScanScope {
  readonly directoryStore: DirectoryStore;
  readonly runs: RunStore;
  readonly outbox: Pick<Outbox, 'scanTargets' | 'pulseTargets'>;
  /** Every VPC with clusters that the fleet knows. */
  readonly pulseCandidates: () => Promise<readonly PulseCandidate[]>;
  /** Over how many milliseconds an hourly scan is spread; 0 sends everything at once. */
  readonly spreadMs: number;
}

/** How many of each. */
export interface PlanScanSummary {
  readonly accounts: number;
  readonly targets: number;
  readonly retired: number;
  /** Messages, those of retired targets included. */
  readonly sent: number;
  /** Targets whose slot was over before anything was sent. */
  readonly missed: number;
  /** What the plan could not see. */
  readonly notSeen: number;
}

/**
 * Plans the run of a slot and sends its messages. The plan is kept before anything is sent, and the plan that stands is the
 * one that is sent: a repeat sends the same again, and finishes what a planner that died had begun. A slot that is over
 * sends nothing: its targets are missed.
 */
export async function planScan(message: PlanScan, ports: PlanScanPorts, signal: AbortSignal): Promise<PlanScanSummary> {
  const slot = scheduledSlot(message.kind, message.scheduledAt);
  const run = await ports.runs.readRun(slot);
  if (isPastSlot(slot, ports.now())) {
    return missRun(message, slot, run, ports);
  }
  const plan = run?.plan ?? (await createPlan(message, slot, ports, signal));
  await (slot.kind === 'pulse' ? sendPulses(slot, plan, ports) : sendScans(slot, plan.targets, 'observe', ports));
  const retired = slot.kind === 'scan' ? await sendRetired(slot, plan, ports) : 0;
  return { ...countsOf(plan), retired, sent: plan.targets.length + retired, missed: 0 };
}

function countsOf({ accounts, targets, notSeen }: RunPlan) {
  return { accounts: accounts.length, targets: targets.length, notSeen: notSeen.length };
}

/** Keeps a plan, and returns the one that stands. */
async function createPlan(
  message: PlanScan,
  slot: ScheduledSlot,
  ports: PlanScanPorts,
  signal: AbortSignal,
): Promise<RunPlan> {
  const plan = slot.kind === 'pulse' ? await planPulse(message, slot, ports) : await planRefreshed(slot, ports, signal);
  return ports.runs.createRun(plan);
}

/**
 * Refreshes the directory and plans from it. The directory holds every target of the plan before the plan stands, so that no
 * target is ever sent that a later plan would not find to retire.
 */
async function planRefreshed(slot: ScheduledSlot, ports: PlanScanPorts, signal: AbortSignal): Promise<RunPlan> {
  let seen: SeenDirectory | undefined;
  return updateDirectory(ports.directoryStore, async (known) => {
    seen ??= await refreshDirectory(known, slot, ports, signal);
    const refreshed = mergeDirectory(known, seen);
    const plan = scanPlan(slot, ports.now(), refreshed, seen, ports);
    return { directory: { ...refreshed, targets: uniqueTargets([...known.targets, ...plan.targets]) }, result: plan };
  });
}

async function planPulse(message: PlanScan, slot: ScheduledSlot, ports: PlanScanPorts): Promise<RunPlan> {
  const directory = await knownDirectory(ports);
  return pulsePlan(slot, ports.now(), directory, await ports.pulseCandidates(), message.pulseScope);
}

async function knownDirectory({ directoryStore }: PlanScanPorts): Promise<Directory> {
  return (await directoryStore.readDirectory())?.directory ?? EMPTY_DIRECTORY;
}

/**
 * Sends what the plan retires of the targets known, and forgets them: in this order, so that one that died in between sends
 * them again. Returns how many.
 */
async function sendRetired(slot: ScheduledSlot, plan: RunPlan, ports: PlanScanPorts): Promise<number> {
  const sent = new Set<string>();
  return updateDirectory(ports.directoryStore, async (known) => {
    // Asked after the directory was read: once the next slot has begun, it may hold targets of a newer plan, which retires itself.
    if (slotMs({ at: ports.now() }) >= slotMs(slot) + SLOT_INTERVAL_MS[slot.kind]) {
      return { directory: undefined, result: sent.size };
    }
    const { retired, kept } = retireTargets(plan, known.targets);
    const unsent = retired.filter((target) => !sent.has(targetText(target)));
    await sendScans(slot, unsent, 'retire', ports);
    for (const target of unsent) {
      sent.add(targetText(target));
    }
    return { directory: retired.length === 0 ? undefined : { ...known, targets: kept }, result: sent.size };
  });
}

async function sendScans(
  slot: ScheduledSlot,
  targets: readonly Target[],
  purpose: ScanTarget['purpose'],
  ports: PlanScanPorts,
): Promise<void> {
  if (targets.length > 0) {
    const delay = delaysOf(slot, ports);
    await ports.outbox.scanTargets(
      targets.map((target) => ({ message: { slot, target, purpose }, delayMs: delay(target) })),
    );
  }
}

async function sendPulses(slot: ScheduledSlot, { targets, pulsedVpcs }: RunPlan, ports: PlanScanPorts): Promise<void> {
  if (targets.length > 0) {
    const delay = delaysOf(slot, ports);
    const vpcsOfTarget = Map.groupBy(pulsedVpcs, ({ target }) => targetText(target));
    await ports.outbox.pulseTargets(
      targets.map((target) => {
        // A plan of an earlier version named no VPCs: its targets look at none.
        const vpcIds = (vpcsOfTarget.get(targetText(target)) ?? []).map(({ vpcId }) => vpcId);
        return { message: { slot, target, vpcIds }, delayMs: delay(target) };
      }),
    );
  }
}

function delaysOf(slot: ScheduledSlot, { now, spreadMs }: PlanScanPorts): (target: Target) => number {
  const spread = spreadOf(slot, spreadMs, now());
  return (target) => delayOf(target, spread);
}

/** Records what a run that nobody planned in time would have done, and that it was not. */
async function missRun(
  message: PlanScan,
  slot: ScheduledSlot,
  run: Run | undefined,
  ports: PlanScanPorts,
): Promise<PlanScanSummary> {
  const plan = run?.plan ?? (await ports.runs.createRun(await planMissed(message, slot, ports)));
  // A run that nobody had planned has no outcomes.
  const ended = new Set((run?.outcomes ?? []).map(({ target }) => targetText(target)));
  const missed = plan.targets.filter((target) => !ended.has(targetText(target)));
  const endedAt = ports.now();
  if (missed.length > 0) {
    await ports.runs.recordOutcomes(
      slot,
      missed.map((target) => missedOutcome(target, slot, endedAt)),
    );
  }
  return { ...countsOf(plan), retired: 0, sent: 0, missed: missed.length };
}

async function planMissed(message: PlanScan, slot: ScheduledSlot, ports: PlanScanPorts): Promise<RunPlan> {
  if (slot.kind === 'pulse') {
    return planPulse(message, slot, ports);
  }
  const seen = { ...NOTHING_SEEN, notSeen: [scopeNotSeen('accounts', tooLateError())] };
  return scanPlan(slot, ports.now(), await knownDirectory(ports), seen, ports);
}

function tooLateError(): CollectError {
  const message = 'Not asked: the slot was over before its scan was planned';
  return { action: 'organizations:ListAccounts', code: 'not-attempted', message, awsErrorName: undefined };
}
