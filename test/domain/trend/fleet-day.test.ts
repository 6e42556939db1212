import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FleetDay, type GroupDay, joinFleetDays } from '../../../lib/domain/trend/fleet-day.ts';
import { aGroupDay } from '../../helpers/series-builder.ts';

const group: fc.Arbitrary<GroupDay> = fc
  .record({
    name: fc.constantFrom('payments', 'shop', '', undefined),
    seen: fc.nat(3),
    free: fc.nat(9),
    isCounted: fc.boolean(),
  })
  .map(({ name, seen, free, isCounted }) => {
    const { statuses, ...whole } = aGroupDay({ name, seen, free });
    return { ...whole, statuses: isCounted ? statuses : undefined };
  });
const day: fc.Arbitrary<FleetDay> = fc
  .uniqueArray(group, { selector: ({ name }) => name, maxLength: 4 })
  .map((groups) => joinFleetDays(undefined, { day: 1, groups }));

describe('a day that is added up again', () => {
  it('keeps of each group what was made of more subnets, and the newer of as many', () => {
    const known = { day: 1, groups: [aGroupDay({ seen: 2, free: 50 })] };
    const freeAfter = (seen: number, free: number) =>
      joinFleetDays(known, { day: 1, groups: [aGroupDay({ seen, free })] }).groups[0]?.room?.freeMin;
    expect([freeAfter(1, 10), freeAfter(2, 40), freeAfter(3, 90)]).toEqual([50, 40, 90]);
  });

  it('keeps statuses as they were counted first', () => {
    const { statuses } = aGroupDay({ countedAt: '2026-11-24T02:00:00.000Z' });
    const later = aGroupDay({ countedAt: '2026-11-25T02:00:00.000Z' });
    const counted = { day: 1, groups: [aGroupDay({ countedAt: '2026-11-24T02:00:00.000Z' })] };
    const uncounted = { day: 1, groups: [{ ...later, statuses: undefined }] };
    expect(joinFleetDays(counted, { day: 1, groups: [later] }).groups[0]?.statuses).toEqual(statuses);
    expect(joinFleetDays(counted, uncounted).groups[0]?.statuses).toEqual(statuses);
    expect(joinFleetDays(uncounted, { day: 1, groups: [later] }).groups[0]?.statuses).toEqual(later.statuses);
  });

  it('keeps groups that are no longer found, lists each once and the nameless last', () => {
    fc.assert(
      fc.property(day, day, (known, found) => {
        const names = joinFleetDays(known, found).groups.map(({ name }) => name);
        const all = new Set([...known.groups, ...found.groups].map(({ name }) => name));
        expect(names).toEqual([...all].sort((a, b) => (a === undefined || (b !== undefined && a > b) ? 1 : -1)));
      }),
    );
  });

  it('is the same however often it is added up', () => {
    fc.assert(
      fc.property(day, day, (known, found) => {
        const once = joinFleetDays(known, found);
        expect(joinFleetDays(once, found)).toEqual(once);
        expect(joinFleetDays(once, known).groups.map(({ name, statuses }) => [name, statuses])).toEqual(
          once.groups.map(({ name, statuses }) => [name, statuses]),
        );
      }),
    );
  });
});
