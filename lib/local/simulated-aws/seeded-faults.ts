import { fractionOf } from './build/random.ts';
import type { Fault } from './fault.ts';
import type { SimulatedRequest } from './state.ts';

export type FaultKind =
  | 'throttle'
  | 'deny'
  | 'server-error'
  | 'dropped-connection'
  | 'slow'
  | 'truncated'
  | 'empty-page';

/** Which requests go wrong, how and how often. A member that is left out fits every request. */
export interface FaultRule {
  readonly accountId?: string;
  readonly region?: string;
  readonly service?: string;
  readonly action?: string;
  readonly fault: FaultKind;
  /** 0 to 1. */
  readonly probability: number;
}

const SLOW_MS = 250;

const FAULTS: Readonly<Record<FaultKind, Fault>> = {
  throttle: { throttle: true },
  deny: { deny: true },
  'server-error': { status: 500, code: 'InternalError', message: 'An internal error has occurred' },
  'dropped-connection': { dropConnection: true },
  slow: { delayMs: SLOW_MS },
  truncated: { truncate: true },
  'empty-page': { emptyPage: true },
};

/**
 * Returns faults for the `faults` of a simulated AWS. The seed and the number of the request among those of its account,
 * region and action decide each of them, so they are the same again however the requests of different accounts interleave.
 * Where several rules hit one request, the first one does.
 */
export function seededFaults({
  seed,
  rules,
}: {
  readonly seed: number;
  readonly rules: readonly FaultRule[];
}): (request: SimulatedRequest) => Fault | undefined {
  const counts = new Map<string, number>();
  return (request) => {
    const key = `${request.accountId}/${request.region}/${request.service}:${request.action}`;
    // A key that was not met before was asked zero times.
    const count = counts.get(key) ?? 0;
    counts.set(key, count + 1);
    const hit = rules.find(
      (rule, index) => fits(rule, request) && fractionOf(`${seed}/${index}/${key}/${count}`) < rule.probability,
    );
    return hit === undefined ? undefined : FAULTS[hit.fault];
  };
}

function fits({ accountId, region, service, action }: FaultRule, request: SimulatedRequest): boolean {
  return (
    (accountId ?? request.accountId) === request.accountId &&
    (region ?? request.region) === request.region &&
    (service ?? request.service) === request.service &&
    (action ?? request.action) === request.action
  );
}
