/** An error that AWS would answer, before a protocol gives it its form. */
export interface Failure {
  readonly failure: {
    readonly status: number;
    readonly code: string;
    readonly message: string;
    /** Further members of the error's body, for example EKS's `clusterName`. */
    readonly details: Readonly<Record<string, string>>;
  };
}

/** Returns the error an AWS service answers: its HTTP status, its code and its message. */
export function failure(
  status: number,
  code: string,
  message: string,
  details: Readonly<Record<string, string>> = {},
): Failure {
  return { failure: { status, code, message, details } };
}

/** Tells a failure from an action's output; no AWS output has a member called `failure`. */
export function isFailure(value: unknown): value is Failure {
  return typeof value === 'object' && value !== null && 'failure' in value;
}
