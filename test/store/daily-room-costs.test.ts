import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dailyRooms } from '../../lib/audit/daily-rooms.ts';
import type { SeriesSample } from '../../lib/domain/trend/series.ts';
import { createSeriesStore } from '../../lib/store/series-store.ts';
import { type Engine, startDynalite } from '../helpers/dynamodb-engines.ts';
import { aPoint, HOURS_PER_DAY, instantAt, USABLE } from '../helpers/series-builder.ts';
import { FIRST_DAY } from './series-values.ts';
import { VPC } from './state-of-size.ts';
import { aTable } from './table-under-test.ts';
import { idOf } from './vpc-of-size.ts';

/** The figures of daily roll-ups in docs/performance.md. */

const DAYS = 30;

/** Each hour a few addresses come and go in two subnets of five; the others stay as they are. */
function freeOf(subnet: number, hour: number): number {
  const swing = Math.round(8 * Math.sin((hour * Math.PI) / 12)) + ((hour * 7_919 + subnet * 104_729) % 13);
  return 160 - (subnet % 60) + (subnet % 5 < 2 ? swing : 0);
}

function samplesOfDay(day: number, subnetCount: number): SeriesSample[] {
  return Array.from({ length: HOURS_PER_DAY }, (_, hourOfDay) => ({
    observedAt: instantAt(day * HOURS_PER_DAY + hourOfDay),
    kind: 'scan' as const,
    viewerAccountId: VPC.ownerId,
    points: new Map(
      Array.from({ length: subnetCount }, (__, index) => [
        idOf('subnet', index),
        aPoint(freeOf(index, day * HOURS_PER_DAY + hourOfDay)),
      ]),
    ),
  }));
}

describe('what a month of daily roll-ups takes', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await startDynalite();
  });
  // An engine that did not start has nothing to stop.
  afterAll(() => engine?.stop());

  it.each([
    [6, 1, 1],
    [25, 1, 1],
    [200, 113 / DAYS, 1],
  ])('of %i subnets is %d write units a day on average, and %d read units', async (subnetCount, write, read) => {
    const table = await aTable(engine);
    const series = createSeriesStore(table);
    const subjects = Array.from({ length: subnetCount }, (_, index) => ({
      subnetId: idOf('subnet', index),
      usableAddressCount: USABLE,
    }));
    for (let day = FIRST_DAY; day < FIRST_DAY + DAYS; day += 1) {
      await series.keepDailyRoom(VPC, dailyRooms(samplesOfDay(day, subnetCount), subjects, day));
    }
    const writeUnitsPerDay = table.meter.total().writeUnits / DAYS;
    table.meter.reset();
    const kept = await series.dailyRoom(VPC, { from: FIRST_DAY, to: FIRST_DAY + DAYS - 1 });
    expect([...kept.values()].flat()).toHaveLength(DAYS * subnetCount);
    expect([writeUnitsPerDay, table.meter.total().readUnits]).toEqual([write, read]);
  });
});
