import type { AlertForecast } from './alert.ts';
import { ALERT_LEVELS, type AlertFinding, worstLevel } from './alert-condition.ts';
import type { SubnetFinding } from './cluster-groups.ts';

/** Most that is named as driving an alert of several subnets. */
const DRIVERS_MAX = 3;

/** Returns what is to be said of several subnets together, the worst first. */
export function joinFindings(members: readonly SubnetFinding[]): Omit<AlertFinding, 'isSeen'> {
  const ordered = members.map(({ finding }) => finding).toSorted((a, b) => rankOf(a) - rankOf(b));
  const forecasts = ordered.flatMap(({ what }) => what.forecast ?? []).toSorted(compareForecasts);
  const rooms = ordered.flatMap(({ what }) => what.room ?? []);
  const room = rooms.find(({ subnetId }) => subnetId === forecasts[0]?.subnetId) ?? rooms[0];
  const causes = new Set(ordered.map(({ what }) => what.cause));
  return {
    level: worstLevel(ordered.map(({ level }) => level)),
    heldLevel: worstLevel(ordered.map(({ heldLevel }) => heldLevel)),
    what: {
      reasons: ordered.flatMap(({ what }) => what.reasons),
      forecast: forecasts[0],
      ...(room === undefined ? {} : { room }),
      drivers: ordered.flatMap(({ what }) => what.drivers).slice(0, DRIVERS_MAX),
      change: ordered[0]?.what.change,
      cause: causes.size === 1 ? ordered[0]?.what.cause : undefined,
    },
  };
}

function rankOf({ level }: AlertFinding): number {
  return level === undefined ? ALERT_LEVELS.length : ALERT_LEVELS.indexOf(level);
}

/** What runs out first comes first; days that are not told come after all others. */
function compareForecasts(a: AlertForecast, b: AlertForecast): number {
  return compareDays(a.p50, b.p50) || compareDays(a.p10, b.p10);
}

function compareDays(a: string | undefined, b: string | undefined): number {
  if (a === b) {
    return 0;
  }
  return a !== undefined && (b === undefined || a < b) ? -1 : 1;
}
