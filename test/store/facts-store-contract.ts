import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Slot, slotText } from '../../lib/audit/slot.ts';
import type { FactsStore, PutFactsOutcome, SlotFacts, SlotPulse, ViewerFacts } from '../../lib/audit/store-ports.ts';
import type { VpcId } from '../../lib/domain/capacity/vpc-state.ts';
import type { RegionFacts } from '../../lib/domain/region-facts.ts';
import { createFactsStore } from '../../lib/store/facts-store.ts';
import { sweepExpired } from '../../lib/store/sweep-expired.ts';
import type { Item } from '../../lib/store/table.ts';
import { arbitraryRegionFacts, OWNER_ID } from '../helpers/arbitrary-region-facts.ts';
import { ACCOUNT_ID, aNetworkInterface, VPC_ID } from '../helpers/builders.ts';
import type { Engine } from '../helpers/dynamodb-engines.ts';
import { memoryVpcStores } from '../helpers/memory-vpc-stores.ts';
import { REGION, seen, someRegionFacts } from '../helpers/region-facts-builder.ts';
import { crashAt, type FaultPlace, InjectedFault } from './faulty-dynamodb.ts';
import { FULL_REGION_FACTS } from './full-region-facts.ts';
import { incompressible } from './incompressible.ts';
import { answerLate, changeAnswers } from './late-answers.ts';
import { aTable, openTable, type TableUnderTest } from './table-under-test.ts';

const VPC: VpcId = { ownerId: ACCOUNT_ID, region: REGION, vpcId: VPC_ID };
const PARTICIPANT_ID = '444455556666';
const EIGHT: Slot = { kind: 'scan', at: '2026-11-23T08:00:00.000Z' };
const NINE: Slot = { kind: 'scan', at: '2026-11-23T09:00:00.000Z' };
const TEN: Slot = { kind: 'scan', at: '2026-11-23T10:00:00.000Z' };
const QUARTER_PAST: Slot = { kind: 'pulse', at: '2026-11-23T08:15:00.000Z' };
const SUBNET_ID = 'subnet-1';
const MS_PER_HOUR = 3_600_000;
const MS_PER_DAY = 24 * MS_PER_HOUR;
const EVERY_ITEM = 100_000;
const LARGE_TEXT_BYTES = 500_000;
const ALIKE_BYTES = 20_000;
const HISTORIES = 15;

/** Facts that differ from others by a number, and fill chunks where they are to be large. */
function factsOf(number: number, { accountId = ACCOUNT_ID, isLarge = false } = {}): RegionFacts {
  const description = isLarge ? Buffer.from(incompressible(number, LARGE_TEXT_BYTES)).toString('base64') : '';
  return someRegionFacts({
    target: { accountId, region: REGION },
    networkInterfaces: seen([aNetworkInterface({ networkInterfaceId: `eni-${number}`, description })]),
  });
}

/** Which facts are there, told by their number. */
function numberIn(facts: RegionFacts | undefined): string | undefined {
  return facts?.networkInterfaces.state === 'observed'
    ? facts.networkInterfaces.value[0]?.networkInterfaceId
    : undefined;
}

/** What is there of each viewer: the slots with the numbers of their facts or pulses. */
async function latestIn(store: FactsStore, vpc = VPC): Promise<string[]> {
  return (await store.latestFacts(vpc)).map(describe);
}

function describe({ viewerAccountId, scan, pulse, hasExpired }: ViewerFacts): string {
  const words = [
    scan === undefined ? [] : [`${slotText(scan.slot)} ${numberIn(scan.facts)}`],
    pulse === undefined ? [] : [`${slotText(pulse.slot)} ${pulse.pulse.availableIpAddressCounts.get(SUBNET_ID)}`],
    hasExpired ? ['expired'] : [],
  ].flat();
  return [viewerAccountId, ...words].join(' ');
}

function latest(slot: Slot, number: number, accountId = ACCOUNT_ID): string {
  return `${accountId} ${slotText(slot)} ${slot.kind === 'pulse' ? number : `eni-${number}`}`;
}

function at(slot: Slot, number: number, options: Parameters<typeof factsOf>[1] = {}): SlotFacts {
  return { slot, facts: factsOf(number, options) };
}

function pulseAt(slot: Slot, number: number, accountId = ACCOUNT_ID): SlotPulse {
  const availableIpAddressCounts = new Map([[SUBNET_ID, number]]);
  return { slot, pulse: { target: { accountId, region: REGION }, observedAt: slot.at, availableIpAddressCounts } };
}

function requestsOf(table: TableUnderTest): (readonly [string, number])[] {
  return [...table.meter.byOperation()].map(([name, { requestCount }]) => [name, requestCount] as const);
}

/** Facts of a size, all but a few of which are the same whatever the number. */
function alikeFacts(number: number): RegionFacts {
  const others = Buffer.from(incompressible(1, ALIKE_BYTES)).toString('base64');
  return someRegionFacts({
    networkInterfaces: seen([
      aNetworkInterface({ networkInterfaceId: `eni-${number}` }),
      aNetworkInterface({ networkInterfaceId: 'eni-others', description: others }),
    ]),
  });
}

/** The WRUs that one observation takes. */
async function unitsOf(table: TableUnderTest, write: () => Promise<unknown>): Promise<number> {
  const { writeUnits } = table.meter.total();
  await write();
  return table.meter.total().writeUnits - writeUnits;
}

/** Every slot that the random histories below are made of, two of each moment. */
const SLOTS = ['2026-11-22T23:00:00.000Z', EIGHT.at, NINE.at, '2026-11-24T00:00:00.000Z'].flatMap((time): Slot[] => [
  { kind: 'scan', at: time },
  { kind: 'request', at: time, requestId: 'r' },
]);
const PULSES = SLOTS.map(({ at: time }): Slot => ({ kind: 'pulse', at: time }));

const anyStep = fc.oneof(
  { weight: 6, arbitrary: fc.record({ slot: fc.constantFrom(...SLOTS), facts: arbitraryRegionFacts(OWNER_ID) }) },
  { weight: 2, arbitrary: fc.record({ slot: fc.constantFrom(...PULSES), pulsed: fc.nat({ max: 9 }) }) },
  { weight: 1, arbitrary: fc.record({ slot: fc.constantFrom(...SLOTS), retired: fc.constant(true) }) },
);
type Step = typeof anyStep extends fc.Arbitrary<infer S> ? S : never;

function isWrittenBefore(outcome: PutFactsOutcome): boolean {
  return outcome === 'already-written';
}

/** Takes a step, and returns whether the slot was written before. */
async function take(store: FactsStore, step: Step): Promise<boolean> {
  if ('facts' in step) {
    return isWrittenBefore(await store.putFacts(VPC, step));
  }
  if ('pulsed' in step) {
    return isWrittenBefore(await store.putPulse(VPC, pulseAt(step.slot, step.pulsed, OWNER_ID)));
  }
  await store.retireViewer(VPC, OWNER_ID, step.slot);
  return false;
}

/** Everything that can be read of the VPC. */
async function everythingIn(store: FactsStore) {
  return {
    latest: await store.latestFacts(VPC),
    slots: await store.latestSlots(VPC),
    scan: await store.latestScan(VPC, OWNER_ID),
    facts: await Promise.all(SLOTS.map((slot) => store.factsAt(VPC, OWNER_ID, slot))),
    pulses: await Promise.all(PULSES.map((slot) => store.pulseAt(VPC, OWNER_ID, slot))),
  };
}

/** Several writes lie in one moment, of which a late answer knows none. */
const STEPS_OF_MOMENT = 3;

/** What the store of facts promises on every engine. */
export function factsStoreContract(start: () => Promise<Engine>): void {
  let engine: Engine;
  beforeAll(async () => {
    engine = await start();
  });
  // An engine that did not start has nothing to stop.
  afterAll(() => engine?.stop());

  async function aStore(): Promise<{ readonly table: TableUnderTest; readonly store: FactsStore }> {
    const table = await aTable(engine);
    return { table, store: createFactsStore(table) };
  }

  it('gives back what a viewer observed, as the latest and by its slot', async () => {
    const { store } = await aStore();
    expect(await store.putFacts(VPC, { slot: EIGHT, facts: FULL_REGION_FACTS })).toBe('written');
    expect(await store.latestFacts(VPC)).toStrictEqual([
      {
        viewerAccountId: ACCOUNT_ID,
        scan: { slot: EIGHT, facts: FULL_REGION_FACTS },
        pulse: undefined,
        hasExpired: false,
      },
    ]);
    expect(await store.latestScan(VPC, ACCOUNT_ID)).toStrictEqual({ slot: EIGHT, facts: FULL_REGION_FACTS });
    expect(await store.latestSlots(VPC)).toEqual([
      { viewerAccountId: ACCOUNT_ID, scanSlot: slotText(EIGHT), pulseSlot: undefined },
    ]);
    expect(await store.factsAt(VPC, ACCOUNT_ID, EIGHT)).toStrictEqual(FULL_REGION_FACTS);
    expect(await store.factsAt(VPC, ACCOUNT_ID, NINE)).toBeUndefined();
    expect(await store.factsAt(VPC, PARTICIPANT_ID, EIGHT)).toBeUndefined();
  });

  it('has nothing of a VPC that nobody observed', async () => {
    const { store } = await aStore();
    expect(await store.latestFacts(VPC)).toEqual([]);
    expect(await store.latestSlots(VPC)).toEqual([]);
    expect(await store.latestScan(VPC, ACCOUNT_ID)).toBeUndefined();
    expect(await store.pulseAt(VPC, ACCOUNT_ID, QUARTER_PAST)).toBeUndefined();
  });

  it.each([false, true])('drops a repeat of a slot (large: %s)', async (isLarge) => {
    const { store } = await aStore();
    await store.putFacts(VPC, at(EIGHT, 1, { isLarge }));
    expect(await store.putFacts(VPC, at(EIGHT, 2, { isLarge }))).toBe('already-written');
    expect(numberIn(await store.factsAt(VPC, ACCOUNT_ID, EIGHT))).toBe('eni-1');
    expect(await latestIn(store)).toEqual([latest(EIGHT, 1)]);
  });

  it('knows a slot by its moment, however it is written', async () => {
    const { store } = await aStore();
    await store.putFacts(VPC, at(EIGHT, 1));
    expect(await store.putFacts(VPC, at({ kind: 'scan', at: '2026-11-23T10:00:00+02:00' }, 2))).toBe('already-written');
    await expect(store.putFacts(VPC, at({ kind: 'scan', at: 'yesterday' }, 3))).rejects.toThrow(
      '"yesterday" is no instant',
    );
  });

  it('moves the latest only forward, and keeps what comes late under its slot', async () => {
    const { store } = await aStore();
    await store.putFacts(VPC, at(NINE, 9));
    expect(await store.putFacts(VPC, at(EIGHT, 8))).toBe('written');
    expect(await latestIn(store)).toEqual([latest(NINE, 9)]);
    expect(numberIn(await store.factsAt(VPC, ACCOUNT_ID, EIGHT))).toBe('eni-8');
    expect(await store.putFacts(VPC, at(EIGHT, 88))).toBe('already-written');
    expect(await store.putFacts(VPC, at(TEN, 10))).toBe('written');
    expect(await latestIn(store)).toEqual([latest(TEN, 10)]);
  });

  it('counts a request among the scans, each by its own id', async () => {
    const { store } = await aStore();
    const request = (requestId: string): Slot => ({ kind: 'request', at: NINE.at, requestId });
    await store.putFacts(VPC, at(EIGHT, 8));
    expect(await store.putFacts(VPC, at(request('b c'), 1))).toBe('written');
    expect(await store.putFacts(VPC, at(request('b c'), 2))).toBe('already-written');
    expect(await store.putFacts(VPC, at(request('a'), 3))).toBe('written');
    expect((await store.latestFacts(VPC)).map(({ scan }) => scan?.slot)).toEqual([request('b c')]);
    expect(numberIn(await store.factsAt(VPC, ACCOUNT_ID, request('a')))).toBe('eni-3');
  });

  it('keeps pulses beside scans, by their slots', async () => {
    const { store } = await aStore();
    expect(await store.putPulse(VPC, pulseAt(QUARTER_PAST, 15))).toBe('written');
    expect(await latestIn(store)).toEqual([latest(QUARTER_PAST, 15)]);
    await store.putFacts(VPC, at(EIGHT, 8));
    expect(await store.putPulse(VPC, pulseAt(QUARTER_PAST, 16))).toBe('already-written');
    expect(await store.putPulse(VPC, pulseAt({ kind: 'pulse', at: EIGHT.at }, 0))).toBe('written');
    expect(await latestIn(store)).toEqual([`${latest(EIGHT, 8)} ${slotText(QUARTER_PAST)} 15`]);
    expect(await store.latestSlots(VPC)).toEqual([
      { viewerAccountId: ACCOUNT_ID, scanSlot: slotText(EIGHT), pulseSlot: slotText(QUARTER_PAST) },
    ]);
    expect(await store.pulseAt(VPC, ACCOUNT_ID, QUARTER_PAST)).toStrictEqual(pulseAt(QUARTER_PAST, 15).pulse);
    expect(await store.factsAt(VPC, ACCOUNT_ID, QUARTER_PAST)).toBeUndefined();
  });

  it('reads the latest of every viewer of one VPC by one Query, and two of each', async () => {
    const { table, store } = await aStore();
    await store.putFacts(VPC, at(EIGHT, 1));
    await store.putFacts(VPC, at(NINE, 9));
    await store.putFacts(VPC, at(NINE, 2, { accountId: PARTICIPANT_ID }));
    await store.putFacts({ ...VPC, vpcId: 'vpc-0b' }, at(NINE, 3));
    await store.putFacts({ ...VPC, region: 'eu-west-2' }, at(NINE, 4));
    await store.putFacts({ ...VPC, ownerId: PARTICIPANT_ID }, at(NINE, 5));
    table.meter.reset();
    expect(await latestIn(store)).toEqual([latest(NINE, 9), latest(NINE, 2, PARTICIPANT_ID)]);
    // The viewers, and of each its scans of the day and its last pulse.
    expect(requestsOf(table)).toEqual([['Query', 5]]);
    table.meter.reset();
    expect(await store.latestSlots(VPC)).toHaveLength(2);
    expect(requestsOf(table)).toEqual([['Query', 5]]);
  });

  it('decodes the newest scan of a viewer once for as long as no newer one is there', async () => {
    const { store } = await aStore();
    const newest = async () => (await store.latestFacts(VPC))[0]?.scan?.facts;
    await store.putFacts(VPC, at(EIGHT, 8));
    const first = await newest();
    await store.putPulse(VPC, pulseAt(QUARTER_PAST, 15));
    expect([first, await newest()]).toEqual([factsOf(8), factsOf(8)]);
    expect(await newest()).toBe(first);
    await store.putFacts(VPC, at(NINE, 9));
    expect(await newest()).toStrictEqual(factsOf(9));
  });

  it('has a slot for the latest for 30 days and keeps it for 32, the first of a week for 13 months', async () => {
    const { table, store } = await aStore();
    await store.putFacts(VPC, at(EIGHT, 8));
    await store.putFacts(VPC, at(NINE, 9));
    table.passTime(30 * MS_PER_DAY + MS_PER_HOUR - 1);
    expect(await latestIn(store)).toEqual([latest(NINE, 9)]);
    table.passTime(1);
    expect(await store.latestScan(VPC, ACCOUNT_ID)).toBeUndefined();
    expect(await latestIn(store)).toEqual([`${ACCOUNT_ID} expired`]);
    table.passTime(2 * MS_PER_DAY - MS_PER_HOUR - 1);
    expect(numberIn(await store.factsAt(VPC, ACCOUNT_ID, NINE))).toBe('eni-9');
    table.passTime(1);
    expect(await store.factsAt(VPC, ACCOUNT_ID, NINE)).toBeUndefined();
    expect(await latestIn(store)).toEqual([`${ACCOUNT_ID} expired`]);
    table.passTime(364 * MS_PER_DAY - 1);
    expect(numberIn(await store.factsAt(VPC, ACCOUNT_ID, EIGHT))).toBe('eni-8');
    expect(await latestIn(store)).toEqual([`${ACCOUNT_ID} expired`]);
    table.passTime(1);
    expect(await store.factsAt(VPC, ACCOUNT_ID, EIGHT)).toBeUndefined();
    expect(await latestIn(store)).toEqual([]);
  });

  it('keeps the first of a week for 13 months, and those of its other days for 32', async () => {
    const { table, store } = await aStore();
    // A Sunday, the Monday after it, the Tuesday, and the Monday of the next week.
    const days = ['2026-11-22', '2026-11-23', '2026-11-24', '2026-11-30'];
    const slots = days.map((day): Slot => ({ kind: 'scan', at: `${day}T08:00:00.000Z` }));
    for (const [number, slot] of slots.entries()) {
      await store.putFacts(VPC, at(slot, number));
    }
    table.passTime(32 * MS_PER_DAY);
    const kept = await Promise.all(slots.map((slot) => store.factsAt(VPC, ACCOUNT_ID, slot)));
    expect(kept.map(numberIn)).toEqual(['eni-0', 'eni-1', undefined, 'eni-3']);
  });

  it('gives back random histories with repeats as a list in memory would', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { maxLength: 15 }), async (steps) => {
        const { store } = await aStore();
        const { facts: model } = memoryVpcStores();
        for (const step of steps) {
          expect(await take(store, step)).toBe(await take(model, step));
        }
        expect(await everythingIn(store)).toEqual(await everythingIn(model));
      }),
      { numRuns: HISTORIES },
    );
  });

  it('is the same list where its writers read as of a moment before', async () => {
    let lateCount = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { maxLength: 15 }), async (steps) => {
        const { table, store } = await aStore();
        let stepCount = 0;
        let lateIn = () => 0;
        const late = openTable(engine, table.tableName, (client) => {
          lateIn = answerLate(client, { history: new Map(), now: () => Math.floor(stepCount / STEPS_OF_MOMENT) });
        });
        const writer = createFactsStore(late);
        const { facts: model } = memoryVpcStores();
        let known: SlotFacts | undefined;
        for (const step of steps) {
          stepCount += 1;
          const isRepeat =
            'facts' in step ? writer.putFacts(VPC, step, known).then(isWrittenBefore) : take(writer, step);
          expect(await isRepeat).toBe(await take(model, step));
          known = await writer.latestScan(VPC, OWNER_ID, { isConsistent: false });
        }
        expect(await everythingIn(store)).toEqual(await everythingIn(model));
        lateCount += lateIn();
      }),
      { numRuns: HISTORIES },
    );
    expect(lateCount).toBeGreaterThan(0);
  });

  it('leaves out a viewer that no longer sees the VPC, until it sees it at a later slot', async () => {
    const { store } = await aStore();
    await store.putFacts(VPC, at(EIGHT, 8));
    await store.putPulse(VPC, pulseAt(QUARTER_PAST, 15));
    await store.putFacts(VPC, at(EIGHT, 1, { accountId: PARTICIPANT_ID }));
    await store.retireViewer(VPC, ACCOUNT_ID, NINE);
    expect(await latestIn(store)).toEqual([latest(EIGHT, 1, PARTICIPANT_ID)]);
    expect(await store.latestScan(VPC, ACCOUNT_ID)).toBeUndefined();
    expect(numberIn(await store.factsAt(VPC, ACCOUNT_ID, EIGHT))).toBe('eni-8');
    // Neither what comes late nor what a repeat saw before brings it back.
    expect(await store.putFacts(VPC, at(NINE, 9))).toBe('written');
    expect(await store.putFacts(VPC, at({ kind: 'scan', at: '2026-11-23T07:00:00.000Z' }, 7))).toBe('written');
    await store.retireViewer(VPC, ACCOUNT_ID, EIGHT);
    expect(await latestIn(store)).toEqual([latest(EIGHT, 1, PARTICIPANT_ID)]);
    expect(await store.putFacts(VPC, at(TEN, 10))).toBe('written');
    await store.retireViewer(VPC, ACCOUNT_ID, NINE);
    expect(await latestIn(store)).toEqual([latest(TEN, 10), latest(EIGHT, 1, PARTICIPANT_ID)]);
  });

  it('keeps a viewer away that is retired before anything of it comes', async () => {
    const { store } = await aStore();
    await store.retireViewer(VPC, ACCOUNT_ID, NINE);
    expect(await store.putFacts(VPC, at(EIGHT, 8))).toBe('written');
    expect(await store.putPulse(VPC, pulseAt(QUARTER_PAST, 15))).toBe('written');
    expect(await store.latestFacts(VPC)).toEqual([]);
  });

  it('writes facts in full once a day, and of those after them what differs, in whatever order days come', async () => {
    const { table, store } = await aStore();
    const hour = (offset: number): Slot => ({
      kind: 'scan',
      at: new Date(Date.parse(EIGHT.at) + offset * MS_PER_HOUR).toISOString(),
    });
    const put = (offset: number) =>
      unitsOf(table, () => store.putFacts(VPC, { slot: hour(offset), facts: alikeFacts(offset) }));
    // A day and the next one, then the one before, which comes late, and history, which goes back from there.
    const days = [
      [0, 1, 15],
      [16, 17],
      [-24, -23],
      [-500, -499],
    ];
    for (const [first = 0, ...others] of days) {
      expect(await put(first)).toBeGreaterThan(ALIKE_BYTES / 1_024);
      for (const offset of others) {
        expect(await put(offset)).toBeLessThan(4);
      }
    }
    // One between others rests on the one before it.
    expect(await put(7)).toBeLessThan(4);
    for (const offset of [...days.flat(), 7]) {
      expect(await store.factsAt(VPC, ACCOUNT_ID, hour(offset))).toStrictEqual(alikeFacts(offset));
    }
  });

  it('reads a whole day of facts by one Query, and writes the next without reading them again', async () => {
    const { table, store } = await aStore();
    const slots = Array.from({ length: 24 }, (_, hour): Slot => {
      return { kind: 'scan', at: `2026-11-23T${String(hour).padStart(2, '0')}:00:00.000Z` };
    });
    let known: SlotFacts | undefined;
    for (const [hour, slot] of slots.entries()) {
      table.meter.reset();
      await store.putFacts(VPC, { slot, facts: alikeFacts(hour) }, known);
      expect(table.meter.byOperation().get('Query')?.requestCount).toBe(hour === 0 ? 1 : undefined);
      table.meter.reset();
      known = await store.latestScan(VPC, ACCOUNT_ID, { isConsistent: false });
      expect(known).toStrictEqual({ slot, facts: alikeFacts(hour) });
      // The viewer's place, and the day.
      expect(requestsOf(table)).toEqual([
        ['GetItem', 1],
        ['Query', 1],
      ]);
    }
  });

  it('begins a new base where the old one says little of the facts', async () => {
    const { table, store } = await aStore();
    await store.putFacts(VPC, { slot: EIGHT, facts: alikeFacts(8) });
    const other = Buffer.from(incompressible(2, ALIKE_BYTES)).toString('base64');
    const changed = (number: number) =>
      someRegionFacts({
        networkInterfaces: seen([aNetworkInterface({ networkInterfaceId: `eni-${number}`, description: other })]),
      });
    expect(await unitsOf(table, () => store.putFacts(VPC, { slot: NINE, facts: changed(9) }))).toBeGreaterThan(
      ALIKE_BYTES / 1_024,
    );
    expect(await unitsOf(table, () => store.putFacts(VPC, { slot: TEN, facts: changed(10) }))).toBeLessThan(4);
    expect(await store.factsAt(VPC, ACCOUNT_ID, EIGHT)).toStrictEqual(alikeFacts(8));
    expect(await store.factsAt(VPC, ACCOUNT_ID, TEN)).toStrictEqual(changed(10));
  });

  it('reads facts whose base a replica has not got yet, or has an older generation of', async () => {
    const table = await aTable(engine);
    const store = createFactsStore(table);
    await store.putFacts(VPC, at(EIGHT, 1));
    await store.putFacts(VPC, at(NINE, 2));
    await store.putFacts(VPC, at(TEN, 3));
    for (const change of [() => undefined, (item: Item): Item => ({ ...item, generation: { S: 'older' } })]) {
      let lateCount = 0;
      const reader = openTable(engine, table.tableName, (client) =>
        changeAnswers(client, (item) => {
          const isBase = item['sk']?.S?.includes(EIGHT.at) === true;
          lateCount += isBase ? 1 : 0;
          return isBase ? change(item) : item;
        }),
      );
      const latestScan = await createFactsStore(reader).latestScan(VPC, ACCOUNT_ID, { isConsistent: false });
      expect(numberIn(latestScan?.facts)).toBe('eni-3');
      expect(lateCount).toBeGreaterThan(0);
    }
  });

  it('keeps the base of the day for as long as any facts that need it', async () => {
    const { table, store } = await aStore();
    const changed = { slot: NINE, facts: factsOf(9, { isLarge: true }) };
    await store.putFacts(VPC, at(EIGHT, 8));
    await store.putFacts(VPC, changed);
    table.passTime(MS_PER_DAY);
    await store.putFacts(VPC, { slot: TEN, facts: { ...changed.facts, startedAt: TEN.at } });
    table.passTime(30 * MS_PER_DAY - 1);
    await sweepExpired(table, { itemsMax: EVERY_ITEM });
    expect(numberIn(await store.factsAt(VPC, ACCOUNT_ID, TEN))).toBe('eni-9');
    // The base would now expire before what is written, so this one is in full.
    const late: Slot = { kind: 'scan', at: '2026-11-23T07:00:00.000Z' };
    await store.putFacts(VPC, { slot: late, facts: { ...changed.facts, startedAt: late.at } });
    table.passTime(2 * MS_PER_DAY);
    await sweepExpired(table, { itemsMax: EVERY_ITEM });
    expect(await store.factsAt(VPC, ACCOUNT_ID, NINE)).toBeUndefined();
    expect(numberIn(await store.factsAt(VPC, ACCOUNT_ID, late))).toBe('eni-9');
  });

  it.each([false, true])('lets writers of all slots race: the newest is the latest (large: %s)', async (isLarge) => {
    const { store } = await aStore();
    const slots = [TEN, EIGHT, NINE, TEN, EIGHT];
    const outcomes = await Promise.all(slots.map((slot, number) => store.putFacts(VPC, at(slot, number, { isLarge }))));
    expect(outcomes.filter((outcome) => outcome === 'already-written')).toHaveLength(2);
    const [newest] = await store.latestFacts(VPC);
    expect(newest?.scan?.slot).toEqual(TEN);
    expect(numberIn(newest?.scan?.facts)).toBe(numberIn(await store.factsAt(VPC, ACCOUNT_ID, TEN)));
  });

  const crashes = (['before', 'after'] as const).flatMap((place): [FaultPlace, boolean][] => [
    [place, false],
    [place, true],
  ]);

  it.each(crashes)('is finished by a repeat after a crash %s any request (large: %s)', async (place, isLarge) => {
    let crashCount = 0;
    for (let isDone = false; !isDone; ) {
      const { table, store } = await aStore();
      await store.putFacts(VPC, at(EIGHT, 8, { isLarge }));
      const requestNumber = crashCount + 1;
      const dying = openTable(engine, table.tableName, (client) => crashAt(client, { requestNumber, place }));
      const outcome = await createFactsStore(dying)
        .putFacts(VPC, at(NINE, 9, { isLarge }))
        .catch((cause: unknown) => cause);
      isDone = !(outcome instanceof InjectedFault);
      crashCount += isDone ? 0 : 1;
      // Whole or not at all: one or the other is the latest.
      expect([[latest(EIGHT, 8)], [latest(NINE, 9)]]).toContainEqual(await latestIn(store));
      const repeated = await store.putFacts(VPC, at(NINE, 99, { isLarge }));
      const isFirst = repeated === 'written';
      expect(await latestIn(store)).toEqual([latest(NINE, isFirst ? 99 : 9)]);
      expect(numberIn(await store.factsAt(VPC, ACCOUNT_ID, NINE))).toBe(isFirst ? 'eni-99' : 'eni-9');
    }
    // The viewer's place, what is last, and the facts; of large ones the chunks of either besides.
    expect(crashCount).toBe(isLarge ? 5 : 3);
  });
}
