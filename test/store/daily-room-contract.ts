import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { SeriesStore } from '../../lib/audit/store-ports.ts';
import type { RoomPoint } from '../../lib/domain/trend/roll-up.ts';
import { createSeriesStore } from '../../lib/store/series-store.ts';
import type { Engine } from '../helpers/dynamodb-engines.ts';
import { HOSTILE_TEXT, OWN_VPC } from './audit-values.ts';
import { crashEverywhere, FAULT_PLACES } from './crash-everywhere.ts';
import { aRoomPoint, FIRST_DAY } from './series-values.ts';
import { aTable, openTable, type TableUnderTest } from './table-under-test.ts';

const MS_PER_DAY = 86_400_000;
const MS_PER_HOUR = 3_600_000;
const PROPERTY_RUNS = 30;
const ALWAYS = { from: 0, to: 100_000 };
/** The last day of November. */
const LAST_DAY = FIRST_DAY + 29;

type Rooms = ReadonlyMap<string, readonly RoomPoint[]>;

/** What the store does, without a store: the last point of a subnet and day stays. */
function modelOf(kept: readonly Rooms[], { from, to }: typeof ALWAYS): Rooms {
  const subnets = new Map<string, Map<number, RoomPoint>>();
  for (const [subnetId, points] of kept.flatMap((rooms) => [...rooms])) {
    for (const point of points.filter(({ at }) => at >= from && at <= to)) {
      subnets.set(subnetId, (subnets.get(subnetId) ?? new Map()).set(point.at, point));
    }
  }
  return new Map([...subnets].map(([id, byDay]) => [id, [...byDay.values()].sort((a, b) => a.at - b.at)]));
}

const point: fc.Arbitrary<RoomPoint> = fc
  .record({ day: fc.integer({ min: -2, max: 34 }), free: fc.nat(300) })
  .map(({ day, free }) => aRoomPoint({ at: FIRST_DAY + day, freeMin: free }));
const rooms: fc.Arbitrary<Rooms> = fc
  .array(
    fc.tuple(
      fc.constantFrom('subnet-1', 'subnet-2', HOSTILE_TEXT),
      fc.uniqueArray(point, { selector: ({ at }) => at, maxLength: 5 }),
    ),
    { maxLength: 3 },
  )
  .map((entries) => new Map(entries));
const days = fc
  .tuple(fc.integer({ min: -3, max: 35 }), fc.integer({ min: -3, max: 35 }))
  .map(([from, to]) => ({ from: FIRST_DAY + from, to: FIRST_DAY + to }));

/** What the store of daily room promises on every engine. */
export function dailyRoomContract(start: () => Promise<Engine>): void {
  let engine: Engine;
  beforeAll(async () => {
    engine = await start();
  });
  // An engine that did not start has nothing to stop.
  afterAll(() => engine?.stop());

  async function aStore(): Promise<{ readonly table: TableUnderTest; readonly store: SeriesStore }> {
    const table = await aTable(engine);
    return { table, store: createSeriesStore(table) };
  }

  it('has nothing of a VPC that nobody observed', async () => {
    const { store } = await aStore();
    expect(await store.dailyRoom(OWN_VPC, ALWAYS)).toEqual(new Map());
  });

  it('gives back days of several months with repeats as a map in memory would', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(rooms, { maxLength: 4 }), days, async (kept, asked) => {
        const { store } = await aStore();
        for (const each of kept.flatMap((one) => [one, one])) {
          await store.keepDailyRoom(OWN_VPC, each);
        }
        expect(await store.dailyRoom(OWN_VPC, asked)).toEqual(modelOf(kept, asked));
      }),
      { numRuns: PROPERTY_RUNS },
    );
  });

  it('loses nothing where two writers keep at once', async () => {
    const { table, store } = await aStore();
    const other = createSeriesStore(openTable(engine, table.tableName));
    const ofDay = (day: number) => new Map([['subnet-1', [aRoomPoint({ at: FIRST_DAY + day })]]]);
    await Promise.all([store.keepDailyRoom(OWN_VPC, ofDay(1)), other.keepDailyRoom(OWN_VPC, ofDay(2))]);
    expect(await store.dailyRoom(OWN_VPC, ALWAYS)).toEqual(modelOf([ofDay(1), ofDay(2)], ALWAYS));
  });

  it('writes a day that is over by one read and one write of a unit, and the same again by one read', async () => {
    const { table, store } = await aStore();
    const subnetIds = Array.from({ length: 6 }, (_, index) => `subnet-${index}`);
    const until = (day: number) =>
      new Map(
        subnetIds.map((id, index) => [
          id,
          Array.from({ length: day }, (_, at) => aRoomPoint({ at: FIRST_DAY + at, freeMin: 200 - index * at })),
        ]),
      );
    await store.keepDailyRoom(OWN_VPC, until(29));
    table.meter.reset();
    await store.keepDailyRoom(OWN_VPC, until(30));
    expect([...table.meter.byOperation()]).toEqual([
      ['GetItem', { requestCount: 1, readUnits: 1, writeUnits: 0 }],
      ['PutItem', { requestCount: 1, readUnits: 0, writeUnits: 1 }],
    ]);
    table.meter.reset();
    await store.keepDailyRoom(OWN_VPC, until(30));
    expect([...table.meter.byOperation().keys()]).toEqual(['GetItem']);
  });

  it('reads 13 months by one Query', async () => {
    const { table, store } = await aStore();
    const year = Array.from({ length: 397 }, (_, day) => aRoomPoint({ at: LAST_DAY - 396 + day }));
    const kept = new Map([['subnet-1', year]]);
    await store.keepDailyRoom(OWN_VPC, kept);
    table.meter.reset();
    expect(await store.dailyRoom(OWN_VPC, { from: LAST_DAY - 396, to: LAST_DAY })).toEqual(kept);
    expect([...table.meter.byOperation()]).toMatchObject([['Query', { requestCount: 1 }]]);
  });

  it('keeps a month for as long as its last day is asked for, and takes nothing for one that is over for longer', async () => {
    const { table, store } = await aStore();
    const kept = new Map([['subnet-1', [aRoomPoint({ at: LAST_DAY })]]]);
    await store.keepDailyRoom(OWN_VPC, kept);
    // The clock starts on 23 November at 08:00.
    table.passTime((8 + 397) * MS_PER_DAY - 8 * MS_PER_HOUR - 1);
    expect(await store.dailyRoom(OWN_VPC, ALWAYS)).toEqual(kept);
    table.passTime(1);
    expect(await store.dailyRoom(OWN_VPC, ALWAYS)).toEqual(new Map());
    table.meter.reset();
    await store.keepDailyRoom(OWN_VPC, kept);
    expect(table.meter.total().requestCount).toBe(0);
  });

  it('keeps what it keeps for as long as the settings say', async () => {
    const table = await aTable(engine);
    const store = createSeriesStore(table, { hourlySeriesDays: 1, dailySeriesDays: 2 });
    await store.keepDailyRoom(OWN_VPC, new Map([['subnet-1', [aRoomPoint({ at: LAST_DAY })]]]));
    table.passTime((8 + 2) * MS_PER_DAY - 8 * MS_PER_HOUR - 1);
    expect((await store.dailyRoom(OWN_VPC, ALWAYS)).size).toBe(1);
    table.passTime(1);
    expect((await store.dailyRoom(OWN_VPC, ALWAYS)).size).toBe(0);
  });

  it.each(FAULT_PLACES)(
    'has each month whole or not after a crash %s any request, and a repeat finishes',
    async (place) => {
      const [october, november] = [FIRST_DAY - 1, FIRST_DAY].map((at) => aRoomPoint({ at }));
      const [before, next] = [[october], [october, november]].map(
        (points) => new Map([['subnet-1', points.flatMap((each) => each ?? [])]]),
      );
      const requestCount = await crashEverywhere(engine, place, {
        prepare: (table) => createSeriesStore(table).keepDailyRoom(OWN_VPC, before ?? new Map()),
        act: (table) => createSeriesStore(table).keepDailyRoom(OWN_VPC, next ?? new Map()),
        check: async (table) => {
          const store = createSeriesStore(table);
          expect([before, next]).toContainEqual(await store.dailyRoom(OWN_VPC, ALWAYS));
          await store.keepDailyRoom(OWN_VPC, next ?? new Map());
          expect(await store.dailyRoom(OWN_VPC, ALWAYS)).toEqual(next);
        },
      });
      // October is looked at, and stays; November is looked at and written.
      expect(requestCount).toBe(3);
    },
  );
}
