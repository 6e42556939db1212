/** An answer that says what went wrong. https://www.rfc-editor.org/rfc/rfc9457 */
export interface Problem {
  readonly status: 400 | 403 | 404 | 405 | 500 | 503;
  readonly title: string;
  /** What was asked, what is expected, what helps. */
  readonly detail: string;
  /** After how many seconds asking again makes sense. */
  readonly retryAfterSeconds?: number;
}

/** Returns a problem as an answer. */
export function problemResponse({ status, title, detail, retryAfterSeconds }: Problem): Response {
  return new Response(`${JSON.stringify({ type: 'about:blank', title, status, detail })}\n`, {
    status,
    headers: {
      'content-type': 'application/problem+json',
      ...(retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }),
    },
  });
}
