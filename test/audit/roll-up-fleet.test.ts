import { describe, expect, it } from 'vitest';
import { type Fleet, subnetRowOf } from '../../lib/audit/fleet.ts';
import { homeShard } from '../../lib/audit/place-vpcs.ts';
import {
  type FollowUp,
  ROLL_UP_LEASE,
  type RollUpPorts,
  rollUpFleet,
  SCAN_LEDGER,
} from '../../lib/audit/roll-up-fleet.ts';
import type { LeaseStore } from '../../lib/audit/store-ports.ts';
import { summarizeFleet } from '../../lib/audit/summarize-fleet.ts';
import { tallyRun } from '../../lib/audit/tally-run.ts';
import type { VpcId, VpcState } from '../../lib/domain/capacity/vpc-state.ts';
import { idTexts } from '../helpers/id-texts.ts';
import { memoryFleetStore } from '../helpers/memory-fleet-store.ts';
import { memoryRunStore } from '../helpers/memory-stores.ts';
import { memoryVpcStores } from '../helpers/memory-vpc-stores.ts';
import { type RealisticFleet, realisticVpc } from '../helpers/realistic-fleet.ts';
import { anOutcome, aPlan } from '../store/audit-values.ts';

const NOW_MS = Date.parse('2026-11-23T08:30:00.000Z');
const FLEET: RealisticFleet = {
  vpcCount: 40,
  subnetsPerVpc: 3,
  clusterCount: 20,
  observedAt: '2026-11-23T08:00:00.000Z',
  seed: 3,
};
const STATES = Array.from({ length: FLEET.vpcCount }, (_, index) => realisticVpc(FLEET, index));
const [FIRST = realisticVpc(FLEET, 0)] = STATES;

function memoryLeases(): LeaseStore {
  const held = new Map<string, string>();
  let count = 0;
  return {
    async acquireLease(name) {
      if (held.has(name)) {
        return undefined;
      }
      count += 1;
      held.set(name, `token-${count}`);
      return `token-${count}`;
    },
    async releaseLease(name, token) {
      if (held.get(name) === token) {
        held.delete(name);
      }
    },
  };
}

async function aService(states: readonly VpcState[] = STATES) {
  const vpcStores = memoryVpcStores();
  const fleet = memoryFleetStore();
  const runs = memoryRunStore();
  const reads: string[] = [];
  const ports: RollUpPorts = {
    states: {
      judgedVpcs: vpcStores.states.judgedVpcs,
      readState: (vpc) => {
        reads.push(vpc.vpcId);
        return vpcStores.states.readState(vpc);
      },
    },
    fleet,
    runs,
    leases: memoryLeases(),
    clock: { now: () => NOW_MS },
  };
  const write = async (state: VpcState) => {
    const known = await vpcStores.states.readState(state.vpc);
    await vpcStores.states.writeState(state, known?.version);
  };
  for (const state of states) {
    await write(state);
  }
  const subnetStates = async () => {
    const now = await fleet.readFleet();
    const rows = [...(now?.subnets.status.keys() ?? [])];
    return now === undefined ? [] : fleet.subnetStates(now, rows);
  };
  return { ports, fleet, runs, reads, write, subnetStates, states: vpcStores.states };
}

function vpcIdsOf(fleet: Fleet | undefined): string[] {
  return fleet === undefined ? [] : idTexts(fleet.vpcs.vpcId);
}

function idsOf(states: readonly VpcState[]): string[] {
  return states.flatMap(({ subnets }) => subnets.map(({ subnet }) => subnet.subnetId)).sort();
}

describe('rolling up the fleet', () => {
  it('takes every state in, subnets and clusters', async () => {
    const { ports, fleet, subnetStates } = await aService();
    expect(await rollUpFleet(ports)).toEqual({
      outcome: 'rolled-up',
      judgedVpcCount: 40,
      stateCount: 40,
      removedVpcCount: 0,
      writtenShardCount: new Set(STATES.map(({ vpc }) => homeShard(vpc))).size,
      failedFollowUps: [],
      subnetAgeSeconds: expect.any(Number),
    });
    const rolledUp = await fleet.readFleet();
    expect(rolledUp?.rolledUpAt).toBe('2026-11-23T08:30:00.000Z');
    expect((await subnetStates()).map(({ subnet }) => subnet.subnetId).sort()).toEqual(idsOf(STATES));
    expect(rolledUp?.clusters.clusterId).toHaveLength(20);
  });

  it('reads nothing and writes no shard again where nothing moved, and says when that was', async () => {
    const { ports, fleet, reads } = await aService();
    await rollUpFleet(ports);
    const before = await fleet.readFleet();
    reads.length = 0;
    const again = await rollUpFleet({ ...ports, clock: { now: () => NOW_MS + 1_000 } });
    expect(again).toMatchObject({ outcome: 'rolled-up', stateCount: 0, writtenShardCount: 0 });
    expect(reads).toEqual([]);
    const after = await fleet.readFleet();
    expect(after?.rolledUpAt).toBe('2026-11-23T08:30:01.000Z');
    expect(after?.version).not.toBe(before?.version);
  });

  it('reads what moved, and writes the shard it is in', async () => {
    const { ports, fleet, reads, write, subnetStates } = await aService();
    await rollUpFleet(ports);
    reads.length = 0;
    await write({ ...FIRST, subnets: FIRST.subnets.slice(1) });
    expect(await rollUpFleet(ports)).toMatchObject({ stateCount: 1, writtenShardCount: 1 });
    expect(reads).toEqual([FIRST.vpc.vpcId]);
    expect(fleet.writtenShards.at(-1)).toBe(homeShard(FIRST.vpc));
    expect(await subnetStates()).toHaveLength(STATES.length * FLEET.subnetsPerVpc - 1);
  });

  it('lets a VPC go whose last subnet and cluster are gone, and does not read it again', async () => {
    const { ports, fleet, reads, write } = await aService();
    await rollUpFleet(ports);
    await write({ ...FIRST, subnets: [], clusters: [] });
    await rollUpFleet(ports);
    reads.length = 0;
    await rollUpFleet(ports);
    expect(reads).toEqual([]);
    const rolledUp = await fleet.readFleet();
    expect(rolledUp && subnetRowOf(rolledUp, FIRST.subnets[0]?.subnet.subnetId ?? '')).toBeUndefined();
    expect(rolledUp && summarizeFleet(rolledUp, {}, NOW_MS).totals.vpcCount).toBe(STATES.length - 1);
  });

  it('lets a VPC go whose state has expired, whether or not it is still listed', async () => {
    const { ports, fleet } = await aService();
    const judged = await ports.states.judgedVpcs();
    const others = judged.filter(({ vpc }) => vpc.vpcId !== FIRST.vpc.vpcId);
    const readState = async (vpc: VpcId) => (vpc.vpcId === FIRST.vpc.vpcId ? undefined : ports.states.readState(vpc));
    for (const listed of [others, [...others, { vpc: FIRST.vpc, stateVersion: 'newer' }]]) {
      await rollUpFleet(ports);
      expect(vpcIdsOf(await fleet.readFleet())).toContain(FIRST.vpc.vpcId);
      const states = { judgedVpcs: async () => listed, readState };
      expect(await rollUpFleet({ ...ports, states })).toMatchObject({ removedVpcCount: 1, writtenShardCount: 1 });
      expect(vpcIdsOf(await fleet.readFleet())).not.toContain(FIRST.vpc.vpcId);
    }
  });

  it('keeps a VPC of which a list or an answer of a moment before does not know', async () => {
    const { ports, fleet } = await aService();
    await rollUpFleet(ports);
    const states: typeof ports.states = {
      judgedVpcs: async () => [],
      readState: async (vpc, options) => (options?.isConsistent === false ? undefined : ports.states.readState(vpc)),
    };
    expect(await rollUpFleet({ ...ports, states })).toMatchObject({ removedVpcCount: 0, writtenShardCount: 0 });
    expect(vpcIdsOf(await fleet.readFleet())).toHaveLength(STATES.length);
  });

  it('writes an aging shard again, and a damaged one from all its states', async () => {
    const { ports, fleet, write, subnetStates } = await aService();
    await rollUpFleet(ports);
    fleet.age(homeShard(FIRST.vpc));
    expect(await rollUpFleet(ports)).toMatchObject({ stateCount: 0, writtenShardCount: 1 });
    fleet.damage(homeShard(FIRST.vpc));
    await write({ ...FIRST, settingsHash: 'other' });
    expect(await rollUpFleet(ports)).toMatchObject({ outcome: 'rolled-up', writtenShardCount: 1 });
    expect((await subnetStates()).map(({ subnet }) => subnet.subnetId).sort()).toEqual(idsOf(STATES));
  });

  it('is done by one at a time, and leaves the lease for the next even where it fails', async () => {
    const { ports } = await aService();
    const token = await ports.leases.acquireLease(ROLL_UP_LEASE, 1);
    expect(await rollUpFleet(ports)).toMatchObject({ outcome: 'busy', writtenShardCount: 0 });
    await ports.leases.releaseLease(ROLL_UP_LEASE, token ?? '');
    const failing = { ...ports.states, readState: () => Promise.reject(new Error('no state today')) };
    await expect(rollUpFleet({ ...ports, states: failing })).rejects.toThrow('no state today');
    expect(await rollUpFleet(ports)).toMatchObject({ outcome: 'rolled-up' });
  });

  it('leaves the fleet that another worker published meanwhile', async () => {
    const { ports, fleet, write } = await aService();
    await rollUpFleet(ports);
    await write({ ...FIRST, subnets: [] });
    let isOvertaken = false;
    const slow: RollUpPorts = {
      ...ports,
      leases: memoryLeases(),
      states: {
        ...ports.states,
        async readState(vpc) {
          if (!isOvertaken) {
            isOvertaken = true;
            await rollUpFleet(ports);
          }
          return ports.states.readState(vpc);
        },
      },
    };
    expect(await rollUpFleet(slow)).toMatchObject({ outcome: 'superseded' });
    expect((await fleet.readFleet())?.version).toBe('v2');
  });

  it('brings along the scan that the fleet rests on, and what came late of it', async () => {
    const { ports, fleet, runs } = await aService();
    const slot = { kind: 'scan', at: '2026-11-23T07:00:00.000Z' } as const;
    await runs.createRun(aPlan({ slot }));
    await rollUpFleet(ports);
    expect((await fleet.readFleet())?.scan).toEqual(tallyRun({ plan: aPlan({ slot }), outcomes: [] }));
    await runs.recordOutcomes(slot, [anOutcome()]);
    await rollUpFleet(ports);
    expect((await fleet.readFleet())?.scan).toEqual(tallyRun({ plan: aPlan({ slot }), outcomes: [anOutcome()] }));
  });

  it('rests on the scan before where the ledger of the newest cannot be read, and tells of it', async () => {
    const { ports, fleet, runs, write } = await aService();
    await runs.createRun(aPlan());
    await rollUpFleet(ports);
    const before = await fleet.readFleet();
    await write({ ...FIRST, subnets: [] });
    const told: unknown[] = [];
    const cause = new Error('damaged');
    const damaged = { ...runs, readRun: () => Promise.reject(cause) };
    const followUps = [{ name: 'fails', run: () => Promise.reject(cause) }];
    const summary = await rollUpFleet(
      { ...ports, runs: damaged, followUps },
      { onFailure: (...failure) => told.push(failure) },
    );
    expect(summary).toMatchObject({
      outcome: 'rolled-up',
      writtenShardCount: 1,
      failedFollowUps: [SCAN_LEDGER, 'fails'],
    });
    expect(told).toEqual([
      [SCAN_LEDGER, cause],
      ['fails', cause],
    ]);
    const after = await fleet.readFleet();
    expect([after?.version, after?.scan]).toEqual(['v2', before?.scan]);
    expect(after?.scan).toBeDefined();
  });

  it('does what follows while it holds the lease, after the fleet and one after the other', async () => {
    const { ports, fleet } = await aService();
    const done: unknown[] = [];
    const followUp = (name: string): FollowUp => ({
      name,
      async run(historyDays) {
        const isHeld = (await ports.leases.acquireLease(ROLL_UP_LEASE, 1)) === undefined;
        done.push([name, historyDays, isHeld, (await fleet.readFleet())?.version]);
      },
    });
    const followUps = [followUp('first'), followUp('second')];
    await rollUpFleet({ ...ports, followUps }, { historyDays: 30 });
    expect(done).toEqual([
      ['first', 30, true, 'v1'],
      ['second', 30, true, 'v1'],
    ]);
  });

  it('rolls up, and does the rest, where something of what follows fails, and tells of it', async () => {
    const { ports, fleet } = await aService();
    const told: unknown[] = [];
    const done: string[] = [];
    const cause = new Error('no history today');
    const followUps: readonly FollowUp[] = [
      { name: 'fails', run: () => Promise.reject(cause) },
      { name: 'works', run: async () => done.push('works') },
    ];
    const summary = await rollUpFleet({ ...ports, followUps }, { onFailure: (...failure) => told.push(failure) });
    expect(summary).toMatchObject({ outcome: 'rolled-up', failedFollowUps: ['fails'] });
    expect(told).toEqual([['fails', cause]]);
    expect(done).toEqual(['works']);
    expect(await fleet.readFleet()).toBeDefined();
  });

  it('leaves what follows to whoever holds the lease', async () => {
    const { ports } = await aService();
    const runs: string[] = [];
    const followUps = [{ name: 'counts', run: async () => runs.push('run') }];
    await ports.leases.acquireLease(ROLL_UP_LEASE, 1);
    await rollUpFleet({ ...ports, followUps });
    const overtaken = {
      ...ports,
      leases: memoryLeases(),
      fleet: {
        ...ports.fleet,
        beginRollUp: async () => ({ ...(await ports.fleet.beginRollUp()), publish: async () => 'superseded' as const }),
      },
    };
    expect(await rollUpFleet({ ...overtaken, followUps })).toMatchObject({ outcome: 'superseded' });
    expect(runs).toEqual([]);
  });
});
