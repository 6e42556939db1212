import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { slotText } from '../../lib/audit/slot.ts';
import type { TargetStore } from '../../lib/audit/store-ports.ts';
import type { VpcId } from '../../lib/domain/capacity/vpc-state.ts';
import { createTargetStore } from '../../lib/store/target-store.ts';
import type { Engine } from '../helpers/dynamodb-engines.ts';
import { aMemory, BORROWED_VPC, HOSTILE_TEXT, OWN_VPC } from './audit-values.ts';
import { crashEverywhere, FAULT_PLACES } from './crash-everywhere.ts';
import { aTable, type TableUnderTest } from './table-under-test.ts';

const MS_PER_DAY = 86_400_000;
const PROPERTY_RUNS = 25;
const TARGET = aMemory().target;
const NOTHING = { memory: undefined, lentVpcs: [] };

function memoryAt(hour: number, clusterName: string) {
  const at = `2026-11-23T${String(hour).padStart(2, '0')}:00:00.000Z`;
  return aMemory({ scannedSlot: slotText({ kind: 'scan', at }), clusterNames: [clusterName] });
}

/** What the store of targets promises on every engine. */
export function targetStoreContract(start: () => Promise<Engine>): void {
  let engine: Engine;
  beforeAll(async () => {
    engine = await start();
  });
  // An engine that did not start has nothing to stop.
  afterAll(() => engine?.stop());

  async function aStore(): Promise<{ readonly table: TableUnderTest; readonly store: TargetStore }> {
    const table = await aTable(engine);
    return { table, store: createTargetStore(table) };
  }

  it.each([
    ['all that can be known', aMemory()],
    ['as little', aMemory({ vpcs: [], clusterNames: [], firstClusterAt: undefined, announced: [] })],
    ['hostile names', aMemory({ target: { accountId: HOSTILE_TEXT, region: '' }, clusterNames: [HOSTILE_TEXT] })],
  ])('gives back %s of a target', async (_, memory) => {
    const { store } = await aStore();
    expect(await store.readTarget(memory.target)).toEqual(NOTHING);
    await store.writeTarget(memory);
    expect(await store.readTarget(memory.target)).toStrictEqual({ memory, lentVpcs: [] });
    expect(await store.readTarget({ ...memory.target, accountId: '3' })).toEqual(NOTHING);
  });

  it('moves only forward by the time of the slot, whatever its kind; of one slot the last write stands', async () => {
    const hours = fc.array(fc.integer({ min: 8, max: 11 }), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(hours, async (order) => {
        const { store } = await aStore();
        for (const [index, hour] of order.entries()) {
          await store.writeTarget(memoryAt(hour, `write-${index}`));
        }
        const newest = Math.max(...order);
        expect((await store.readTarget(TARGET)).memory).toEqual(memoryAt(newest, `write-${order.lastIndexOf(newest)}`));
      }),
      { numRuns: PROPERTY_RUNS },
    );
    const { store } = await aStore();
    const at = '2026-11-23T08:30:00.000Z';
    const requested = aMemory({ scannedSlot: slotText({ kind: 'request', at, requestId: HOSTILE_TEXT }) });
    await store.writeTarget(memoryAt(8, 'scan'));
    await store.writeTarget(requested);
    await store.writeTarget(memoryAt(8, 'late'));
    expect((await store.readTarget(TARGET)).memory).toEqual(requested);
  });

  it('refuses what is of no slot', async () => {
    const { store } = await aStore();
    await expect(store.writeTarget(aMemory({ scannedSlot: 'scan' }))).rejects.toThrow('"scan" is no slot');
  });

  it('lets writers of several slots race: the newest stands', async () => {
    const { store } = await aStore();
    await Promise.all([9, 8, 10, 8].map((hour) => store.writeTarget(memoryAt(hour, String(hour)))));
    expect((await store.readTarget(TARGET)).memory).toEqual(memoryAt(10, '10'));
  });

  it('forgets a target, and not what its account lends', async () => {
    const { store } = await aStore();
    await store.writeTarget(aMemory());
    await store.lendVpc(OWN_VPC, '2026-11-23T08:00:00.000Z');
    await store.forgetTarget(TARGET);
    expect(await store.readTarget(TARGET)).toEqual({ memory: undefined, lentVpcs: [OWN_VPC] });
    await store.forgetTarget(TARGET);
    await store.writeTarget(memoryAt(7, 'back'));
    expect((await store.readTarget(TARGET)).memory).toEqual(memoryAt(7, 'back'));
  });

  it('keeps what is known for 13 months', async () => {
    const { table, store } = await aStore();
    await store.writeTarget(aMemory());
    table.passTime(396 * MS_PER_DAY - 1);
    expect((await store.readTarget(TARGET)).memory).toBeDefined();
    table.passTime(1);
    expect(await store.readTarget(TARGET)).toEqual(NOTHING);
  });

  it('notes lent VPCs with their owner, apart by account and Region', async () => {
    const { store } = await aStore();
    const lent: VpcId[] = [
      BORROWED_VPC,
      { ...BORROWED_VPC, vpcId: 'vpc-2' },
      { ...BORROWED_VPC, vpcId: HOSTILE_TEXT },
      { ...BORROWED_VPC, region: 'us-east-1' },
      { ...BORROWED_VPC, ownerId: '3' },
    ];
    for (const vpc of lent) {
      expect(await store.lendVpc(vpc, '2026-11-23T08:00:00.000Z')).toBe(true);
      expect(await store.lendVpc(vpc, '2026-11-23T09:00:00.000Z')).toBe(false);
    }
    const { lentVpcs } = await store.readTarget({ accountId: BORROWED_VPC.ownerId, region: BORROWED_VPC.region });
    expect(new Set(lentVpcs)).toEqual(new Set(lent.slice(0, 3)));
    expect(await store.readTarget(TARGET)).toEqual(NOTHING);
  });

  it('lets a lent VPC expire 8 days after it was noted last; then it is news again', async () => {
    const { table, store } = await aStore();
    const owner = { accountId: BORROWED_VPC.ownerId, region: BORROWED_VPC.region };
    const instant = () => new Date(table.clock.now()).toISOString();
    const first = instant();
    expect(await store.lendVpc(BORROWED_VPC, first)).toBe(true);
    table.passTime(7 * MS_PER_DAY);
    expect(await store.lendVpc(BORROWED_VPC, instant())).toBe(false);
    // One that comes late shortens nothing.
    expect(await store.lendVpc(BORROWED_VPC, first)).toBe(false);
    table.passTime(8 * MS_PER_DAY - 1);
    expect((await store.readTarget(owner)).lentVpcs).toEqual([BORROWED_VPC]);
    table.passTime(1);
    expect((await store.readTarget(owner)).lentVpcs).toEqual([]);
    expect(await store.lendVpc(BORROWED_VPC, instant())).toBe(true);
    expect((await store.readTarget(owner)).lentVpcs).toEqual([BORROWED_VPC]);
  });

  it('tells one of several borrowers that a VPC is news', async () => {
    const { store } = await aStore();
    const answers = await Promise.all([1, 2, 3].map(() => store.lendVpc(BORROWED_VPC, '2026-11-23T08:00:00.000Z')));
    expect(answers.filter((isNews) => isNews)).toHaveLength(1);
  });

  it('reads a target by one Query', async () => {
    const { table, store } = await aStore();
    await store.writeTarget(aMemory());
    await store.lendVpc(OWN_VPC, '2026-11-23T08:00:00.000Z');
    table.meter.reset();
    expect(await store.readTarget(TARGET)).toEqual({ memory: aMemory(), lentVpcs: [OWN_VPC] });
    expect([...table.meter.byOperation()]).toEqual([['Query', { requestCount: 1, readUnits: 1, writeUnits: 0 }]]);
  });

  it.each(FAULT_PLACES)(
    'knows the old or the new after a crash %s any request, and a repeat finishes',
    async (place) => {
      const written = await crashEverywhere(engine, place, {
        prepare: (table) => createTargetStore(table).writeTarget(memoryAt(8, 'old')),
        act: (table) => createTargetStore(table).writeTarget(memoryAt(8, 'new')),
        check: async (table) => {
          const store = createTargetStore(table);
          const { memory } = await store.readTarget(TARGET);
          expect([memoryAt(8, 'old'), memoryAt(8, 'new')]).toContainEqual(memory);
          await store.writeTarget(memoryAt(8, 'new'));
          expect((await store.readTarget(TARGET)).memory).toEqual(memoryAt(8, 'new'));
        },
      });
      // A conditional write that the same slot refuses, a look at whose it is that stands, a read, and a write of the version that was read.
      expect(written).toBe(4);
      const lent = await crashEverywhere(engine, place, {
        act: (table) => createTargetStore(table).lendVpc(OWN_VPC, '2026-11-23T08:00:00.000Z'),
        check: async (table) => {
          const store = createTargetStore(table);
          const { lentVpcs } = await store.readTarget(TARGET);
          expect(await store.lendVpc(OWN_VPC, '2026-11-23T08:00:00.000Z')).toBe(lentVpcs.length === 0);
          expect((await store.readTarget(TARGET)).lentVpcs).toEqual([OWN_VPC]);
        },
      });
      expect(lent).toBe(1);
    },
  );
}
