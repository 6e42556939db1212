import type { SimulatedRequest } from './state.ts';

/** A token bucket: a request takes a token, and is refused where there is none. */
export interface RequestRate {
  readonly capacity: number;
  readonly refillPerSecond: number;
}

export interface RequestLimitsOptions {
  /** Milliseconds of any clock that only moves forward. */
  readonly now: () => number;
  /**
   * What the account's own controllers (VPC CNI, AWS Load Balancer Controller, Karpenter) take of every bucket, as a share
   * of its refill. Nothing where it is left out.
   */
  readonly controllerShare?: number;
}

/** Says whether a request is within its limit, and takes its token. */
export type RequestLimits = (request: SimulatedRequest) => boolean;

interface Bucket {
  tokens: number;
  atMs: number;
}

// https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html
const EC2_RATE: RequestRate = { capacity: 100, refillPerSecond: 20 };
const EC2_UNBOUNDED_RATE: RequestRate = { capacity: 50, refillPerSecond: 10 };
/** Those that have a smaller bucket when they are sent without a filter and without a page size. */
const EC2_UNBOUNDED_ACTIONS = new Set([
  'DescribeInstances',
  'DescribeInstanceStatus',
  'DescribeNetworkInterfaces',
  'DescribeSecurityGroups',
  'DescribeSnapshots',
  'DescribeSpotInstanceRequests',
  'DescribeVolumes',
]);
// A guess: EKS publishes no rates. It is known to allow less than EC2.
const EKS_RATE: RequestRate = { capacity: 20, refillPerSecond: 5 };

const MS_PER_SECOND = 1000;

/** Enforces limits per account, region and action, as EC2 does, and EKS in a manner that is guessed. */
export function requestLimits({ now, controllerShare = 0 }: RequestLimitsOptions): RequestLimits {
  const buckets = new Map<string, Bucket>();
  return (request) => {
    const rate = requestRate(request);
    if (rate === undefined) {
      return true;
    }
    const key = `${request.accountId}/${request.region}/${request.service}:${request.action}/${rate.capacity}`;
    const nowMs = now();
    // A bucket that was never asked is full.
    const { tokens, atMs } = buckets.get(key) ?? { tokens: rate.capacity, atMs: nowMs };
    const gained = ((nowMs - atMs) / MS_PER_SECOND) * rate.refillPerSecond * (1 - controllerShare);
    const available = Math.max(0, Math.min(rate.capacity, tokens + gained));
    const isWithin = available >= 1;
    buckets.set(key, { tokens: isWithin ? available - 1 : available, atMs: nowMs });
    return isWithin;
  };
}

/** The bucket that a request takes its token from; `undefined` for services whose limits are not simulated. */
export function requestRate({
  service,
  action,
  params,
}: Omit<SimulatedRequest, 'accountId' | 'region'>): RequestRate | undefined {
  switch (service) {
    case 'ec2':
      return EC2_UNBOUNDED_ACTIONS.has(action) && !isBounded(params) ? EC2_UNBOUNDED_RATE : EC2_RATE;
    case 'eks':
      return EKS_RATE;
    default:
      return undefined;
  }
}

function isBounded(params: object): boolean {
  const isPaged = 'MaxResults' in params && params.MaxResults !== undefined;
  return isPaged || ('Filters' in params && Array.isArray(params.Filters) && params.Filters.length > 0);
}
