import { exportJWK, generateKeyPair, jwtVerify, SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { createOidcKeys } from '../../lib/wiring/oidc-keys.ts';
import { createOidcMetadata } from '../../lib/wiring/oidc-metadata.ts';

const ISSUER = 'https://issuer.example/tenant/';
const JWKS = 'https://keys.example/jwks';

async function anIssuer(metadata: unknown = { issuer: ISSUER, jwks_uri: JWKS }) {
  const pairs = new Map<string, Awaited<ReturnType<typeof generateKeyPair>>>();
  const asked: string[] = [];
  let isDown = false;
  const fetchOf = async (url: string) => {
    asked.push(url);
    if (isDown) {
      throw new TypeError('fetch failed');
    }
    const published = await Promise.all(
      [...pairs].map(async ([kid, { publicKey }]) => ({ ...(await exportJWK(publicKey)), kid, alg: 'ES256' })),
    );
    return Response.json(url === JWKS ? { keys: published } : metadata);
  };
  const keys = createOidcKeys(createOidcMetadata(ISSUER, fetchOf), fetchOf);
  const addKey = async (kid: string) => pairs.set(kid, await generateKeyPair('ES256'));
  await addKey('k1');
  return {
    asked,
    addKey,
    setDown: (down: boolean) => {
      isDown = down;
    },
    async verify(kid: string) {
      const key = pairs.get(kid)?.privateKey;
      if (key === undefined) {
        throw new Error(`Expected a key "${kid}"`);
      }
      const token = await new SignJWT({ sub: kid }).setProtectedHeader({ alg: 'ES256', kid }).sign(key);
      return (await jwtVerify(token, keys)).payload.sub;
    },
  };
}

describe('the keys of an issuer', () => {
  it('are discovered once, where its name says', async () => {
    const { verify, asked } = await anIssuer();
    expect([await verify('k1'), await verify('k1')]).toEqual(['k1', 'k1']);
    expect(asked).toEqual(['https://issuer.example/tenant/.well-known/openid-configuration', JWKS]);
  });

  it('are discovered by the next token where the issuer was down', async () => {
    const { verify, setDown } = await anIssuer();
    setDown(true);
    await expect(verify('k1')).rejects.toThrow('fetch failed');
    setDown(false);
    expect(await verify('k1')).toBe('k1');
  });

  it.each([
    [{ issuer: 'https://evil.example', jwks_uri: JWKS }],
    [{ issuer: ISSUER, jwks_uri: 'http://keys.example/jwks' }],
    [{ issuer: ISSUER }],
  ])('are not taken from %j', async (metadata) => {
    const { verify, asked } = await anIssuer(metadata);
    await expect(verify('k1')).rejects.toThrow(`Cannot read the metadata of the issuer "${ISSUER}"`);
    expect(asked).toHaveLength(1);
  });

  it('that are not among those it published are no keys of its own', async () => {
    const { verify, addKey } = await anIssuer();
    await verify('k1');
    await addKey('k2');
    // Asked again half a minute later at the earliest: whoever makes tokens up cannot make this ask the issuer each time.
    await expect(verify('k2')).rejects.toThrow('no applicable key found');
  });
});
