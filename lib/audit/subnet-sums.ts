import { STATUSES, urgency } from '../domain/capacity/subnet-status.ts';
import { instantMs } from '../domain/instant.ts';
import type { FleetCounts, FleetSubnet } from './fleet-shard.ts';

/** A row of `SumColumns`. */
export interface SubnetSum {
  readonly team: string | undefined;
  /** `undefined` where the time of its subnets cannot be read. */
  readonly observedMs: number | undefined;
  /** By urgency. */
  readonly countByStatus: readonly number[];
  readonly subnetsWithoutCounts: number;
  readonly subnetsWithoutPrefixCount: number;
  readonly usableAddressCount: number;
  readonly usedAddressCount: number;
  readonly freeAddressCount: number;
  readonly reservedAddressCount: number;
  readonly freePrefixCount: number;
}

/** Adds up the subnets of a VPC by team and moment: what sums are asked by, besides what is the same for all of a VPC. Pure. */
export function subnetSums(subnets: readonly FleetSubnet[]): SubnetSum[] {
  const alike = Map.groupBy(subnets, ({ team, observedAt }) => JSON.stringify([team, instantMs(observedAt)]));
  return [...alike.values()].map(sumOf);
}

function sumOf(subnets: readonly FleetSubnet[]): SubnetSum {
  const counts = subnets.flatMap((subnet) => subnet.counts ?? []);
  const prefixCounts = counts.flatMap(({ freePrefixCount }) => freePrefixCount ?? []);
  const countByStatus = STATUSES.map(() => 0);
  for (const { status } of subnets) {
    const place = urgency(status);
    countByStatus[place] = (countByStatus[place] ?? Number.NaN) + 1;
  }
  return {
    team: subnets[0]?.team,
    observedMs: instantMs(subnets[0]?.observedAt ?? ''),
    countByStatus,
    subnetsWithoutCounts: subnets.length - counts.length,
    subnetsWithoutPrefixCount: counts.length - prefixCounts.length,
    usableAddressCount: total(counts, 'usableAddressCount'),
    usedAddressCount: total(counts, 'usedAddressCount'),
    freeAddressCount: total(counts, 'freeAddressCount'),
    reservedAddressCount: total(counts, 'reservedAddressCount'),
    freePrefixCount: prefixCounts.reduce((sum, count) => sum + count, 0),
  };
}

function total(
  counts: readonly FleetCounts[],
  name: 'usableAddressCount' | 'usedAddressCount' | 'freeAddressCount' | 'reservedAddressCount',
): number {
  return counts.reduce((sum, of) => sum + of[name], 0);
}
