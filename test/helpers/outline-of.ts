import { createFleet, type Fleet, type FleetOutline } from '../../lib/audit/fleet.ts';
import { decodeShardOutlines, encodedOutline, encodeFleetShard } from '../../lib/store/fleet-codec.ts';

/** Returns the outline of a fleet as a reader gets it, without anything else. */
export function outlineOf(fleet: Fleet): FleetOutline {
  const { columns } = decodeShardOutlines([encodedOutline(encodeFleetShard(fleet))]);
  return createFleet(columns, fleet);
}
