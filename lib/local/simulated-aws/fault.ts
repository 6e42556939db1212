/**
 * Something that goes wrong with one request.
 * With a `code` the answer has the service's own error form; without one it is `body` as it stands, as a load balancer
 * in front of the service would answer.
 */
export interface Fault {
  /** Left out, the request is answered as it should be, only later or not as a whole. */
  readonly status?: number;
  readonly code?: string;
  readonly message?: string;
  readonly body?: string;
  readonly contentType?: string;
  /** How long the answer waits. */
  readonly delayMs?: number;
  /** The connection closes without an answer. */
  readonly dropConnection?: boolean;
  /** The service's own error for too many requests. */
  readonly throttle?: boolean;
  /** The service's own error for what IAM does not allow. */
  readonly deny?: boolean;
  /** The answer ends in the middle. */
  readonly truncate?: boolean;
  /** A paged listing answers an empty page with a token before the page that was asked for. */
  readonly emptyPage?: boolean;
}
