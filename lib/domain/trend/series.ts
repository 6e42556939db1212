import type { Instant } from '../fact.ts';

/** What one observation says of the addresses of one subnet. What it could not say is `undefined`, never zero. */
export interface SeriesPoint {
  /** EC2's own count. */
  readonly availableIpAddressCount: number;
  /** These are by the address map: only where the owner's network interfaces were listed by the same observation. */
  readonly usedAddressCount: number | undefined;
  readonly freeAddressCount: number | undefined;
  readonly reservedAddressCount: number | undefined;
  /** Free /28 blocks at the least and at the most. */
  readonly freePrefixCount: number | undefined;
  readonly freePrefixCountMost: number | undefined;
  readonly strandedAddressCount: number | undefined;
}

/** What one observation says of the subnets of one VPC. */
export interface SeriesSample {
  /** When EC2's counters were read. Samples are told apart by this and the viewer. */
  readonly observedAt: Instant;
  readonly kind: 'scan' | 'pulse' | 'request';
  readonly viewerAccountId: string;
  /** By subnet id. */
  readonly points: ReadonlyMap<string, SeriesPoint>;
}
