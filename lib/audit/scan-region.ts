import type { RegionFacts } from '../domain/region-facts.ts';
import { type JoinedSubnet, joinRegion } from './join-region.ts';
import { measureCapacity } from './measure-capacity.ts';
import type { AccountObserver } from './ports.ts';

/**
 * Observes a region, and asks what only the answers raise: the CIDR reservations of subnets that serve a cluster or hold
 * fewer free addresses than their interfaces explain, since EC2 has no bulk form of them, and every counter once more where
 * something still does not add up.
 */
export async function scanRegion(observer: AccountObserver, region: string): Promise<RegionFacts> {
  const first = await observer.observeRegion(region);
  const owned = joinRegion(region, [first]).subnets.filter(({ owner }) => owner !== undefined);
  const asked = owned.filter(needsReservations).map(({ subnet }) => subnet.subnetId);
  const answers = asked.map(async (subnetId) => [subnetId, await observer.reservations(region, subnetId)] as const);
  const facts: RegionFacts = { ...first, reservations: new Map(await Promise.all(answers)) };
  const isUnsettled = owned.some((joined) => unaccountedAddresses({ ...joined, owner: facts }) !== 0);
  return isUnsettled ? { ...facts, subnetCounters: await observer.subnetCounters(region) } : facts;
}

/** Reserved space is not available by EC2's count, so it shows as fewer addresses than the interfaces explain. */
function needsReservations(joined: JoinedSubnet): boolean {
  return joined.subnet.cidrBlock !== undefined && (joined.clusters.length > 0 || unaccountedAddresses(joined) < 0);
}

function unaccountedAddresses(joined: JoinedSubnet): number {
  const { capacity } = measureCapacity(joined);
  return capacity?.source === 'network-interfaces' ? capacity.reconciliation.unaccountedAddressCount : 0;
}
