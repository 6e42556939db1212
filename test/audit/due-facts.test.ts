import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dueFacts } from '../../lib/audit/due-facts.ts';
import type { ActionCadence } from '../../lib/audit/ports.ts';
import { type Slot, scheduledSlot } from '../../lib/audit/slot.ts';
import { FACT_NAMES, type Target } from '../../lib/domain/region-facts.ts';

const MS_PER_HOUR = 3_600_000;
const HOURS_PER_DAY = 24;
const START_MS = Date.parse('2026-11-23T00:00:00.000Z');
const TARGET: Target = { accountId: '111122223333', region: 'eu-west-1' };
const PERIOD_HOURS = { 'six-hourly': 6, daily: 24 } as const;

const anyTarget: fc.Arbitrary<Target> = fc.record({
  accountId: fc.nat({ max: 999_999_999_999 }).map((number) => String(number).padStart(12, '0')),
  region: fc.constantFrom('eu-west-1', 'us-east-1', 'ap-southeast-2'),
});

function slotAfter(hours: number): Slot {
  return scheduledSlot('scan', new Date(START_MS + hours * MS_PER_HOUR).toISOString());
}

function dueAt(target: Target, row: ActionCadence, hours: number): number {
  return Date.parse(dueFacts(slotAfter(hours), target, [row]).get(row.action) ?? 'never');
}

describe('what is due', () => {
  it('has no time where it is due at each scan, or where a person requested the scan', () => {
    const cadences: readonly ActionCadence[] = [
      { fact: 'subnets', action: 'ec2:DescribeSubnets', cadence: 'each-scan' },
      { fact: 'vpcs', action: 'ec2:DescribeVpcs', cadence: 'daily' },
    ];
    expect([...dueFacts(slotAfter(0), TARGET, cadences).keys()]).toEqual(['ec2:DescribeVpcs']);
    const request: Slot = { kind: 'request', at: '2026-11-23T08:00:00.000Z', requestId: 'one' };
    expect(dueFacts(request, TARGET, cadences)).toEqual(new Map());
  });

  it.each(['six-hourly', 'daily'] as const)(
    'is %s at the same hours of each day, and since then until the next',
    (cadence) => {
      const period = PERIOD_HOURS[cadence];
      fc.assert(
        fc.property(anyTarget, fc.constantFrom(...FACT_NAMES), fc.nat({ max: 1000 }), (target, fact, hour) => {
          const row: ActionCadence = { fact, action: 'ec2:Describe', cadence };
          const hours = Array.from({ length: HOURS_PER_DAY }, (_, index) => hour + index);
          const turns = hours.filter((each) => dueAt(target, row, each) === START_MS + each * MS_PER_HOUR);
          expect(turns).toHaveLength(HOURS_PER_DAY / period);
          for (const each of hours) {
            const sinceHours = (START_MS + each * MS_PER_HOUR - dueAt(target, row, each)) / MS_PER_HOUR;
            expect(Number.isInteger(sinceHours) && sinceHours >= 0 && sinceHours < period).toBe(true);
            expect(dueAt(target, row, each + HOURS_PER_DAY)).toBe(
              dueAt(target, row, each) + HOURS_PER_DAY * MS_PER_HOUR,
            );
          }
        }),
      );
    },
  );

  it('lists a fact in the hour in which it describes it', () => {
    fc.assert(
      fc.property(anyTarget, fc.nat({ max: 1000 }), (target, hour) => {
        const listed = dueAt(target, { fact: 'nodegroups', action: 'list', cadence: 'six-hourly' }, hour);
        const described = dueAt(target, { fact: 'nodegroups', action: 'describe', cadence: 'daily' }, hour);
        const describedHour = (described - START_MS) / MS_PER_HOUR;
        expect(listed).toBeGreaterThanOrEqual(described);
        expect(dueAt(target, { fact: 'nodegroups', action: 'list', cadence: 'six-hourly' }, describedHour)).toBe(
          described,
        );
      }),
    );
  });

  it('comes up in different hours for different targets and facts', () => {
    const hours = Array.from({ length: 100 }, (_, index) => ({
      ...TARGET,
      accountId: String(111_122_220_000 + index),
    })).flatMap((target) =>
      FACT_NAMES.map((fact) => dueAt(target, { fact, action: 'ec2:Describe', cadence: 'daily' }, 0)),
    );
    const counts = [...Map.groupBy(hours, (hour) => hour).values()].map(({ length }) => length);
    const even = hours.length / HOURS_PER_DAY;
    expect(counts).toHaveLength(HOURS_PER_DAY);
    expect(Math.max(...counts)).toBeLessThan(2 * even);
    expect(Math.min(...counts)).toBeGreaterThan(even / 2);
  });
});
