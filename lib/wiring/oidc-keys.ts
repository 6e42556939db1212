import { createRemoteJWKSet, customFetch, type FetchImplementation, type JWTVerifyGetKey } from 'jose';
import * as z from 'zod';

/** https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderMetadata */
const METADATA = z.object({ issuer: z.string(), jwks_uri: z.url({ protocol: /^https$/ }) });
const DISCOVERY_PATH = '/.well-known/openid-configuration';
/** Keys that are in use are read again after so long; one that is not known at once, but not more often than each half minute. */
const KEYS_KEPT_MS = 10 * 60_000;
const ASK_AGAIN_MS = 30_000;
const TIMEOUT_MS = 3_000;

/**
 * Returns the keys of an OpenID Connect issuer: where they are is discovered when a token is checked first, and again where that
 * failed. Throws where the issuer cannot be asked, or says that it is another one.
 */
export function createOidcKeys(issuer: string, fetchOf: FetchImplementation): JWTVerifyGetKey {
  let found: Promise<JWTVerifyGetKey> | undefined;
  return async (header, token) => {
    found ??= discover(issuer, fetchOf);
    const asked = found;
    let keys: JWTVerifyGetKey;
    try {
      keys = await asked;
    } catch (cause) {
      found = found === asked ? undefined : found;
      throw cause;
    }
    return keys(header, token);
  };
}

async function discover(issuer: string, fetchOf: FetchImplementation): Promise<JWTVerifyGetKey> {
  const response = await fetchOf(issuer.replace(/\/$/, '') + DISCOVERY_PATH, {
    method: 'GET',
    headers: new Headers({ accept: 'application/json' }),
    redirect: 'manual',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const metadata = METADATA.safeParse(response.status === 200 ? await response.json() : undefined);
  if (!metadata.success || metadata.data.issuer !== issuer) {
    throw new Error(`Cannot read the metadata of the issuer "${issuer}": HTTP ${response.status}, expected its own`);
  }
  return createRemoteJWKSet(new URL(metadata.data.jwks_uri), {
    cacheMaxAge: KEYS_KEPT_MS,
    cooldownDuration: ASK_AGAIN_MS,
    timeoutDuration: TIMEOUT_MS,
    [customFetch]: fetchOf,
  });
}
