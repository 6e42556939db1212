import pLimit from 'p-limit';
import type { VpcId } from '../domain/capacity/vpc-state.ts';
import { vpcText } from '../domain/capacity/vpc-text.ts';
import type { Instant } from '../domain/fact.ts';
import { findFleetScan } from './find-fleet-scan.ts';
import type { FleetEntry, FleetRevision, FleetStore, ShardContent } from './fleet-ports.ts';
import { FLEET_SHARD_COUNT } from './fleet-shard.ts';
import { fleetEntry } from './fleet-vpc.ts';
import { placeVpcs } from './place-vpcs.ts';
import type { JudgedVpc, LeaseStore, ReadOptions, RunReader, StateStore } from './store-ports.ts';
import { subnetAgeSeconds } from './subnet-age.ts';

export interface RollUpPorts {
  readonly states: Pick<StateStore, 'judgedVpcs' | 'readState'>;
  readonly fleet: Pick<FleetStore, 'beginRollUp' | 'readFleet'>;
  readonly runs: RunReader;
  readonly leases: LeaseStore;
  readonly clock: { now(): number };
  /** What is done when the fleet is rolled up, in this order and by its worker alone; absent where nothing is. */
  readonly followUps?: readonly FollowUp[];
}

/** One that throws is told of, and keeps neither the fleet nor the others from being done; the next roll-up tries again. */
export interface FollowUp {
  readonly name: string;
  /** Given how many days of history are asked for; `undefined` where none are in particular. */
  readonly run: (historyDays: number | undefined) => Promise<unknown>;
}

export interface RollUpRequest {
  readonly historyDays?: number | undefined;
  /** Told why a follow-up threw, or reading the ledger of the scan; that it did is in the summary. */
  readonly onFailure?: (what: string, cause: unknown) => void;
}

/**
 * - `rolled-up`: the fleet is that of the states as they were found.
 * - `busy`: another worker rolls up.
 * - `superseded`: another worker published a fleet meanwhile; what moved since is for the next roll-up.
 */
export interface RollUpSummary {
  readonly outcome: 'rolled-up' | 'busy' | 'superseded';
  /** VPCs that were ever judged, states that were read of them, and VPCs of the fleet that have no state any more. */
  readonly judgedVpcCount: number;
  readonly stateCount: number;
  readonly removedVpcCount: number;
  readonly writtenShardCount: number;
  /** Names of those that threw; `SCAN_LEDGER` where the fleet goes on resting on the scan that it had. */
  readonly failedFollowUps: readonly string[];
  /** How old nine in ten subnets are at the most; absent where there is none, or another worker knows. */
  readonly subnetAgeSeconds?: number;
}

export const ROLL_UP_LEASE = 'roll-up-fleet';
export const SCAN_LEDGER = 'scan-ledger';
/** Longer than a roll-up takes; a worker that stopped keeps the next one waiting for no longer. */
const LEASE_MS = 10 * 60_000;
/** Bounds what is in memory at once: the states of so many VPCs of so many shards. */
const SHARDS_AT_ONCE = 2;
const STATES_AT_ONCE = 16;
/** As of a moment before: what moved since is found by the next roll-up. What is to be removed is looked for once more. */
const MAY_BE_LATE: ReadOptions = { isConsistent: false };

/**
 * Brings the fleet up to the states: reads those that moved since, writes the shards they are in, and makes them visible at
 * once by publishing. Stopped anywhere it leaves the fleet before; run again it finishes. What follows from a fleet is done after.
 */
export async function rollUpFleet(ports: RollUpPorts, request: RollUpRequest = {}): Promise<RollUpSummary> {
  const token = await ports.leases.acquireLease(ROLL_UP_LEASE, LEASE_MS);
  if (token === undefined) {
    const nothing = { judgedVpcCount: 0, stateCount: 0, removedVpcCount: 0, writtenShardCount: 0 };
    return { outcome: 'busy', ...nothing, failedFollowUps: [] };
  }
  try {
    const rolledUp = await rollUp(ports, request);
    // Who was overtaken has lost the lease: whoever overtook does the rest.
    if (rolledUp.outcome !== 'rolled-up') {
      return rolledUp;
    }
    const failedFollowUps = [...rolledUp.failedFollowUps, ...(await followUp(ports, request))];
    const fleet = await ports.fleet.readFleet();
    const age = fleet === undefined ? undefined : subnetAgeSeconds(fleet, ports.clock.now());
    return { ...rolledUp, failedFollowUps, ...(age === undefined ? {} : { subnetAgeSeconds: age }) };
  } finally {
    await ports.leases.releaseLease(ROLL_UP_LEASE, token);
  }
}

async function followUp(
  { followUps = [] }: RollUpPorts,
  { historyDays, onFailure }: RollUpRequest,
): Promise<readonly string[]> {
  const failed: string[] = [];
  for (const { name, run } of followUps) {
    try {
      await run(historyDays);
    } catch (cause) {
      onFailure?.(name, cause);
      failed.push(name);
    }
  }
  return failed;
}

interface ShardOutcome {
  readonly stateCount: number;
  readonly removedVpcCount: number;
  readonly isWritten: boolean;
}

async function rollUp(ports: RollUpPorts, request: RollUpRequest): Promise<Omit<RollUpSummary, 'subnetAgeSeconds'>> {
  const { states, fleet, clock } = ports;
  const startedAt = new Date(clock.now()).toISOString();
  const [revision, judged] = await Promise.all([fleet.beginRollUp(), states.judgedVpcs(MAY_BE_LATE)]);
  const failedFollowUps = await keepScan(ports, revision, startedAt, request);
  const judgedByShard = placeVpcs(judged, revision.shards);
  const limitShards = pLimit(SHARDS_AT_ONCE);
  const limitStates = pLimit(STATES_AT_ONCE);
  const read: ReadEntries = (vpcs, options) =>
    Promise.all(vpcs.map((vpc) => limitStates(() => readEntry(states, vpc, options)))).then((entries) =>
      entries.filter((entry) => entry !== undefined),
    );
  const outcomes = await Promise.all(
    Array.from({ length: FLEET_SHARD_COUNT }, (_, shard) =>
      limitShards(() => rollUpShard(shard, judgedByShard.get(shard) ?? [], revision, read)),
    ),
  );
  // The time of the states is the one before they were listed: what moved since is not in this fleet for certain.
  const published = await revision.publish(startedAt);
  return {
    outcome: published === 'published' ? 'rolled-up' : 'superseded',
    judgedVpcCount: judged.length,
    stateCount: outcomes.reduce((sum, { stateCount }) => sum + stateCount, 0),
    removedVpcCount: outcomes.reduce((sum, { removedVpcCount }) => sum + removedVpcCount, 0),
    writtenShardCount: outcomes.filter(({ isWritten }) => isWritten).length,
    failedFollowUps,
  };
}

/** Puts beside the fleet which scan it rests on. What cannot be read of that keeps nobody from the fleet. */
async function keepScan(
  { runs }: RollUpPorts,
  revision: FleetRevision,
  now: Instant,
  { onFailure }: RollUpRequest,
): Promise<readonly string[]> {
  const failed: string[] = [];
  const scan = await findFleetScan(runs, revision.scan, now).catch((cause: unknown) => {
    onFailure?.(SCAN_LEDGER, cause);
    failed.push(SCAN_LEDGER);
    return revision.scan;
  });
  await revision.keepScan(scan);
  return failed;
}

type ReadEntries = (vpcs: readonly VpcId[], options?: ReadOptions) => Promise<FleetEntry[]>;

async function rollUpShard(
  shard: number,
  judged: readonly JudgedVpc[],
  revision: FleetRevision,
  read: ReadEntries,
): Promise<ShardOutcome> {
  const content = revision.shards[shard] ?? { vpcs: [], isAging: false };
  const versions = new Map(content.vpcs.map(({ vpc, stateVersion }) => [vpcText(vpc), stateVersion]));
  const moved = judged.filter(({ vpc, stateVersion }) => versions.get(vpcText(vpc)) !== stateVersion);
  const seen = await read(
    moved.map(({ vpc }) => vpc),
    MAY_BE_LATE,
  );
  const found = [...seen, ...(await read(withoutState(content, judged, moved, seen)))];
  const put = found.filter(({ row }) => versions.get(vpcText(row.vpc)) !== row.stateVersion);
  const remove = withoutState(content, judged, moved, found);
  const outcome = { stateCount: found.length, removedVpcCount: remove.length };
  if (put.length === 0 && remove.length === 0 && !content.isAging) {
    return { ...outcome, isWritten: false };
  }
  const written = await revision.writeShard(shard, { put, remove, isWhole: false });
  if (written === 'written') {
    return { ...outcome, isWritten: true };
  }
  // What the shard held is lost, but everything in it came from states.
  const everything = await read(judged.map(({ vpc }) => vpc));
  await revision.writeShard(shard, { put: everything, remove: [], isWhole: true });
  return { ...outcome, stateCount: found.length + everything.length, isWritten: true };
}

/** VPCs of a shard that were never judged, as far as is known now, or whose state has expired. */
function withoutState(
  { vpcs }: ShardContent,
  judged: readonly JudgedVpc[],
  moved: readonly JudgedVpc[],
  found: readonly FleetEntry[],
): VpcId[] {
  const withState = new Set(judged.map(({ vpc }) => vpcText(vpc)));
  for (const { vpc } of moved) {
    withState.delete(vpcText(vpc));
  }
  for (const { row } of found) {
    withState.add(vpcText(row.vpc));
  }
  return vpcs.map(({ vpc }) => vpc).filter((vpc) => !withState.has(vpcText(vpc)));
}

/** A state without subnets and clusters is kept as a row that nothing counts, so that it is not read again and again. */
async function readEntry(
  states: RollUpPorts['states'],
  vpc: VpcId,
  options?: ReadOptions,
): Promise<FleetEntry | undefined> {
  const stored = await states.readState(vpc, options);
  return stored === undefined ? undefined : fleetEntry(stored.state, stored.version);
}
