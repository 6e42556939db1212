import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ROUTES } from '../../lib/api/routes.ts';
import { ALPHA, anApiWorld, NOW } from './api-world.ts';

const RUNS = 20_000;
const TIMEOUT_MS = 300_000;

const SILENCE = {
  match: { by: 'account', accountId: ALPHA.accountId },
  until: '2026-11-24T10:00:00.000Z',
  reason: 'Work',
} as const;

/** What somebody writes who tries things. */
const strange = fc.oneof(
  fc.constantFrom(
    '',
    '.',
    '..',
    '../..',
    '%',
    '%00',
    '%2e%2e%2f',
    '%ff',
    '\u0000',
    '*',
    "' OR 1=1",
    '<script>',
    '__proto__',
    'constructor',
    'null',
    'NaN',
    '-1',
    '1e309',
    '0x10',
    '99999999999999999999',
    '\ud800',
    '🙂',
    'ａ',
    '{}',
    '[]',
    'a'.repeat(3_000),
  ),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ maxLength: 40 }),
);

/** What is right somewhere, so that more than the first check is passed. */
const plausible = fc.constantFrom(
  ALPHA.accountId,
  ALPHA.subnetId,
  ALPHA.clusterId,
  ALPHA.vpcId,
  ALPHA.alertId,
  'eu-west-1',
  'critical',
  'exhaustion',
  'open',
  '1',
  '200',
  '30d',
  '397d',
  'team',
  'scan~2026-11-23T08:00:00.000Z',
  'silence-1',
  'request~2026-11-23T08:00:00.000Z~a',
  '10.0.0.1',
);
const text = fc.oneof({ weight: 2, arbitrary: plausible }, { weight: 1, arbitrary: strange });

const names = [...new Set(ROUTES.flatMap(({ query }) => Object.keys(query.shape)))];
const query = fc.array(fc.tuple(fc.oneof(fc.constantFrom(...names), strange), text), { maxLength: 4 });

const moment = fc.oneof(
  fc.constantFrom('2026-11-24T08:00:00Z', '2026-11-24T08:00:00+02:00', '2026-02-30T00:00:00Z', '9999-12-31T23:59:59Z'),
  strange,
);
const match = fc.oneof(
  fc.record({ by: fc.constant('account'), accountId: text }),
  fc.record({ by: fc.constant('cluster'), clusterId: text }),
  fc.record({ by: fc.constant('team'), team: text }),
  fc.record({ by: fc.constant('tag'), key: text, value: text }),
);
const json = fc.oneof(
  fc.constant(SILENCE),
  fc.record({ until: moment }),
  fc.record({ match, until: moment, from: moment, reason: text }, { requiredKeys: ['match', 'until', 'reason'] }),
  fc.record({ accountId: text, region: text }),
  fc.anything(),
);
const body = fc.oneof(
  json.map((value) => JSON.stringify(value) ?? ''),
  strange,
);

const headers = fc.dictionary(
  fc.constantFrom(
    'authorization',
    'content-type',
    'if-match',
    'if-none-match',
    'idempotency-key',
    'accept-encoding',
    'origin',
    'x-slack-signature',
    'x-slack-request-timestamp',
  ),
  fc.oneof(fc.constantFrom('application/json', '*', 'gzip', 'a'), fc.string({ maxLength: 30 })).filter(isHeaderValue),
  { maxKeys: 3 },
);

function isHeaderValue(value: string): boolean {
  return /^[\u0020-\u007e]*$/.test(value) && value.trim() === value;
}

const routes = ROUTES.map(({ method, path }) => ({ method: method.toUpperCase(), path }));
const request = fc
  .record({
    route: fc.constantFrom(...routes),
    method: fc.oneof(
      { weight: 6, arbitrary: fc.constant(undefined) },
      { weight: 1, arbitrary: fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD') },
    ),
    params: fc.array(text, { minLength: 3, maxLength: 3 }),
    suffix: fc.oneof({ weight: 8, arbitrary: fc.constant('') }, { weight: 1, arbitrary: strange }),
    query,
    body,
    headers,
    isJson: fc.boolean(),
  })
  .map(({ route, method = route.method, params, suffix, query: pairs, body: sent, headers: given, isJson }) => {
    const rest = [...params];
    const path = route.path.replaceAll(/\{\w+\}/g, () => encodeText(rest.shift() ?? '')) + encodeText(suffix);
    const search = new URLSearchParams(pairs).toString();
    return {
      path: `${path}${search === '' ? '' : `?${search}`}`,
      init: {
        method,
        headers: { ...(isJson ? { 'content-type': 'application/json' } : {}), ...given },
        ...(method === 'GET' || method === 'HEAD' ? {} : { body: sent }),
      },
    };
  });

it(
  'answers whatever is asked within its contract, fails of nothing and says nothing of itself',
  async () => {
    const { ports } = await anApiWorld();
    await ports.silences.writeSilence({ ...SILENCE, silenceId: 'silence-1', from: NOW, author: 'ana' });
    const { ask, answers } = await anApiWorld(ports);
    const statuses = new Map<number, number>();
    await fc.assert(
      fc.asyncProperty(request, async ({ path, init }) => {
        const answer = await ask(path, init);
        statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
        expect(answer.status).toBeLessThan(500);
        expect(answer.text).not.toMatch(/node_modules|\.ts:\d|at async/);
      }),
      { numRuns: RUNS },
    );
    expect(answers.filter((answer) => answer.cause !== undefined)).toEqual([]);
    // It got past the first check.
    expect([200, 201, 204, 304, 400, 401, 403, 404, 405, 415].filter((status) => !statuses.has(status))).toEqual([]);
  },
  TIMEOUT_MS,
);

/** As much of a path as a client cannot help encoding; what it may leave as it is stays. */
function encodeText(part: string): string {
  return part.replaceAll(/[^\u0021-\u007e]|[#?\\]/gu, (character) =>
    isLone(character) ? '' : encodeURIComponent(character),
  );
}

function isLone(character: string): boolean {
  return /^[\ud800-\udfff]$/.test(character);
}
