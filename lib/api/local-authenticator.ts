import { createHash, timingSafeEqual } from 'node:crypto';
import { err, ok } from '../domain/result.ts';
import { type Authenticate, type Caller, SCOPES } from './caller.ts';

/** Whoever sits at this machine. */
const LOCAL_CALLER: Caller = { name: 'somebody on this machine', scopes: SCOPES, accountIds: undefined };
const CREDENTIALS = /^(Bearer|Basic) ([\w.~+/-]+=*)$/i;

/**
 * Returns what lets in whoever can reach this machine by its loopback address: everybody without a token, and with one whoever
 * sends it, programs as `Authorization: Bearer` and browsers as the password of any name. The comparison takes as long whatever
 * differs.
 */
export function createLocalAuthenticator(token: string | undefined): Authenticate {
  return async (context) => {
    if (token === undefined) {
      return ok(LOCAL_CALLER);
    }
    return timingSafeEqual(digestOf(givenToken(context.req.header('authorization') ?? '')), digestOf(token))
      ? ok(LOCAL_CALLER)
      : err({
          code: 'not-authenticated',
          detail: 'Send the token that the service was started with: "Authorization: Bearer" and ELBOWROOM_TOKEN',
          headers: { 'www-authenticate': 'Basic realm="elbowroom", Bearer' },
        });
  };
}

function givenToken(authorization: string): string {
  const [, scheme = '', given = ''] = CREDENTIALS.exec(authorization) ?? [];
  if (scheme.toLowerCase() !== 'basic') {
    return given;
  }
  const pair = Buffer.from(given, 'base64').toString();
  return pair.slice(pair.indexOf(':') + 1);
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
