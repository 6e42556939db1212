import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Slot } from '../../lib/audit/slot.ts';
import type { VpcState } from '../../lib/domain/capacity/vpc-state.ts';
import { createFactsStore } from '../../lib/store/facts-store.ts';
import { createStateStore } from '../../lib/store/state-store.ts';
import { type Engine, startDynalite } from '../helpers/dynamodb-engines.ts';
import type { ConsumedUnits } from '../helpers/metered-table.ts';
import { type StateSize, stateOf, VPC } from './state-of-size.ts';
import { aTable, type TableUnderTest } from './table-under-test.ts';
import { idOf, type Size, vpcOf } from './vpc-of-size.ts';

/** The figures of "The store" in docs/performance.md; they are printed where a bound is not kept. */

const MIDNIGHT_MS = Date.parse('2026-11-23T00:00:00.000Z');
const HOURS = 24;
const MS_PER_HOUR = 3_600_000;

/** What the design allows all writes of a fleet on average, a scan. */
const WRITE_UNITS_MAX = 9;

function slotAt(hour: number): Slot {
  return { kind: 'scan', at: new Date(MIDNIGHT_MS + hour * MS_PER_HOUR).toISOString() };
}

async function unitsOf(table: TableUnderTest, act: () => Promise<unknown>): Promise<ConsumedUnits> {
  table.meter.reset();
  await act();
  return table.meter.total();
}

function meanWriteUnits(units: readonly ConsumedUnits[]): number {
  return units.reduce((sum, { writeUnits }) => sum + writeUnits, 0) / units.length;
}

describe('storing', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await startDynalite();
  });
  afterAll(() => engine?.stop());

  /** Stores the facts of each hour of a day, `churn` interfaces of each being new, and reads the newest. */
  async function storeDay(size: Size, churn: number) {
    const table = await aTable(engine);
    const store = createFactsStore(table);
    const hours: ConsumedUnits[] = [];
    for (let hour = 0; hour < HOURS; hour += 1) {
      const slot = slotAt(hour);
      const facts = vpcOf({ ...size, goneCount: hour * churn, observedAt: slot.at });
      hours.push(await unitsOf(table, () => store.putFacts(VPC, { slot, facts })));
    }
    const { readUnits } = await unitsOf(table, () => store.latestFacts(VPC));
    return { first: hours[0]?.writeUnits, mean: meanWriteUnits(hours), last: hours.at(-1)?.writeUnits, readUnits };
  }

  const day: [string, Size, number, { first: number; mean: number; readUnits: number }][] = [
    [
      '500 interfaces of 10 addresses, 2 % of them new each hour',
      { subnetCount: 6, networkInterfaceCount: 500, addressesPerInterface: 10 },
      10,
      { first: 14, mean: 2, readUnits: 10 },
    ],
    [
      '500 interfaces of 10 addresses that stay',
      { subnetCount: 6, networkInterfaceCount: 500, addressesPerInterface: 10 },
      0,
      { first: 14, mean: 2, readUnits: 10 },
    ],
    [
      '60,000 addresses, 2 % of them new each hour',
      { subnetCount: 8, networkInterfaceCount: 4_000, addressesPerInterface: 15 },
      80,
      { first: 150, mean: 12, readUnits: 40 },
    ],
    [
      '25 empty subnets',
      { subnetCount: 25, networkInterfaceCount: 0, addressesPerInterface: 0 },
      0,
      { first: 5, mean: 1.5, readUnits: 5 },
    ],
  ];

  it.each(day)('facts of a VPC with %s takes few units', async (_, size, churn, most) => {
    const units = await storeDay(size, churn);
    expect(units.first).toBeLessThan(most.first);
    expect(units.mean).toBeLessThan(most.mean);
    expect(units.readUnits).toBeLessThan(most.readUnits);
  });

  it('the facts, a pulse and the state of a VPC of usual size takes less than the design allows', async () => {
    const facts = await storeDay({ subnetCount: 6, networkInterfaceCount: 500, addressesPerInterface: 10 }, 10);
    const { pulse } = await storePulses(6);
    const { mean } = await judgeDay({ subnetCount: 6, clusterCount: 1 });
    expect(facts.mean + pulse + mean).toBeLessThan(WRITE_UNITS_MAX);
  });

  it('a pulse takes a unit for each 80 subnets or so, and one more', async () => {
    expect((await storePulses(6)).pulse).toBe(2);
    const { pulse, readUnits } = await storePulses(200);
    expect(pulse).toBeLessThan(6);
    expect(readUnits).toBeLessThan(4);
  });

  it('the state of 200 subnets and 20 clusters takes few units after the first', async () => {
    const units = await judgeDay({ subnetCount: 200, clusterCount: 20 });
    // A unit for each place that says where a subnet or a cluster is.
    expect(units.first).toBeLessThan(220 + 20);
    expect(units.mean).toBeLessThan(6);
    expect(units.readUnits).toBeLessThan(8);
  });

  async function storePulses(subnetCount: number) {
    const table = await aTable(engine);
    const store = createFactsStore(table);
    const slot: Slot = { kind: 'pulse', at: slotAt(0).at };
    const availableIpAddressCounts = new Map(
      Array.from({ length: subnetCount }, (_, index) => [idOf('subnet', 19_000 + index), (index * 7_919) % 251]),
    );
    const target = { accountId: VPC.ownerId, region: VPC.region };
    const pulse = { slot, pulse: { target, observedAt: slot.at, availableIpAddressCounts } };
    const { writeUnits } = await unitsOf(table, () => store.putPulse(VPC, pulse));
    const { readUnits } = await unitsOf(table, () => store.latestFacts(VPC));
    return { pulse: writeUnits, readUnits };
  }

  /** Judges a VPC each hour of a day, every subnet's counts having changed; the first time apart. */
  async function judgeDay(size: Pick<StateSize, 'subnetCount' | 'clusterCount'>) {
    const table = await aTable(engine);
    const store = createStateStore(table);
    const hours: ConsumedUnits[] = [];
    let previous: VpcState | undefined;
    for (let hour = 0; hour < HOURS; hour += 1) {
      const usedAddressCount = (index: number) =>
        20 + ((index * 7_919 + hour * 104_729 + ((index * hour) % 13) * 31) % 150);
      const state = stateOf({
        ...size,
        usedAddressCount,
        observedAt: slotAt(hour).at,
        ...(previous === undefined ? {} : { previous }),
      });
      const version = (await store.readState(VPC))?.version;
      hours.push(await unitsOf(table, () => store.writeState(state, version)));
      previous = state;
    }
    const { readUnits } = await unitsOf(table, () => store.readState(VPC));
    const [first, ...later] = hours;
    return { first: first?.writeUnits, mean: meanWriteUnits(later), readUnits };
  }
});
