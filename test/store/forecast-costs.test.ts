import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ForecastSubject, forecastVpc } from '../../lib/domain/trend/forecast-vpc.ts';
import type { SeriesSample } from '../../lib/domain/trend/series.ts';
import type { VpcForecasts } from '../../lib/domain/trend/vpc-forecasts.ts';
import { createForecastStore } from '../../lib/store/forecast-store.ts';
import { seriesDayKey } from '../../lib/store/keys.ts';
import { writePacked } from '../../lib/store/packed-document.ts';
import { encodeSeries, SERIES_DOCUMENT } from '../../lib/store/series-codec.ts';
import { createSeriesStore } from '../../lib/store/series-store.ts';
import { nowSeconds } from '../../lib/store/table.ts';
import { type Engine, startDynalite } from '../helpers/dynamodb-engines.ts';
import { aPoint, HOURS_PER_DAY, instantAt, TODAY, USABLE } from '../helpers/series-builder.ts';
import { VPC } from './state-of-size.ts';
import { aTable, type TableUnderTest } from './table-under-test.ts';
import { idOf } from './vpc-of-size.ts';

/** The figures of "Forecasts" in docs/performance.md; they are printed where a bound is not kept. */

const DAYS = 90;
const SECONDS_PER_DAY = 86_400;

/** Each hour a few addresses come and go; one subnet in fifty fills up. */
function freeOf(subnet: number, hour: number): number {
  const swing = Math.round(8 * Math.sin((hour * Math.PI) / 12)) + ((hour * 7_919 + subnet * 104_729) % 7);
  const isFilling = subnet % 50 === 0;
  const level = isFilling ? 20 + Math.round((TODAY * HOURS_PER_DAY - hour) / HOURS_PER_DAY) : 160 - (subnet % 60);
  return Math.min(USABLE, Math.max(0, level + swing));
}

function samplesOfDay(day: number, subnetCount: number): SeriesSample[] {
  return Array.from({ length: HOURS_PER_DAY }, (_, hourOfDay) => {
    const hour = day * HOURS_PER_DAY + hourOfDay;
    return {
      observedAt: instantAt(hour),
      kind: 'scan' as const,
      viewerAccountId: VPC.ownerId,
      points: new Map(
        Array.from({ length: subnetCount }, (__, index) => [idOf('subnet', index), aPoint(freeOf(index, hour))]),
      ),
    };
  });
}

async function writeDays(table: TableUnderTest, subnetCount: number): Promise<void> {
  for (let day = TODAY - DAYS; day < TODAY; day += 1) {
    const key = seriesDayKey(VPC, new Date(day * SECONDS_PER_DAY * 1000).toISOString().slice(0, 10));
    await writePacked(table, key, encodeSeries(samplesOfDay(day, subnetCount)), {
      kind: SERIES_DOCUMENT.name,
      schemaVersion: SERIES_DOCUMENT.schemaVersion,
      expect: 'absent',
      expiresAt: nowSeconds(table) + DAYS * SECONDS_PER_DAY,
    });
  }
}

function subjectsOf(subnetCount: number): ForecastSubject[] {
  return Array.from({ length: subnetCount }, (_, index) => ({
    subnetId: idOf('subnet', index),
    availabilityZoneId: `use1-az${index % 3}`,
    usableAddressCount: USABLE,
    addresses: { capacity: USABLE, floor: 13, now: freeOf(index, TODAY * HOURS_PER_DAY) },
    blocks: undefined,
    breaks: [],
  }));
}

function madeOf(subnetCount: number): ReturnType<typeof forecastVpc> {
  const samples = Array.from({ length: DAYS }, (_, day) => samplesOfDay(TODAY - DAYS + day, subnetCount)).flat();
  return forecastVpc({ vpcId: VPC.vpcId, subjects: subjectsOf(subnetCount), samples, today: TODAY });
}

describe('forecasting', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await startDynalite();
  });
  afterAll(() => engine?.stop());

  it.each([
    ['6 subnets', 6, { series: 25, written: 3, read: 1 }],
    ['200 subnets', 200, { series: 170, written: 6, read: 2 }],
  ] as const)('%s from 90 days of hours takes few units, once a day', async (_, subnetCount, most) => {
    const made = madeOf(subnetCount);
    const table = await aTable(engine);
    await writeDays(table, subnetCount);
    table.meter.reset();
    const days = { from: '2026-08-25', to: '2026-11-22' };
    const samples = await createSeriesStore(table).samples(VPC, days);
    const series = table.meter.total();
    expect(samples).toHaveLength(DAYS * HOURS_PER_DAY);
    const forecasts: VpcForecasts = {
      ...made,
      inputsDigest: '1234abcd-5678ef01',
      today: TODAY,
      isOutdated: false,
      breaks: new Map(),
      reservations: new Map(made.subnets.map(({ subnetId }) => [subnetId, ''])),
    };
    const store = createForecastStore(table);
    table.meter.reset();
    await store.writeForecasts(VPC, forecasts, undefined);
    const { writeUnits } = table.meter.total();
    table.meter.reset();
    await store.readForecasts(VPC);
    const { readUnits } = table.meter.total();
    const units = { series: series.readUnits, written: writeUnits, read: readUnits };
    const share = `${JSON.stringify(units)} for ${made.subnets.filter(({ addresses }) => addresses.state === 'forecast').length} forecasts`;
    expect(units.series, share).toBeLessThanOrEqual(most.series);
    expect(units.written, share).toBeLessThanOrEqual(most.written);
    expect(units.read, share).toBeLessThanOrEqual(most.read);
  });
});
