import { listFirstSubnets } from '../audit/query-fleet.ts';
import type { ReadPorts } from './api-ports.ts';
import type { FleetView } from './fleet-view.ts';
import { readSubnets } from './read-rows.ts';
import { toFleetView } from './to-fleet-view.ts';
import { toRunView } from './to-run-view.ts';
import { type VisibleAccounts, visibleRun } from './visible.ts';

const MOST_URGENT_MAX = 10;

/** Reads the fleet as it was rolled up last, as far as it may be seen; `undefined` before the first roll-up. */
export async function readFleet(ports: ReadPorts, visible: VisibleAccounts): Promise<FleetView | undefined> {
  const fleet = await ports.fleets.readOutline();
  if (fleet === undefined) {
    return undefined;
  }
  const nowMs = ports.now();
  const { rows } = listFirstSubnets(
    fleet,
    {
      filter: { visibleAccountIds: visible, statuses: ['exhausted', 'critical', 'warning', 'unknown'] },
      limit: MOST_URGENT_MAX,
    },
    nowMs,
  );
  const seen = fleet.scan === undefined ? undefined : visibleRun(fleet.scan, visible);
  return toFleetView({
    fleet,
    // Who sees some accounts only is told of what these own: teams and accounts of what others lend them are not theirs to see.
    accountIds: visible,
    nowMs,
    mostUrgentSubnets: await readSubnets(ports, fleet, rows, visible),
    coverage: seen === undefined ? undefined : toRunView(seen),
    history: ports.history(),
  });
}
