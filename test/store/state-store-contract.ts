import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { StateStore } from '../../lib/audit/store-ports.ts';
import type { VpcId, VpcState } from '../../lib/domain/capacity/vpc-state.ts';
import { createSeriesStore } from '../../lib/store/series-store.ts';
import { createStateStore } from '../../lib/store/state-store.ts';
import { sweepExpired } from '../../lib/store/sweep-expired.ts';
import type { Engine } from '../helpers/dynamodb-engines.ts';
import { crashAt, type FaultPlace, InjectedFault, sendTwice } from './faulty-dynamodb.ts';
import { incompressible } from './incompressible.ts';
import { answerLate } from './late-answers.ts';
import { aSample } from './series-values.ts';
import { type StateSize, stateOf, VPC } from './state-of-size.ts';
import { aTable, openTable, type TableUnderTest } from './table-under-test.ts';

const EIGHT = '2026-11-23T08:00:00.000Z';
const MS_PER_HOUR = 3_600_000;
const MS_PER_DAY = 24 * MS_PER_HOUR;
const EVERY_ITEM = 100_000;
const NEW_TEXT_BYTES = 6_000;

function aState(overrides: Partial<StateSize> = {}): VpcState {
  return stateOf({ subnetCount: 6, clusterCount: 2, usedAddressCount: () => 10, observedAt: EIGHT, ...overrides });
}

/** A state that little of another one helps to say. */
function aStrangeState(seed: number, overrides: Partial<StateSize> = {}): VpcState {
  return { ...aState(overrides), vpcName: Buffer.from(incompressible(seed, NEW_TEXT_BYTES)).toString('base64') };
}

async function written(store: StateStore, state: VpcState, expectedVersion?: string): Promise<string> {
  const result = await store.writeState(state, expectedVersion);
  if (result.outcome !== 'written') {
    throw new Error(`Expected the state to be written, but it met a ${result.outcome}`);
  }
  return result.version;
}

/** Writes over what is there, as a judge does. */
async function rewritten(store: StateStore, state: VpcState): Promise<string> {
  return written(store, state, (await store.readState(state.vpc))?.version);
}

async function itemCount({ client, tableName }: TableUnderTest): Promise<number> {
  const { Count } = await client.send(new ScanCommand({ TableName: tableName, Select: 'COUNT' }));
  return Count ?? Number.NaN;
}

function subnetIdsOf(state: VpcState): string[] {
  return state.subnets.map(({ subnet }) => subnet.subnetId);
}

/** Where the store says that everything in a state is. */
async function locationsOf(store: StateStore, state: VpcState): Promise<(VpcId | undefined)[]> {
  return Promise.all([
    ...subnetIdsOf(state).map((id) => store.vpcOfSubnet(id)),
    ...state.clusters.map(({ clusterId }) => store.vpcOfCluster(clusterId)),
  ]);
}

/** What the store of states promises on every engine. */
export function stateStoreContract(start: () => Promise<Engine>): void {
  let engine: Engine;
  beforeAll(async () => {
    engine = await start();
  });
  // An engine that did not start has nothing to stop.
  afterAll(() => engine?.stop());

  async function aStore(): Promise<{ readonly table: TableUnderTest; readonly store: StateStore }> {
    const table = await aTable(engine);
    return { table, store: createStateStore(table) };
  }

  it('has nothing of a VPC that was never judged', async () => {
    const { store } = await aStore();
    expect(await store.readState(VPC)).toBeUndefined();
    expect(await store.judgedVpcs()).toEqual([]);
    expect(await store.vpcOfSubnet('subnet-1')).toBeUndefined();
    expect(await store.vpcOfCluster('1:r:c')).toBeUndefined();
  });

  it('gives back the newest state, says that it moved, and where everything in it is', async () => {
    const { store } = await aStore();
    const first = aState();
    const firstVersion = await written(store, first);
    expect(await store.readState(VPC)).toStrictEqual({ version: firstVersion, state: first, isFinished: true });
    expect(await store.judgedVpcs()).toEqual([{ vpc: VPC, stateVersion: firstVersion }]);
    const second = aState({ usedAddressCount: (index) => 11 + index, subnetCount: 7, previous: first });
    const secondVersion = await written(store, second, firstVersion);
    expect(secondVersion).not.toBe(firstVersion);
    expect(await store.readState(VPC)).toStrictEqual({ version: secondVersion, state: second, isFinished: true });
    expect(await store.judgedVpcs()).toEqual([{ vpc: VPC, stateVersion: secondVersion }]);
    expect(await locationsOf(store, second)).toEqual(Array.from({ length: 9 }, () => VPC));
  });

  it('changes nothing for a writer that judged what is no longer the newest', async () => {
    const { table, store } = await aStore();
    const version = await written(store, aState());
    await written(store, aState({ usedAddressCount: () => 11 }), version);
    const before = [await store.readState(VPC), await store.judgedVpcs(), await itemCount(table)];
    for (const expectedVersion of [undefined, version, 'never']) {
      expect(await store.writeState(aState({ subnetCount: 9 }), expectedVersion)).toEqual({
        outcome: 'version-conflict',
      });
    }
    expect([await store.readState(VPC), await store.judgedVpcs(), await itemCount(table)]).toEqual(before);
    expect(await store.writeState({ ...aState(), vpc: { ...VPC, vpcId: 'vpc-0b' } }, version)).toEqual({
      outcome: 'version-conflict',
    });
  });

  it('lets one of two writers win, and nothing of the other stay', async () => {
    const { table, store } = await aStore();
    const version = await written(store, aState());
    const states = [aStrangeState(1), aStrangeState(2)];
    const results = await Promise.all(states.map((state) => store.writeState(state, version)));
    expect(results.map(({ outcome }) => outcome).sort()).toEqual(['version-conflict', 'written']);
    const winner = states[results[0]?.outcome === 'written' ? 0 : 1];
    const stored = await store.readState(VPC);
    expect(stored?.state).toStrictEqual(winner);
    expect(await store.judgedVpcs()).toEqual([{ vpc: VPC, stateVersion: stored?.version }]);
    table.passTime(MS_PER_HOUR);
    // The first base, and the loser's.
    expect(await sweepExpired(table, { itemsMax: EVERY_ITEM })).toEqual({ deletedCount: 2, isComplete: true });
    expect((await store.readState(VPC))?.state).toStrictEqual(winner);
  });

  it('says of a state whether it is finished, and lists one that is not all the same', async () => {
    const { store } = await aStore();
    const state = aState();
    await store.writeState(state, undefined, { isFinished: false });
    expect(await store.readState(VPC)).toMatchObject({ state, isFinished: false });
    expect(await store.judgedVpcs()).toHaveLength(1);
    await rewritten(store, state);
    expect(await store.readState(VPC)).toMatchObject({ state, isFinished: true });
  });

  it('is not replaced by a writer that read it as of a moment before', async () => {
    const { table, store } = await aStore();
    let moment = 0;
    const late = openTable(engine, table.tableName, (client) => {
      answerLate(client, { history: new Map(), now: () => moment });
    });
    const writer = createStateStore(late);
    const lateVersion = async () => (await writer.readState(VPC, { isConsistent: false }))?.version;
    const firstVersion = await written(writer, aState());
    expect(await lateVersion()).toBeUndefined();
    moment += 1;
    const secondVersion = await rewritten(writer, aState({ usedAddressCount: () => 11 }));
    expect(await lateVersion()).toBe(firstVersion);
    expect(await writer.writeState(aState(), firstVersion)).toEqual({ outcome: 'version-conflict' });
    expect((await store.readState(VPC))?.version).toBe(secondVersion);
    moment += 1;
    expect(await lateVersion()).toBe(secondVersion);
    await written(writer, aState(), secondVersion);
  });

  it('keeps samples that wait with a state until one is written without them', async () => {
    const { table, store } = await aStore();
    const waiting = [aSample(), aSample({ kind: 'pulse', observedAt: '2026-11-23T08:30:00.000Z' })];
    await store.writeState(aState(), undefined, { waiting });
    expect(await store.readState(VPC)).toStrictEqual({
      version: expect.any(String),
      state: aState(),
      isFinished: true,
      waiting,
    });
    const series = createSeriesStore(table);
    const days = { from: '2026-11-23', to: '2026-11-23' };
    expect(await series.samples(VPC, days)).toStrictEqual(
      waiting.toSorted((a, b) => (a.observedAt < b.observedAt ? -1 : 1)),
    );
    const [subnetId = ''] = aSample().points.keys();
    expect(await series.samples(VPC, days, { subnetId: 'subnet-of-no-sample' })).toEqual(
      waiting.map((one) => ({ ...one, points: new Map() })),
    );
    expect(await series.samples(VPC, { from: '2026-11-22', to: '2026-11-22' })).toEqual([]);
    // Both with the state and in their day, as when a writer dies between the two.
    await series.addSample(VPC, ...waiting);
    for (const subnet of [undefined, subnetId]) {
      expect(await series.samples(VPC, days, { subnetId: subnet })).toHaveLength(2);
    }
    await rewritten(store, aState());
    expect((await store.readState(VPC))?.waiting).toBeUndefined();
    expect(await series.samples(VPC, days)).toHaveLength(2);
  });

  it('begins a new base where that spares more units in a day than it takes, and only then', async () => {
    const { table, store } = await aStore();
    // What is new once and for all, and compresses to about that many bytes.
    const changed = (byteCount: number) => ({
      ...aState({ subnetCount: 40 }),
      vpcName: Buffer.from(incompressible(1, byteCount)).toString('base64'),
    });
    const unitsOfWriting = async (state: VpcState) => {
      const version = (await store.readState(VPC))?.version;
      table.meter.reset();
      await written(store, state, version);
      return table.meter.total().writeUnits;
    };
    await written(store, aState({ subnetCount: 40 }));
    for (const byteCount of [100, 1_000]) {
      await unitsOfWriting(changed(byteCount));
      const again = [await unitsOfWriting(changed(byteCount)), await unitsOfWriting(changed(byteCount))];
      expect(again).toEqual(byteCount === 100 ? [1, 1] : [expect.toSatisfy((units: number) => units > 2), 1]);
    }
  });

  it('does not read again what its writer has just read', async () => {
    const { table, store } = await aStore();
    await written(store, aState());
    const version = (await store.readState(VPC))?.version;
    table.meter.reset();
    await store.writeState(aState({ usedAddressCount: () => 11 }), version);
    expect(table.meter.total()).toMatchObject({ requestCount: 1, readUnits: 0 });
  });

  it('reads the base of a state once for as long as that stands, and what waits with it each time', async () => {
    const { table, store } = await aStore();
    const version = await written(store, aState());
    const first = await store.readState(VPC);
    table.meter.reset();
    expect(await store.readState(VPC)).toEqual(first);
    expect(table.meter.total().requestCount).toBe(1);
    const waiting = [aSample()];
    await createStateStore(table).writeState(aState({ usedAddressCount: () => 11 }), version, { waiting });
    table.meter.reset();
    expect(await store.readState(VPC)).toMatchObject({ state: aState({ usedAddressCount: () => 11 }), waiting });
    expect(table.meter.total().requestCount).toBe(1);
    await rewritten(createStateStore(table), aStrangeState(1));
    table.meter.reset();
    expect(await store.readState(VPC)).toMatchObject({ state: aStrangeState(1) });
    expect(table.meter.total().requestCount).toBe(2);
  });

  it('keeps and lists a VPC whose ids are hostile text', async () => {
    const { store } = await aStore();
    const vpc = { ownerId: '#', region: 'eu#west', vpcId: `vpc-${'%'.repeat(200)}` };
    const version = await written(store, { ...aState(), vpc });
    expect(await store.judgedVpcs()).toEqual([{ vpc, stateVersion: version }]);
  });

  it('lists every VPC that was judged by eight Queries, apart by owner, Region and id', async () => {
    const { table, store } = await aStore();
    const vpcs = Array.from({ length: 30 }, (_, index) => ({
      ownerId: index % 2 === 0 ? VPC.ownerId : '444455556666',
      region: index % 3 === 0 ? 'eu-west-1' : 'eu-west-2',
      vpcId: `vpc-${Math.floor(index / 6)}`,
    }));
    const versions = new Map<string, string>();
    const nameOf = (vpc: VpcId) => [vpc.ownerId, vpc.region, vpc.vpcId].join(' ');
    for (const vpc of vpcs) {
      versions.set(nameOf(vpc), await rewritten(store, { ...aState(), vpc }));
    }
    table.meter.reset();
    const judged = await store.judgedVpcs();
    expect(table.meter.byOperation().get('Query')?.requestCount).toBe(8);
    expect(new Map(judged.map(({ vpc, stateVersion }) => [nameOf(vpc), stateVersion]))).toEqual(versions);
  });

  it('asks once where a subnet is, and again where it was not known', async () => {
    const { table, store } = await aStore();
    const [subnetId = ''] = subnetIdsOf(aState());
    expect(await store.vpcOfSubnet(subnetId)).toBeUndefined();
    await written(createStateStore(table), aState());
    expect(await store.vpcOfSubnet(subnetId)).toEqual(VPC);
    table.meter.reset();
    expect(await store.vpcOfSubnet(subnetId)).toEqual(VPC);
    expect(table.meter.total().requestCount).toBe(0);
  });

  it('follows a cluster that was made again in another VPC', async () => {
    const { store } = await aStore();
    const other = { ...VPC, vpcId: 'vpc-0b' };
    await written(store, aState({ clusterCount: 1 }));
    await rewritten(store, aState({ clusterCount: 0 }));
    const moved = aState({ clusterCount: 1, vpc: other });
    await written(store, moved);
    const clusterId = moved.clusters[0]?.clusterId ?? '';
    expect(await store.vpcOfCluster(clusterId)).toEqual(other);
    await rewritten(store, aState({ clusterCount: 1 }));
    expect(await store.vpcOfCluster(clusterId)).toEqual(VPC);
  });

  it('writes of a state what changed, and where things are only once', async () => {
    const { table, store } = await aStore();
    const size = { subnetCount: 200, clusterCount: 20 };
    await written(store, aState(size));
    // A WRU for each of 220 locations; about ten for the base, and one each for the state and that it moved.
    expect(table.meter.total().writeUnits).toBeLessThan(220 + 25);
    table.meter.reset();
    await rewritten(store, aState({ ...size, usedAddressCount: (index) => 10 + ((index * 7_919) % 150) }));
    expect(table.meter.byOperation().get('PutItem')?.requestCount).toBe(1);
    expect(table.meter.total().writeUnits).toBeLessThan(6);
    table.meter.reset();
    await createStateStore(table).readState(VPC);
    expect(table.meter.total().requestCount).toBe(2);
    expect(table.meter.total().readUnits).toBeLessThan(8);
  });

  it('begins a new base where the old one says little of a state, and lets the old one go after an hour', async () => {
    const { table, store } = await aStore();
    await written(store, aStrangeState(1));
    const count = await itemCount(table);
    await rewritten(store, aStrangeState(2));
    expect(await itemCount(table)).toBe(count + 1);
    table.passTime(MS_PER_HOUR - 1);
    expect(await sweepExpired(table, { itemsMax: EVERY_ITEM })).toEqual({ deletedCount: 0, isComplete: true });
    table.passTime(1);
    expect(await sweepExpired(table, { itemsMax: EVERY_ITEM })).toEqual({ deletedCount: 1, isComplete: true });
    expect((await store.readState(VPC))?.state).toStrictEqual(aStrangeState(2));
    await rewritten(store, { ...aStrangeState(2), settingsHash: 'other' });
    expect(await itemCount(table)).toBe(count);
  });

  it('keeps a state for 13 months after it was judged last, however old its base', async () => {
    const { table, store } = await aStore();
    await written(store, aState());
    for (let month = 0; month < 4; month += 1) {
      table.passTime(29 * MS_PER_DAY);
      await rewritten(store, aState({ usedAddressCount: () => 11 + month }));
    }
    table.passTime(396 * MS_PER_DAY - 1);
    await sweepExpired(table, { itemsMax: EVERY_ITEM });
    expect((await store.readState(VPC))?.state).toStrictEqual(aState({ usedAddressCount: () => 14 }));
    expect(await store.judgedVpcs()).toHaveLength(1);
    table.passTime(1);
    expect(await store.readState(VPC)).toBeUndefined();
    expect(await store.judgedVpcs()).toEqual([]);
    await written(store, aState());
    expect((await store.readState(VPC))?.state).toStrictEqual(aState());
  });

  it('is written where its condition meets its own first attempt, whose answer was lost', async () => {
    const { table, store } = await aStore();
    const repeating = createStateStore(openTable(engine, table.tableName, sendTwice));
    const states = [aStrangeState(1), aState({ usedAddressCount: () => 11 }), aStrangeState(2)];
    for (const state of states) {
      const version = await rewritten(repeating, state);
      expect(await store.readState(VPC)).toStrictEqual({ version, state, isFinished: true });
    }
    // What nothing names any more goes, and what the state needs stays.
    table.passTime(2 * MS_PER_HOUR);
    await sweepExpired(table, { itemsMax: EVERY_ITEM });
    expect((await store.readState(VPC))?.state).toStrictEqual(states.at(-1));
  });

  const changes: [string, VpcState | undefined, VpcState, number][] = [
    // The state, a batch of locations, the base and the state.
    ['the first', undefined, aStrangeState(1), 4],
    // The state and its base, and the state.
    ['one that changed little', aState(), aState({ usedAddressCount: () => 11 }), 3],
    // The state and its base, a new base, a batch of locations, the state, and the old base.
    ['one that changed much', aState({ subnetCount: 4 }), aStrangeState(2), 6],
  ];
  const crashes = (['before', 'after'] as const).flatMap((place) =>
    changes.map(([name, old, next, count]): [FaultPlace, string, VpcState | undefined, VpcState, number] => [
      place,
      name,
      old,
      next,
      count,
    ]),
  );

  it.each(crashes)('survives a crash %s any request that writes %s', async (place, _, old, next, requestCount) => {
    let crashCount = 0;
    for (let isDone = false; !isDone; ) {
      const { table, store } = await aStore();
      const oldVersion = old === undefined ? undefined : await written(store, old);
      const dying = openTable(engine, table.tableName, (client) =>
        crashAt(client, { requestNumber: crashCount + 1, place }),
      );
      const outcome = await createStateStore(dying)
        .writeState(next, oldVersion)
        .catch((cause: unknown) => cause);
      isDone = !(outcome instanceof InjectedFault);
      crashCount += isDone ? 0 : 1;
      await expectWholeOf(store, [old, next]);
      await judgeAgain(store, next, oldVersion);
      await expectWholeOf(store, [next]);
      expect(await store.judgedVpcs()).toEqual([{ vpc: VPC, stateVersion: (await store.readState(VPC))?.version }]);
    }
    expect(crashCount).toBe(requestCount);
  });
}

/** Expects one of some states, and that whoever finds it finds everything in it. */
async function expectWholeOf(store: StateStore, states: readonly (VpcState | undefined)[]): Promise<void> {
  const state = (await store.readState(VPC))?.state;
  expect(states).toContainEqual(state);
  if (state !== undefined) {
    expect(await locationsOf(store, state)).toEqual([...state.subnets, ...state.clusters].map(() => VPC));
  }
}

/** What a judge does with a message that comes again: it writes the state, or finds it. */
async function judgeAgain(store: StateStore, next: VpcState, oldVersion: string | undefined): Promise<void> {
  const found = await store.readState(VPC);
  if (found === undefined || found.version === oldVersion) {
    await written(store, next, oldVersion);
  }
}
