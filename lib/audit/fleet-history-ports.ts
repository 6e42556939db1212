import type { FleetDay } from '../domain/trend/fleet-day.ts';

/** By what the subnets of a fleet are grouped; `fleet` is one group of all. */
export const FLEET_GROUPINGS = ['account', 'region', 'team', 'fleet'] as const;
export type FleetGrouping = (typeof FLEET_GROUPINGS)[number];

/** What a fleet had left day by day. `lib/store` implements it. */
export interface FleetHistoryReader {
  /** Whether something is kept of a day. */
  hasDay(grouping: FleetGrouping, day: number): Promise<boolean>;
  /** The days from one to another, whole days since 1970, both included, in their order; those that are not kept are left out. */
  readDays(grouping: FleetGrouping, days: { readonly from: number; readonly to: number }): Promise<readonly FleetDay[]>;
}

export interface FleetHistoryStore extends FleetHistoryReader {
  /** Joins a day with what is kept of it, as `joinFleetDays` does. Repeating it changes nothing. */
  keepDay(grouping: FleetGrouping, day: FleetDay): Promise<void>;
}
