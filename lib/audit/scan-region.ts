import type { RegionFacts, Target } from '../domain/region-facts.ts';
import { dueFacts } from './due-facts.ts';
import { type JoinedSubnet, joinRegion } from './join-region.ts';
import { measureCapacity } from './measure-capacity.ts';
import type { AccountObserver, Ask } from './ports.ts';
import type { Slot } from './slot.ts';

/** A scan of a region of which something may be known. */
export interface RegionScan {
  readonly slot: Slot;
  /** What earlier scans left, the VPCs of the region joined. */
  readonly known: RegionFacts | undefined;
  /** VPCs of this account that clusters of other accounts live in. */
  readonly lentVpcIds: readonly string[];
}

/**
 * Observes a region, and asks what only the answers raise: the CIDR reservations of subnets that serve a cluster or hold
 * fewer free addresses than their interfaces explain, since EC2 has no bulk form of them, and every counter once more where
 * something still does not add up.
 */
export async function scanRegion(
  observer: AccountObserver,
  target: Target,
  scan: RegionScan | 'everything',
): Promise<RegionFacts> {
  const { region } = target;
  const first = await observer.observeRegion(region, askOf(observer, target, scan));
  const owned = joinRegion(region, [first]).subnets.filter(({ owner }) => owner !== undefined);
  const asked = owned.filter(needsReservations).map(({ subnet }) => subnet.subnetId);
  const answers = asked.map(async (subnetId) => [subnetId, await observer.reservations(region, subnetId)] as const);
  const facts: RegionFacts = { ...first, reservations: new Map(await Promise.all(answers)) };
  const isUnsettled = owned.some((joined) => unaccountedAddresses({ ...joined, owner: facts }) !== 0);
  return isUnsettled ? { ...facts, subnetCounters: await observer.subnetCounters(region) } : facts;
}

function askOf(observer: AccountObserver, target: Target, scan: RegionScan | 'everything'): Ask {
  if (scan === 'everything') {
    return { extent: 'everything', due: new Map(), known: undefined };
  }
  const { slot, known, lentVpcIds } = scan;
  return {
    extent: lentVpcIds.length === 0 ? 'where-clusters-are' : 'network-too',
    due: dueFacts(slot, target, observer.cadences),
    known,
  };
}

/** Reserved space is not available by EC2's count, so it shows as fewer addresses than the interfaces explain. */
function needsReservations(joined: JoinedSubnet): boolean {
  return joined.subnet.cidrBlock !== undefined && (joined.clusters.length > 0 || unaccountedAddresses(joined) < 0);
}

function unaccountedAddresses(joined: JoinedSubnet): number {
  const { capacity } = measureCapacity(joined);
  return capacity?.source === 'network-interfaces' ? capacity.reconciliation.unaccountedAddressCount : 0;
}
