/** A moment in UTC as ISO 8601 text, for example `2026-11-23T08:00:00.000Z`. The domain has no clock: it is handed instants. */
export type Instant = string;

/** Why an answer of AWS could not be had. `lib/aws/errors.ts` maps AWS error names to these codes; nothing else does. */
export type CollectErrorCode =
  | 'access-denied'
  | 'throttled'
  | 'unsupported-by-endpoint'
  | 'not-found'
  | 'credentials'
  | 'endpoint-unreachable'
  | 'unexpected-response'
  | 'service-error'
  | 'deadline-exceeded'
  | 'cancelled'
  | 'not-attempted'
  /** This observation did not ask, since what is known is recent enough or nothing here wants it. Never a failure. */
  | 'not-due'
  | 'internal-error';

export interface CollectError {
  /** The IAM action that was asked, for example `ec2:DescribeSubnets`. */
  readonly action: string;
  readonly code: CollectErrorCode;
  /** What AWS or the network said, for people. Hostile input like any text from AWS. */
  readonly message: string;
  /** The error name as AWS spelled it, where it answered with one. */
  readonly awsErrorName: string | undefined;
}

/** A fact is either observed or known to be missing. Absent never means zero. */
export type Fact<T> = ObservedFact<T> | UnavailableFact;

export interface ObservedFact<T> {
  readonly state: 'observed';
  readonly value: T;
  readonly observedAt: Instant;
}

export interface UnavailableFact {
  readonly state: 'unavailable';
  readonly error: CollectError;
}

/** Returns a fact that was read at `observedAt`. */
export function observed<T>(value: T, observedAt: Instant): ObservedFact<T> {
  return { state: 'observed', value, observedAt };
}

/** Returns a fact that could not be read, with the reason. */
export function unavailable(error: CollectError): UnavailableFact {
  return { state: 'unavailable', error };
}

/** Returns whether a fact was observed at `since` or later. Both instants are in UTC with milliseconds, so texts sort as times do. */
export function isObservedSince(fact: Fact<unknown> | undefined, since: Instant): boolean {
  return fact?.state === 'observed' && fact.observedAt >= since;
}
