import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SubnetState } from '../../lib/domain/capacity/region-state.ts';
import type { VpcState } from '../../lib/domain/capacity/vpc-state.ts';
import { type Engine, startDynalite } from '../helpers/dynamodb-engines.ts';
import { FAULT_COMPANY, truthAt } from './fault-company.ts';
import { type FaultRun, type Outcome, runWithFaults } from './fault-run.ts';
import { seedsOf } from './seeds.ts';

/**
 * The whole service over a morning in which, by a seed, requests to DynamoDB are lost before or after they are done, are sent
 * twice or are answered as of a moment before where that is allowed, AWS throttles, denies, breaks off and sends empty pages, messages come twice and in any order, two planners plan one
 * slot, and dead letters are sent again three hours later.
 *
 * `ELBOWROOM_FAULT_SEEDS=17` replays one seed, `1-1000` runs the full suite (`npm run test:faults`).
 */
const SEEDS_IN_CI = '1-24';
const ONE_SEED_MS = 60_000;

const seeds = seedsOf(process.env['ELBOWROOM_FAULT_SEEDS'] ?? SEEDS_IN_CI);

/**
 * What must be the same whatever happened on the way: all but when things were first seen, read last, or found gone, and VPCs
 * that hold nothing: one whose owner could not be told at first was kept under another's name, and let go of.
 */
function settled({ states }: Outcome): unknown {
  const held = states.filter(({ subnets, clusters }) => subnets.length + clusters.length > 0);
  return held.map(({ firstObservedAt: _first, gone, clusters, judgedFrom, ...state }) => ({
    ...state,
    clusters: clusters.map(({ cluster, nodegroups, fargateProfiles, addons, ...judged }) => ({
      ...judged,
      described: withoutTimes([cluster, nodegroups, fargateProfiles, addons]),
    })),
    // A pulse that was lost is told by nothing once a scan has come after it.
    judgedFrom: judgedFrom.map(({ viewerAccountId, scanSlot }) => [viewerAccountId, scanSlot]),
    // What came and went while nothing was seen cannot be known to be gone.
    goneNow: gone.filter(({ kind }) => kind === 'subnet').map(({ id }) => id),
  }));
}

function withoutTimes(value: unknown): unknown {
  if (value instanceof Map) {
    return [...value].map(([name, item]) => [name, withoutTimes(item)]);
  }
  if (Array.isArray(value)) {
    return value.map(withoutTimes);
  }
  return typeof value === 'object' && value !== null
    ? Object.fromEntries(
        Object.entries(value).flatMap(([name, item]) => (name === 'observedAt' ? [] : [[name, withoutTimes(item)]])),
      )
    : value;
}

/** Every number of a state is that of the moment it says it was observed at. */
function untrueSubnets(states: readonly VpcState[]): unknown[] {
  return states.flatMap(({ subnets }) => subnets.flatMap(untrueCounts));
}

function untrueCounts({ subnet, capacity, observedAt, networkInterfacesObservedAt }: SubnetState): unknown[] {
  const { subnetId } = subnet;
  const untrue: unknown[] = [];
  const say = (what: string, known: number, at: string, truth: number | undefined) => {
    if (known !== truth) {
      untrue.push({ subnetId, what, at, known, truth });
    }
  };
  say('available', subnet.availableIpAddressCount, observedAt, truthAt(observedAt).get(subnetId)?.available);
  if (capacity?.source === 'network-interfaces' && networkInterfacesObservedAt !== undefined) {
    const truth = truthAt(networkInterfacesObservedAt).get(subnetId)?.free;
    say('free', capacity.counts.freeAddressCount, networkInterfacesObservedAt, truth);
  }
  if (capacity?.pulse !== undefined) {
    const { availableIpAddressCount, observedAt: pulsedAt } = capacity.pulse;
    say('pulse', availableIpAddressCount, pulsedAt, truthAt(pulsedAt).get(subnetId)?.available);
  }
  return untrue;
}

function untrueSamples({ series }: Outcome): unknown[] {
  return [...series.values()].flat().flatMap(({ observedAt, points }) =>
    [...points].flatMap(([subnetId, { availableIpAddressCount, freeAddressCount }]) => {
      const truth = truthAt(observedAt).get(subnetId);
      const isTrue =
        availableIpAddressCount === truth?.available &&
        (freeAddressCount === undefined || freeAddressCount === truth.free);
      return isTrue ? [] : [{ subnetId, observedAt, availableIpAddressCount, freeAddressCount, truth }];
    }),
  );
}

function repeatedSamples({ series }: Outcome): unknown[] {
  return [...series].flatMap(([vpcId, samples]) => {
    const names = samples.map(({ observedAt, viewerAccountId, kind }) => [observedAt, viewerAccountId, kind].join(' '));
    return names.filter((name, index) => names.indexOf(name) !== index).map((name) => ({ vpcId, name }));
  });
}

/** A target that a run says was finished, and nothing of which was unseen, is as fresh as that run in every VPC it sees. */
function staleThoughFinished({ states, runs }: Outcome): unknown[] {
  const newest = runs.at(-1);
  return (newest?.outcomes ?? []).flatMap(({ target, state, notSeen, vpcCount }) => {
    const isClean = state === 'finished' && notSeen.length === 0 && vpcCount > 0;
    const owned = states.filter(({ vpc }) => vpc.ownerId === target.accountId);
    const isOld = ({ observedAt }: SubnetState) => observedAt < (newest?.plan.slot.at ?? '');
    return isClean && owned.some(({ subnets }) => subnets.some(isOld)) ? [target] : [];
  });
}

/** What an engine has stored stays in memory until it stops. */
const RUNS_PER_ENGINE = 25;

let engine: Engine;
let runCount = 0;
let expected: FaultRun;

async function freshEngine(): Promise<Engine> {
  runCount += 1;
  if (runCount % RUNS_PER_ENGINE === 0) {
    await engine.stop();
    engine = await startDynalite();
  }
  return engine;
}

beforeAll(async () => {
  engine = await startDynalite();
  expected = await runWithFaults(engine, undefined);
}, ONE_SEED_MS);

afterAll(() => engine.stop());

describe('the service without faults', () => {
  it('sees every VPC, its whole series, and lets go of the account that was closed', () => {
    const { states, series, runs, fleetIds } = expected.mended;
    const clusters = states.flatMap((state) => state.clusters.map(({ clusterName }) => clusterName));
    expect(clusters.sort()).toEqual(['loyalty-prod', 'payments-prod']);
    expect(states.flatMap(({ subnets }) => subnets).length).toBeGreaterThan(6);
    expect(untrueSubnets(states)).toEqual([]);
    expect(untrueSamples(expected.mended)).toEqual([]);
    expect([...series.values()].map((samples) => new Set(samples.map(({ observedAt }) => observedAt)).size)).toEqual([
      9, 10,
    ]);
    expect(runs.map(({ plan, outcomes }) => [plan.targets.length, outcomes.length])).toEqual([
      [5, 5],
      [5, 5],
      [5, 5],
      [4, 5],
      [4, 4],
      [4, 4],
    ]);
    expect(fleetIds.some((id) => id.startsWith(FAULT_COMPANY.logistics))).toBe(false);
    expect([expected.deadLetterCount, expected.awsFaultCount]).toEqual([0, 0]);
  });
});

describe('the service of a seed', () => {
  let faultCount = 0;
  let lateCount = 0;

  it.each(seeds)(
    '%d says nothing untrue while things go wrong, and ends as if nothing had',
    async (seed) => {
      const { broken, mended, tableFaults, awsFaultCount, ...run } = await runWithFaults(await freshEngine(), seed);
      faultCount += awsFaultCount + Object.values(tableFaults).reduce((sum, count) => sum + count, 0);
      lateCount += run.lateCount;
      expect(untrueSubnets(broken.states)).toEqual([]);
      expect(untrueSamples(broken)).toEqual([]);
      expect(settled(mended)).toEqual(settled(expected.mended));
      expect(mended.fleetIds).toEqual(expected.mended.fleetIds);
      expect(untrueSubnets(mended.states)).toEqual([]);
      expect(untrueSamples(mended)).toEqual([]);
      expect(repeatedSamples(mended)).toEqual([]);
      expect(staleThoughFinished(mended)).toEqual([]);
    },
    ONE_SEED_MS,
  );

  it.runIf(seeds.length >= 10)('met faults', () => {
    expect(faultCount).toBeGreaterThan(seeds.length);
    expect(lateCount).toBeGreaterThan(seeds.length);
  });
});
