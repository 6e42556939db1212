import pLimit from 'p-limit';
import type { VpcId } from '../domain/capacity/vpc-state.ts';
import type { CollectError, Instant } from '../domain/fact.ts';
import { instantMs } from '../domain/instant.ts';
import { joinSlices } from '../domain/join-slices.ts';
import type { FactName, RegionFacts, Target } from '../domain/region-facts.ts';
import type { Result } from '../domain/result.ts';
import { carryOver } from './carry-over.ts';
import { notSeenOf } from './coverage.ts';
import { joinRegion } from './join-region.ts';
import type { JudgeVpc, Outbox, ScanTarget } from './message-ports.ts';
import type { AccountEntrance, Caller } from './ports.ts';
import { scanRegion } from './scan-region.ts';
import { isPastSlot, parseSlot, type Slot, slotMs, slotText } from './slot.ts';
import type { DirectoryStore, FactsStore, SlotFacts, TargetMemory, TargetOutcome, TargetStore } from './store-ports.ts';
import { isWorthRetrying, missedOutcome, notEnteredOutcome } from './target-outcome.ts';
import { slicesOf, vpcIdOf } from './vpc-slices.ts';

/** Runs work once it fits beside what runs already. */
export type WeightLimit = <T>(weight: number, run: () => Promise<T>) => Promise<T>;

export interface ScanTargetPorts {
  /** Says whose credentials these are; asked of AWS once. */
  readonly caller: (signal: AbortSignal) => Promise<Result<Caller, CollectError>>;
  readonly entrance: AccountEntrance;
  readonly facts: FactsStore;
  readonly targets: TargetStore;
  readonly directory: DirectoryStore;
  readonly outbox: Pick<Outbox, 'scanTargets'>;
  /** Bounds what is in memory at once, by network interfaces: of a region a scan holds all of them, as known and as seen now. */
  readonly inMemory: WeightLimit;
  /** The facts without which a scan is incomplete. */
  readonly requiredFacts: readonly FactName[];
  readonly now: () => Instant;
}

export interface TargetResult {
  readonly outcome: TargetOutcome;
  /** Whether what failed may well succeed when it is tried again. */
  readonly retry: boolean;
  /** What is to be judged now. Whoever works on several targets sends all of it together. */
  readonly judge: readonly JudgeVpc[];
  /** Done once that is sent, so that a repeat sends it again where it was not; absent where nothing is left to do. */
  readonly afterSending?: () => Promise<void>;
}

/** What a target may hold that was never scanned with success: a quarter of the most that is held at once. A decision of this project. */
const INTERFACES_UNKNOWN = 25_000;
/** VPCs of one target that are written at once. */
const VPCS_AT_ONCE = 4;
const MS_PER_DAY = 86_400_000;

/**
 * Scans one account in one region: observes what is due, keeps it VPC by VPC as this account sees it, and returns every VPC as
 * to be judged. What could not be seen is an entry of the outcome and leaves what an earlier scan saw. Nothing is judged here.
 */
export async function scanTarget(
  message: ScanTarget,
  ports: ScanTargetPorts,
  signal: AbortSignal,
): Promise<TargetResult> {
  const { slot, target } = message;
  if (message.purpose === 'retire') {
    return retireTarget(message, ports);
  }
  if (isPastSlot(slot, ports.now())) {
    return done(missedOutcome(target, slot, ports.now()));
  }
  const { memory, lentVpcs } = await ports.targets.readTarget(target);
  if (memory !== undefined && isRepeat(memory, slot, lentVpcs)) {
    return { ...done(memory.outcome), judge: judgementsOf(memory.vpcs, message) };
  }
  return ports.inMemory(memory?.networkInterfaceCount ?? INTERFACES_UNKNOWN, async () => {
    const observed = await observe(message, { memory, lentVpcs }, ports, signal);
    if (!observed.ok) {
      const outcome = notEnteredOutcome(target, observed.error, ports.now());
      return { ...done(outcome), retry: isWorthRetrying(observed.error) };
    }
    return keep(message, memory, observed.value, ports);
  });
}

function done(outcome: TargetOutcome): TargetResult {
  return { outcome, retry: false, judge: [] };
}

/** A scan that came before its VPCs were lent to other accounts has not looked at them. */
function isRepeat({ scannedSlot, vpcs }: TargetMemory, slot: Slot, lentVpcs: readonly VpcId[]): boolean {
  const seen = new Set(vpcs.map(({ vpcId }) => vpcId));
  return scannedSlot === slotText(slot) && lentVpcs.every(({ vpcId }) => seen.has(vpcId));
}

interface Known {
  readonly memory: TargetMemory | undefined;
  readonly lentVpcs: readonly VpcId[];
}

interface Observation {
  /** What this scan saw. */
  readonly fresh: RegionFacts;
  /** The same, with what earlier scans saw where this one did not. */
  readonly facts: RegionFacts;
  /** What earlier scans saw, by VPC id. */
  readonly known: ReadonlyMap<string, SlotFacts>;
}

async function observe(
  { target, slot }: ScanTarget,
  { memory, lentVpcs }: Known,
  ports: ScanTargetPorts,
  signal: AbortSignal,
): Promise<Result<Observation, CollectError>> {
  const caller = await ports.caller(signal);
  if (!caller.ok) {
    return caller;
  }
  const entered = await ports.entrance.enter(caller.value, target.accountId, signal);
  if (!entered.ok) {
    return entered;
  }
  const known = await knownScans(memory, ports);
  // Where a VPC's facts are lost, what is known of the others does not say what was never due there.
  const isComplete = known.size > 0 && known.size === memory?.vpcs.length;
  const joined = isComplete ? joinSlices([...known.values()].map(({ facts }) => facts)) : undefined;
  const lentVpcIds = lentVpcs.map(({ vpcId }) => vpcId);
  const fresh = await scanRegion(entered.value, target, { slot, known: joined, lentVpcIds });
  return { ok: true, value: { fresh, facts: carryOver(joined, fresh), known } };
}

/**
 * As of a moment before, unless that is before what the memory was written for: a request is, and the first scan of a day. What
 * another scan observed since, and this one does not see, is due again.
 */
async function knownScans(
  memory: TargetMemory | undefined,
  { facts }: ScanTargetPorts,
): Promise<ReadonlyMap<string, SlotFacts>> {
  if (memory === undefined) {
    return new Map();
  }
  const { accountId } = memory.target;
  const noOlderThanMs = scannedMs(memory.scannedSlot);
  const scans = await Promise.all(
    memory.vpcs.map(async (vpc) => {
      const scan = await facts.latestScan(vpc, accountId, { isConsistent: false });
      const isRecent = scan !== undefined && slotMs(scan.slot) >= noOlderThanMs;
      return [vpc.vpcId, isRecent ? scan : await facts.latestScan(vpc, accountId)] as const;
    }),
  );
  return new Map(scans.flatMap(([vpcId, scan]) => (scan === undefined ? [] : [[vpcId, scan]])));
}

async function keep(
  message: ScanTarget,
  memory: TargetMemory | undefined,
  { fresh, facts, known }: Observation,
  ports: ScanTargetPorts,
): Promise<TargetResult> {
  const { target, slot } = message;
  const knownFacts = new Map([...known].map(([vpcId, scan]) => [vpcId, scan.facts]));
  const slices = isWithoutClusters(fresh) ? new Map<string, RegionFacts>() : slicesOf(facts, knownFacts, fresh);
  const before = memory?.vpcs ?? [];
  const vpcs = [...slices].map(([vpcId, slice]) => vpcIdOf(vpcId, slice, before));
  const limit = pLimit(VPCS_AT_ONCE);
  await Promise.all(
    [...slices].map(([vpcId, slice], index) =>
      limit(() => ports.facts.putFacts(vpcAt(vpcs, index), { slot, facts: slice }, known.get(vpcId))),
    ),
  );
  // By owner too: one whose owner could not be told at first was kept under the viewer's name.
  const left = before.filter((vpc) => !vpcs.some((seen) => seen.vpcId === vpc.vpcId && seen.ownerId === vpc.ownerId));
  await Promise.all(left.map((vpc) => limit(() => ports.facts.retireViewer(vpc, target.accountId, slot))));
  const announced = await announceForeignVpcs(message, { memory, slices, vpcs }, ports);
  const outcome = outcomeOf(target, { fresh, facts, vpcs }, ports);
  const clusterNames = [...facts.clusters.keys()];
  const firstClusterAt = memory?.firstClusterAt ?? (clusterNames.length > 0 ? fresh.startedAt : undefined);
  const scannedSlot = slotText(slot);
  const networkInterfaceCount = isWithoutClusters(fresh) ? 0 : interfaceCountOf(facts);
  const seen: TargetMemory = {
    target,
    scannedSlot,
    vpcs,
    clusterNames,
    firstClusterAt,
    announced,
    networkInterfaceCount,
    outcome,
  };
  const isRemembered = memory === undefined || isNews(memory, seen) || slot.kind === 'request';
  return {
    ...done(outcome),
    judge: judgementsOf([...vpcs, ...left], message),
    ...(isRemembered ? { afterSending: () => remember(seen, memory, ports) } : {}),
  };
}

/** A scan of the same slot that began later and has ended was sent for what this one did not know of: it is left to stand. */
async function remember(
  seen: TargetMemory,
  before: TargetMemory | undefined,
  { targets }: ScanTargetPorts,
): Promise<void> {
  const { memory } = await targets.readTarget(seen.target);
  const isOvertaken = memory?.scannedSlot === seen.scannedSlot && before?.scannedSlot !== seen.scannedSlot;
  if (!isOvertaken) {
    await targets.writeTarget(seen);
  }
}

function interfaceCountOf({ networkInterfaces }: RegionFacts): number | undefined {
  return networkInterfaces.state === 'observed' ? networkInterfaces.value.length : undefined;
}

/** What a scan came to is in its run's ledger; here it alone is no news, but for once a day, so that the memory does not expire. */
function isNews(before: TargetMemory, after: TargetMemory): boolean {
  return knowledgeText(before) !== knowledgeText(after);
}

function knowledgeText({ scannedSlot, vpcs, clusterNames, firstClusterAt, announced }: TargetMemory): string {
  const day = Math.floor(scannedMs(scannedSlot) / MS_PER_DAY);
  return JSON.stringify([day, vpcs, clusterNames, firstClusterAt, announced]);
}

function scannedMs(scannedSlot: string): number {
  const slot = parseSlot(scannedSlot);
  return slot === undefined ? Number.NaN : slotMs(slot);
}

/** Nothing else was asked for: the region has no clusters, and nobody else's live in its VPCs. */
function isWithoutClusters({ clusterNames, subnets }: RegionFacts): boolean {
  const isEmpty = clusterNames.state === 'observed' && clusterNames.value.length === 0;
  return isEmpty && subnets.state === 'unavailable' && subnets.error.code === 'not-due';
}

function vpcAt(vpcs: readonly VpcId[], index: number): VpcId {
  const vpc = vpcs[index];
  if (vpc === undefined) {
    throw new RangeError(`Cannot take VPC ${index} of ${vpcs.length}`);
  }
  return vpc;
}

function outcomeOf(
  target: Target,
  { fresh, facts, vpcs }: Pick<Observation, 'fresh' | 'facts'> & { readonly vpcs: readonly VpcId[] },
  { requiredFacts, now }: ScanTargetPorts,
): TargetOutcome {
  const { subnets } = joinRegion(target.region, [facts]);
  const ofClusters = subnets.filter(({ clusters }) => clusters.length > 0).map(({ subnet }) => subnet.subnetId);
  return {
    target,
    state: 'finished',
    endedAt: now(),
    vpcCount: vpcs.length,
    clusterCount: facts.clusters.size,
    notSeen: isWithoutClusters(fresh) ? [] : notSeenOf(fresh, requiredFacts, new Set(ofClusters)),
  };
}

/**
 * Tells the owners of VPCs that clusters of this account live in, once a day each, and has an owner that has just become one
 * scanned at once: until then nobody knows who uses its addresses.
 */
async function announceForeignVpcs(
  { slot, target }: ScanTarget,
  seen: {
    readonly memory: TargetMemory | undefined;
    readonly slices: ReadonlyMap<string, RegionFacts>;
    readonly vpcs: readonly VpcId[];
  },
  ports: ScanTargetPorts,
): Promise<TargetMemory['announced']> {
  const foreign = seen.vpcs.filter(
    ({ ownerId, vpcId }) => ownerId !== target.accountId && (seen.slices.get(vpcId)?.clusters.size ?? 0) > 0,
  );
  const announced: TargetMemory['announced'][number][] = [];
  for (const vpc of foreign) {
    const before = seen.memory?.announced.find((one) => one.vpc.vpcId === vpc.vpcId);
    if (before !== undefined && isYoungerThanADay(before.at, slot)) {
      announced.push(before);
      continue;
    }
    const isNews = await ports.targets.lendVpc(vpc, slot.at);
    // Where this account is new to it, whoever announced it first may have stopped before the owner was sent for.
    if (isNews || before === undefined) {
      await sendForOwner(vpc, slot, ports);
    }
    announced.push({ vpc, at: slot.at });
  }
  return announced;
}

function isYoungerThanADay(at: Instant, slot: Slot): boolean {
  const beforeMs = instantMs(at);
  const nowMs = instantMs(slot.at);
  return beforeMs !== undefined && nowMs !== undefined && nowMs - beforeMs < MS_PER_DAY;
}

/** An owner that no plan names cannot be entered: that its VPC is not seen is then said where it matters. */
async function sendForOwner({ ownerId, region }: VpcId, slot: Slot, ports: ScanTargetPorts): Promise<void> {
  const stored = await ports.directory.readDirectory();
  const owner = stored?.directory.targets.find((one) => one.accountId === ownerId && one.region === region);
  if (owner !== undefined) {
    await ports.outbox.scanTargets([{ message: { slot, target: owner, purpose: 'observe' }, delayMs: 0 }]);
  }
}

function judgementsOf(vpcs: readonly VpcId[], { slot, target }: ScanTarget): readonly JudgeVpc[] {
  return vpcs.map((vpc) => ({ vpc, viewerAccountId: target.accountId, slot }));
}

/**
 * Lets go of what a target saw that is no longer one: it left the organisation, was closed, or is out of scope. One that was
 * scanned for a later slot is one again, and this message is late.
 */
async function retireTarget(message: ScanTarget, ports: ScanTargetPorts): Promise<TargetResult> {
  const { slot, target } = message;
  const { memory } = await ports.targets.readTarget(target);
  const outcome: TargetOutcome = {
    target,
    state: 'finished',
    endedAt: ports.now(),
    vpcCount: 0,
    clusterCount: 0,
    notSeen: [],
  };
  if (memory === undefined || (await isScannedAfter(memory, slot, ports))) {
    return done(outcome);
  }
  for (const vpc of memory.vpcs) {
    await ports.facts.retireViewer(vpc, target.accountId, slot);
  }
  return {
    ...done(outcome),
    judge: judgementsOf(memory.vpcs, message),
    afterSending: () => ports.targets.forgetTarget(target),
  };
}

/** The memory says when something changed last; the facts say what was seen since. */
async function isScannedAfter(
  { target, scannedSlot, vpcs }: TargetMemory,
  slot: Slot,
  { facts }: ScanTargetPorts,
): Promise<boolean> {
  const scans = await Promise.all(vpcs.map((vpc) => facts.latestScan(vpc, target.accountId)));
  const times = scans.flatMap((scan) => (scan === undefined ? [] : [slotMs(scan.slot)]));
  return [scannedMs(scannedSlot), ...times].some((ms) => ms > slotMs(slot));
}
