/**
 * Something that goes wrong with one request.
 * With a `code` the answer has the service's own error form; without one it is `body` as it stands, as a load balancer
 * in front of the service would answer.
 */
export interface Fault {
  /** Left out, the request is answered as it should be, only later. */
  readonly status?: number;
  readonly code?: string;
  readonly message?: string;
  readonly body?: string;
  readonly contentType?: string;
  /** How long the answer waits. */
  readonly delayMs?: number;
  /** The connection closes without an answer. */
  readonly dropConnection?: boolean;
}
