import type { FleetHistoryStore } from '../../lib/audit/fleet-history-ports.ts';
import { type FleetDay, joinFleetDays } from '../../lib/domain/trend/fleet-day.ts';

/** The history of a fleet in memory, with the semantics of its port. */
export function memoryFleetHistory(): FleetHistoryStore {
  const days = new Map<string, FleetDay>();
  const nameOf = (grouping: string, day: number) => `${grouping} ${day}`;
  return {
    async keepDay(grouping, day) {
      const name = nameOf(grouping, day.day);
      days.set(name, joinFleetDays(days.get(name), day));
    },
    hasDay: async (grouping, day) => days.has(nameOf(grouping, day)),
    readDays: async (grouping, { from, to }) =>
      Array.from({ length: to - from + 1 }, (_, index) => days.get(nameOf(grouping, from + index))).filter(
        (day) => day !== undefined,
      ),
  };
}
