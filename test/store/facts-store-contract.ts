import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Slot, slotText } from '../../lib/audit/slot.ts';
import type { FactsStore, SlotFacts, SlotPulse, ViewerFacts } from '../../lib/audit/store-ports.ts';
import type { VpcId } from '../../lib/domain/capacity/vpc-state.ts';
import type { RegionFacts } from '../../lib/domain/region-facts.ts';
import { createFactsStore } from '../../lib/store/facts-store.ts';
import { ACCOUNT_ID, aNetworkInterface, VPC_ID } from '../helpers/builders.ts';
import type { Engine } from '../helpers/dynamodb-engines.ts';
import { REGION, seen, someRegionFacts } from '../helpers/region-facts-builder.ts';
import { crashAt, type FaultPlace, InjectedFault } from './faulty-dynamodb.ts';
import { FULL_REGION_FACTS } from './full-region-facts.ts';
import { incompressible } from './incompressible.ts';
import { aTable, openTable, type TableUnderTest } from './table-under-test.ts';

const VPC: VpcId = { ownerId: ACCOUNT_ID, region: REGION, vpcId: VPC_ID };
const PARTICIPANT_ID = '444455556666';
const EIGHT: Slot = { kind: 'scan', at: '2026-11-23T08:00:00.000Z' };
const NINE: Slot = { kind: 'scan', at: '2026-11-23T09:00:00.000Z' };
const TEN: Slot = { kind: 'scan', at: '2026-11-23T10:00:00.000Z' };
const QUARTER_PAST: Slot = { kind: 'pulse', at: '2026-11-23T08:15:00.000Z' };
const SUBNET_ID = 'subnet-1';
const MS_PER_DAY = 86_400_000;
const LARGE_TEXT_BYTES = 500_000;

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
    expect(await store.putFacts(VPC, at(EIGHT, 8))).toBe('late');
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
    expect(await store.putFacts(VPC, at(request('a'), 3))).toBe('late');
    expect((await store.latestFacts(VPC)).map(({ scan }) => scan?.slot)).toEqual([request('b c')]);
    expect(numberIn(await store.factsAt(VPC, ACCOUNT_ID, request('a')))).toBe('eni-3');
  });

  it('keeps pulses beside scans, by their slots', async () => {
    const { store } = await aStore();
    expect(await store.putPulse(VPC, pulseAt(QUARTER_PAST, 15))).toBe('written');
    expect(await latestIn(store)).toEqual([latest(QUARTER_PAST, 15)]);
    await store.putFacts(VPC, at(EIGHT, 8));
    expect(await store.putPulse(VPC, pulseAt(QUARTER_PAST, 16))).toBe('already-written');
    expect(await store.putPulse(VPC, pulseAt({ kind: 'pulse', at: EIGHT.at }, 0))).toBe('late');
    expect(await latestIn(store)).toEqual([`${latest(EIGHT, 8)} ${slotText(QUARTER_PAST)} 15`]);
    expect(await store.latestSlots(VPC)).toEqual([
      { viewerAccountId: ACCOUNT_ID, scanSlot: slotText(EIGHT), pulseSlot: slotText(QUARTER_PAST) },
    ]);
    expect(await store.pulseAt(VPC, ACCOUNT_ID, QUARTER_PAST)).toStrictEqual(pulseAt(QUARTER_PAST, 15).pulse);
    expect(await store.factsAt(VPC, ACCOUNT_ID, QUARTER_PAST)).toBeUndefined();
  });

  it('reads the latest of every viewer of one VPC by one Query, and of each its facts and their base', async () => {
    const { table, store } = await aStore();
    await store.putFacts(VPC, at(EIGHT, 1));
    await store.putFacts(VPC, at(NINE, 9));
    await store.putFacts(VPC, at(NINE, 2, { accountId: PARTICIPANT_ID }));
    await store.putFacts({ ...VPC, vpcId: 'vpc-0b' }, at(NINE, 3));
    await store.putFacts({ ...VPC, region: 'eu-west-2' }, at(NINE, 4));
    await store.putFacts({ ...VPC, ownerId: PARTICIPANT_ID }, at(NINE, 5));
    table.meter.reset();
    expect(await latestIn(store)).toEqual([latest(NINE, 9), latest(NINE, 2, PARTICIPANT_ID)]);
    expect(requestsOf(table)).toEqual([
      ['Query', 1],
      ['GetItem', 3],
    ]);
    table.meter.reset();
    expect(await store.latestSlots(VPC)).toHaveLength(2);
    expect(requestsOf(table)).toEqual([['Query', 1]]);
  });

  it('keeps a slot for 30 days, the first of a day for 13 months, and knows then that there was one', async () => {
    const { table, store } = await aStore();
    await store.putFacts(VPC, at(EIGHT, 8));
    await store.putFacts(VPC, at(NINE, 9));
    table.passTime(30 * MS_PER_DAY - 1);
    expect(await latestIn(store)).toEqual([latest(NINE, 9)]);
    table.passTime(1);
    expect(await store.factsAt(VPC, ACCOUNT_ID, NINE)).toBeUndefined();
    expect(await store.latestScan(VPC, ACCOUNT_ID)).toBeUndefined();
    expect(await latestIn(store)).toEqual([`${ACCOUNT_ID} expired`]);
    table.passTime(366 * MS_PER_DAY - 1);
    expect(numberIn(await store.factsAt(VPC, ACCOUNT_ID, EIGHT))).toBe('eni-8');
    expect(await latestIn(store)).toEqual([`${ACCOUNT_ID} expired`]);
    table.passTime(1);
    expect(await store.factsAt(VPC, ACCOUNT_ID, EIGHT)).toBeUndefined();
    expect(await latestIn(store)).toEqual([]);
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
    // The viewer's place, its base, the facts and the place; of large ones the base's chunks and a batch of them besides.
    expect(crashCount).toBe(isLarge ? 6 : 4);
  });
}
