import { createLocalJWKSet, exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { createIamAuthenticator } from '../../lib/api/iam-authenticator.ts';
import { createJwtAuthenticator } from '../../lib/api/jwt-authenticator.ts';
import { ROUTES } from '../../lib/api/routes.ts';
import { ALPHA, type Answer, type ApiWorld, anApiWorld, BETA, type CanaryAccount, GAMMA, NOW } from './api-world.ts';

const ISSUER = 'https://issuer.example';
const AUDIENCE = 'elbowroom';
const NOW_SECONDS = Date.parse(NOW) / 1_000;
const READ = 'elbowroom:read';
const WRITE = 'elbowroom:write';

const { publicKey, privateKey } = await generateKeyPair('ES256');
const stranger = await generateKeyPair('ES256');
const jwk = { ...(await exportJWK(publicKey)), kid: 'k1', alg: 'ES256' };

interface Token {
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly key?: typeof privateKey;
  readonly expiresAt?: number;
  readonly audience?: string;
  readonly issuer?: string;
  readonly kid?: string;
}

function tokenOf({ claims = {}, key, expiresAt, audience, issuer, kid = 'k1' }: Token = {}): Promise<string> {
  return new SignJWT({ sub: 'ana', scope: `${READ} ${WRITE}`, accounts: '*', ...claims })
    .setProtectedHeader({ alg: 'ES256', kid })
    .setIssuer(issuer ?? ISSUER)
    .setAudience(audience ?? AUDIENCE)
    .setExpirationTime(expiresAt ?? NOW_SECONDS + 300)
    .sign(key ?? privateKey);
}

function jwtWorld(): Promise<ApiWorld> {
  const authenticate = createJwtAuthenticator({
    issuer: ISSUER,
    audience: AUDIENCE,
    keys: createLocalJWKSet({ keys: [jwk] }),
    accountsClaim: 'accounts',
    now: () => Date.parse(NOW),
  });
  return anApiWorld({ authenticate });
}

/** How each route is asked about what is an account's. A route without an entry fails. */
const REQUESTS: Readonly<Record<string, (of: CanaryAccount) => { readonly path: string; readonly json?: unknown }>> = {
  getFleet: () => ({ path: '/v1/fleet' }),
  getFleetTrend: () => ({ path: '/v1/fleet/trend?by=account' }),
  listClusters: () => ({ path: '/v1/clusters' }),
  getCluster: ({ clusterId }) => ({ path: `/v1/clusters/${clusterId}` }),
  getClusterTrend: ({ clusterId }) => ({ path: `/v1/clusters/${clusterId}/trend` }),
  listSubnets: () => ({ path: '/v1/subnets' }),
  getSubnet: ({ subnetId }) => ({ path: `/v1/subnets/${subnetId}` }),
  getSubnetTrend: ({ subnetId }) => ({ path: `/v1/subnets/${subnetId}/trend` }),
  getSubnetAddresses: ({ subnetId }) => ({ path: `/v1/subnets/${subnetId}/addresses` }),
  getAddress: () => ({ path: '/v1/addresses/10.0.0.20' }),
  listAlerts: () => ({ path: '/v1/alerts' }),
  getAlert: ({ alertId }) => ({ path: `/v1/alerts/${alertId}` }),
  acknowledgeAlert: ({ alertId }) => ({ path: `/v1/alerts/${alertId}/acknowledge`, json: {} }),
  snoozeAlert: ({ alertId }) => ({
    path: `/v1/alerts/${alertId}/snooze`,
    json: { until: '2026-11-24T09:00:00Z' },
  }),
  listSilences: () => ({ path: '/v1/silences' }),
  createSilence: ({ accountId }) => ({
    path: '/v1/silences',
    json: { match: { by: 'account', accountId }, until: '2026-11-24T09:00:00Z', reason: 'Work' },
  }),
  endSilence: ({ canary }) => ({ path: `/v1/silences/silence-of-${canary}` }),
  listRuns: () => ({ path: '/v1/runs' }),
  getRun: () => ({ path: '/v1/runs/scan~2026-11-23T08:00:00.000Z' }),
  requestScan: ({ accountId }) => ({ path: '/v1/scans', json: { accountId, region: 'eu-west-1' } }),
  listEvents: () => ({ path: '/v1/events' }),
  listAuditTrail: () => ({ path: '/v1/audit-trail' }),
  receiveSlackActions: () => ({ path: '/slack/actions' }),
  getMetrics: () => ({ path: '/metrics' }),
  getReference: () => ({ path: '/docs' }),
  getHealth: () => ({ path: '/healthz' }),
  getOpenapi: () => ({ path: '/openapi.json' }),
};

type AskedRoute = (typeof ROUTES)[number];

function requestOf({ operationId }: AskedRoute, of: CanaryAccount) {
  const request = REQUESTS[operationId];
  if (request === undefined) {
    throw new Error(`Say in REQUESTS how "${operationId}" is asked`);
  }
  return request(of);
}

function ask(world: ApiWorld, route: AskedRoute, of: CanaryAccount, authorization?: string): Promise<Answer> {
  const { path, json } = requestOf(route, of);
  return world.ask(path, {
    method: route.method.toUpperCase(),
    ...(json === undefined ? {} : { json }),
    ...(authorization === undefined ? {} : { headers: { authorization } }),
  });
}

/** Who is let in nowhere but where anybody is. */
const REFUSED: readonly (readonly [string, () => Promise<string | undefined>])[] = [
  ['nobody', async () => undefined],
  ['no token', async () => 'Bearer'],
  ['what is no token', async () => 'Bearer a.b.c'],
  ['another scheme', async () => `Basic ${await tokenOf()}`],
  ['a token that has expired', async () => `Bearer ${await tokenOf({ expiresAt: NOW_SECONDS - 60 })}`],
  ['a token for somebody else', async () => `Bearer ${await tokenOf({ audience: 'other' })}`],
  ['a token of another issuer', async () => `Bearer ${await tokenOf({ issuer: 'https://evil.example' })}`],
  ['a token that another key signed', async () => `Bearer ${await tokenOf({ key: stranger.privateKey })}`],
  ['a token of an unknown key', async () => `Bearer ${await tokenOf({ kid: 'k2' })}`],
  ['a token without a subject', async () => `Bearer ${await tokenOf({ claims: { sub: undefined } })}`],
  ['a token of strange accounts', async () => `Bearer ${await tokenOf({ claims: { accounts: ['everything'] } })}`],
  ['a token that nobody signed', async () => `Bearer ${unsecured()}`],
  ['a token signed with the public key', async () => `Bearer ${await confused()}`],
  ['a token of more than 8 KB', async () => `Bearer ${await tokenOf({ claims: { filler: 'x'.repeat(8_192) } })}`],
];

const PLAIN = {
  sub: 'ana',
  iss: ISSUER,
  aud: AUDIENCE,
  exp: NOW_SECONDS + 300,
  scope: `${READ} ${WRITE}`,
  accounts: '*',
};

function unsecured(): string {
  return new UnsecuredJWT(PLAIN).encode();
}

function confused(): Promise<string> {
  const secret = new TextEncoder().encode(JSON.stringify(jwk));
  return new SignJWT(PLAIN).setProtectedHeader({ alg: 'HS256', kid: 'k1' }).sign(secret);
}

describe.each(ROUTES.map((route) => [route.operationId, route] as const))('%s', (_, route) => {
  const isOpen = route.access === 'open';
  const isSigned = route.access === 'signed';

  it.each(REFUSED)('is not answered to %s', async (_who, authorization) => {
    const { status } = await ask(await jwtWorld(), route, ALPHA, await authorization());
    expect(status).toBe(isOpen ? 200 : 401);
  });

  it.each([
    ['no scope', 'openid elbowroom elbowroom:readwrite'],
    ['the scope to read', READ],
    ['the scope to write', `openid ${WRITE}`],
  ])('is answered to who has %s as its rule says', async (_scopes, scope) => {
    const { status } = await ask(await jwtWorld(), route, ALPHA, `Bearer ${await tokenOf({ claims: { scope } })}`);
    const isPermitted = scope.split(' ').includes(`elbowroom:${route.access}`);
    if (isOpen || isSigned) {
      expect(status).toBe(isOpen ? 200 : 401);
    } else {
      expect(status === 403).toBe(!isPermitted);
    }
  });

  it.each([
    ['a list', [READ, WRITE]],
    ['a text', `${WRITE} ${READ}`],
  ])('knows scopes as %s in scp', async (_form, scp) => {
    const authorization = `Bearer ${await tokenOf({ claims: { scope: undefined, scp } })}`;
    const { status } = await ask(await jwtWorld(), route, ALPHA, authorization);
    expect([401, 403].includes(status)).toBe(isSigned);
  });
});

describe('a caller of some accounts', () => {
  let world: ApiWorld;
  beforeAll(async () => {
    world = await jwtWorld();
    const everything = `Bearer ${await tokenOf()}`;
    for (const account of [ALPHA, BETA, GAMMA]) {
      const { accountId, canary } = account;
      await world.ports.silences.writeSilence({
        silenceId: `silence-of-${canary}`,
        match: { by: 'account', accountId },
        from: NOW,
        until: '2026-11-24T09:00:00.000Z',
        author: canary,
        reason: canary,
      });
      await world.ask(`/v1/alerts/${account.alertId}/snooze`, {
        method: 'POST',
        json: { until: '2026-11-23T10:00:00Z' },
        headers: { authorization: everything },
      });
    }
  });

  const cases = ROUTES.filter(({ access }) => access === 'read' || access === 'write').flatMap((route) =>
    [
      // The owner is seen by who lives with it; that it is the owner says the subnet itself.
      {
        caller: GAMMA,
        foreign: [ALPHA, BETA],
        words: ['canary-alpha', 'canary-beta', ALPHA.accountId, BETA.accountId],
      },
      { caller: BETA, foreign: [GAMMA, ALPHA], words: ['canary-alpha', 'canary-gamma', GAMMA.accountId] },
      {
        caller: ALPHA,
        foreign: [BETA, GAMMA],
        words: ['canary-beta', 'canary-gamma', BETA.accountId, GAMMA.accountId],
      },
    ].map((one) => [route.operationId, one.caller.canary, route, one] as const),
  );

  it.each(cases)('gets by %s as %s nothing of another', async (_, _who, route, { caller, foreign, words }) => {
    const claims = { accounts: [caller.accountId] };
    const authorization = `Bearer ${await tokenOf({ claims })}`;
    for (const of of [...foreign, caller]) {
      const { path, json } = requestOf(route, of);
      const answer = await ask(world, route, of, authorization);
      // What it has asked with itself tells it nothing.
      const asked = [...path.split(/[/?]/), of.accountId, ...(json === undefined ? [] : [JSON.stringify(json)])];
      const said = asked
        .filter((part) => part !== '')
        .reduce((text, part) => text.replaceAll(part, ''), answer.text + JSON.stringify([...answer.headers]));
      for (const word of words) {
        expect(said).not.toContain(word);
      }
    }
  });

  it('sees its own, and the subnet that another lends it', async () => {
    const authorization = `Bearer ${await tokenOf({ claims: { accounts: `${BETA.accountId}` } })}`;
    const { json } = await world.ask('/v1/subnets', { headers: { authorization } });
    expect(json).toMatchObject({
      matchCount: 2,
      items: [
        {
          subnetId: ALPHA.subnetId,
          accountName: null,
          ownerTeam: null,
          tags: {},
          leakedNetworkInterfaceIds: [],
          clusters: [{ clusterName: 'canary-beta-guest' }],
          holders: [{ clusterName: null }, { clusterName: 'canary-beta-guest' }],
        },
        { subnetId: BETA.subnetId, accountName: 'canary-beta' },
      ],
    });
    const run = { targetsExpected: 1, callerAccountId: null, accounts: [{ accountId: BETA.accountId }] };
    const runs = await world.ask('/v1/runs', { headers: { authorization } });
    expect(runs.json).toMatchObject({ items: [{ kind: 'request', ...run }, run, run, run] });
  });

  it('finds nothing out by a filter that it is not shown', async () => {
    const authorization = `Bearer ${await tokenOf({ claims: { accounts: BETA.accountId } })}`;
    const countOf = async (query: string) => {
      const { json } = await world.ask(`/v1/subnets?${query}`, { headers: { authorization } });
      return json;
    };
    for (const query of [
      'team=canary-alpha-team',
      `cluster=${ALPHA.clusterId}`,
      `team=canary-alpha-team&account=${ALPHA.accountId}`,
    ]) {
      expect(await countOf(query)).toMatchObject({ matchCount: 0 });
    }
    for (const query of ['team=canary-beta-team', `cluster=${BETA.clusterId}`, `account=${ALPHA.accountId}`]) {
      expect(await countOf(query)).toMatchObject({ matchCount: 1 });
    }
  });

  it('is told of what is not for it what it is told of what is not there', async () => {
    const authorization = `Bearer ${await tokenOf({ claims: { accounts: GAMMA.accountId } })}`;
    const of = async (subnetId: string) => {
      const { status, text } = await world.ask(`/v1/subnets/${subnetId}`, { headers: { authorization } });
      return [status, text.replaceAll(subnetId, '').replaceAll(/"requestId":"[^"]+"/g, '')];
    };
    expect(await of(ALPHA.subnetId)).toEqual(await of('subnet-0none'));
  });

  it('sees nothing where its token names no account, or one that is not there', async () => {
    for (const accounts of [undefined, '', [], '999999999999']) {
      const authorization = `Bearer ${await tokenOf({ claims: { accounts } })}`;
      const { json } = await world.ask('/v1/subnets', { headers: { authorization } });
      expect(json).toMatchObject({ matchCount: 0, items: [] });
    }
  });

  it('goes on with its own cursors only', async () => {
    const headersOf = async (accounts: string) => ({
      authorization: `Bearer ${await tokenOf({ claims: { accounts } })}`,
    });
    const page = await world.ask('/v1/runs?limit=1', { headers: await headersOf(ALPHA.accountId) });
    const path = `/v1/runs?limit=1&cursor=${JSON.parse(page.text).nextCursor}`;
    expect((await world.ask(path, { headers: await headersOf(ALPHA.accountId) })).status).toBe(200);
    expect((await world.ask(path, { headers: await headersOf(GAMMA.accountId) })).status).toBe(400);
  });

  it('may silence its own accounts, and no team or tag, which may be of others', async () => {
    const authorization = `Bearer ${await tokenOf({ claims: { accounts: GAMMA.accountId } })}`;
    const silence = (match: unknown) =>
      world.ask('/v1/silences', {
        method: 'POST',
        headers: { authorization },
        json: { match, until: '2026-11-24T09:00:00Z', reason: 'Work' },
      });
    expect((await silence({ by: 'account', accountId: GAMMA.accountId })).status).toBe(201);
    expect((await silence({ by: 'account', accountId: ALPHA.accountId })).status).toBe(403);
    expect((await silence({ by: 'cluster', clusterId: ALPHA.clusterId })).status).toBe(403);
    expect((await silence({ by: 'team', team: 'canary-gamma-team' })).status).toBe(403);
    expect((await silence({ by: 'tag', key: 'a', value: 'b' })).status).toBe(403);
  });
});

describe('the clock of an issuer', () => {
  it.each([
    [-59, 200],
    [-60, 401],
  ])('may be %i seconds off: %i', async (seconds, status) => {
    const authorization = `Bearer ${await tokenOf({ expiresAt: NOW_SECONDS + seconds })}`;
    expect((await (await jwtWorld()).ask('/v1/silences', { headers: { authorization } })).status).toBe(status);
  });
});

describe('an issuer', () => {
  const worldOf = (keys: Parameters<typeof createJwtAuthenticator>[0]['keys']) =>
    anApiWorld({
      authenticate: createJwtAuthenticator({
        issuer: ISSUER,
        audience: AUDIENCE,
        keys,
        accountsClaim: undefined,
        now: () => Date.parse(NOW),
      }),
    });

  it('that cannot be asked for its keys lets nobody in, and says that it is not the token', async () => {
    const world = await worldOf(() => Promise.reject(new TypeError('fetch failed')));
    const answer = await world.ask('/v1/fleet', { headers: { authorization: `Bearer ${await tokenOf()}` } });
    expect(answer).toMatchObject({ status: 503, json: { code: 'issuer-unavailable' } });
    expect(answer.headers.get('retry-after')).toBe('5');
  });

  it('whose tokens name no accounts lets its callers see all', async () => {
    const world = await worldOf(createLocalJWKSet({ keys: [jwk] }));
    const authorization = `Bearer ${await tokenOf({ claims: { accounts: undefined } })}`;
    expect((await world.ask('/v1/subnets', { headers: { authorization } })).json).toMatchObject({ matchCount: 3 });
  });
});

describe('an IAM identity', () => {
  it.each([
    [{ authorizer: { iam: { userArn: 'arn:aws:sts::1:assumed-role/a/b' } } }, 200],
    [{ authorizer: { iam: { userArn: '' } } }, 401],
    [{ authorizer: { jwt: { claims: {} } } }, 401],
    [{}, 401],
  ])('is what API Gateway has verified: %j', async (requestContext, status) => {
    const { app, answers } = await anApiWorld({ authenticate: createIamAuthenticator() });
    const response = await app.request('http://api.example/v1/silences', {}, { event: { requestContext } });
    expect(response.status).toBe(status);
    expect(answers[0]?.caller).toBe(status === 200 ? 'arn:aws:sts::1:assumed-role/a/b' : undefined);
  });

  it('is not to be had elsewhere', async () => {
    const { app } = await anApiWorld({ authenticate: createIamAuthenticator() });
    expect((await app.request('http://api.example/v1/silences')).status).toBe(401);
  });
});
