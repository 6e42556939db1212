import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { SeriesStore } from '../../lib/audit/store-ports.ts';
import type { VpcId } from '../../lib/domain/capacity/vpc-state.ts';
import type { SeriesSample } from '../../lib/domain/trend/series.ts';
import { createForecastStore } from '../../lib/store/forecast-store.ts';
import { type ItemKey, seriesDayKey } from '../../lib/store/keys.ts';
import { createSeriesReader, createSeriesStore } from '../../lib/store/series-store.ts';
import type { Engine } from '../helpers/dynamodb-engines.ts';
import { HOSTILE_TEXT, OWN_VPC } from './audit-values.ts';
import { crashEverywhere, FAULT_PLACES } from './crash-everywhere.ts';
import { FULL_FORECASTS } from './full-forecasts.ts';
import { incompressible } from './incompressible.ts';
import { answerLate } from './late-answers.ts';
import { aPulsePoint, aSample, aScanPoint } from './series-values.ts';
import { aTable, openTable, type TableUnderTest } from './table-under-test.ts';

const MS_PER_DAY = 86_400_000;
const PROPERTY_RUNS = 30;
const DAY = { from: '2026-11-23', to: '2026-11-23' };
/** Names that nothing packs, more than an item takes. */
const LARGE_SUBNET_COUNT = 600;
const LARGE_NAME_BYTES = 750;
const LATER_FORECASTS = { ...FULL_FORECASTS, today: FULL_FORECASTS.today + 1 };
const DAYS = ['2026-11-01', '2026-11-02', '2026-11-03', '2026-11-04'];
const ALWAYS = { from: '2026-11-01', to: '2026-11-30' };

function nameOf({ observedAt, viewerAccountId, kind }: SeriesSample): string {
  return [observedAt, viewerAccountId, kind].join(' ');
}

/** What a store of series does, without a store: the first sample of a name stays, and names sort by time. */
function modelOf(added: readonly SeriesSample[], { from, to }: typeof DAY): SeriesSample[] {
  const first = new Map(added.toReversed().map((sample) => [nameOf(sample), sample]));
  return [...first.values()]
    .filter(({ observedAt }) => observedAt.slice(0, 10) >= from && observedAt.slice(0, 10) <= to)
    .sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
}

const count = fc.nat({ max: 300 });
const gap = fc.option(count, { nil: undefined });
const point = fc.record(
  {
    availableIpAddressCount: count,
    usedAddressCount: gap,
    freeAddressCount: gap,
    reservedAddressCount: gap,
    freePrefixCount: gap,
    freePrefixCountMost: gap,
    strandedAddressCount: gap,
  },
  { noNullPrototype: true },
);
const samples = fc.array(
  fc.record(
    {
      observedAt: fc
        .tuple(fc.integer({ min: 21, max: 23 }), fc.constantFrom('00:00:00.000', '08:00:00.001', '23:59:59.999'))
        .map(([day, time]) => `2026-11-${day}T${time}Z`),
      kind: fc.constantFrom('scan', 'pulse', 'request'),
      viewerAccountId: fc.constantFrom('1', '2'),
      points: fc
        .array(fc.tuple(fc.constantFrom('subnet-1', 'subnet-2', 'subnet-3'), point), { maxLength: 3 })
        .map((entries) => new Map(entries)),
    },
    { noNullPrototype: true },
  ) satisfies fc.Arbitrary<SeriesSample>,
  { maxLength: 12 },
);
const days = fc
  .tuple(fc.integer({ min: 20, max: 24 }), fc.integer({ min: 20, max: 24 }))
  .map(([from, to]) => ({ from: `2026-11-${from}`, to: `2026-11-${to}` }));

async function damage({ client, tableName }: TableUnderTest, { pk, sk }: ItemKey): Promise<void> {
  await client.send(
    new UpdateItemCommand({
      TableName: tableName,
      Key: { pk: { S: pk }, sk: { S: sk } },
      UpdateExpression: 'SET body = :body',
      ExpressionAttributeValues: { ':body': { B: Buffer.from('damaged') } },
    }),
  );
}

/** Several writes lie in one moment, of which a late answer knows none. */
const STEPS_OF_MOMENT = 3;

/** What the store of series promises on every engine. */
export function seriesStoreContract(start: () => Promise<Engine>): void {
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
    expect(await store.samples(OWN_VPC, ALWAYS)).toEqual([]);
  });

  it('gives back samples of any order with repeats as a list in memory would', async () => {
    await fc.assert(
      fc.asyncProperty(samples, days, async (added, asked) => {
        const { store } = await aStore();
        for (const sample of [...added, ...added.toReversed()]) {
          await store.addSample(OWN_VPC, sample);
        }
        expect(await store.samples(OWN_VPC, asked)).toStrictEqual(modelOf(added, asked));
      }),
      { numRuns: PROPERTY_RUNS },
    );
  });

  it('gives of one subnet the same again, until something is added', async () => {
    const { table, store } = await aStore();
    const points = new Map([
      ['subnet-1', aScanPoint()],
      ['subnet-2', aPulsePoint(7)],
    ]);
    const first = aSample({ observedAt: '2026-11-23T08:00:00.000Z', points });
    await store.addSample(OWN_VPC, first);
    const own = (sample: SeriesSample) => ({ ...sample, points: new Map([['subnet-2', aPulsePoint(7)]]) });
    const read = await store.samples(OWN_VPC, ALWAYS, { subnetId: 'subnet-2' });
    expect(read).toStrictEqual([own(first)]);
    expect(await store.samples(OWN_VPC, ALWAYS, { subnetId: 'subnet-2' })).toBe(read);
    expect(await store.samples(OWN_VPC, DAY, { subnetId: 'subnet-2' })).toStrictEqual([own(first)]);
    expect(await store.samples(OWN_VPC, ALWAYS, { subnetId: 'subnet-3' })).toStrictEqual([
      { ...first, points: new Map() },
    ]);
    const second = aSample({ observedAt: '2026-11-23T09:00:00.000Z', points });
    await createSeriesStore(table).addSample(OWN_VPC, second);
    expect(await store.samples(OWN_VPC, ALWAYS, { subnetId: 'subnet-2' })).toStrictEqual([own(first), own(second)]);
  });

  it('asks for versions and for what is new once it has read of a VPC, whatever is new', async () => {
    const { table, store } = await aStore();
    const reader = createSeriesReader(table);
    const scope = { subnetId: 'subnet-1', waiting: [] };
    const read = async (days: { readonly from: string; readonly to: string }) => {
      table.meter.reset();
      const samples = await reader.samples(OWN_VPC, days, scope);
      return { samples, queryCount: table.meter.byOperation().get('Query')?.requestCount };
    };
    const all = { from: '2026-11-01', to: '2026-11-04' };
    const fresh = (days: typeof all) => createSeriesReader(table).samples(OWN_VPC, days, scope);
    expect(await read(all)).toEqual({ samples: [], queryCount: 1 });
    // A day more, one in between, one before all others, one that is there already, and two at the ends.
    for (const hours of [['03T05'], ['02T05'], ['01T05'], ['02T06'], ['01T07', '04T07'], []]) {
      await store.addSample(
        OWN_VPC,
        ...hours.map((hour) =>
          aSample({ observedAt: `2026-11-${hour}:00:00.000Z`, points: new Map([['subnet-1', aScanPoint()]]) }),
        ),
      );
      const { samples, queryCount } = await read(all);
      expect(samples).toStrictEqual(await fresh(all));
      expect(queryCount).toBe(hours.length === 0 ? 1 : 2);
    }
    expect((await read(all)).samples).toHaveLength(6);
    for (const [index, from] of DAYS.entries()) {
      for (const to of DAYS.slice(index)) {
        expect(await read({ from, to })).toEqual({ samples: await fresh({ from, to }), queryCount: 1 });
      }
    }
  });

  it('reads what waits with the state from who has read it, and asks for it where nobody has', async () => {
    const { table, store } = await aStore();
    const joined = aSample({ observedAt: '2026-11-23T08:00:00.000Z' });
    const waits = aSample({ observedAt: '2026-11-23T09:00:00.000Z' });
    const ofAnotherDay = aSample({ observedAt: '2026-11-24T09:00:00.000Z' });
    await store.addSample(OWN_VPC, joined);
    table.meter.reset();
    expect(await store.samples(OWN_VPC, DAY, { waiting: [waits, ofAnotherDay] })).toStrictEqual([joined, waits]);
    expect([...table.meter.byOperation().keys()]).toEqual(['Query']);
    expect(await store.samples(OWN_VPC, DAY)).toStrictEqual([joined]);
  });

  it('loses nothing where its writer reads as of a moment before', async () => {
    let lateCount = 0;
    await fc.assert(
      fc.asyncProperty(samples, async (added) => {
        const { table, store } = await aStore();
        let stepCount = 0;
        let lateIn = () => 0;
        const late = openTable(engine, table.tableName, (client) => {
          lateIn = answerLate(client, { history: new Map(), now: () => Math.floor(stepCount / STEPS_OF_MOMENT) });
        });
        const writer = createSeriesStore(late);
        for (const sample of [...added, ...added.toReversed()]) {
          stepCount += 1;
          await writer.addSample(OWN_VPC, sample);
        }
        expect(await store.samples(OWN_VPC, ALWAYS)).toStrictEqual(modelOf(added, ALWAYS));
        lateCount += lateIn();
      }),
      { numRuns: PROPERTY_RUNS },
    );
    expect(lateCount).toBeGreaterThan(0);
  });

  it('loses nothing where two writers add at once', async () => {
    await fc.assert(
      fc.asyncProperty(samples, samples, async (own, others) => {
        const { table, store } = await aStore();
        const other = createSeriesStore(openTable(engine, table.tableName));
        // Of one name it may be either's, so that both say the same here.
        const points = new Map([['subnet-1', aPulsePoint(1)]]);
        const added = [own, others].map((list) => list.map((sample) => ({ ...sample, points })));
        await Promise.all(
          [store, other].map(async (writer, index) => {
            for (const sample of added[index] ?? []) {
              await writer.addSample(OWN_VPC, sample);
            }
          }),
        );
        expect(await store.samples(OWN_VPC, ALWAYS)).toStrictEqual(modelOf(added.flat(), ALWAYS));
      }),
      { numRuns: PROPERTY_RUNS },
    );
  });

  it('reads again where another writer came between, and gives up where that goes on', async () => {
    for (const [rivalCount, isWritten] of [
      [7, true],
      [8, false],
    ] as const) {
      const { table, store } = await aStore();
      let rivals = 0;
      const overtaken = openTable(engine, table.tableName, (client) =>
        client.middlewareStack.add(
          (next, context) => async (args) => {
            if (context.commandName === 'PutItemCommand' && rivals < rivalCount) {
              rivals += 1;
              await store.addSample(OWN_VPC, aSample({ viewerAccountId: `rival ${rivals}` }));
            }
            return next(args);
          },
          { step: 'initialize' },
        ),
      );
      const adding = createSeriesStore(overtaken).addSample(OWN_VPC, aSample());
      await (isWritten
        ? expect(adding).resolves.toBeUndefined()
        : expect(adding).rejects.toThrow('others wrote it 8 times meanwhile'));
      expect(overtaken.waits).toHaveLength(7);
      const kept = await store.samples(OWN_VPC, DAY);
      expect(kept).toHaveLength(rivalCount + (isWritten ? 1 : 0));
      expect(kept.some((sample) => nameOf(sample) === nameOf(aSample()))).toBe(isWritten);
    }
  });

  it('adds a sample by one read and one write, and a repeat by one read', async () => {
    const { table, store } = await aStore();
    await store.addSample(OWN_VPC, aSample());
    table.meter.reset();
    await store.addSample(OWN_VPC, aSample({ kind: 'pulse' }));
    expect([...table.meter.byOperation()]).toEqual([
      ['GetItem', { requestCount: 1, readUnits: 0.5, writeUnits: 0 }],
      ['PutItem', { requestCount: 1, readUnits: 0, writeUnits: 1 }],
    ]);
    table.meter.reset();
    // The same moment in other words, and with other counts: what came first stays.
    await store.addSample(OWN_VPC, aSample({ observedAt: '2026-11-23T10:00:02.345+02:00', points: new Map() }));
    expect([...table.meter.byOperation().keys()]).toEqual(['GetItem']);
    expect(await store.samples(OWN_VPC, DAY)).toStrictEqual([aSample({ kind: 'pulse' }), aSample()]);
  });

  it('reads a month by one Query, and what waits with the state', async () => {
    const { table, store } = await aStore();
    const added = Array.from({ length: 30 }, (_, index) =>
      aSample({ observedAt: `2026-11-${String(index + 1).padStart(2, '0')}T08:00:00.000Z` }),
    );
    for (const sample of added) {
      await store.addSample(OWN_VPC, sample);
    }
    table.meter.reset();
    expect(await store.samples(OWN_VPC, ALWAYS)).toStrictEqual(added);
    expect([...table.meter.byOperation()]).toMatchObject([
      ['GetItem', { requestCount: 1 }],
      ['Query', { requestCount: 1 }],
    ]);
  });

  it('reads with what was forecast last by the same requests, whichever days are asked for', async () => {
    const { table, store } = await aStore();
    await createForecastStore(table).writeForecasts(OWN_VPC, FULL_FORECASTS, undefined);
    await createForecastStore(table).writeForecasts({ ...OWN_VPC, vpcId: 'vpc-other' }, LATER_FORECASTS, undefined);
    const added = ['2026-11-22', '2026-11-23', '2026-11-24'].map((day) =>
      aSample({ observedAt: `${day}T08:00:00.000Z` }),
    );
    await store.addSample(OWN_VPC, ...added);
    for (const subnetId of [undefined, [...aSample().points.keys()][0]]) {
      table.meter.reset();
      const { samples, forecasts } = await store.samplesAndForecasts(OWN_VPC, DAY, { subnetId });
      expect(samples).toStrictEqual(await store.samples(OWN_VPC, DAY, { subnetId }));
      expect(samples).toStrictEqual(added.slice(1, 2));
      expect(forecasts?.forecasts).toStrictEqual(FULL_FORECASTS);
      expect(forecasts).toStrictEqual(await createForecastStore(table).readForecasts(OWN_VPC));
    }
    table.meter.reset();
    await store.samplesAndForecasts(OWN_VPC, DAY);
    expect([...table.meter.byOperation()]).toMatchObject([
      ['GetItem', { requestCount: 1 }],
      ['Query', { requestCount: 1 }],
    ]);
  });

  it('reads newer forecasts as soon as they are there, and none where none were made', async () => {
    const { table, store } = await aStore();
    const subnetId = 'subnet-1';
    expect(await store.samplesAndForecasts(OWN_VPC, DAY, { subnetId })).toEqual({ samples: [], forecasts: undefined });
    const forecasts = createForecastStore(table);
    await forecasts.writeForecasts(OWN_VPC, FULL_FORECASTS, undefined);
    const first = await store.samplesAndForecasts(OWN_VPC, DAY, { subnetId });
    expect((await store.samplesAndForecasts(OWN_VPC, DAY, { subnetId })).forecasts).toBe(first.forecasts);
    await forecasts.writeForecasts(OWN_VPC, LATER_FORECASTS, first.forecasts?.version);
    const second = await store.samplesAndForecasts(OWN_VPC, DAY, { subnetId });
    expect(second.forecasts?.forecasts).toStrictEqual(LATER_FORECASTS);
  });

  it('cuts days in UTC', async () => {
    const { store } = await aStore();
    await store.addSample(OWN_VPC, aSample({ observedAt: '2026-11-24T00:30:00+01:00' }));
    expect(await store.samples(OWN_VPC, DAY)).toStrictEqual([aSample({ observedAt: '2026-11-23T23:30:00.000Z' })]);
    expect(await store.samples(OWN_VPC, { from: '2026-11-24', to: '2026-11-25' })).toEqual([]);
    expect(await store.samples(OWN_VPC, { from: '2026-11-24', to: '2026-11-22' })).toEqual([]);
  });

  it('refuses what is no day and no moment', async () => {
    const { store } = await aStore();
    await expect(store.samples(OWN_VPC, { from: '2026-11-1', to: '2026-11-23' })).rejects.toThrow('from "2026-11-1"');
    await expect(store.addSample(OWN_VPC, aSample({ observedAt: 'now' }))).rejects.toThrow('"now": it is no instant');
  });

  it('keeps VPCs apart, whatever their names hold', async () => {
    const { store } = await aStore();
    const vpcs: VpcId[] = [
      OWN_VPC,
      { ...OWN_VPC, ownerId: HOSTILE_TEXT },
      { ...OWN_VPC, region: `${OWN_VPC.region}#${OWN_VPC.vpcId}`, vpcId: '' },
    ];
    for (const vpc of vpcs) {
      await store.addSample(
        vpc,
        aSample({ viewerAccountId: vpc.ownerId, points: new Map([[vpc.vpcId, aScanPoint()]]) }),
      );
    }
    for (const vpc of vpcs) {
      const [sample, ...others] = await store.samples(vpc, DAY);
      expect(others).toEqual([]);
      expect(sample?.viewerAccountId).toBe(vpc.ownerId);
      expect([...(sample?.points.keys() ?? [])]).toEqual([vpc.vpcId]);
    }
  });

  it('keeps a day for 90 days after it, and takes nothing for a day that is over for longer', async () => {
    const { table, store } = await aStore();
    const early = aSample({ observedAt: '2026-11-23T00:00:00.000Z' });
    const late = aSample({ observedAt: '2026-11-23T23:59:59.999Z' });
    await store.addSample(OWN_VPC, early);
    await store.addSample(OWN_VPC, late);
    // The clock starts at 08:00.
    table.passTime(90 * MS_PER_DAY + (16 / 24) * MS_PER_DAY - 1);
    expect(await store.samples(OWN_VPC, DAY)).toStrictEqual([early, late]);
    table.passTime(1);
    expect(await store.samples(OWN_VPC, DAY)).toEqual([]);
    table.meter.reset();
    await store.addSample(OWN_VPC, early);
    expect(table.meter.total().requestCount).toBe(0);
  });

  it('keeps a day that does not fit an item', async () => {
    const { store } = await aStore();
    const random = incompressible(1, LARGE_SUBNET_COUNT * LARGE_NAME_BYTES);
    const points = new Map(
      Array.from({ length: LARGE_SUBNET_COUNT }, (_, index) => {
        const name = random.subarray(index * LARGE_NAME_BYTES, (index + 1) * LARGE_NAME_BYTES);
        return [Buffer.from(name).toString('base64'), aPulsePoint(index)];
      }),
    );
    const sample = aSample({ kind: 'pulse', points });
    await store.addSample(OWN_VPC, sample);
    await store.addSample(OWN_VPC, aSample());
    const [large, small] = await store.samples(OWN_VPC, DAY);
    expect(large?.points).toEqual(points);
    expect(small).toStrictEqual(aSample());
  });

  it.each(FAULT_PLACES)(
    'has all or nothing of a sample after a crash %s any request, and a repeat finishes',
    async (place) => {
      const next = aSample({ observedAt: '2026-11-23T09:00:00.000Z' });
      const requestCount = await crashEverywhere(engine, place, {
        prepare: (table) => createSeriesStore(table).addSample(OWN_VPC, aSample()),
        act: (table) => createSeriesStore(table).addSample(OWN_VPC, next),
        check: async (table) => {
          const store = createSeriesStore(table);
          expect([[aSample()], [aSample(), next]]).toContainEqual(await store.samples(OWN_VPC, DAY));
          await store.addSample(OWN_VPC, next);
          expect(await store.samples(OWN_VPC, DAY)).toStrictEqual([aSample(), next]);
        },
      });
      expect(requestCount).toBe(2);
    },
  );

  it('names the day that is damaged', async () => {
    const { table, store } = await aStore();
    await store.addSample(OWN_VPC, aSample());
    const { sk } = seriesDayKey(OWN_VPC, DAY.from);
    await damage(table, seriesDayKey(OWN_VPC, DAY.from));
    await expect(store.samples(OWN_VPC, DAY)).rejects.toThrow(sk);
    await expect(store.addSample(OWN_VPC, aSample())).rejects.toThrow(sk);
  });
}
