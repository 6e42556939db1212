import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

export const ISSUER = 'https://issuer.example/tenant';
export const CLIENT_ID = 'elbowroom-pages';
export const CLIENT_SECRET = 'the-secret-of:the client';
export const AUDIENCE = 'elbowroom';

/** What an issuer does otherwise than it should, or of whom its next tokens are. */
export interface Deviation {
  /** Of the access token. */
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly audience?: string;
  /** Of the ID token. */
  readonly idClaims?: Readonly<Record<string, unknown>>;
  readonly idAudience?: string;
  readonly lifeSeconds?: number;
  /** How its client has to prove itself: by HTTP's basic authentication if not said. */
  readonly authMethod?: 'none' | 'client_secret_post';
  /** In place of the access token. */
  readonly accessToken?: string;
  readonly leftOut?: readonly ('id_token' | 'access_token')[];
  /** What it answers a browser with in place of a code. */
  readonly authorizeError?: string;
  /** Its token endpoint's answer. */
  readonly tokenAnswer?: Response;
  readonly metadata?: Readonly<Record<string, unknown>>;
}

interface Code {
  readonly redirectUri: string;
  readonly challenge: string;
  readonly nonce: string | null;
}

export interface FakeIssuer {
  /** Asks it by HTTP, by the https addresses that it names itself by; every other address is refused. */
  readonly fetch: typeof fetch;
  /** Its addresses as a browser on this machine reaches them. */
  readonly browserUrl: (url: string) => string;
  /** What it was asked, by path. */
  readonly asked: string[];
  /** Every token and code that it gave away. */
  readonly secrets: string[];
  deviate(deviation: Deviation): void;
  setDown(isDown: boolean): void;
  stop(): Promise<void>;
}

/** Starts an OpenID Connect issuer on this machine: one client, which it makes prove its secret and PKCE. */
export async function startFakeIssuer(redirectUri: string): Promise<FakeIssuer> {
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  const jwk = { ...(await exportJWK(publicKey)), kid: 'k1', alg: 'ES256' };
  const codes = new Map<string, Code>();
  const asked: string[] = [];
  const secrets: string[] = [];
  let deviation: Deviation = {};
  let isDown = false;
  const sign = async (audience: string, claims: Readonly<Record<string, unknown>>) => {
    const nowSeconds = Math.floor(Date.now() / 1_000);
    const token = await new SignJWT({ sub: 'ana', ...claims })
      .setProtectedHeader({ alg: 'ES256', kid: 'k1' })
      .setIssuer(ISSUER)
      .setAudience(audience)
      .setIssuedAt(nowSeconds)
      .setExpirationTime(nowSeconds + (deviation.lifeSeconds ?? 3_600))
      .sign(privateKey);
    secrets.push(token);
    return token;
  };
  const app = new Hono();
  app.use(async (context, next) => {
    asked.push(context.req.path);
    await next();
  });
  app.get('/tenant/.well-known/openid-configuration', (context) =>
    context.json({
      issuer: ISSUER,
      jwks_uri: `${ISSUER}/jwks`,
      authorization_endpoint: `${ISSUER}/authorize`,
      token_endpoint: `${ISSUER}/token`,
      id_token_signing_alg_values_supported: ['ES256'],
      authorization_response_iss_parameter_supported: true,
      ...deviation.metadata,
    }),
  );
  app.get('/tenant/jwks', (context) => context.json({ keys: [jwk] }));
  app.get('/tenant/authorize', (context) => {
    const query = new URL(context.req.url).searchParams;
    const expected = {
      response_type: 'code',
      client_id: CLIENT_ID,
      redirect_uri: redirectUri,
      code_challenge_method: 'S256',
    };
    const wrong = Object.entries(expected).filter(([name, value]) => query.get(name) !== value);
    if (wrong.length > 0 || query.get('scope')?.split(' ').includes('openid') !== true) {
      return context.text(`Wrong: ${wrong.join('; ')}`, 400);
    }
    const back = new URL(redirectUri);
    back.searchParams.set('state', query.get('state') ?? '');
    back.searchParams.set('iss', ISSUER);
    if (deviation.authorizeError !== undefined) {
      back.searchParams.set('error', deviation.authorizeError);
      return context.redirect(back.href, 303);
    }
    const code = randomUUID();
    secrets.push(code);
    codes.set(code, { redirectUri, challenge: query.get('code_challenge') ?? '', nonce: query.get('nonce') });
    back.searchParams.set('code', code);
    return context.redirect(back.href, 303);
  });
  app.post('/tenant/token', async (context) => {
    if (deviation.tokenAnswer !== undefined) {
      return deviation.tokenAnswer;
    }
    const code = await redeem(context, codes, deviation.authMethod);
    if (typeof code === 'string') {
      return context.json({ error: code }, code === 'invalid_client' ? 401 : 400);
    }
    const claims = { scope: 'elbowroom:read elbowroom:write', accounts: '*', ...deviation.claims };
    const answer = {
      token_type: 'Bearer',
      access_token: deviation.accessToken ?? (await sign(deviation.audience ?? AUDIENCE, claims)),
      id_token: await sign(deviation.idAudience ?? CLIENT_ID, { nonce: code.nonce, ...deviation.idClaims }),
    };
    const kept = Object.entries(answer).filter(([name]) => !deviation.leftOut?.some((left) => left === name));
    return context.json(Object.fromEntries(kept));
  });
  const server = createServer(getRequestListener(app.fetch));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') {
    throw new Error('Expected a port');
  }
  const browserUrl = (url: string) => url.replace('https://issuer.example', `http://127.0.0.1:${address.port}`);
  return {
    async fetch(input, init) {
      const url = browserUrl(String(input));
      if (isDown || url === String(input)) {
        throw new TypeError('fetch failed');
      }
      return fetch(url, init);
    },
    browserUrl,
    asked,
    secrets,
    deviate(next) {
      deviation = next;
    },
    setDown(down) {
      isDown = down;
    },
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** What a code stands for, once; else the error that its client is told. */
async function redeem(
  context: Context,
  codes: Map<string, Code>,
  authMethod: Deviation['authMethod'],
): Promise<Code | string> {
  const form = await context.req.parseBody();
  const [, basic = ''] = /^Basic (.*)$/.exec(context.req.header('authorization') ?? '') ?? [];
  const inHeader = Buffer.from(basic, 'base64').toString().split(':').map(formDecoded);
  const [id, secret] = authMethod === undefined ? inHeader : [form['client_id'], form['client_secret']];
  if (id !== CLIENT_ID || secret !== (authMethod === 'none' ? undefined : CLIENT_SECRET)) {
    return 'invalid_client';
  }
  const code = codes.get(String(form['code']));
  codes.delete(String(form['code']));
  const challenge = createHash('sha256').update(String(form['code_verifier'])).digest('base64url');
  return form['grant_type'] === 'authorization_code' &&
    code !== undefined &&
    code.redirectUri === form['redirect_uri'] &&
    code.challenge === challenge
    ? code
    : 'invalid_grant';
}

/** https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1 */
function formDecoded(text: string): string {
  return decodeURIComponent(text.replaceAll('+', ' '));
}
