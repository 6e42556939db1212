import type { VpcId } from '../domain/capacity/vpc-state.ts';
import type { Fact } from '../domain/fact.ts';
import type { RegionFacts } from '../domain/region-facts.ts';
import type { SeriesPoint, SeriesSample } from '../domain/trend/series.ts';
import { joinRegion } from './join-region.ts';
import { measureCapacity } from './measure-capacity.ts';
import type { SlotFacts, SlotPulse } from './store-ports.ts';

/**
 * Returns what a scan says of the addresses of a VPC's subnets, or `undefined` where it read no counters itself: what it
 * carried over from an earlier scan is that scan's sample. Blocks and uses are by the owner's interfaces alone, and only where
 * this very scan listed them.
 */
export function scanSample({ slot, facts }: SlotFacts): SeriesSample | undefined {
  const { subnets } = facts;
  if (subnets.state === 'unavailable' || !isOfThisScan(subnets, facts)) {
    return undefined;
  }
  const isCounted = isOfThisScan(facts.networkInterfaces, facts);
  const points = joinRegion(facts.target.region, [facts]).subnets.flatMap((joined): [string, SeriesPoint][] => {
    const { capacity } = measureCapacity(joined);
    if (capacity === undefined) {
      return [];
    }
    const { availableIpAddressCount } = joined.subnet;
    const point =
      isCounted && capacity.source === 'network-interfaces'
        ? {
            availableIpAddressCount: capacity.reconciliation.availableIpAddressCount,
            usedAddressCount: capacity.counts.usedAddressCount,
            freeAddressCount: capacity.counts.freeAddressCount,
            reservedAddressCount: capacity.counts.reservedAddressCount,
            freePrefixCount: capacity.freePrefixCount,
            freePrefixCountMost: capacity.counts.freePrefixCountMost,
            strandedAddressCount: capacity.counts.strandedAddressCount,
          }
        : { ...UNCOUNTED, availableIpAddressCount };
    return [[joined.subnet.subnetId, point]];
  });
  return {
    observedAt: subnets.observedAt,
    kind: slot.kind,
    viewerAccountId: facts.target.accountId,
    points: new Map(points),
  };
}

/** Returns what a pulse says: EC2's counters. */
export function pulseSample({ slot, pulse }: SlotPulse): SeriesSample {
  const points = [...pulse.availableIpAddressCounts].map(
    ([subnetId, availableIpAddressCount]): [string, SeriesPoint] => [
      subnetId,
      { ...UNCOUNTED, availableIpAddressCount },
    ],
  );
  return {
    observedAt: pulse.observedAt,
    kind: slot.kind,
    viewerAccountId: pulse.target.accountId,
    points: new Map(points),
  };
}

/** Returns whether an account's sample belongs into the series: the owner's does, another's only where the owner is not scanned. */
export function speaksForSeries(
  { ownerId }: VpcId,
  viewerAccountId: string,
  viewerAccountIds: readonly string[],
): boolean {
  return viewerAccountId === ownerId || !viewerAccountIds.includes(ownerId);
}

const UNCOUNTED = {
  usedAddressCount: undefined,
  freeAddressCount: undefined,
  reservedAddressCount: undefined,
  freePrefixCount: undefined,
  freePrefixCountMost: undefined,
  strandedAddressCount: undefined,
} satisfies Omit<SeriesPoint, 'availableIpAddressCount'>;

function isOfThisScan(fact: Fact<unknown>, { startedAt }: RegionFacts): boolean {
  return fact.state === 'observed' && fact.observedAt >= startedAt;
}
