import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { createMemoryAlertStore } from '../../lib/local/service/memory-alert-store.ts';
import { ALPHA, anApiWorld, GAMMA } from './api-world.ts';

const Page = z.object({ nextCursor: z.string().nullable(), items: z.array(z.looseObject({})) });

interface FleetPage {
  readonly items: readonly { readonly subnetId: string }[];
  readonly nextCursor: string | null;
}

describe('what is there to read', () => {
  it.each([
    ['/v1/fleet'],
    ['/v1/subnets'],
    ['/v1/subnets?account=111111111111,222222222222&region=eu-west-1&status=critical&team=canary-alpha-team&limit=200'],
    [`/v1/subnets?vpc=${ALPHA.vpcId}&cluster=${ALPHA.clusterId}&search=SUBNET`],
    [`/v1/subnets/${ALPHA.subnetId}`],
    [`/v1/subnets/${ALPHA.subnetId}/trend`],
    [`/v1/subnets/${ALPHA.subnetId}/trend?window=90d`],
    ['/v1/fleet/trend'],
    ['/v1/fleet/trend?by=team&window=397d'],
    ['/v1/clusters'],
    [`/v1/clusters/${ALPHA.clusterId}`],
    [`/v1/clusters/${ALPHA.clusterId}/trend`],
    [`/v1/clusters/${ALPHA.clusterId}/trend?window=397d`],
    [`/v1/clusters/${encodeURIComponent(ALPHA.clusterId)}`],
    ['/v1/alerts?severity=warning&kind=exhaustion&state=open'],
    [`/v1/alerts/${ALPHA.alertId}`],
    ['/v1/silences'],
    ['/v1/audit-trail'],
    ['/v1/runs'],
    ['/v1/runs/scan~2026-11-23T08:00:00.000Z'],
    ['/healthz'],
  ])('answers %s as the document says', async (path) => {
    const { ask } = await anApiWorld();
    const { status, headers } = await ask(path);
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('application/json');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });

  it.each([
    ['/v1/subnets/subnet-0f', 'No subnet "subnet-0f" was seen'],
    ['/v1/subnets/subnet-0f/trend', 'No subnet "subnet-0f" was seen'],
    ['/v1/clusters/111111111111:eu-west-1:none', 'No cluster "111111111111:eu-west-1:none" was seen'],
    ['/v1/clusters/111111111111:eu-west-1:none/trend', 'No cluster "111111111111:eu-west-1:none" was seen'],
    ['/v1/alerts/none', 'No alert "none" was seen'],
    ['/v1/runs/scan~2026-11-23T01:00:00.000Z', 'No run "scan~2026-11-23T01:00:00.000Z" was seen'],
    ['/v1/runs/none', 'No run "none" was seen'],
    ['/v2/fleet', 'There is no such path: /openapi.json has those that there are'],
  ])('has nothing at %s', async (path, detail) => {
    const { ask } = await anApiWorld();
    expect(await ask(path)).toMatchObject({ status: 404, json: { code: 'not-found', detail } });
  });

  it.each([
    ['/v1/fleet'],
    ['/v1/subnets'],
    ['/v1/clusters'],
    ['/v1/subnets/subnet-01'],
    ['/v1/subnets/subnet-99/trend'],
    [`/v1/clusters/${ALPHA.clusterId}`],
  ])('says of %s before the first roll-up that nothing is seen yet', async (path) => {
    const unused = () => Promise.reject(new Error('Nothing is read of a fleet that is not there'));
    const none = async () => undefined;
    const fleets = { readFleet: none, readOutline: none, readBasis: none, subnetStates: unused, clusterStates: unused };
    const { ask } = await anApiWorld({ fleets });
    const { status, headers, json } = await ask(path);
    expect([status, headers.get('retry-after')]).toEqual([503, '1']);
    expect(json).toMatchObject({ code: 'nothing-seen-yet', title: 'Nothing seen yet', type: '/docs#nothing-seen-yet' });
  });

  it.each([
    ['/v1/subnets/subnet-01/trend', 200, { subnetId: 'subnet-01' }],
    ['/v1/subnets/subnet-99/trend', 404, { code: 'not-found' }],
    ['/v1/alerts', 200, { coverage: { targetsExpected: 3 } }],
  ])('answers %s without reading the fleet', async (path, status, json) => {
    const unused = () => Promise.reject(new Error('It needs no fleet'));
    const { fleets } = (await anApiWorld()).ports;
    const { ask } = await anApiWorld({
      fleets: {
        readFleet: unused,
        readOutline: unused,
        readBasis: () => fleets.readBasis(),
        subnetStates: unused,
        clusterStates: unused,
      },
    });
    expect(await ask(path)).toMatchObject({ status, json });
  });

  it.each([
    ['/v1/fleet', 'readFleet'],
    ['/v1/subnets', 'readFleet'],
    [
      '/v1/subnets?limit=1&account=111111111111&region=eu-west-1&status=critical,unknown,healthy&team=none',
      'readFleet',
    ],
    ['/v1/subnets?search=subnet-0', 'readOutline'],
    [`/v1/subnets?cluster=${ALPHA.clusterId}`, 'readOutline'],
    ['/v1/clusters', 'readOutline'],
  ] as const)('answers %s without %s', async (path, unused) => {
    const { ports, ask } = await anApiWorld();
    const without = await anApiWorld({
      ...ports,
      fleets: { ...ports.fleets, [unused]: () => Promise.reject(new Error('It needs the other and no more')) },
    });
    const answer = await without.ask(path);
    expect(answer.status).toBe(200);
    expect(answer.json).toEqual((await ask(path)).json);
  });

  it('goes on with the whole fleet where its outline left off', async () => {
    const { ask } = await anApiWorld();
    const pageOf = async (path: string) => (await ask(path)).json as FleetPage;
    const all = (await pageOf('/v1/subnets')).items.map(({ subnetId }) => subnetId);
    const ids: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null && ids.length <= all.length) {
      const page: FleetPage = await pageOf(`/v1/subnets?limit=1${cursor === '' ? '' : `&cursor=${cursor}`}`);
      ids.push(...page.items.map(({ subnetId }) => subnetId));
      cursor = page.nextCursor;
    }
    expect(ids).toEqual(all);
    expect(ids.length).toBeGreaterThan(2);
  });

  it.each([
    ['/v1/subnets?zone=a', 'zone', 'one of account, region, status, team, vpc, cluster, search, limit, cursor'],
    ['/v1/subnets?account=1', 'account', 'account ids of 12 digits, separated by commas, 100 at the most'],
    ['/v1/clusters?region=', 'region', 'region names such as us-east-1, separated by commas, 100 at the most'],
    ['/v1/clusters?limit=0', 'limit', 'a whole number from 1 to 200'],
    ['/v1/clusters?limit=201', 'limit', 'a whole number from 1 to 200'],
    ['/v1/clusters?limit=1e2', 'limit', 'a whole number from 1 to 200'],
    ['/v1/clusters?team=a&team=b', 'team', 'it once, not twice'],
    ['/v1/fleet?team=a', 'team', 'no parameter'],
    ['/v1/runs?before=1', 'before', 'one of limit, cursor'],
    ['/v1/subnets/subnet-01/trend?window=0d', 'window', 'days from 1d to 397d'],
    ['/v1/subnets/subnet-01/trend?window=398d', 'window', 'days from 1d to 397d'],
    ['/v1/subnets/subnet-01/trend?window=30', 'window', 'days from 1d to 397d'],
    [`/v1/clusters/${ALPHA.clusterId}/trend?window=398d`, 'window', 'days from 1d to 397d'],
    ['/v1/fleet/trend?by=zone', 'by', 'one of account, region, team, fleet'],
    ['/v1/subnets/SUBNET', 'subnetId', 'the id of a subnet, such as subnet-0123456789abcdef0'],
  ])('refuses %s, saying what is expected', async (path, field, expected) => {
    const { ask } = await anApiWorld();
    const { status, json } = await ask(path);
    expect(status).toBe(400);
    expect(json).toMatchObject({ code: 'invalid-parameter', errors: [{ field, expected }] });
  });

  it('lists the values that are allowed where there are such', async () => {
    const { ask } = await anApiWorld();
    expect((await ask('/v1/clusters?status=critical,fine')).json).toMatchObject({
      detail:
        'Cannot read "status": current value "fine", expected any of exhausted, critical, warning, unknown, healthy, separated by commas, 100 at the most',
      errors: [
        { in: 'query', value: 'fine', allowedValues: ['exhausted', 'critical', 'warning', 'unknown', 'healthy'] },
      ],
    });
  });

  it('names the request in its answer and in the log', async () => {
    const { ask, answers } = await anApiWorld();
    const { headers, json } = await ask('/v1/alerts/none');
    const requestId = headers.get('x-request-id');
    expect(json).toMatchObject({ requestId });
    expect(answers).toMatchObject([
      { requestId, operationId: 'getAlert', status: 404, caller: 'somebody on this machine' },
    ]);
  });

  it('keeps to itself what an answer failed of', async () => {
    const cause = new Error('secret');
    const alerts = { ...createMemoryAlertStore(), listAlerts: () => Promise.reject(cause) };
    const { ask, answers } = await anApiWorld({ alerts });
    const { status, text } = await ask('/v1/alerts');
    expect(status).toBe(500);
    expect(text).not.toContain('secret');
    expect(answers).toMatchObject([{ status: 500, cause }]);
  });

  it.each([
    ['PUT', '/v1/fleet', 'GET'],
    ['POST', '/v1/fleet', 'GET'],
    ['PATCH', '/v1/silences', 'GET, POST'],
    ['OPTIONS', '/v1/silences/a', 'DELETE'],
  ])('refuses %s of %s and says what there is', async (method, path, allow) => {
    const { ask } = await anApiWorld();
    const { status, headers } = await ask(path, { method });
    expect([status, headers.get('allow')]).toEqual([405, allow]);
  });

  it('answers HEAD without a body', async () => {
    const { app } = await anApiWorld();
    const response = await app.request('http://api.example/v1/fleet', { method: 'HEAD' });
    expect([response.status, await response.text()]).toEqual([200, '']);
  });
});

describe('the pages of a list', () => {
  it.each([
    ['/v1/subnets', 'subnetId', 3],
    ['/v1/clusters', 'clusterId', 4],
    ['/v1/alerts', 'alertId', 3],
    ['/v1/runs', 'slot', 3],
  ])('of %s are the whole list, in its order', async (path, id, count) => {
    const { ask } = await anApiWorld();
    const all = Page.parse((await ask(path)).json).items.map((item) => item[id]);
    const paged: unknown[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const from: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const page = Page.parse((await ask(`${path}?limit=1${from}`)).json);
      paged.push(...page.items.map((item) => item[id]));
      cursor = page.nextCursor;
    }
    expect(paged).toEqual(all);
    expect(new Set(paged).size).toBe(count);
  });

  it.each([
    ['another filter', '/v1/subnets?limit=1&region=eu-west-1&cursor='],
    ['another list', '/v1/clusters?limit=1&cursor='],
  ])('do not go on with the cursor of %s', async (_, path) => {
    const { ask } = await anApiWorld();
    const { nextCursor } = Page.parse((await ask('/v1/subnets?limit=1')).json);
    expect((await ask(`${path}${nextCursor}`)).json).toMatchObject({ code: 'invalid-cursor' });
    expect((await ask(`/v1/subnets?limit=2&cursor=${nextCursor}`)).status).toBe(200);
  });

  it.each([['x'], ['.'], ['e30.e30'], ['%00']])('do not go on with "%s"', async (cursor) => {
    const { ask } = await anApiWorld();
    expect((await ask(`/v1/subnets?cursor=${cursor}`)).json).toMatchObject({ code: 'invalid-cursor' });
  });

  it('do not go on with a cursor of which one character is another', async () => {
    const { ask } = await anApiWorld();
    const cursor = Page.parse((await ask('/v1/runs?limit=1')).json).nextCursor ?? '';
    for (const place of [0, 5, cursor.indexOf('.') + 1, cursor.indexOf('.') + 9]) {
      const forged = `${cursor.slice(0, place)}${cursor[place] === 'A' ? 'B' : 'A'}${cursor.slice(place + 1)}`;
      expect((await ask(`/v1/runs?cursor=${forged}`)).status).toBe(400);
    }
  });
});

describe('what was read before', () => {
  it.each([['/v1/fleet'], ['/v1/subnets?limit=2'], [`/v1/alerts/${GAMMA.alertId}`], ['/v1/runs']])(
    'of %s is not sent again',
    async (path) => {
      const { ask } = await anApiWorld();
      const first = await ask(path);
      const etag = first.headers.get('etag') ?? '';
      expect((await ask(path, { headers: { 'if-none-match': etag } })).status).toBe(304);
      expect((await ask(path, { headers: { 'if-none-match': `"other", W/${etag}` } })).status).toBe(304);
      expect((await ask(path, { headers: { 'if-none-match': '"other"' } })).text).toBe(first.text);
    },
  );
});
