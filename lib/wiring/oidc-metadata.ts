import type { FetchImplementation } from 'jose';
import * as z from 'zod/mini';

const HttpsUrl = z.url({ protocol: /^https$/ });
/** What is used of it. https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderMetadata */
const OidcMetadata = z.object({
  issuer: z.string(),
  jwks_uri: HttpsUrl,
  /** Absent where nobody logs in by a browser. */
  authorization_endpoint: z.exactOptional(HttpsUrl),
  token_endpoint: z.exactOptional(HttpsUrl),
  token_endpoint_auth_methods_supported: z.exactOptional(z.array(z.string())),
  id_token_signing_alg_values_supported: z.exactOptional(z.array(z.string())),
  authorization_response_iss_parameter_supported: z.exactOptional(z.boolean()),
});
export type OidcMetadata = z.infer<typeof OidcMetadata>;
/** What an OpenID Connect issuer says of itself. */
export type ReadOidcMetadata = () => Promise<OidcMetadata>;

const DISCOVERY_PATH = '/.well-known/openid-configuration';
const TIMEOUT_MS = 3_000;

/**
 * Returns what an issuer says of itself: asked when it is needed first, and again where that failed. Throws where the issuer
 * cannot be asked, or says that it is another one.
 */
export function createOidcMetadata(issuer: string, fetchOf: FetchImplementation): ReadOidcMetadata {
  let found: Promise<OidcMetadata> | undefined;
  return async () => {
    found ??= discover(issuer, fetchOf);
    const asked = found;
    try {
      return await asked;
    } catch (cause) {
      found = found === asked ? undefined : found;
      throw cause;
    }
  };
}

async function discover(issuer: string, fetchOf: FetchImplementation): Promise<OidcMetadata> {
  const response = await fetchOf(issuer.replace(/\/$/, '') + DISCOVERY_PATH, {
    method: 'GET',
    headers: new Headers({ accept: 'application/json' }),
    redirect: 'manual',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const metadata = OidcMetadata.safeParse(response.status === 200 ? await response.json() : undefined);
  if (!metadata.success || metadata.data.issuer !== issuer) {
    throw new Error(`Cannot read the metadata of the issuer "${issuer}": HTTP ${response.status}, expected its own`);
  }
  return metadata.data;
}
