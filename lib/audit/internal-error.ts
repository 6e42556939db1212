import type { CollectError } from '../domain/fact.ts';

/** A bug met in one account or region must not cost the others: it is recorded where everything unseen is, and fails the run. */
export function internalError(action: string, cause: unknown): CollectError {
  const message = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
  return { action, code: 'internal-error', message, awsErrorName: undefined };
}
