/** Everything that can be wrong with a request, by its stable code. https://www.rfc-editor.org/rfc/rfc9457 */
const PROBLEMS = {
  'invalid-parameter': { status: 400, title: 'Parameter not understood' },
  'invalid-body': { status: 400, title: 'Body not understood' },
  'invalid-cursor': { status: 400, title: 'Cursor not understood' },
  'not-authenticated': { status: 401, title: 'Who asks is not known' },
  'not-permitted': { status: 403, title: 'Not permitted' },
  'foreign-origin': { status: 403, title: 'Asked from another site' },
  'unknown-host': { status: 403, title: 'Host not known' },
  'not-found': { status: 404, title: 'Not found' },
  'method-not-allowed': { status: 405, title: 'Method not allowed' },
  'addresses-not-known': { status: 409, title: 'The addresses are not known' },
  'alert-closed': { status: 409, title: 'The alert has ended' },
  'precondition-failed': { status: 412, title: 'Changed since it was read' },
  'body-too-large': { status: 413, title: 'Body too large' },
  'unsupported-media-type': { status: 415, title: 'Media type not understood' },
  'idempotency-key-reused': { status: 422, title: 'Idempotency key used before' },
  'internal-error': { status: 500, title: 'Internal error' },
  'issuer-unavailable': { status: 503, title: 'The issuer of the token cannot be asked' },
  'nothing-seen-yet': { status: 503, title: 'Nothing seen yet' },
} as const;
export type ProblemCode = keyof typeof PROBLEMS;

// Its keys.
export const PROBLEM_CODES = Object.keys(PROBLEMS) as ProblemCode[];

/** All of them, as a reference lists them. */
export const PROBLEM_TITLES = Object.entries(PROBLEMS).map(([code, { status, title }]) => ({ code, status, title }));

/** A field of a request that is wrong. */
export interface FieldError {
  readonly in: 'path' | 'query' | 'header' | 'body';
  readonly field: string;
  readonly value: string | null;
  readonly expected: string;
  readonly allowedValues: readonly string[] | null;
}

/** What is sent of a problem. */
export interface ProblemDocument {
  readonly type: string;
  readonly code: ProblemCode;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly requestId: string;
  readonly errors: readonly FieldError[];
}

/** What is wrong with a request. */
export interface Problem {
  readonly code: ProblemCode;
  /** What was asked, what is expected, what helps. */
  readonly detail: string;
  readonly errors?: readonly FieldError[];
  readonly headers?: Readonly<Record<string, string>>;
}

export const PROBLEM_MEDIA_TYPE = 'application/problem+json';
const ERRORS_MAX = 10;

/** Returns the status that a problem is answered with. */
export function problemStatus(code: ProblemCode): number {
  return PROBLEMS[code].status;
}

/** Returns a problem as an answer. */
export function problemResponse({ code, detail, errors = [], headers }: Problem, requestId: string): Response {
  const { status, title } = PROBLEMS[code];
  const document: ProblemDocument = {
    type: `/docs#${code}`,
    code,
    title,
    status,
    detail,
    requestId,
    errors: errors.slice(0, ERRORS_MAX),
  };
  return new Response(`${JSON.stringify(document)}\n`, {
    status,
    headers: { 'content-type': PROBLEM_MEDIA_TYPE, 'cache-control': 'no-store', ...headers },
  });
}
