import type { KnownCaller } from '../../api/jwt-authenticator.ts';
import type { Result } from '../../domain/result.ts';

/** A login that was begun, as whoever began it proves it: by state that the answer is theirs, by nonce and verifier that the code is. */
export interface PendingLogin {
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
}

/**
 * Why a login came to nothing. `reason` is for the log and the page: it says what failed in words of ours, and holds nothing of a
 * code, a token or what the issuer wrote.
 */
export interface LoginFailure {
  readonly kind: 'issuer-unavailable' | 'refused-by-issuer' | 'not-this-login' | 'token-not-accepted';
  readonly reason: string;
}

/** The organisation's OpenID Connect issuer, as a login needs it. */
export interface LoginIssuer {
  /** Begins a login; `url` is where the browser goes. */
  begin(): Promise<Result<{ readonly pending: PendingLogin; readonly url: string }, LoginFailure>>;
  /** Finishes it with what the browser was sent back with. */
  finish(answer: URLSearchParams, pending: PendingLogin): Promise<Result<KnownCaller, LoginFailure>>;
}
