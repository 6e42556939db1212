import { createHmac, timingSafeEqual } from 'node:crypto';
import type * as z from 'zod/mini';
import { err, ok, type Result } from '../domain/result.ts';
import type { Caller } from './caller.ts';
import type { Problem } from './problem.ts';

/** Which list a cursor goes on with: another one does not take it. */
export interface CursorScope {
  readonly operationId: string;
  readonly filter: unknown;
  readonly caller: Caller;
}

export interface Cursors {
  /** Writes a place in a list as text that nobody else can write. */
  seal(scope: CursorScope, position: object): Promise<string>;
  /** Reads it back; a problem where it was written for another list, another caller or by somebody else. */
  open<T extends z.ZodMiniType>(scope: CursorScope, cursor: string, position: T): Promise<Result<z.output<T>, Problem>>;
}

/**
 * Returns cursors that are signed with the first of the keys and read with any: the old and the new one are both valid while
 * they rotate. A cursor holds the place in the list and no more; what it is of is signed with it.
 */
export function createCursors(keys: () => Promise<readonly string[]>): Cursors {
  return {
    async seal(scope, position) {
      const [key] = await keys();
      if (key === undefined) {
        throw new Error('Cannot sign a cursor: there is no key; keep one as the secret "cursor-key"');
      }
      const payload = Buffer.from(JSON.stringify(position)).toString('base64url');
      return `${payload}.${signatureOf(key, scope, payload).toString('base64url')}`;
    },
    async open(scope, cursor, position) {
      const [payload = '', signature = ''] = cursor.split('.');
      const given = Buffer.from(signature, 'base64url');
      const isValid = (await keys())
        .map((key) => signatureOf(key, scope, payload))
        .map((own) => own.length === given.length && timingSafeEqual(own, given));
      const parsed = isValid.includes(true) ? position.safeParse(positionOf(payload)) : undefined;
      return parsed?.success === true ? ok(parsed.data) : err(NOT_OURS);
    },
  };
}

const NOT_OURS: Problem = {
  code: 'invalid-cursor',
  detail:
    'Cannot go on from "cursor": it is none that a page of this list with these filters ended in; begin without one',
};

function signatureOf(key: string, { operationId, filter, caller }: CursorScope, payload: string): Buffer {
  const scope = JSON.stringify([operationId, filter, caller.accountIds?.toSorted() ?? null, payload]);
  return createHmac('sha256', key).update(scope).digest();
}

/** Only what was signed is read. */
function positionOf(payload: string): unknown {
  return JSON.parse(Buffer.from(payload, 'base64url').toString());
}
