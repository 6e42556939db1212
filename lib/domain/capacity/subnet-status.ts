import type { CollectError, Instant } from '../fact.ts';
import type { FactName } from '../region-facts.ts';
import type { SeriesKind } from '../trend/daily.ts';
import type { Exhaustion } from '../trend/exhaustion.ts';

/** Worst first: the order in which people should look. */
export const STATUSES = ['exhausted', 'critical', 'warning', 'unknown', 'healthy'] as const;
export type Status = (typeof STATUSES)[number];

/** Returns the position of a status by urgency; 0 is the most urgent. */
export function urgency(status: Status): number {
  return STATUSES.indexOf(status);
}

/** The version of the rules below, kept with what they judged. */
export const STATUS_RULES_VERSION = 2;

/**
 * Updating a cluster's version or subnets needs up to five free addresses in its control plane's subnets.
 * https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html
 */
export const CONTROL_PLANE_UPDATE_ADDRESSES = 5;
/**
 * The AWS Load Balancer Controller leaves subnets with fewer free addresses alone.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html#subnets-load-balancer
 */
export const LOAD_BALANCER_ADDRESSES = 8;
/** Decisions of this project. */
export const FREE_RATIO_WARNING = 0.15;
export const FREE_PREFIX_RATIO_WARNING = 0.1;
/** From this probability on running out counts as likely: within a week it is `critical`, within a month `warning`. */
export const LIKELY_PROBABILITY = 0.5;
const CRITICAL_DAYS = 7;
const WARNING_DAYS = 30;
/** A forecast from fewer days than four weeks moves a status only where less than this share is free. */
const GUARD_FREE_RATIO = 0.4;
const GUARD_DAYS_MIN = 28;

/** When a subnet is short of room. The settings may say otherwise for some subnets. */
export interface Thresholds {
  /** `warning` below this share of free addresses. */
  readonly freeRatioWarning: number;
  /** `warning` below this share of free /28 blocks, where prefixes are in use. */
  readonly freePrefixRatioWarning: number;
  /** Addresses that must stay free where a control plane has its interfaces. */
  readonly controlPlaneUpdateAddresses: number;
  /** Addresses that must stay free where load balancers are served. */
  readonly loadBalancerAddresses: number;
}

export const THRESHOLDS_DEFAULT: Thresholds = {
  freeRatioWarning: FREE_RATIO_WARNING,
  freePrefixRatioWarning: FREE_PREFIX_RATIO_WARNING,
  controlPlaneUpdateAddresses: CONTROL_PLANE_UPDATE_ADDRESSES,
  loadBalancerAddresses: LOAD_BALANCER_ADDRESSES,
};

export type StatusReason =
  | ({ readonly code: 'no-free-address' | 'no-free-prefix' } & Measured)
  | ({ readonly code: 'free-addresses-at-floor' } & Measured & { readonly floor: Floor })
  | ({ readonly code: 'few-free-addresses' | 'few-free-prefixes' } & Measured & { readonly ratio: number })
  | { readonly code: 'fact-not-seen'; readonly fact: FactName; readonly error: CollectError }
  /** Seen, but too long ago to say that something is well. */
  | { readonly code: 'fact-stale'; readonly fact: FactName; readonly observedAt: Instant }
  | { readonly code: 'owner-not-seen'; readonly ownerId: string }
  | { readonly code: 'cidr-unreadable'; readonly cidrBlock: string }
  | { readonly code: 'ipv6-only' }
  | {
      readonly code: 'exhaustion-likely';
      /** What runs out. */
      readonly kind: SeriesKind;
      readonly withinDays: number;
      readonly probability: number;
    }
  /** A single look, as an audit is. */
  | { readonly code: 'no-forecast'; readonly why: 'no-history' }
  | {
      readonly code: 'no-forecast';
      readonly why: 'insufficient-history';
      /** Of which series; not told by what was kept before it was known: then addresses. */
      readonly kind?: SeriesKind;
      /** Days of which enough hours were seen since the last break, and how many it takes. */
      readonly dayCount: number;
      readonly neededDayCount: number;
      /** Whole days since 1970: the first of the days that count, and where none does, the day before which none did. */
      readonly sinceDay?: number;
    };

/** What was measured and what would have been enough. */
interface Measured {
  readonly observed: number;
  /** The least that does not give this reason. */
  readonly needed: number;
}

export interface Floor {
  readonly controlPlaneUpdateAddresses: number;
  readonly loadBalancerAddresses: number;
}

/** Why a subnet's figures cannot be complete. */
export type Unseen = Extract<
  StatusReason,
  { code: 'fact-not-seen' | 'fact-stale' | 'owner-not-seen' | 'cidr-unreadable' }
>;

export interface SubnetStatusInput {
  /** `undefined` for an IPv6-only subnet: it cannot run out of IPv4 addresses. */
  readonly ipv4: SubnetCapacity | undefined;
  readonly unseen: readonly Unseen[];
  /** When it runs out; `no-history` where nothing was forecast. */
  readonly exhaustion: Exhaustion;
  readonly thresholds: Pick<Thresholds, 'freeRatioWarning' | 'freePrefixRatioWarning'>;
}

export interface SubnetCapacity {
  readonly usableAddressCount: number;
  /** The lower one of the addresses the map shows free and EC2's own count: what both agree can be taken. */
  readonly addressesLeft: number;
  /** Blocks at the least; `undefined` where the interfaces were not seen. */
  readonly freePrefixCount: number | undefined;
  readonly maxPrefixCount: number;
  /** Whether something in the subnet takes /28 prefixes, and whether all of it can take single addresses instead. */
  readonly prefixUse: { readonly inUse: boolean; readonly canFallBack: boolean };
  readonly floor: Floor;
}

export interface SubnetStatus {
  readonly status: Status;
  readonly reasons: readonly StatusReason[];
}

/**
 * Judges a subnet. What was observed to be bad stands even where facts are missing; what is missing never reads as healthy.
 * Where there is no forecast its terms are absent, and a reason says why. That nothing is expected to run out is no reason.
 */
export function subnetStatus({ ipv4, unseen, exhaustion, thresholds }: SubnetStatusInput): SubnetStatus {
  if (ipv4 === undefined) {
    return unseen.length > 0
      ? { status: 'unknown', reasons: unseen }
      : { status: 'healthy', reasons: [{ code: 'ipv6-only' }] };
  }
  const likely = likelyReasons(ipv4, exhaustion);
  const exhausted = exhaustionReasons(ipv4);
  const critical = [...floorReasons(ipv4), ...likely.critical];
  const warning = [...scarcityReasons(ipv4, thresholds), ...likely.warning];
  const status = statusOf(exhausted, critical, warning, unseen);
  const shortages = exhausted.length > 0 ? exhausted : [...critical, ...warning];
  return { status, reasons: [...shortages, ...unseen, ...noForecastReasons(exhaustion)] };
}

interface LikelyReasons {
  readonly critical: readonly StatusReason[];
  readonly warning: readonly StatusReason[];
}

/** At most one of both: what is likely within a week is so within a month. */
function likelyReasons(capacity: SubnetCapacity, exhaustion: Exhaustion): LikelyReasons {
  if (exhaustion.state !== 'forecast' || !isGuardPassed(capacity, exhaustion)) {
    return { critical: [], warning: [] };
  }
  const { kind } = exhaustion;
  const within = (withinDays: number): StatusReason[] => {
    // A level forecast does not reach a month: it says nothing of it.
    const probability = exhaustion.probability.get(withinDays);
    return probability === undefined || probability < LIKELY_PROBABILITY
      ? []
      : [{ code: 'exhaustion-likely', kind, withinDays, probability }];
  };
  const soon = within(CRITICAL_DAYS);
  const later = soon.length > 0 ? soon : within(WARNING_DAYS);
  // Without blocks nodes go on with single addresses: that costs room, and stops nothing.
  const isHarmless = kind === 'blocks' && capacity.prefixUse.canFallBack;
  return soon.length > 0 && !isHarmless ? { critical: soon, warning: [] } : { critical: [], warning: later };
}

function isGuardPassed(
  { addressesLeft, usableAddressCount, freePrefixCount, maxPrefixCount }: SubnetCapacity,
  { kind, dayCount }: Extract<Exhaustion, { state: 'forecast' }>,
): boolean {
  const isLow =
    kind === 'addresses'
      ? addressesLeft < GUARD_FREE_RATIO * usableAddressCount
      : freePrefixCount !== undefined && freePrefixCount < GUARD_FREE_RATIO * maxPrefixCount;
  return isLow || dayCount >= GUARD_DAYS_MIN;
}

function noForecastReasons(exhaustion: Exhaustion): StatusReason[] {
  switch (exhaustion.state) {
    case 'no-history':
      return [{ code: 'no-forecast', why: 'no-history' }];
    case 'insufficient-history': {
      const { state: why, other: _, ...missing } = exhaustion;
      return [{ code: 'no-forecast', why, ...missing }];
    }
    case 'forecast':
      return exhaustion.missing === undefined
        ? []
        : [{ code: 'no-forecast', why: 'insufficient-history', ...exhaustion.missing }];
    case 'not-expected':
      return [];
  }
}

function statusOf(
  exhausted: readonly StatusReason[],
  critical: readonly StatusReason[],
  warning: readonly StatusReason[],
  unseen: readonly StatusReason[],
): Status {
  if (exhausted.length > 0) {
    return 'exhausted';
  }
  if (critical.length > 0) {
    return 'critical';
  }
  if (warning.length > 0) {
    return 'warning';
  }
  return unseen.length > 0 ? 'unknown' : 'healthy';
}

function exhaustionReasons({ addressesLeft, freePrefixCount, prefixUse }: SubnetCapacity): StatusReason[] {
  const reasons: StatusReason[] = [];
  if (addressesLeft <= 0) {
    reasons.push({ code: 'no-free-address', observed: addressesLeft, needed: 1 });
  }
  if (prefixUse.inUse && !prefixUse.canFallBack && freePrefixCount === 0) {
    reasons.push({ code: 'no-free-prefix', observed: 0, needed: 1 });
  }
  return reasons;
}

function floorReasons({ addressesLeft, floor }: SubnetCapacity): StatusReason[] {
  const floorAddresses = floor.controlPlaneUpdateAddresses + floor.loadBalancerAddresses;
  // Without a floor nothing asks for a reserve: running out is `exhausted`, not `critical`.
  return floorAddresses > 0 && addressesLeft <= floorAddresses
    ? [{ code: 'free-addresses-at-floor', observed: addressesLeft, needed: floorAddresses + 1, floor }]
    : [];
}

function scarcityReasons(capacity: SubnetCapacity, thresholds: SubnetStatusInput['thresholds']): StatusReason[] {
  const { freeRatioWarning, freePrefixRatioWarning } = thresholds;
  const { addressesLeft, usableAddressCount, freePrefixCount, maxPrefixCount, prefixUse } = capacity;
  const reasons: StatusReason[] = [];
  const addressesWanted = freeRatioWarning * usableAddressCount;
  if (addressesLeft < addressesWanted) {
    const needed = Math.ceil(addressesWanted);
    reasons.push({ code: 'few-free-addresses', observed: addressesLeft, needed, ratio: freeRatioWarning });
  }
  const prefixesWanted = freePrefixRatioWarning * maxPrefixCount;
  if (prefixUse.inUse && freePrefixCount !== undefined && freePrefixCount < prefixesWanted) {
    const needed = Math.ceil(prefixesWanted);
    reasons.push({ code: 'few-free-prefixes', observed: freePrefixCount, needed, ratio: freePrefixRatioWarning });
  }
  return reasons;
}
