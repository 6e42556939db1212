import * as oauth from 'oauth4webapi';
import type { VerifyToken } from '../api/jwt-authenticator.ts';
import type { LoginFailure, LoginIssuer, PendingLogin } from '../dashboard/login/login-issuer.ts';
import { err, ok, type Result } from '../domain/result.ts';
import type { OidcMetadata, ReadOidcMetadata } from './oidc-metadata.ts';

export interface PagesIssuerOptions {
  readonly metadata: ReadOidcMetadata;
  /** Says whose an access token is, as the API does. */
  readonly verifyToken: VerifyToken;
  readonly clientId: string;
  /** The first is sent; none where the issuer knows this client as a public one, by PKCE alone. */
  readonly clientSecrets: () => Promise<readonly string[]>;
  /** The audience of the API. */
  readonly audience: string;
  /** What is asked for, words apart. */
  readonly scope: string;
  /** Where the issuer sends browsers back to, exactly as it is registered there. */
  readonly redirectUri: string;
  readonly fetch: typeof fetch;
}

const TIMEOUT_MS = 5_000;
/** How far the clocks of the issuer and of this machine may be apart. */
const CLOCK_TOLERANCE_SECONDS = 60;
/** What the library calls an answer that is none of a token endpoint. */
const UNANSWERED: readonly (string | undefined)[] = [
  oauth.RESPONSE_IS_NOT_CONFORM,
  oauth.RESPONSE_IS_NOT_JSON,
  oauth.MISSING_SERVER_METADATA,
];
const SPOKEN_METHOD = 'client_secret_basic';

/**
 * Returns the organisation's issuer for logins by the code flow with PKCE. The ID token proves that the answer is of this login
 * (nonce) and for this client; it comes from the issuer by TLS, which stands for its signature. Who is logged in and what they may
 * see the access token says, checked as the API checks it. https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation
 */
export function createPagesIssuer(options: PagesIssuerOptions): LoginIssuer {
  return {
    begin: () => begin(options),
    async finish(answer, pending) {
      const token = await accessToken(answer, pending, options);
      if (!token.ok) {
        return token;
      }
      const known = await options.verifyToken(token.value);
      if (known.ok) {
        return known;
      }
      const kind = known.error.code === 'issuer-unavailable' ? 'issuer-unavailable' : 'token-not-accepted';
      return err({ kind, reason: known.error.detail });
    },
  };
}

async function begin({ metadata, clientId, audience, scope, redirectUri }: PagesIssuerOptions) {
  let server: OidcMetadata;
  try {
    server = await metadata();
  } catch (cause) {
    return err(unavailable(cause));
  }
  const { authorization_endpoint } = server;
  if (authorization_endpoint === undefined) {
    return err(unavailable(new Error('It names no authorization endpoint')));
  }
  const pending: PendingLogin = {
    state: oauth.generateRandomState(),
    nonce: oauth.generateRandomNonce(),
    codeVerifier: oauth.generateRandomCodeVerifier(),
  };
  const url = new URL(authorization_endpoint);
  const parameters = {
    response_type: 'code',
    client_id: clientId,
    redirect_uri: redirectUri,
    scope,
    // Not of the standard: some issuers make a token for an API of it, and who knows it not must ignore it.
    // https://www.rfc-editor.org/rfc/rfc6749#section-3.1
    audience,
    state: pending.state,
    nonce: pending.nonce,
    code_challenge: await oauth.calculatePKCECodeChallenge(pending.codeVerifier),
    code_challenge_method: 'S256',
  };
  for (const [name, value] of Object.entries(parameters)) {
    url.searchParams.set(name, value);
  }
  return ok({ pending, url: url.href });
}

async function accessToken(
  answer: URLSearchParams,
  { state, nonce, codeVerifier }: PendingLogin,
  options: PagesIssuerOptions,
): Promise<Result<string, LoginFailure>> {
  const client: oauth.Client = { client_id: options.clientId, [oauth.clockTolerance]: CLOCK_TOLERANCE_SECONDS };
  const [secret] = await options.clientSecrets();
  try {
    const server = await options.metadata();
    const response = await oauth.authorizationCodeGrantRequest(
      server,
      client,
      clientAuth(secret, server),
      oauth.validateAuthResponse(server, client, answer, state),
      options.redirectUri,
      codeVerifier,
      { [oauth.customFetch]: options.fetch, signal: () => AbortSignal.timeout(TIMEOUT_MS) },
    );
    const tokens = await oauth.processAuthorizationCodeResponse(server, client, response, { expectedNonce: nonce });
    return ok(tokens.access_token);
  } catch (cause) {
    return err(failureOf(cause));
  }
}

/** As the issuer wants it; `client_secret_basic` where it does not say. https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderMetadata */
function clientAuth(
  secret: string | undefined,
  { token_endpoint_auth_methods_supported: methods }: OidcMetadata,
): oauth.ClientAuth {
  if (secret === undefined) {
    return oauth.None();
  }
  return methods === undefined || methods.includes(SPOKEN_METHOD)
    ? oauth.ClientSecretBasic(secret)
    : oauth.ClientSecretPost(secret);
}

/** The library's errors carry what was answered, tokens included: none of them is handed on. */
function failureOf(cause: unknown): LoginFailure {
  if (cause instanceof oauth.AuthorizationResponseError) {
    return { kind: 'refused-by-issuer', reason: errorCode(cause.error) };
  }
  if (cause instanceof oauth.ResponseBodyError) {
    // A code that is over or was used is of a login; everything else is of the client, which whoever runs this has set up.
    const kind = cause.error === 'invalid_grant' ? 'not-this-login' : 'issuer-unavailable';
    return { kind, reason: `its token endpoint answered ${errorCode(cause.error)}` };
  }
  if (cause instanceof oauth.WWWAuthenticateChallengeError) {
    return {
      kind: 'issuer-unavailable',
      reason: 'its token endpoint does not accept the id and the secret of this client',
    };
  }
  if (cause instanceof oauth.OperationProcessingError && UNANSWERED.includes(cause.code)) {
    return { kind: 'issuer-unavailable', reason: `its token endpoint does not answer as one does, ${cause.code}` };
  }
  if (cause instanceof oauth.OperationProcessingError || cause instanceof oauth.UnsupportedOperationError) {
    return { kind: 'not-this-login', reason: cause.message };
  }
  return unavailable(cause);
}

/** https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2.1 has the codes; whoever sends a browser here can write anything. */
function errorCode(error: string): string {
  return /^[a-z_]{1,40}$/.test(error) ? `"${error}"` : 'an error';
}

/** How `fetch` fails where nobody answers. https://developer.mozilla.org/en-US/docs/Web/API/Window/fetch#exceptions */
const SILENCES: Readonly<Record<string, string>> = {
  TimeoutError: 'it did not answer in time',
  TypeError: 'it could not be reached',
};

function unavailable(cause: unknown): LoginFailure {
  const name = cause instanceof Error ? cause.name : '';
  return { kind: 'issuer-unavailable', reason: SILENCES[name] ?? 'it does not answer as an issuer does' };
}
