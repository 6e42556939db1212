import { errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { err, ok, type Result } from '../domain/result.ts';
import { type Authenticate, type Caller, SCOPES, type Scope } from './caller.ts';
import type { Problem } from './problem.ts';

export interface JwtAuthenticatorOptions {
  /** The issuer of the organisation, exactly as its tokens name it. */
  readonly issuer: string;
  readonly audience: string;
  /** The keys that the issuer signs with. A key that is not known is looked up again: issuers rotate them. */
  readonly keys: JWTVerifyGetKey;
  /** The claim that says which accounts a caller may see; `undefined` where every caller sees all. */
  readonly accountsClaim: string | undefined;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** What issuers sign with, and nothing that a public key could pass for the secret of. https://www.rfc-editor.org/rfc/rfc8725#section-3.1 */
const ALGORITHMS = ['RS256', 'PS256', 'ES256', 'EdDSA'];
/** How far the clocks of the issuer and of this machine may be apart. */
const CLOCK_TOLERANCE_SECONDS = 60;
/** Far above any token; a header of this size is refused before it is decoded. */
const TOKEN_LENGTH_MAX = 8_192;
const MS_PER_SECOND = 1_000;
const BEARER = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i;
const ACCOUNT_ID = /^\d{12}$/;
const EVERY_ACCOUNT = '*';
const SCOPE_PREFIX = 'elbowroom:';

/** What a token says of who brings it. */
export interface KnownCaller {
  readonly caller: Caller;
  /** Milliseconds since 1970. */
  readonly expiresAtMs: number;
}

/** Says whose a token is, or what is wrong with it. */
export type VerifyToken = (token: string) => Promise<Result<KnownCaller, Problem>>;

/**
 * Returns what checks a JWT of the organisation's issuer: issuer, audience, signature, expiry. Its scopes are those of
 * `scope` or `scp` that begin with `elbowroom:`. Where a claim names accounts, a token without it sees none: who is to see all
 * of them has "*" there.
 */
export function createTokenVerifier(options: JwtAuthenticatorOptions): VerifyToken {
  const { issuer, audience, keys, accountsClaim, now } = options;
  return async (token) => {
    try {
      const { payload } = await jwtVerify(token, keys, {
        issuer,
        audience,
        algorithms: ALGORITHMS,
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
        currentDate: new Date(now()),
        requiredClaims: ['exp', 'sub'],
      });
      return callerOf(payload, accountsClaim);
    } catch (cause) {
      return err(refusalOf(cause));
    }
  };
}

/** Returns what knows callers by the token that they send with each request. */
export function createJwtAuthenticator(options: JwtAuthenticatorOptions): Authenticate {
  const verify = createTokenVerifier(options);
  return async (context) => {
    const token = tokenOf(context.req.header('authorization'));
    if (token === undefined) {
      return err(notAuthenticated('no token of the form "Authorization: Bearer" was sent', 'Bearer'));
    }
    const known = await verify(token);
    return known.ok ? ok(known.value.caller) : known;
  };
}

function tokenOf(authorization: string | undefined): string | undefined {
  return authorization === undefined || authorization.length > TOKEN_LENGTH_MAX
    ? undefined
    : BEARER.exec(authorization)?.[1];
}

function callerOf(payload: JWTPayload, accountsClaim: string | undefined): Result<KnownCaller, Problem> {
  const accountIds = accountsClaim === undefined ? ok(undefined) : accountsOf(payload[accountsClaim]);
  if (!accountIds.ok) {
    return err(notAuthenticated(`its claim "${accountsClaim}" is no list of account ids`));
  }
  // Both are required claims.
  const { sub: name = '', exp = 0 } = payload;
  return ok({
    caller: { name, scopes: scopesOf(payload), accountIds: accountIds.value },
    expiresAtMs: exp * MS_PER_SECOND,
  });
}

/** https://www.rfc-editor.org/rfc/rfc8693#section-4.2; others write a list, or `scp`. */
function scopesOf({ scope, scp }: JWTPayload): readonly Scope[] {
  const granted = [...wordsOf(scope), ...wordsOf(scp)];
  return SCOPES.filter((one) => granted.includes(SCOPE_PREFIX + one));
}

function accountsOf(claim: unknown): Result<readonly string[] | undefined> {
  const words = wordsOf(claim);
  if (words.includes(EVERY_ACCOUNT)) {
    return ok(undefined);
  }
  return words.every((word) => ACCOUNT_ID.test(word)) ? ok(words) : err('no account ids');
}

/** The words of a text or a list of texts; of anything else none. */
function wordsOf(claim: unknown): string[] {
  const texts: unknown[] = Array.isArray(claim) ? claim : [claim];
  return texts.flatMap((text) => (typeof text === 'string' ? text.split(/[\s,]+/).filter((word) => word !== '') : []));
}

/** What is wrong with a token, without a word of it. */
function refusalOf(cause: unknown): Problem {
  if (cause instanceof errors.JWTExpired) {
    return notAuthenticated('it has expired');
  }
  if (cause instanceof errors.JWTClaimValidationFailed) {
    return notAuthenticated(`its claim "${cause.claim}" is not what is expected`);
  }
  if (cause instanceof errors.JWKSNoMatchingKey || cause instanceof errors.JWSSignatureVerificationFailed) {
    return notAuthenticated('the issuer did not sign it');
  }
  if (cause instanceof errors.JOSEAlgNotAllowed) {
    return notAuthenticated(`it is not signed by one of ${ALGORITHMS.join(', ')}`);
  }
  if (cause instanceof errors.JWTInvalid || cause instanceof errors.JWSInvalid) {
    return notAuthenticated('it is no JWT');
  }
  // Whatever else fails concerns the keys: nothing is known of the token.
  return {
    code: 'issuer-unavailable',
    detail: 'Cannot tell whether the token is good: the keys of its issuer cannot be read; ask again in a moment',
    headers: { 'retry-after': '5' },
  };
}

function notAuthenticated(why: string, challenge = 'Bearer error="invalid_token"'): Problem {
  return {
    code: 'not-authenticated',
    detail: `Cannot accept the token: ${why}`,
    headers: { 'www-authenticate': challenge },
  };
}
