import { createRemoteJWKSet, customFetch, type FetchImplementation, type JWTVerifyGetKey } from 'jose';
import type { ReadOidcMetadata } from './oidc-metadata.ts';

/** Keys that are in use are read again after so long; one that is not known at once, but not more often than each half minute. */
const KEYS_KEPT_MS = 10 * 60_000;
const ASK_AGAIN_MS = 30_000;
const TIMEOUT_MS = 3_000;

/** Returns the keys of an OpenID Connect issuer: where they are its metadata says when a token is checked first. */
export function createOidcKeys(metadata: ReadOidcMetadata, fetchOf: FetchImplementation): JWTVerifyGetKey {
  let keys: JWTVerifyGetKey | undefined;
  return async (header, token) => {
    const { jwks_uri } = await metadata();
    keys ??= createRemoteJWKSet(new URL(jwks_uri), {
      cacheMaxAge: KEYS_KEPT_MS,
      cooldownDuration: ASK_AGAIN_MS,
      timeoutDuration: TIMEOUT_MS,
      [customFetch]: fetchOf,
    });
    return keys(header, token);
  };
}
