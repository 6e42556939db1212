import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFleet } from '../../lib/audit/fleet.ts';
import { fleetColumns } from '../../lib/audit/fleet-columns.ts';
import { FLEET_GROUPINGS, type FleetGrouping, type FleetHistoryStore } from '../../lib/audit/fleet-history-ports.ts';
import { fleetVpc } from '../../lib/audit/fleet-vpc.ts';
import { type RollUpHistoryPorts, rollUpHistory } from '../../lib/audit/roll-up-history.ts';
import { summarizeFleet } from '../../lib/audit/summarize-fleet.ts';
import type { VpcState } from '../../lib/domain/capacity/vpc-state.ts';
import type { FleetDay } from '../../lib/domain/trend/fleet-day.ts';
import type { RoomPoint } from '../../lib/domain/trend/roll-up.ts';
import { memoryFleetHistory } from '../helpers/memory-fleet-history.ts';
import { memoryVpcStores } from '../helpers/memory-vpc-stores.ts';
import { type RealisticFleet, realisticVpc } from '../helpers/realistic-fleet.ts';
import { TODAY } from '../helpers/series-builder.ts';

const MS_PER_DAY = 86_400_000;
const MS_PER_HOUR = 3_600_000;
const YESTERDAY = TODAY - 1;
/** Two hours into today yesterday is settled. */
const NOW_MS = TODAY * MS_PER_DAY + 2 * MS_PER_HOUR;
const FLEET: RealisticFleet = {
  vpcCount: 6,
  subnetsPerVpc: 3,
  clusterCount: 4,
  observedAt: '2026-11-23T01:00:00.000Z',
  seed: 5,
};
const STATES = Array.from({ length: FLEET.vpcCount }, (_, index) => realisticVpc(FLEET, index));
const EVER = { from: 0, to: TODAY };

function fleetOf(states: readonly VpcState[]) {
  const shard = fleetColumns(states.map((state) => fleetVpc(state, 'v1')));
  return createFleet(shard, { version: 'v1', rolledUpAt: new Date(NOW_MS).toISOString(), scan: undefined });
}

/** What a subnet had on a day; nothing of it on some days. */
type RoomOf = (subnetId: string, day: number) => Omit<RoomPoint, 'at'> | undefined;

async function aService(roomOf: RoomOf, states: readonly VpcState[] = STATES) {
  const { series } = memoryVpcStores();
  const history = memoryFleetHistory();
  const remember = async (of: RoomOf) => {
    for (const { vpc, subnets } of states) {
      const rooms = subnets.map(({ subnet: { subnetId } }): [string, RoomPoint[]] => {
        const days = Array.from({ length: 40 }, (_, index) => TODAY - 40 + index);
        const points = days.flatMap((at) => {
          const room = of(subnetId, at);
          return room === undefined ? [] : [{ ...room, at }];
        });
        return [subnetId, points];
      });
      await series.keepDailyRoom(vpc, new Map(rooms));
    }
  };
  await remember(roomOf);
  const ports: RollUpHistoryPorts = {
    fleet: { readFleet: async () => fleetOf(states) },
    series,
    history,
    clock: { now: () => NOW_MS },
  };
  return { ports, history, remember };
}

interface Part {
  readonly subnetId: string;
  readonly groups: Readonly<Record<FleetGrouping, string | undefined>>;
}

const PARTS: readonly Part[] = STATES.flatMap(({ vpc, subnets }) =>
  subnets.map(({ subnet: { subnetId }, team }) => ({
    subnetId,
    groups: { account: vpc.ownerId, region: vpc.region, team, fleet: undefined },
  })),
);

/** Group by group, day by day, subnet by subnet. */
function addedUpOneByOne(roomOf: RoomOf, grouping: FleetGrouping, day: number) {
  const names = [...new Set(PARTS.map(({ groups }) => groups[grouping]))];
  return names.map((name) => {
    const parts = PARTS.filter(({ groups }) => groups[grouping] === name);
    const seen = parts.flatMap(({ subnetId }) => roomOf(subnetId, day) ?? []);
    const blocks = seen.flatMap(({ freePrefixMin }) => freePrefixMin ?? []);
    return {
      name,
      subnetCount: parts.length,
      freeMin: seen.length === 0 ? undefined : seen.reduce((sum, { freeMin }) => sum + freeMin, 0),
      freePrefixMin: blocks.length === 0 ? undefined : blocks.reduce((sum, count) => sum + count, 0),
      missing: seen.length === 0 ? undefined : parts.length - seen.length,
    };
  });
}

function told({ groups }: FleetDay) {
  return groups.map(({ name, subnetCount, room }) => ({
    name,
    subnetCount,
    freeMin: room?.freeMin,
    freePrefixMin: room?.freePrefixMin,
    missing: room?.missingPartCount,
  }));
}

function byName(a: { name: string | undefined }, b: { name: string | undefined }): number {
  return String(a.name) < String(b.name) ? -1 : 1;
}

const everyDay: RoomOf = (subnetId, day) => ({
  freeMin: ((subnetId.charCodeAt(12) + day) % 50) + 10,
  freePrefixMin: undefined,
  scatter: undefined,
});

describe('the history of the fleet', () => {
  it('is what adding up one by one gives, of every grouping and day', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.option(fc.tuple(fc.nat(250), fc.option(fc.nat(14), { nil: undefined })), { nil: undefined }), {
          minLength: PARTS.length * 7,
          maxLength: PARTS.length * 7,
        }),
        async (drawn) => {
          const roomOf: RoomOf = (subnetId, day) => {
            const part = PARTS.findIndex((each) => each.subnetId === subnetId);
            const room = day < TODAY - 7 ? undefined : drawn[part * 7 + day - (TODAY - 7)];
            return room && { freeMin: room[0], freePrefixMin: room[1], scatter: undefined };
          };
          const { ports, history } = await aService(roomOf);
          expect(await rollUpHistory(ports)).toEqual({ outcome: 'rolled-up', dayCount: 7, vpcCount: 6 });
          for (const grouping of FLEET_GROUPINGS) {
            const days = await history.readDays(grouping, EVER);
            expect(days.map(({ day }) => day)).toEqual(Array.from({ length: 7 }, (_, index) => TODAY - 7 + index));
            for (const day of days) {
              expect(told(day).sort(byName)).toEqual(addedUpOneByOne(roomOf, grouping, day.day).sort(byName));
            }
          }
        },
      ),
      { numRuns: 20 },
    );
  });

  it('says of yesterday, and of no day before, how many subnets had which status', async () => {
    const { ports, history } = await aService(everyDay);
    await rollUpHistory(ports);
    const days = await history.readDays('account', EVER);
    const { byAccount } = summarizeFleet(fleetOf(STATES), {}, NOW_MS);
    expect(days.at(-1)?.groups.map(({ name, statuses }) => [name, statuses])).toEqual(
      byAccount
        .filter(({ totals }) => totals.subnetCount > 0)
        .map(({ name, totals }) => [
          name,
          { countedAt: '2026-11-23T02:00:00.000Z', subnetCountByStatus: totals.subnetCountByStatus },
        ]),
    );
    expect(days.slice(0, -1).flatMap(({ groups }) => groups.filter(({ statuses }) => statuses !== undefined))).toEqual(
      [],
    );
  });

  it('is added up once a day, when yesterday is settled', async () => {
    const { ports, history } = await aService(everyDay);
    const at = (nowMs: number) => rollUpHistory({ ...ports, clock: { now: () => nowMs } });
    expect((await at(NOW_MS)).outcome).toBe('rolled-up');
    expect((await at(NOW_MS + MS_PER_HOUR)).outcome).toBe('not-due');
    expect((await at(NOW_MS + MS_PER_DAY - 1)).outcome).toBe('not-due');
    expect(await history.hasDay('fleet', TODAY)).toBe(false);
    expect((await at(NOW_MS + MS_PER_DAY)).outcome).toBe('rolled-up');
    expect(await history.hasDay('fleet', TODAY)).toBe(true);
  });

  it('waits for the first fleet', async () => {
    const { ports, history } = await aService(everyDay);
    const summary = await rollUpHistory({ ...ports, fleet: { readFleet: async () => undefined } });
    expect(summary).toEqual({ outcome: 'no-fleet', dayCount: 0, vpcCount: 0 });
    expect(await history.hasDay('fleet', YESTERDAY)).toBe(false);
  });

  it('takes in for a week what was not seen at first, and further back where that is asked for', async () => {
    const seenFrom =
      (first: number): RoomOf =>
      (id, day) =>
        day < first ? undefined : everyDay(id, day);
    const { ports, history, remember } = await aService(seenFrom(YESTERDAY));
    await rollUpHistory(ports);
    await remember(everyDay);
    const freeDays = async () =>
      (await history.readDays('fleet', EVER)).filter(({ groups }) => groups[0]?.room !== undefined).length;
    expect(await freeDays()).toBe(1);
    expect((await rollUpHistory(ports)).outcome).toBe('not-due');
    const tomorrow = { ...ports, clock: { now: () => NOW_MS + MS_PER_DAY } };
    expect(await rollUpHistory(tomorrow)).toMatchObject({ outcome: 'rolled-up', dayCount: 7 });
    // Today is one of the seven, and nothing was seen of it.
    expect(await freeDays()).toBe(6);
    expect(await rollUpHistory(tomorrow, 31)).toMatchObject({ outcome: 'rolled-up', dayCount: 31 });
    expect(await freeDays()).toBe(30);
  });

  it('is finished by the next, wherever it was stopped, and repeated without a change', async () => {
    const whole = await aService(everyDay);
    await rollUpHistory(whole.ports);
    const wanted = await everything(whole.history);
    const writeCount = FLEET_GROUPINGS.length * 7;
    for (let stopAt = 0; stopAt <= writeCount; stopAt += 1) {
      const { ports, history } = await aService(everyDay);
      let writes = 0;
      const dying: FleetHistoryStore = {
        ...history,
        async keepDay(grouping, day) {
          writes += 1;
          if (writes > stopAt) {
            throw new Error('stopped');
          }
          await history.keepDay(grouping, day);
        },
      };
      await rollUpHistory({ ...ports, history: dying }).catch(() => undefined);
      expect((await rollUpHistory(ports)).outcome).toBe(stopAt === writeCount ? 'not-due' : 'rolled-up');
      await rollUpHistory(ports, 7);
      expect(await everything(history)).toEqual(wanted);
    }
  });

  it('adds up the others where days of a VPC cannot be read, says so, and has all when they can', async () => {
    const { ports, history } = await aService(everyDay);
    const [damaged] = STATES;
    const cause = new Error('a damaged document');
    const failing: RollUpHistoryPorts = {
      ...ports,
      series: {
        dailyRoom: (vpc, days) =>
          vpc.vpcId === damaged?.vpc.vpcId ? Promise.reject(cause) : ports.series.dailyRoom(vpc, days),
      },
    };
    await expect(rollUpHistory(failing)).rejects.toThrow(
      `Cannot read the days of 1 of 6 VPCs, ${damaged?.vpc.vpcId} of ${damaged?.vpc.ownerId} the first`,
    );
    const missing = async () =>
      (await history.readDays('fleet', EVER)).map(({ groups }) => groups[0]?.room?.missingPartCount);
    expect(await missing()).toEqual(Array.from({ length: 7 }, () => FLEET.subnetsPerVpc));
    expect((await rollUpHistory(ports)).outcome).toBe('not-due');
    await rollUpHistory(ports, 7);
    expect(await missing()).toEqual(Array.from({ length: 7 }, () => 0));
    await expect(rollUpHistory(failing, 7)).rejects.toThrow();
    expect(await missing()).toEqual(Array.from({ length: 7 }, () => 0));
  });

  it('leaves out subnets without IPv4 addresses', async () => {
    const [first, ...others] = STATES;
    const bare = first?.subnets.map((subnet) => ({ ...subnet, capacity: undefined })) ?? [];
    const { ports, history } = await aService(
      everyDay,
      first === undefined ? others : [{ ...first, subnets: bare }, ...others],
    );
    await rollUpHistory(ports);
    const [day] = await history.readDays('fleet', { from: YESTERDAY, to: YESTERDAY });
    expect(day?.groups).toMatchObject([{ subnetCount: PARTS.length - bare.length, room: { missingPartCount: 0 } }]);
  });
});

async function everything(history: FleetHistoryStore): Promise<unknown> {
  return Promise.all(FLEET_GROUPINGS.map((grouping) => history.readDays(grouping, EVER)));
}
