import { type Fact, type Instant, isObservedSince } from '../domain/fact.ts';
import { observedVpcIds } from '../domain/observed-vpc-ids.ts';
import type { RegionFacts, Target } from '../domain/region-facts.ts';
import { carryOver } from './carry-over.ts';
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
 * something still does not add up. Returns what this scan observed: what was not due is left to `carryOver`.
 */
export async function scanRegion(
  observer: AccountObserver,
  target: Target,
  scan: RegionScan | 'everything',
): Promise<RegionFacts> {
  const { region } = target;
  const ask = askOf(observer, target, scan);
  const first = await observer.observeRegion(region, ask);
  const owned = ownedSubnets(withKnown(ask, first));
  const asked = subnetsToAsk(owned, ask, reservationsDueAt(observer, ask));
  const answers = asked.map(async (subnetId) => [subnetId, await observer.reservations(region, subnetId)] as const);
  const facts: RegionFacts = { ...first, reservations: new Map(await Promise.all(answers)) };
  const owner = withKnown(ask, facts);
  const isUnsettled = owned.some((joined) => unaccountedAddresses({ ...joined, owner }) !== 0);
  return isUnsettled ? { ...facts, subnetCounters: await observer.subnetCounters(region) } : facts;
}

function askOf(observer: AccountObserver, target: Target, scan: RegionScan | 'everything'): Ask {
  if (scan === 'everything') {
    return { extent: 'everything', due: new Map(), known: undefined };
  }
  const { slot, known, lentVpcIds } = scan;
  // What is known of other VPCs looks recent, and says nothing about one that was lent since.
  const knownVpcIds = known === undefined ? new Set<string>() : observedVpcIds(known);
  return {
    extent: lentVpcIds.length === 0 ? 'where-clusters-are' : 'network-too',
    due: dueFacts(slot, target, observer.cadences),
    known: lentVpcIds.every((vpcId) => knownVpcIds.has(vpcId)) ? known : undefined,
  };
}

/** Counters and interfaces are of now, or their difference would say how long ago one of them was read. */
function withKnown({ known }: Ask, fresh: RegionFacts): RegionFacts {
  const { subnets, networkInterfaces, subnetCounters } = fresh;
  return { ...carryOver(known, fresh), subnets, networkInterfaces, subnetCounters };
}

function ownedSubnets(facts: RegionFacts): readonly JoinedSubnet[] {
  return joinRegion(facts.target.region, [facts]).subnets.filter(({ owner }) => owner !== undefined);
}

/** When reservations were due last; `undefined` where they always are. */
function reservationsDueAt({ cadences }: AccountObserver, { due }: Ask): Instant | undefined {
  const action = cadences.find(({ fact }) => fact === 'reservations')?.action;
  return action === undefined ? undefined : due.get(action);
}

/**
 * Reserved space is not available by EC2's count, so it shows as fewer addresses than the interfaces explain; a reservation
 * that is gone, as more than it leaves. What did not add up before in the same way was asked about then.
 */
function subnetsToAsk(owned: readonly JoinedSubnet[], { known }: Ask, dueAt: Instant | undefined): readonly string[] {
  const unaccountedById = unaccountedBySubnetId(owned);
  const isSettled = [...unaccountedById.values()].every((count) => count === 0);
  const unaccountedBefore = unaccountedBySubnetId(isSettled || known === undefined ? [] : ownedSubnets(known));
  const isAsked = ({ subnet, clusters }: JoinedSubnet) => {
    const before = known?.reservations.get(subnet.subnetId);
    const unaccounted = unaccountedById.get(subnet.subnetId);
    const mayExplain = unaccounted !== undefined && (unaccounted < 0 || (unaccounted > 0 && isReserving(before)));
    return dueAt !== undefined && isObservedSince(before, dueAt)
      ? mayExplain && unaccounted !== unaccountedBefore.get(subnet.subnetId)
      : mayExplain || clusters.length > 0 || isReserving(before);
  };
  return owned.filter((joined) => joined.subnet.cidrBlock !== undefined && isAsked(joined)).map(subnetIdOf);
}

function isReserving(reservations: Fact<readonly unknown[]> | undefined): boolean {
  return reservations?.state === 'observed' && reservations.value.length > 0;
}

function unaccountedBySubnetId(owned: readonly JoinedSubnet[]): ReadonlyMap<string, number> {
  return new Map(owned.map((joined) => [subnetIdOf(joined), unaccountedAddresses(joined)]));
}

function subnetIdOf({ subnet }: JoinedSubnet): string {
  return subnet.subnetId;
}

function unaccountedAddresses(joined: JoinedSubnet): number {
  const { capacity } = measureCapacity(joined);
  return capacity?.source === 'network-interfaces' ? capacity.reconciliation.unaccountedAddressCount : 0;
}
