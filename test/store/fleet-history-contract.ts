import { afterAll, beforeAll, expect, it } from 'vitest';
import { createFleet } from '../../lib/audit/fleet.ts';
import { fleetColumns } from '../../lib/audit/fleet-columns.ts';
import { FLEET_GROUPINGS, type FleetHistoryStore } from '../../lib/audit/fleet-history-ports.ts';
import { fleetVpc } from '../../lib/audit/fleet-vpc.ts';
import { rollUpHistory } from '../../lib/audit/roll-up-history.ts';
import type { VpcState } from '../../lib/domain/capacity/vpc-state.ts';
import { type FleetDay, joinFleetDays } from '../../lib/domain/trend/fleet-day.ts';
import { createFleetHistoryStore } from '../../lib/store/fleet-history-store.ts';
import { createSeriesStore } from '../../lib/store/series-store.ts';
import type { StoreTable } from '../../lib/store/table.ts';
import type { Engine } from '../helpers/dynamodb-engines.ts';
import { type RealisticFleet, realisticVpc } from '../helpers/realistic-fleet.ts';
import { aGroupDay, TODAY } from '../helpers/series-builder.ts';
import { HOSTILE_TEXT } from './audit-values.ts';
import { crashEverywhere, FAULT_PLACES } from './crash-everywhere.ts';
import { incompressible } from './incompressible.ts';
import { aRoomPoint } from './series-values.ts';
import { aTable, openTable, START_MS, type TableUnderTest } from './table-under-test.ts';

const FLEET: RealisticFleet = {
  vpcCount: 2,
  subnetsPerVpc: 2,
  clusterCount: 1,
  observedAt: '2026-11-23T07:00:00.000Z',
  seed: 3,
};
const MS_PER_DAY = 86_400_000;
const MS_PER_HOUR = 3_600_000;
const YESTERDAY = TODAY - 1;
/** Of a large organisation. */
const ACCOUNT_COUNT = 500;
const BYTES_PER_GROUP = 4;

function aDay(day: number, overrides: Parameters<typeof aGroupDay>[0] = {}): FleetDay {
  return { day, groups: [aGroupDay({ name: HOSTILE_TEXT, ...overrides }), aGroupDay({ name: undefined })] };
}

/** A day of accounts that have nothing in common. */
function dayOfAccounts(count: number, day = YESTERDAY): FleetDay {
  const random = incompressible(day, count * BYTES_PER_GROUP);
  const groups = Array.from({ length: count }, (_, index) => {
    const [first = 0, second = 0, third = 0, fourth = 0] = random.subarray(index * BYTES_PER_GROUP);
    const name = String(111_122_223_333 + index * 7_919_017);
    const group = aGroupDay({ name, seen: 1 + (first % 3), free: first * 256 + second });
    const scatter = { alignableAddressCount: first * 200 + third, strandedAddressCount: third };
    return { ...group, room: group.room && { ...group.room, freePrefixMin: first * 10 + (fourth % 16), scatter } };
  });
  return joinFleetDays(undefined, { day, groups });
}

/** What the store of the fleet's history promises on every engine. */
export function fleetHistoryContract(start: () => Promise<Engine>): void {
  let engine: Engine;
  beforeAll(async () => {
    engine = await start();
  });
  // An engine that did not start has nothing to stop.
  afterAll(() => engine?.stop());

  async function aStore(): Promise<{ readonly table: TableUnderTest; readonly store: FleetHistoryStore }> {
    const table = await aTable(engine);
    return { table, store: createFleetHistoryStore(table) };
  }

  it('has no day before the first', async () => {
    const { store } = await aStore();
    expect(await store.hasDay('fleet', YESTERDAY)).toBe(false);
    expect(await store.readDays('fleet', { from: 0, to: TODAY })).toEqual([]);
  });

  it('gives back days in their order, of one grouping and no other', async () => {
    const { store } = await aStore();
    for (const day of [YESTERDAY, YESTERDAY - 40, YESTERDAY - 1]) {
      await store.keepDay('team', aDay(day));
    }
    await store.keepDay('account', aDay(YESTERDAY - 2));
    const days = [YESTERDAY - 40, YESTERDAY - 1, YESTERDAY].map((day) => aDay(day));
    expect(await store.readDays('team', { from: 0, to: TODAY })).toStrictEqual(days);
    expect(await store.readDays('team', { from: YESTERDAY - 1, to: YESTERDAY - 1 })).toStrictEqual([days[1]]);
    expect(await store.readDays('team', { from: YESTERDAY, to: YESTERDAY - 1 })).toEqual([]);
    expect(await store.hasDay('team', YESTERDAY)).toBe(true);
    expect(await store.hasDay('team', YESTERDAY - 2)).toBe(false);
  });

  it('joins a day that is added up again, and writes nothing where nothing changed', async () => {
    const { table, store } = await aStore();
    const [poor, rich] = [aDay(YESTERDAY, { seen: 1, free: 20 }), aDay(YESTERDAY, { seen: 2, free: 60 })];
    await store.keepDay('team', rich);
    table.meter.reset();
    await store.keepDay('team', poor);
    await store.keepDay('team', rich);
    expect([...table.meter.byOperation().keys()]).toEqual(['GetItem']);
    expect(await store.readDays('team', { from: 0, to: TODAY })).toStrictEqual([rich]);
  });

  it('loses nothing where two add up at once', async () => {
    const { table, store } = await aStore();
    const other = createFleetHistoryStore(openTable(engine, table.tableName));
    const [one, two] = ['a', 'b'].map((name) => ({ day: YESTERDAY, groups: [aGroupDay({ name })] }));
    await Promise.all([one, two].map((day, index) => day && [store, other][index]?.keepDay('account', day)));
    const [found] = await store.readDays('account', { from: 0, to: TODAY });
    expect(found?.groups.map(({ name }) => name)).toEqual(['a', 'b']);
  });

  it('costs what its key says', async () => {
    const { table, store } = await aStore();
    for (const [count, writeUnits] of [
      [20, 1],
      [ACCOUNT_COUNT, 7],
    ] as const) {
      table.meter.reset();
      await store.keepDay('account', dayOfAccounts(count, YESTERDAY - (count % 100)));
      expect(table.meter.total()).toEqual({ requestCount: 2, readUnits: expect.any(Number), writeUnits });
    }
  });

  it('reads a month of 500 accounts by one Query', async () => {
    const { table, store } = await aStore();
    const days = Array.from({ length: 30 }, (_, index) => dayOfAccounts(ACCOUNT_COUNT, YESTERDAY - 29 + index));
    for (const day of days) {
      await store.keepDay('account', day);
    }
    table.meter.reset();
    expect(await store.readDays('account', { from: YESTERDAY - 29, to: YESTERDAY })).toEqual(days);
    expect([...table.meter.byOperation()]).toMatchObject([['Query', { requestCount: 1 }]]);
    expect(table.meter.total().readUnits).toBeLessThanOrEqual(55);
  });

  it('keeps a day for as long as the settings say, 13 months where they do not', async () => {
    for (const [days, settings] of [
      [397, undefined],
      [10, { dailySeriesDays: 10 }],
    ] as const) {
      const table = await aTable(engine);
      const store = createFleetHistoryStore(table, settings);
      await store.keepDay('fleet', aDay(YESTERDAY));
      // The clock starts at 08:00 of the day after.
      table.passTime(days * MS_PER_DAY - 8 * MS_PER_HOUR - 1);
      expect(await store.hasDay('fleet', YESTERDAY)).toBe(true);
      table.passTime(1);
      expect(await store.hasDay('fleet', YESTERDAY)).toBe(false);
      table.meter.reset();
      await store.keepDay('fleet', aDay(YESTERDAY));
      expect(table.meter.total().requestCount).toBe(0);
    }
  });

  it.each(FAULT_PLACES)('has a day as it was or as it is after a crash %s any request', async (place) => {
    const [before, after] = [1, 3].map((seen) => aDay(YESTERDAY, { seen }));
    const requestCount = await crashEverywhere(engine, place, {
      prepare: async (table) => before && createFleetHistoryStore(table).keepDay('team', before),
      act: async (table) => after && createFleetHistoryStore(table).keepDay('team', after),
      check: async (table) => {
        const store = createFleetHistoryStore(table);
        expect([
          [before],
          [
            {
              ...after,
              groups: after?.groups.map((group, index) => ({ ...group, statuses: before?.groups[index]?.statuses })),
            },
          ],
        ]).toContainEqual(await store.readDays('team', { from: 0, to: TODAY }));
      },
    });
    expect(requestCount).toBe(2);
  });

  it.each(FAULT_PLACES)(
    'says that a day is added up only when all of it is, after a crash %s any request',
    async (place) => {
      const states = Array.from({ length: 2 }, (_, index) => realisticVpc(FLEET, index));
      const shard = fleetColumns(states.map((state) => fleetVpc(state, 'v1')));
      const fleet = createFleet(shard, { version: 'v1', rolledUpAt: FLEET.observedAt, scan: undefined });
      const run = (table: StoreTable) =>
        rollUpHistory(
          {
            fleet: { readFleet: async () => fleet },
            series: createSeriesStore(table),
            history: createFleetHistoryStore(table),
            clock: { now: () => START_MS },
          },
          1,
        );
      const everything = async (table: StoreTable) => {
        const history = createFleetHistoryStore(table);
        return Promise.all(FLEET_GROUPINGS.map((by) => history.readDays(by, { from: 0, to: TODAY })));
      };
      const whole = await aTable(engine);
      await keepRooms(whole, states);
      await run(whole);
      const wanted = await everything(whole);
      expect(wanted.map((days) => days.length)).toEqual(FLEET_GROUPINGS.map(() => 1));
      const requestCount = await crashEverywhere(engine, place, {
        prepare: (table) => keepRooms(table, states),
        act: run,
        check: async (table) => {
          if (await createFleetHistoryStore(table).hasDay('fleet', YESTERDAY)) {
            expect(await everything(table)).toEqual(wanted);
          }
          await run(table);
          expect(await everything(table)).toEqual(wanted);
        },
      });
      // A Query for each VPC, then each grouping is looked at and written.
      expect(requestCount).toBe(states.length + 2 * FLEET_GROUPINGS.length);
    },
  );
}

async function keepRooms(table: StoreTable, states: readonly VpcState[]): Promise<void> {
  for (const { vpc, subnets } of states) {
    const rooms = subnets.map(({ subnet: { subnetId } }) => [subnetId, [aRoomPoint({ at: YESTERDAY })]] as const);
    await createSeriesStore(table).keepDailyRoom(vpc, new Map(rooms));
  }
}
