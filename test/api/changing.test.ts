import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { AuditTrailStore } from '../../lib/audit/audit-trail-ports.ts';
import { ALPHA, type AskOptions, anApiWorld, NOW } from './api-world.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const WHO = 'somebody on this machine';
const SILENCE = {
  match: { by: 'account', accountId: ALPHA.accountId },
  until: '2026-11-24T10:00:00+01:00',
  reason: 'A migration <b>',
} as const;

function later(ms: number): string {
  return new Date(Date.parse(NOW) + ms).toISOString();
}

const post = (json: unknown = {}, headers: AskOptions['headers'] = {}): AskOptions => ({
  method: 'POST',
  json,
  headers,
});

const Trail = z.object({ items: z.array(z.looseObject({ action: z.string() })) });
const Created = z.looseObject({ silenceId: z.string() });

describe('an alert', () => {
  it('is acknowledged by whoever asks, once', async () => {
    const { ask, hints, ports } = await anApiWorld();
    const path = `/v1/alerts/${ALPHA.alertId}/acknowledge`;
    const first = await ask(path, post());
    expect(first).toMatchObject({ status: 200, json: { state: 'acknowledged', acknowledgedBy: WHO } });
    expect((await ask(path, post())).text).toBe(first.text);
    expect(hints()).toBe(1);
    expect((await ports.alerts.transitions(ALPHA.alertId)).map(({ type }) => type)).toEqual(['opened', 'acknowledged']);
  });

  it.each([
    [HOUR_MS, 200],
    [30 * DAY_MS, 200],
    [30 * DAY_MS + 1, 400],
    [0, 400],
    [-1, 400],
  ])('is snoozed until %i ms from now: %i', async (ms, status) => {
    const { ask } = await anApiWorld();
    const answer = await ask(`/v1/alerts/${ALPHA.alertId}/snooze`, post({ until: later(ms) }));
    expect(answer.status).toBe(status);
    expect(answer.json).toMatchObject(
      status === 200
        ? { state: 'snoozed', snoozedUntil: later(ms) }
        : { code: 'invalid-body', errors: [{ in: 'body', field: 'until', value: later(ms) }] },
    );
  });

  it.each([[{}], [{ until: 'tomorrow' }], [{ until: 1 }], [[]], [{ until: later(HOUR_MS), by: 'ana' }]])(
    'is not snoozed by %j',
    async (json) => {
      const { ask } = await anApiWorld();
      const answer = await ask(`/v1/alerts/${ALPHA.alertId}/snooze`, post(json));
      expect(answer).toMatchObject({ status: 400, json: { code: 'invalid-body' } });
    },
  );

  it('that has ended is not answered', async () => {
    const { ask, ports } = await anApiWorld();
    const stored = await ports.alerts.readAlert(ALPHA.alertId);
    const ended = { ...stored?.alert, state: 'resolved' as const };
    const alerts = { ...ports.alerts, readAlert: async () => ({ ...stored, alert: ended }) };
    const world = await anApiWorld({ alerts: alerts as typeof ports.alerts }); // The same alert, but ended.
    expect((await world.ask(`/v1/alerts/${ALPHA.alertId}/acknowledge`, post())).json).toMatchObject({
      code: 'alert-closed',
    });
    expect((await ask('/v1/alerts/none/acknowledge', post())).status).toBe(404);
  });

  it.each(['gzip', 'br'])('is answered by the "ETag" that it was read with as %s', async (encoding) => {
    const { ask } = await anApiWorld();
    const path = `/v1/alerts/${ALPHA.alertId}`;
    const plain = (await ask(path)).headers.get('etag') ?? '';
    const etag = `${plain.slice(0, -1)}-${encoding}"`;
    expect((await ask(`${path}/acknowledge`, post({}, { 'if-match': `"other-${encoding}"` }))).status).toBe(412);
    expect((await ask(`${path}/acknowledge`, post({}, { 'if-match': etag }))).status).toBe(200);
    expect((await ask(`${path}/acknowledge`, post({}, { 'if-match': etag }))).status).toBe(412);
  });

  it('is answered only while it is what "If-Match" names', async () => {
    const { ask } = await anApiWorld();
    const path = `/v1/alerts/${ALPHA.alertId}`;
    const etag = (await ask(path)).headers.get('etag') ?? '';
    const ifMatch = { 'if-match': etag };
    expect((await ask(`${path}/acknowledge`, post({}, { 'if-match': `W/${etag}` }))).status).toBe(412);
    expect((await ask(`${path}/acknowledge`, post({}, ifMatch))).status).toBe(200);
    expect((await ask(`${path}/snooze`, post({ until: later(HOUR_MS) }, ifMatch))).json).toMatchObject({
      code: 'precondition-failed',
    });
    expect((await ask(`${path}/snooze`, post({ until: later(HOUR_MS) }, { 'if-match': '*' }))).status).toBe(200);
  });
});

describe('a silence', () => {
  it('is written, listed and ended', async () => {
    const { ask, passTime } = await anApiWorld();
    const written = await ask('/v1/silences', post(SILENCE));
    const view = {
      silenceId: Created.parse(written.json).silenceId,
      match: SILENCE.match,
      from: NOW,
      until: '2026-11-24T09:00:00.000Z',
      author: WHO,
      reason: SILENCE.reason,
      state: 'in-force',
    };
    expect(written).toMatchObject({ status: 201, json: view });
    expect((await ask('/v1/silences')).json).toEqual({ items: [view] });
    passTime(HOUR_MS);
    expect((await ask(`/v1/silences/${view.silenceId}`, { method: 'DELETE' })).status).toBe(204);
    expect((await ask('/v1/silences')).json).toEqual({ items: [{ ...view, until: later(HOUR_MS), state: 'ended' }] });
    expect((await ask(`/v1/silences/${view.silenceId}`, { method: 'DELETE' })).status).toBe(204);
    expect((await ask('/v1/silences/none', { method: 'DELETE' })).status).toBe(404);
  });

  it.each([
    [{ by: 'cluster', clusterId: ALPHA.clusterId }],
    [{ by: 'team', team: 'shop' }],
    [{ by: 'tag', key: 'env', value: 'test' }],
  ])('is of %j', async (match) => {
    const { ask } = await anApiWorld();
    expect((await ask('/v1/silences', post({ ...SILENCE, match }))).json).toMatchObject({ match });
  });

  it.each([
    ['until', { until: later(-1) }],
    ['until', { until: later(HOUR_MS), from: later(HOUR_MS) }],
    ['reason', { reason: '' }],
    ['reason', { reason: 'x'.repeat(1_001) }],
    ['match', { match: 'everything' }],
    ['match.accountId', { match: { by: 'account', accountId: '1' } }],
    ['match.by', { match: { by: 'subnet', subnetId: 'subnet-1' } }],
    ['match.key', { match: { by: 'tag', value: 'a' } }],
    ['match.region', { match: { by: 'account', accountId: ALPHA.accountId, region: 'eu-west-1' } }],
    ['author', { author: 'ana' }],
  ])('is refused where "%s" is wrong', async (field, change) => {
    const { ask } = await anApiWorld();
    const { status, json } = await ask('/v1/silences', post({ ...SILENCE, ...change }));
    expect([status, json]).toMatchObject([400, { code: 'invalid-body', errors: [{ field }] }]);
    expect((await ask('/v1/silences')).json).toEqual({ items: [] });
  });

  it.each([
    [{ by: 'account', accountId: '1' }, '"1"', 'an account id: 12 digits as text', null],
    [{ by: 'subnet' }, '"subnet"', 'one of account, cluster, team, tag', ['account', 'cluster', 'team', 'tag']],
    [{ by: 'team', team: 5 }, '5', 'a value of type string', null],
    [{ by: 'account', accountId: ALPHA.accountId, x: 1 }, '1', 'no such field', null],
    [{ by: 'team' }, null, 'a value of type string', null],
  ])('says of %j what was there, and what is wanted', async (match, value, expected, allowedValues) => {
    const { ask } = await anApiWorld();
    const { json } = await ask('/v1/silences', post({ ...SILENCE, match }));
    expect(json).toMatchObject({ errors: [{ in: 'body', value, expected, allowedValues }] });
  });

  it('is one, however often it is asked for with the same key', async () => {
    const { ask, passTime } = await anApiWorld();
    const key = { 'idempotency-key': 'a' };
    const first = await ask('/v1/silences', post(SILENCE, key));
    passTime(HOUR_MS);
    expect((await ask('/v1/silences', post(SILENCE, key))).text).toBe(first.text);
    expect((await ask('/v1/silences', post({ ...SILENCE, reason: 'Another' }, key))).json).toMatchObject({
      code: 'idempotency-key-reused',
    });
    await ask('/v1/silences', post(SILENCE, { 'idempotency-key': 'b' }));
    await ask('/v1/silences', post(SILENCE));
    expect((await ask('/v1/silences')).json).toMatchObject({ items: { length: 3 } });
  });
});

describe('the audit trail', () => {
  it('has who did what, with what was before and after, the newest first', async () => {
    const { ask, passTime } = await anApiWorld();
    await ask(`/v1/alerts/${ALPHA.alertId}/acknowledge`, post());
    passTime(1);
    await ask(`/v1/alerts/${ALPHA.alertId}/acknowledge`, post());
    passTime(1);
    const { silenceId } = Created.parse((await ask('/v1/silences', post(SILENCE))).json);
    passTime(1);
    await ask(`/v1/silences/${silenceId}`, { method: 'DELETE' });
    const { items } = Trail.parse((await ask('/v1/audit-trail')).json);
    expect(items.map(({ action, outcome, by }) => [action, outcome, by])).toEqual([
      ['silence-ended', 'done', WHO],
      ['silence-written', 'done', WHO],
      ['alert-acknowledged', 'unchanged', WHO],
      ['alert-acknowledged', 'done', WHO],
    ]);
    expect(items[0]).toMatchObject({ resourceId: silenceId, before: { reason: SILENCE.reason }, after: null });
    expect(items[3]).toMatchObject({
      resourceId: ALPHA.alertId,
      before: { state: 'open' },
      after: { state: 'acknowledged', acknowledgedBy: WHO },
    });
  });

  it('says of a change that was interrupted that it was begun', async () => {
    const { ports } = await anApiWorld();
    const dying: AuditTrailStore = {
      ...ports.auditTrail,
      writeEntry: (entry) =>
        entry.outcome === 'begun' ? ports.auditTrail.writeEntry(entry) : Promise.reject(new Error('It died')),
    };
    const { ask } = await anApiWorld({ auditTrail: dying });
    expect((await ask(`/v1/alerts/${ALPHA.alertId}/acknowledge`, post())).status).toBe(500);
    expect((await ask(`/v1/alerts/${ALPHA.alertId}`)).json).toMatchObject({ state: 'acknowledged' });
    expect((await ask('/v1/audit-trail')).json).toMatchObject({
      items: [{ action: 'alert-acknowledged', outcome: 'begun', before: null, after: null }],
    });
  });

  it('is not written to where nothing is asked for that could be', async () => {
    const { ask } = await anApiWorld();
    await ask('/v1/alerts/none/acknowledge', post());
    await ask(`/v1/alerts/${ALPHA.alertId}/snooze`, post({ until: 'x' }));
    expect((await ask('/v1/audit-trail')).json).toEqual({ nextCursor: null, items: [] });
  });
});

describe('a change', () => {
  const path = `/v1/alerts/${ALPHA.alertId}/acknowledge`;

  it.each([
    ['another site', { origin: 'https://evil.example' }],
    ['a page that hides where it is from', { origin: 'null' }],
    ['another port', { origin: 'http://api.example:8080' }],
    ['another site, as the browser says', { 'sec-fetch-site': 'cross-site' }],
    ['a sibling site', { origin: 'http://api.example', 'sec-fetch-site': 'same-site' }],
  ])('is not made for %s', async (_, headers) => {
    const { ask } = await anApiWorld();
    expect((await ask(path, post({}, headers))).json).toMatchObject({ code: 'foreign-origin' });
    const deletion = await ask('/v1/silences/none', { method: 'DELETE', headers });
    expect(deletion.json).toMatchObject({ code: 'foreign-origin' });
  });

  it('is made for a page of its own', async () => {
    const { ask } = await anApiWorld();
    const own = { origin: 'http://api.example', 'sec-fetch-site': 'same-origin' };
    expect((await ask(path, post({}, own))).status).toBe(200);
  });

  it.each([['application/x-www-form-urlencoded'], ['text/plain'], ['multipart/form-data; boundary=x']])(
    'is not made by a body of %s, which a form of any site sends',
    async (mediaType) => {
      const { ask } = await anApiWorld();
      const answer = await ask(path, { method: 'POST', body: '{}', headers: { 'content-type': mediaType } });
      expect(answer.json).toMatchObject({ code: 'unsupported-media-type' });
    },
  );

  it('is made by JSON that says its character set', async () => {
    const { ask } = await anApiWorld();
    const headers = { 'content-type': 'Application/JSON; charset=utf-8' };
    expect((await ask(path, { method: 'POST', body: '{}', headers })).status).toBe(200);
  });

  it.each([[''], ['{'], ['null'], ['"x"'], ['[]'], ['{"a":1}']])('is not made by the body %j', async (body) => {
    const { ask } = await anApiWorld();
    const answer = await ask(path, { method: 'POST', body, headers: { 'content-type': 'application/json' } });
    expect(answer).toMatchObject({ status: 400, json: { code: 'invalid-body' } });
  });

  it('is not made by a body of more than 256 KB', async () => {
    const { ask } = await anApiWorld();
    const large = await ask('/v1/silences', post({ ...SILENCE, reason: 'x'.repeat(262_144) }));
    expect(large.json).toMatchObject({ code: 'body-too-large' });
  });
});
