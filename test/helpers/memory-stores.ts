import { compareTargets } from '../../lib/audit/compare-targets.ts';
import type { JudgeVpc, Outbox, PulseTarget, ScanTarget } from '../../lib/audit/message-ports.ts';
import { parseSlot, type Slot, slotMs, slotText } from '../../lib/audit/slot.ts';
import type {
  Directory,
  DirectoryStore,
  Run,
  RunPlan,
  RunStore,
  TargetMemory,
  TargetOutcome,
  TargetStore,
} from '../../lib/audit/store-ports.ts';
import { targetText } from '../../lib/audit/target-text.ts';
import type { VpcId } from '../../lib/domain/capacity/vpc-state.ts';

/**
 * The stores and the outbox in memory, with the semantics of their ports. What goes in and out is copied, as if it went through
 * a table: nobody shares an object with a store.
 */

const OUTCOME_RANKS: Readonly<Record<TargetOutcome['state'], number>> = { finished: 2, failed: 1, missed: 0 };

export function memoryRunStore(): RunStore {
  const plans = new Map<string, RunPlan>();
  const outcomes = new Map<string, Map<string, TargetOutcome>>();
  return {
    async createRun(plan) {
      const name = slotText(plan.slot);
      if (!plans.has(name)) {
        plans.set(name, structuredClone(plan));
      }
      return structuredClone(plans.get(name) ?? plan);
    },
    async recordOutcomes(slot, recorded) {
      const ofRun = outcomes.get(slotText(slot)) ?? new Map<string, TargetOutcome>();
      for (const outcome of structuredClone(recorded)) {
        const name = targetText(outcome.target);
        const known = ofRun.get(name);
        if (known === undefined || isBetter(outcome, known)) {
          ofRun.set(name, outcome);
        }
      }
      outcomes.set(slotText(slot), ofRun);
    },
    async readRun(slot): Promise<Run | undefined> {
      const plan = plans.get(slotText(slot));
      if (plan === undefined) {
        return undefined;
      }
      const ofRun = [...(outcomes.get(slotText(slot))?.values() ?? [])];
      return structuredClone({ plan, outcomes: ofRun.sort((a, b) => compareTargets(a.target, b.target)) });
    },
    async listRuns({ limit, before }) {
      const newestFirst = [...plans.values()].map(({ slot }) => slot).sort((a, b) => compareSlots(b, a));
      const from = before === undefined ? newestFirst : newestFirst.filter((slot) => compareSlots(slot, before) < 0);
      return structuredClone(from.slice(0, limit));
    },
  };
}

function isBetter(a: TargetOutcome, b: TargetOutcome): boolean {
  const ranks = OUTCOME_RANKS[a.state] - OUTCOME_RANKS[b.state];
  return ranks === 0 ? Date.parse(a.endedAt) > Date.parse(b.endedAt) : ranks > 0;
}

function compareSlots(a: Slot, b: Slot): number {
  return slotMs(a) - slotMs(b) || (slotText(a) < slotText(b) ? -1 : Number(slotText(a) > slotText(b)));
}

export interface MemoryDirectoryStore extends DirectoryStore {
  /** What is stored now. */
  readonly current: () => Directory | undefined;
}

export function memoryDirectoryStore(first?: Directory): MemoryDirectoryStore {
  let writes = 0;
  let stored = first === undefined ? undefined : { version: 'first', directory: structuredClone(first) };
  return {
    current: () => structuredClone(stored?.directory),
    readDirectory: async () => structuredClone(stored),
    async writeDirectory(directory, expectedVersion) {
      if (stored?.version !== expectedVersion) {
        return 'version-conflict';
      }
      writes += 1;
      stored = { version: `write-${writes}`, directory: structuredClone(directory) };
      return 'written';
    },
  };
}

/** Notes of lent VPCs do not expire here. */
export function memoryTargetStore(): TargetStore {
  const memories = new Map<string, TargetMemory>();
  const lent = new Map<string, Map<string, VpcId>>();
  return {
    async readTarget(target) {
      const memory = memories.get(targetText(target));
      return structuredClone({ memory, lentVpcs: [...(lent.get(targetText(target))?.values() ?? [])] });
    },
    async writeTarget(memory) {
      const name = targetText(memory.target);
      const known = memories.get(name);
      if (known === undefined || scannedMs(memory) >= scannedMs(known)) {
        memories.set(name, structuredClone(memory));
      }
    },
    async forgetTarget(target) {
      memories.delete(targetText(target));
    },
    async lendVpc(vpc) {
      const name = targetText({ accountId: vpc.ownerId, region: vpc.region });
      const ofOwner = lent.get(name) ?? new Map<string, VpcId>();
      lent.set(name, ofOwner);
      const isNews = !ofOwner.has(vpc.vpcId);
      ofOwner.set(vpc.vpcId, structuredClone(vpc));
      return isNews;
    },
  };
}

function scannedMs({ scannedSlot }: TargetMemory): number {
  const slot = parseSlot(scannedSlot);
  if (slot === undefined) {
    throw new Error(`Cannot order what is known of a target: "${scannedSlot}" is no slot`);
  }
  return slotMs(slot);
}

export interface RecordingOutbox extends Outbox {
  /** What was sent so far, in order. */
  readonly scans: readonly { readonly message: ScanTarget; readonly delayMs: number }[];
  readonly pulses: readonly { readonly message: PulseTarget; readonly delayMs: number }[];
  readonly judgements: readonly JudgeVpc[];
}

export function recordingOutbox(): RecordingOutbox {
  const scans: { readonly message: ScanTarget; readonly delayMs: number }[] = [];
  const pulses: { readonly message: PulseTarget; readonly delayMs: number }[] = [];
  const judgements: JudgeVpc[] = [];
  return {
    scans,
    pulses,
    judgements,
    async scanTargets(messages) {
      scans.push(...structuredClone(messages));
    },
    async pulseTargets(messages) {
      pulses.push(...structuredClone(messages));
    },
    async judgeVpcs(messages) {
      judgements.push(...structuredClone(messages));
    },
  };
}
