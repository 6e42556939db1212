import { DeleteItemCommand, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { subnetRowOf } from '../../lib/audit/fleet.ts';
import type { FleetReader } from '../../lib/audit/fleet-ports.ts';
import { homeShard } from '../../lib/audit/place-vpcs.ts';
import { listFirstSubnets, listSubnets } from '../../lib/audit/query-fleet.ts';
import { rollUpFleet, SCAN_LEDGER } from '../../lib/audit/roll-up-fleet.ts';
import type { RunPlan } from '../../lib/audit/store-ports.ts';
import { summarizeFleet } from '../../lib/audit/summarize-fleet.ts';
import { type RunTally, tallyRun } from '../../lib/audit/tally-run.ts';
import type { VpcState } from '../../lib/domain/capacity/vpc-state.ts';
import { createFleetReader, createFleetStore } from '../../lib/store/fleet-store.ts';
import { type FleetWideGroup, readFleetVersion } from '../../lib/store/fleet-version.ts';
import { fleetChunkKey, fleetVersionKey, runPlanKey } from '../../lib/store/keys.ts';
import { createLeaseStore } from '../../lib/store/lease-store.ts';
import { createRunStore } from '../../lib/store/run-store.ts';
import { createStateStore } from '../../lib/store/state-store.ts';
import { sweepExpired } from '../../lib/store/sweep-expired.ts';
import type { StoreTable } from '../../lib/store/table.ts';
import type { Engine } from '../helpers/dynamodb-engines.ts';
import { type RealisticFleet, realisticVpc } from '../helpers/realistic-fleet.ts';
import { anOutcome, aPlan } from './audit-values.ts';
import { crashEverywhere, FAULT_PLACES } from './crash-everywhere.ts';
import { aTable, openTable, type TableUnderTest } from './table-under-test.ts';

const FLEET: RealisticFleet = {
  vpcCount: 3,
  subnetsPerVpc: 2,
  clusterCount: 3,
  observedAt: '2026-11-23T08:00:00.000Z',
  seed: 5,
};
const STATES = Array.from({ length: FLEET.vpcCount }, (_, index) => realisticVpc(FLEET, index));
const [FIRST = realisticVpc(FLEET, 0)] = STATES;
const CHANGED: VpcState = { ...FIRST, subnets: FIRST.subnets.slice(1), settingsHash: 'another' };
/** A shard of its own, of several kilobytes. */
const LARGE = realisticVpc({ ...FLEET, vpcCount: 1, subnetsPerVpc: 200 }, 0);
const DAY_MS = 86_400_000;
const LOOK_EVERY_MS = 10_000;
const HOUR_MS = 3_600_000;

async function write(table: StoreTable, state: VpcState): Promise<void> {
  const states = createStateStore(table);
  const known = await states.readState(state.vpc);
  const { outcome } = await states.writeState(state, known?.version);
  expect(outcome).toBe('written');
}

async function writeAll(table: StoreTable): Promise<void> {
  for (const state of STATES) {
    await write(table, state);
  }
}

function rollUp(table: StoreTable) {
  return rollUpFleet({
    states: createStateStore(table),
    fleet: createFleetStore(table),
    runs: createRunStore(table),
    leases: createLeaseStore(table),
    clock: table.clock,
  });
}

/** Plans a scan of one target at the time of the table's clock. */
async function planScan(table: StoreTable): Promise<RunPlan> {
  const at = new Date(table.clock.now()).toISOString();
  return createRunStore(table).createRun(aPlan({ slot: { kind: 'scan', at }, plannedAt: at }));
}

async function scanOf(table: StoreTable): Promise<RunTally | undefined> {
  return (await createFleetStore(table).readFleet())?.scan;
}

/** The key of the first item that holds a part of which a fleet has one, by the fleet's version. */
async function keyOf(table: StoreTable, group: FleetWideGroup) {
  const found = await readFleetVersion(table, { isConsistent: true });
  const generation = (found.kind === 'readable' && found.version[group]?.generation) || '';
  const { pk, sk } = fleetChunkKey(0, group, generation, 0);
  return { pk: { S: pk }, sk: { S: sk } };
}

/** Reads the states of the subnets that lists begin with, and what that took. */
async function readFirst(table: TableUnderTest, count: number) {
  const store = createFleetReader(table);
  const fleet = (await store.readFleet()) ?? expect.fail('there is no fleet');
  const { rows } = listSubnets(fleet, { filter: {}, limit: count, after: undefined }, table.clock.now());
  table.meter.reset();
  const states = await store.subnetStates(fleet, rows);
  return { texts: textsOf(states, []), requestCount: table.meter.total().requestCount };
}

async function writeUnitsOf(table: TableUnderTest, act: () => Promise<unknown>): Promise<number> {
  table.meter.reset();
  await act();
  return table.meter.total().writeUnits;
}

/** Every subnet that the outline of a fleet shows, whatever the order of its rows. */
async function outlinedSubnetsOf(table: StoreTable): Promise<string[]> {
  const store = createFleetReader(table);
  const outline = await store.readOutline();
  return outline === undefined
    ? []
    : textsOf(await store.subnetStates(outline, [...outline.subnets.status.keys()]), []);
}

/** Everything that a fleet shows, whatever the order of its rows. */
async function contentOf(table: StoreTable, store: FleetReader = createFleetReader(table)): Promise<string[]> {
  const fleet = await store.readFleet();
  if (fleet === undefined) {
    return [];
  }
  const subnets = await store.subnetStates(fleet, [...fleet.subnets.status.keys()]);
  const clusters = await store.clusterStates(
    fleet,
    Array.from(fleet.clusters.clusterId, (_, row) => row),
  );
  return textsOf(subnets, clusters);
}

function textsOf(subnets: readonly unknown[], clusters: readonly unknown[]): string[] {
  const plain = (_: string, value: unknown) => (value instanceof Map ? [...value] : sorted(value));
  return [...subnets, ...clusters].map((state) => JSON.stringify(state, plain)).sort();
}

/** Keys in one order: fields that were foretold come back after the others. */
function sorted(value: unknown): unknown {
  const isRecord = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isRecord ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value;
}

function subnetsOf(states: readonly VpcState[]): string[] {
  return textsOf(
    states.flatMap(({ subnets }) => subnets),
    [],
  );
}

function expectedOf(states: readonly VpcState[]): string[] {
  return textsOf(
    states.flatMap(({ subnets }) => subnets),
    states.flatMap(({ clusters }) => clusters),
  );
}

const BEFORE = expectedOf(STATES);
const AFTER = expectedOf([CHANGED, ...STATES.slice(1)]);
const BEFORE_SUBNETS = subnetsOf(STATES);
const AFTER_SUBNETS = subnetsOf([CHANGED, ...STATES.slice(1)]);

/** What the store of the fleet promises on every engine, with the roll-up and the stores it reads. */
export function fleetStoreContract(start: () => Promise<Engine>): void {
  let engine: Engine;
  beforeAll(async () => {
    engine = await start();
  });
  // An engine that did not start has nothing to stop.
  afterAll(() => engine?.stop());

  it('has no fleet before the first roll-up, and every state after it', async () => {
    const table = await aTable(engine);
    expect(await createFleetStore(table).readFleet()).toBeUndefined();
    await writeAll(table);
    expect(await rollUp(table)).toMatchObject({ outcome: 'rolled-up', stateCount: 3 });
    expect(await contentOf(table)).toEqual(BEFORE);
    const fleet = await createFleetStore(table).readFleet();
    expect(fleet && summarizeFleet(fleet, {}, table.clock.now()).totals).toMatchObject({ vpcCount: 3, subnetCount: 6 });
  });

  it('takes a state in that moved, and lets go what left', async () => {
    const table = await aTable(engine);
    await writeAll(table);
    await rollUp(table);
    await write(table, CHANGED);
    expect(await rollUp(table)).toMatchObject({ stateCount: 1, writtenShardCount: 1 });
    expect(await contentOf(table)).toEqual(AFTER);
    await write(table, { ...FIRST, subnets: [], clusters: [] });
    await rollUp(table);
    expect(await contentOf(table)).toEqual(expectedOf(STATES.slice(1)));
    expect(await rollUp(table)).toMatchObject({ stateCount: 0, writtenShardCount: 0 });
  });

  it('is looked at every ten seconds at most, and loads only shards that changed', async () => {
    const table = await aTable(engine);
    await writeAll(table);
    await rollUp(table);
    const reader = openTable(engine, table.tableName);
    const store = createFleetStore(reader);
    const [first, other] = await Promise.all([store.readFleet(), store.readFleet()]);
    expect(other).toBe(first);
    await write(table, CHANGED);
    await rollUp(table);
    reader.meter.reset();
    reader.passTime(LOOK_EVERY_MS - 1);
    expect(await store.readFleet()).toBe(first);
    expect(reader.meter.total().requestCount).toBe(0);
    reader.passTime(1);
    const second = await store.readFleet();
    expect(second?.version).not.toBe(first?.version);
    // The version, the core of one shard, and the most urgent subnets, which are a difference to those before.
    expect(reader.meter.total()).toMatchObject({ requestCount: 3, readUnits: 2 });
    expect(second && subnetRowOf(second, FIRST.subnets[0]?.subnet.subnetId ?? '')).toBeUndefined();
    reader.meter.reset();
    reader.passTime(LOOK_EVERY_MS);
    expect(await store.readFleet()).toBe(second);
    expect(reader.meter.total()).toMatchObject({ requestCount: 1, readUnits: 1 / 2 });
  });

  it('still gives the states of a fleet an hour after it was replaced', async () => {
    const table = await aTable(engine);
    await writeAll(table);
    await rollUp(table);
    const reader = openTable(engine, table.tableName);
    const store = createFleetStore(reader);
    const fleet = await store.readFleet();
    await write(table, CHANGED);
    await rollUp(table);
    table.passTime(HOUR_MS);
    await sweepExpired(table, { itemsMax: 1_000 });
    const row = (fleet && subnetRowOf(fleet, FIRST.subnets[0]?.subnet.subnetId ?? '')) ?? Number.NaN;
    expect(fleet && (await store.subnetStates(fleet, [row]))).toEqual([FIRST.subnets[0]]);
  });

  it('brings along the scan that it rests on, with what came late of it', async () => {
    const table = await aTable(engine);
    await writeAll(table);
    await rollUp(table);
    expect(await scanOf(table)).toBeUndefined();
    const plan = await planScan(table);
    await rollUp(table);
    expect(await scanOf(table)).toEqual(tallyRun({ plan, outcomes: [] }));
    await createRunStore(table).recordOutcomes(plan.slot, [anOutcome({ state: 'failed' })]);
    await rollUp(table);
    expect(await scanOf(table)).toEqual(tallyRun({ plan, outcomes: [anOutcome({ state: 'failed' })] }));
    await createRunStore(table).recordOutcomes(plan.slot, [anOutcome()]);
    await rollUp(table);
    expect(await scanOf(table)).toEqual(tallyRun({ plan, outcomes: [anOutcome()] }));
  });

  it('writes a scan where that changed, and loads it where it was written, with the shards', async () => {
    const table = await aTable(engine);
    await writeAll(table);
    const { slot } = await planScan(table);
    await createRunStore(table).recordOutcomes(slot, [anOutcome({ state: 'failed' })]);
    await rollUp(table);
    const reader = openTable(engine, table.tableName);
    const store = createFleetReader(reader);
    const first = await store.readFleet();
    // The version, and everything else by one.
    expect(reader.meter.total().requestCount).toBe(2);
    const { sk } = await keyOf(table, 'scan');
    await rollUp(table);
    expect((await keyOf(table, 'scan')).sk).toEqual(sk);
    reader.passTime(LOOK_EVERY_MS);
    reader.meter.reset();
    const second = await store.readFleet();
    expect(second).not.toBe(first);
    expect(second?.scan).toBe(first?.scan);
    expect(reader.meter.total().requestCount).toBe(1);
    await createRunStore(table).recordOutcomes(slot, [anOutcome()]);
    await rollUp(table);
    expect((await keyOf(table, 'scan')).sk).not.toEqual(sk);
    reader.passTime(LOOK_EVERY_MS);
    reader.meter.reset();
    expect((await store.readFleet())?.scan?.targets).toMatchObject([{ finishedCount: 1, failedCount: 0 }]);
    expect(reader.meter.total().requestCount).toBe(2);
  });

  it('says what the fleet rests on without reading it, by a request for its version and one for a scan that changed', async () => {
    const table = await aTable(engine);
    const reader = openTable(engine, table.tableName);
    const store = createFleetReader(reader);
    expect(await store.readBasis()).toBeUndefined();
    expect(reader.meter.total().requestCount).toBe(1);
    await writeAll(table);
    await rollUp(table);
    const basisAfter = async (passedMs: number) => {
      reader.passTime(passedMs);
      reader.meter.reset();
      const basis = await store.readBasis();
      return { basis, requestCount: reader.meter.total().requestCount };
    };
    expect(await basisAfter(LOOK_EVERY_MS - 1)).toEqual({ basis: undefined, requestCount: 0 });
    expect(await basisAfter(1)).toMatchObject({ basis: { scan: undefined }, requestCount: 1 });
    const plan = await planScan(table);
    await rollUp(table);
    const first = await basisAfter(LOOK_EVERY_MS);
    expect(first).toMatchObject({ basis: { scan: tallyRun({ plan, outcomes: [] }) }, requestCount: 2 });
    await write(table, CHANGED);
    await rollUp(table);
    const second = await basisAfter(LOOK_EVERY_MS);
    expect(second.requestCount).toBe(1);
    expect(second.basis?.version).not.toBe(first.basis?.version);
    expect(second.basis?.scan).toBe(first.basis?.scan);
    const fleet = await store.readFleet();
    expect(fleet).toMatchObject({ version: second.basis?.version, rolledUpAt: second.basis?.rolledUpAt });
    expect(await basisAfter(LOOK_EVERY_MS)).toEqual({ basis: fleet, requestCount: 1 });
  });

  it('reads its outline by a request for its version and one for all that lies together, and a shard where more is asked for', async () => {
    const table = await aTable(engine);
    expect(await createFleetReader(table).readOutline()).toBeUndefined();
    await writeAll(table);
    await write(table, LARGE);
    await planScan(table);
    await rollUp(table);
    const reader = openTable(engine, table.tableName);
    const store = createFleetReader(reader);
    const outline = (await store.readOutline()) ?? expect.fail('there is no outline');
    expect(reader.meter.total().requestCount).toBe(2);
    expect(await store.readBasis()).toBe(outline);
    const now = table.clock.now();
    const fleet = (await createFleetReader(table).readFleet()) ?? expect.fail('there is no fleet');
    expect(outline).toMatchObject({ version: fleet.version, rolledUpAt: fleet.rolledUpAt, scan: fleet.scan });
    expect(summarizeFleet(outline, {}, now)).toEqual(summarizeFleet(fleet, {}, now));
    const first = listFirstSubnets(outline, { filter: {}, limit: 100 }, now);
    expect(first.rows).toEqual(listSubnets(fleet, { filter: {}, limit: 100, after: undefined }, now).rows);
    reader.meter.reset();
    const { vpcId } = LARGE.vpc;
    const ofLarge = listFirstSubnets(outline, { filter: { vpcIds: [vpcId] }, limit: 200 }, now).rows;
    expect(textsOf(await store.subnetStates(outline, ofLarge.slice(0, 12)), [])).toHaveLength(12);
    expect(reader.meter.total().requestCount).toBe(0);
    expect(textsOf(await store.subnetStates(outline, ofLarge), [])).toEqual(textsOf(LARGE.subnets, []));
    expect(reader.meter.total().requestCount).toBe(1);
    // Who has the fleet needs no outline any more.
    const whole = await store.readFleet();
    expect(await store.readOutline()).toBe(whole);
    expect(await store.readBasis()).toBe(whole);
  });

  it('reads the outline again where the fleet changed, and not where it did not', async () => {
    const table = await aTable(engine);
    await writeAll(table);
    await rollUp(table);
    const reader = openTable(engine, table.tableName);
    const store = createFleetReader(reader);
    const first = await store.readOutline();
    const { sk } = await keyOf(table, 'outline');
    await rollUp(table);
    expect((await keyOf(table, 'outline')).sk).toEqual(sk);
    reader.passTime(LOOK_EVERY_MS);
    expect((await store.readOutline())?.version).not.toBe(first?.version);
    await write(table, CHANGED);
    await rollUp(table);
    expect((await keyOf(table, 'outline')).sk).not.toEqual(sk);
    reader.passTime(LOOK_EVERY_MS);
    expect((await store.readOutline())?.subnets.status).toHaveLength(5);
    expect(await outlinedSubnetsOf(table)).toEqual(AFTER_SUBNETS);
  });

  it('has no outline where that is lost, until the next roll-up made it again of the shards', async () => {
    const table = await aTable(engine);
    await writeAll(table);
    await rollUp(table);
    await table.client.send(new DeleteItemCommand({ TableName: table.tableName, Key: await keyOf(table, 'outline') }));
    await expect(createFleetStore(table).readOutline()).rejects.toThrow('is missing or damaged');
    expect(await contentOf(table)).toEqual(BEFORE);
    expect(await rollUp(table)).toMatchObject({ writtenShardCount: 0 });
    expect(await outlinedSubnetsOf(table)).toEqual(BEFORE_SUBNETS);
  });

  it('says what the fleet rests on as soon as it is published', async () => {
    const table = await aTable(engine);
    const store = createFleetStore(table);
    expect(await store.readBasis()).toBeUndefined();
    const revision = await store.beginRollUp();
    await revision.publish('2026-11-23T08:00:00.000Z');
    expect(await store.readBasis()).toMatchObject({ rolledUpAt: '2026-11-23T08:00:00.000Z' });
  });

  it('is read no more where its scan is lost, until the next roll-up made that again', async () => {
    const table = await aTable(engine);
    await writeAll(table);
    const plan = await planScan(table);
    await rollUp(table);
    await table.client.send(new DeleteItemCommand({ TableName: table.tableName, Key: await keyOf(table, 'scan') }));
    await expect(createFleetStore(table).readFleet()).rejects.toThrow('is missing or damaged');
    expect(await rollUp(table)).toMatchObject({ writtenShardCount: 0 });
    expect(await scanOf(table)).toEqual(tallyRun({ plan, outcomes: [] }));
  });

  it('reads the most urgent subnets of every shard at once, however they came there', async () => {
    const table = await aTable(engine);
    await writeAll(table);
    await rollUp(table);
    expect(await readFirst(table, 6)).toEqual({ texts: subnetsOf(STATES), requestCount: 0 });
    // The other two shards are not written again.
    await write(table, CHANGED);
    await rollUp(table);
    expect(await readFirst(table, 6)).toEqual({ texts: subnetsOf([CHANGED, ...STATES.slice(1)]), requestCount: 0 });
    await write(table, { ...FIRST, subnets: [], clusters: [] });
    await rollUp(table);
    expect(await readFirst(table, 6)).toEqual({ texts: subnetsOf(STATES.slice(1)), requestCount: 0 });
  });

  it('reads the others among all states of their shard', async () => {
    const table = await aTable(engine);
    await write(table, LARGE);
    await rollUp(table);
    expect((await readFirst(table, 12)).requestCount).toBe(0);
    expect((await readFirst(table, 13)).requestCount).toBe(1);
    expect(await readFirst(table, 200)).toEqual({ texts: textsOf(LARGE.subnets, []), requestCount: 1 });
  });

  it('is read no more where its most urgent subnets are lost, until the next roll-up', async () => {
    const table = await aTable(engine);
    await writeAll(table);
    await rollUp(table);
    await table.client.send(new DeleteItemCommand({ TableName: table.tableName, Key: await keyOf(table, 'urgent') }));
    await expect(createFleetStore(table).readFleet()).rejects.toThrow('is missing or damaged');
    expect(await rollUp(table)).toMatchObject({ writtenShardCount: 0 });
    expect(await contentOf(table)).toEqual(BEFORE);
    // What lies in shards that are written is among them again.
    await write(table, CHANGED);
    await rollUp(table);
    expect(await readFirst(table, 1)).toMatchObject({ texts: [expect.any(String)] });
    expect(await contentOf(table)).toEqual(AFTER);
  });

  it('is rolled up, and keeps the scan that it had, where the ledger of the newest is damaged', async () => {
    const table = await aTable(engine);
    await writeAll(table);
    const plan = await planScan(table);
    await createRunStore(table).recordOutcomes(plan.slot, [anOutcome()]);
    await rollUp(table);
    table.passTime(HOUR_MS);
    await write(table, CHANGED);
    const { slot } = await planScan(table);
    const { pk, sk } = runPlanKey({ kind: 'scan', at: slot.at, requestId: '' });
    const Key = { pk: { S: pk }, sk: { S: sk } };
    const { Item: item } = await table.client.send(new GetItemCommand({ TableName: table.tableName, Key }));
    const damaged = { ...item, body: { B: Buffer.from('damaged') } };
    await table.client.send(new PutItemCommand({ TableName: table.tableName, Item: damaged }));
    expect(await rollUp(table)).toMatchObject({ outcome: 'rolled-up', failedFollowUps: [SCAN_LEDGER] });
    expect(await contentOf(table)).toEqual(AFTER);
    expect(await scanOf(table)).toEqual(tallyRun({ plan, outcomes: [anOutcome()] }));
  });

  it.each(FAULT_PLACES)('is the fleet before or the one after a crash %s any request of a roll-up', async (place) => {
    const seen = new Set<boolean>();
    await crashEverywhere(engine, place, {
      prepare: async (table) => {
        await writeAll(table);
        await rollUp(table);
        await write(table, CHANGED);
        await planScan(table);
      },
      act: rollUp,
      check: async (table) => {
        const crashed = createFleetReader(table);
        const content = await contentOf(table, crashed);
        const isAfter = content.join() === AFTER.join();
        expect(content).toEqual(isAfter ? AFTER : BEFORE);
        expect(await outlinedSubnetsOf(table)).toEqual(isAfter ? AFTER_SUBNETS : BEFORE_SUBNETS);
        expect((await crashed.readFleet())?.scan !== undefined).toBe(isAfter);
        seen.add(isAfter);
        table.passTime(HOUR_MS);
        expect(await rollUp(table)).toMatchObject({ outcome: 'rolled-up' });
        const finished = createFleetReader(table);
        expect(await contentOf(table, finished)).toEqual(AFTER);
        expect(await outlinedSubnetsOf(table)).toEqual(AFTER_SUBNETS);
        expect((await finished.readFleet())?.scan).toBeDefined();
      },
    });
    expect(seen).toEqual(new Set([false, true]));
  });

  it('lets one of two roll-ups publish', async () => {
    const table = await aTable(engine);
    await writeAll(table);
    const store = createFleetStore(table);
    const [one, other] = [await store.beginRollUp(), await store.beginRollUp()];
    expect(await one.publish('2026-11-23T08:00:00.000Z')).toBe('published');
    expect(await one.publish('2026-11-23T08:00:00.000Z')).toBe('published');
    expect(await other.publish('2026-11-23T08:00:00.000Z')).toBe('superseded');
  });

  it.each(['core', 'rest'] as const)(
    'is made again by the next roll-up where the %s of a shard is lost',
    async (group) => {
      const table = await aTable(engine);
      await writeAll(table);
      await rollUp(table);
      const found = await readFleetVersion(table, { isConsistent: true });
      const shard = homeShard(FIRST.vpc);
      const generation = (found.kind === 'readable' && found.version.shards[shard]?.generation) || '';
      const { pk, sk } = fleetChunkKey(shard, group, generation, 0);
      await table.client.send(
        new DeleteItemCommand({ TableName: table.tableName, Key: { pk: { S: pk }, sk: { S: sk } } }),
      );
      await expect(contentOf(table)).rejects.toThrow('is missing or damaged');
      await write(table, CHANGED);
      expect(await rollUp(table)).toMatchObject({ outcome: 'rolled-up', writtenShardCount: 1 });
      expect(await contentOf(table)).toEqual(AFTER);
    },
  );

  it('keeps little of a large shard where little of it moved, for as long as what that is a difference to is there', async () => {
    const table = await aTable(engine);
    await write(table, LARGE);
    const unitsInFull = await writeUnitsOf(table, () => rollUp(table));
    let now = LARGE;
    for (let day = 0; day < 4; day += 1) {
      now = {
        ...now,
        subnets: now.subnets.map((subnet, row) => (row === day ? { ...subnet, team: `day-${day}` } : subnet)),
      };
      await write(table, now);
      const units = await writeUnitsOf(table, () => rollUp(table));
      // A base serves for two days.
      expect(units).toBeLessThan(day < 3 ? unitsInFull / 2 : unitsInFull + 1);
      expect(units).toBeGreaterThan(day < 3 ? 0 : unitsInFull / 2);
      await sweepExpired(table, { itemsMax: 1_000 });
      expect(await contentOf(table)).toEqual(expectedOf([now]));
      table.passTime(DAY_MS);
    }
  });

  it.each(['core', 'rest'] as const)(
    'is made again by the next roll-up where what the %s of a shard is a difference to is lost',
    async (group) => {
      const table = await aTable(engine);
      await write(table, LARGE);
      await rollUp(table);
      const found = await readFleetVersion(table, { isConsistent: true });
      const shard = homeShard(LARGE.vpc);
      const generation = (found.kind === 'readable' && found.version.shards[shard]?.generation) || '';
      const changed: VpcState = { ...LARGE, settingsHash: 'another' };
      await write(table, changed);
      await rollUp(table);
      expect(await contentOf(table)).toEqual(expectedOf([changed]));
      const { pk, sk } = fleetChunkKey(shard, group, generation, 0);
      await table.client.send(
        new DeleteItemCommand({ TableName: table.tableName, Key: { pk: { S: pk }, sk: { S: sk } } }),
      );
      await expect(contentOf(table)).rejects.toThrow('is missing or damaged');
      await write(table, LARGE);
      expect(await rollUp(table)).toMatchObject({ outcome: 'rolled-up', writtenShardCount: 1 });
      expect(await contentOf(table)).toEqual(expectedOf([LARGE]));
    },
  );

  it('refuses a fleet of another version, and the next roll-up makes it again', async () => {
    const table = await aTable(engine);
    await writeAll(table);
    await rollUp(table);
    const plan = await planScan(table);
    const { pk, sk } = fleetVersionKey();
    const key = { pk: { S: pk }, sk: { S: sk } };
    const { Item: item } = await table.client.send(new GetItemCommand({ TableName: table.tableName, Key: key }));
    await table.client.send(
      new PutItemCommand({ TableName: table.tableName, Item: { ...item, schemaVersion: { S: '3.9' } } }),
    );
    await expect(createFleetStore(table).readFleet()).rejects.toThrow('its schema version is 3.9, this code reads');
    expect(await rollUp(table)).toMatchObject({ outcome: 'rolled-up', stateCount: 3 });
    expect(await contentOf(table)).toEqual(BEFORE);
    expect(await scanOf(table)).toEqual(tallyRun({ plan, outcomes: [] }));
  });

  it('outlives days without a change, being written again before it expires', async () => {
    const table = await aTable(engine);
    await writeAll(table);
    const plan = await planScan(table);
    await rollUp(table);
    for (let day = 0; day < 9; day += 1) {
      table.passTime(24 * HOUR_MS + 1_000);
      expect(await rollUp(table)).toMatchObject({ stateCount: 0 });
      await sweepExpired(table, { itemsMax: 1_000 });
    }
    const later = openTable(engine, table.tableName, undefined, table.clock.now());
    expect(await contentOf(later)).toEqual(BEFORE);
    expect(await outlinedSubnetsOf(later)).toEqual(BEFORE_SUBNETS);
    expect(await scanOf(later)).toEqual(tallyRun({ plan, outcomes: [] }));
  });
}
