import { createHash } from 'node:crypto';
import type { Caller } from './caller.ts';

/**
 * Returns an id for what a caller asks to be made: the same key of the same caller is the same thing for ever, and without a
 * key each request is of its own. https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/
 */
export function madeIdOf(
  { caller, header }: { readonly caller: Caller; readonly header: (name: string) => string | undefined },
  newId: () => string,
): string {
  const key = header('idempotency-key');
  return key === undefined
    ? newId()
    : createHash('sha256')
        .update(JSON.stringify([caller.name, key]))
        .digest('base64url');
}
