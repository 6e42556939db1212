import { afterAll, beforeAll, expect, it } from 'vitest';
import { createForecastStore } from '../../lib/store/forecast-store.ts';
import type { Engine } from '../helpers/dynamodb-engines.ts';
import { crashEverywhere, FAULT_PLACES } from './crash-everywhere.ts';
import { FULL_FORECASTS } from './full-forecasts.ts';
import { VPC } from './state-of-size.ts';
import { aTable } from './table-under-test.ts';

const MS_PER_DAY = 86_400_000;
const LATER = { ...FULL_FORECASTS, today: FULL_FORECASTS.today + 1, isOutdated: false };

/** What the store of forecasts promises on every engine. */
export function forecastStoreContract(start: () => Promise<Engine>): void {
  let engine: Engine;
  beforeAll(async () => {
    engine = await start();
  });
  // An engine that did not start has nothing to stop.
  afterAll(() => engine?.stop());

  it('has none of a VPC before the first', async () => {
    const store = createForecastStore(await aTable(engine));
    expect(await store.readForecasts(VPC)).toBeUndefined();
    expect(await store.writeForecasts(VPC, FULL_FORECASTS, 'some-version')).toBe('version-conflict');
  });

  it('gives back what was forecast, of this VPC and no other', async () => {
    const store = createForecastStore(await aTable(engine));
    expect(await store.writeForecasts(VPC, FULL_FORECASTS, undefined)).toBe('written');
    expect((await store.readForecasts(VPC))?.forecasts).toStrictEqual(FULL_FORECASTS);
    expect(await store.readForecasts({ ...VPC, vpcId: 'vpc-other' })).toBeUndefined();
  });

  it('replaces what was read and nothing newer', async () => {
    const store = createForecastStore(await aTable(engine));
    await store.writeForecasts(VPC, FULL_FORECASTS, undefined);
    expect(await store.writeForecasts(VPC, LATER, undefined)).toBe('version-conflict');
    const version = (await store.readForecasts(VPC))?.version;
    const outcomes = await Promise.all([
      store.writeForecasts(VPC, LATER, version),
      store.writeForecasts(VPC, LATER, version),
    ]);
    expect(outcomes.toSorted()).toEqual(['version-conflict', 'written']);
    expect((await store.readForecasts(VPC))?.forecasts).toStrictEqual(LATER);
  });

  it('forgets a VPC that was not judged for 13 months', async () => {
    const table = await aTable(engine);
    const store = createForecastStore(table);
    await store.writeForecasts(VPC, FULL_FORECASTS, undefined);
    table.passTime(396 * MS_PER_DAY - 1);
    expect(await store.readForecasts(VPC)).toBeDefined();
    table.passTime(1);
    expect(await store.readForecasts(VPC)).toBeUndefined();
  });

  it.each(FAULT_PLACES)('has the old or the new ones after a crash %s its request', async (place) => {
    const requestCount = await crashEverywhere(engine, place, {
      act: (table) => createForecastStore(table).writeForecasts(VPC, FULL_FORECASTS, undefined),
      check: async (table) => {
        const store = createForecastStore(table);
        const found = await store.readForecasts(VPC);
        expect([undefined, FULL_FORECASTS]).toContainEqual(found?.forecasts);
        expect(await store.writeForecasts(VPC, FULL_FORECASTS, found?.version)).toBe('written');
      },
    });
    expect(requestCount).toBe(1);
  });
}
