import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { ApiPorts } from '../../lib/api/api-ports.ts';
import { STALE_AFTER_MS } from '../../lib/domain/capacity/staleness.ts';
import { ok } from '../../lib/domain/result.ts';
import { hourlyRoom } from '../../lib/domain/trend/roll-up.ts';
import { hourlySamples } from '../helpers/series-builder.ts';
import { ACCOUNTS, ALPHA, anApiWorld, BETA, fleetOver, GAMMA, NOW } from './api-world.ts';

const NOW_HOUR = Date.parse(NOW) / 3_600_000;

const Counted = z.object({ matchCount: z.int() });

/** A world that says which accounts a caller may see by a header, and counts the answers that are made and the rows that are read. */
async function countingWorld() {
  const world = await anApiWorld();
  const kept = { message: 'No past' };
  let requests = 0;
  let fleetReads = 0;
  const rowsRead: number[] = [];
  let { fleets } = world.ports;
  const overrides: Partial<ApiPorts> = {
    authenticate: async (context) =>
      ok({
        name: 'somebody',
        scopes: ['read'],
        accountIds: context.req.header('x-accounts')?.split(context.req.header('x-separator') ?? ','),
      }),
    fleets: {
      readFleet() {
        fleetReads += 1;
        return fleets.readFleet();
      },
      readOutline() {
        fleetReads += 1;
        return fleets.readOutline();
      },
      readBasis: () => fleets.readBasis(),
      subnetStates(fleet, rows) {
        rowsRead.push(...rows);
        return fleets.subnetStates(fleet, rows);
      },
      clusterStates(fleet, rows) {
        rowsRead.push(...rows);
        return fleets.clusterStates(fleet, rows);
      },
    },
    history: () => ({ state: 'building', daysExpected: 2, daysFinished: 1, message: kept.message }),
  };
  const { ask } = await anApiWorld({ ...world.ports, ...overrides });
  return {
    kept,
    ask(path: string, accountIds?: readonly string[], separator = ',') {
      requests += 1;
      return ask(
        path,
        accountIds === undefined
          ? {}
          : { headers: { 'x-accounts': accountIds.join(separator), 'x-separator': separator } },
      );
    },
    /** Every request asks for the fleet once to tell whether its answer is there, and once more to make it. */
    madeCount: () => fleetReads - requests,
    rowsRead,
    passTime: world.passTime,
    /** Each account has the name that `nameOf` makes of its own. */
    async rollUpAgain(nameOf = (name: string | undefined) => name) {
      const { scan } = (await fleets.readFleet()) ?? {};
      const accounts = scan?.accounts.map((account) => ({ ...account, name: nameOf(account.name) }));
      fleets = await fleetOver(scan && { ...scan, accounts: accounts ?? [] }, 'again-');
    },
  };
}

describe('an answer over the fleet', () => {
  it.each([
    { what: 'of everything', accountIds: undefined },
    { what: 'of some accounts', accountIds: [ALPHA.accountId, GAMMA.accountId] },
  ])('$what is made once for all who ask the same', async ({ accountIds }) => {
    const { ask, madeCount, passTime } = await countingWorld();
    const first = await ask('/v1/subnets', accountIds);
    passTime(60_000);
    const second = await ask('/v1/subnets', accountIds?.toReversed());
    expect([second.text, second.headers.get('etag')]).toEqual([first.text, first.headers.get('etag')]);
    expect(madeCount()).toBe(1);
    await ask('/v1/subnets?limit=3', accountIds);
    expect(madeCount()).toBe(2);
  });

  it('is not given to who may see something else', async () => {
    const { ask, madeCount } = await countingWorld();
    const answers = [
      await ask('/v1/subnets'),
      await ask('/v1/subnets', [ALPHA.accountId]),
      await ask('/v1/subnets', [BETA.accountId]),
      await ask('/v1/subnets', []),
    ];
    expect(new Set(answers.map(({ headers }) => headers.get('etag'))).size).toBe(4);
    expect(madeCount()).toBe(4);
    for (const { headers } of answers) {
      expect(headers.get('cache-control')).toBe('private, no-cache');
      expect(headers.get('vary')).toBe('Authorization, Accept-Encoding');
    }
  });

  it('takes no text of a claim for several accounts, nor for all', async () => {
    const { ask, madeCount } = await countingWorld();
    const answers = [
      await ask('/v1/subnets'),
      await ask('/v1/subnets', [ALPHA.accountId, BETA.accountId]),
      await ask('/v1/subnets', [`${ALPHA.accountId},${BETA.accountId}`], ';'),
      await ask('/v1/subnets', ['*'], ';'),
    ];
    expect(answers.map(({ json }) => Counted.parse(json).matchCount)).toEqual([3, 2, 0, 0]);
    expect(madeCount()).toBe(4);
  });

  it.each<[string, (world: Awaited<ReturnType<typeof countingWorld>>) => Promise<void> | void]>([
    ['the fleet was rolled up again', (world) => world.rollUpAgain()],
    [
      'more of the past is there',
      ({ kept }) => {
        kept.message = 'All of the past';
      },
    ],
    ['a row of it got stale', ({ passTime }) => passTime(STALE_AFTER_MS.subnets + 1)],
  ])('is made anew where %s', async (_, change) => {
    const world = await countingWorld();
    await world.ask('/v1/fleet');
    await world.ask('/v1/fleet');
    expect(world.madeCount()).toBe(1);
    await change(world);
    await world.ask('/v1/fleet');
    expect(world.madeCount()).toBe(2);
  });
});

describe('a row of the fleet', () => {
  it.each([['/v1/subnets'], ['/v1/clusters']])('is read once for all pages of %s that show it', async (path) => {
    const { ask, madeCount, rowsRead } = await countingWorld();
    const first = await ask(path);
    expect(new Set(rowsRead).size).toBe(rowsRead.length);
    const readAtFirst = rowsRead.length;
    const again = await ask(`${path}?region=eu-west-1`);
    expect([again.text, madeCount(), rowsRead.length]).toEqual([first.text, 2, readAtFirst]);
  });

  it('is kept for each who sees something else of it, whoever asks in between', async () => {
    const { ask, rowsRead } = await countingWorld();
    const askAll = async (query: string) => {
      for (const accountIds of [undefined, [ALPHA.accountId], ACCOUNTS.map(({ accountId }) => accountId)]) {
        await ask(`/v1/subnets${query}`, accountIds);
      }
    };
    await askAll('');
    const readAtFirst = rowsRead.length;
    await askAll('?limit=100');
    expect(rowsRead.length).toBe(readAtFirst);
  });

  it('is told to each caller as to one who asks alone, whoever asked before', async () => {
    const ids = ACCOUNTS.map(({ accountId }) => accountId);
    const callers = [undefined, ...ids.map((id) => [id]), [ALPHA.accountId, BETA.accountId], ids, []];
    const questions = ['/v1/subnets', '/v1/clusters'].flatMap((path) => callers.map((caller) => ({ path, caller })));
    const alone: string[] = [];
    for (const { path, caller } of questions) {
      alone.push((await (await countingWorld()).ask(path, caller)).text);
    }
    expect(new Set(alone).size).toBeGreaterThan(callers.length);
    const forwards = questions.map((question, index) => ({ ...question, text: alone[index] }));
    for (const order of [forwards, forwards.toReversed()]) {
      const { ask } = await countingWorld();
      for (const { path, caller, text } of order) {
        expect((await ask(path, caller)).text).toBe(text);
      }
    }
  });

  it('has the name that its account has in the scan that the fleet rests on', async () => {
    const { ask, rollUpAgain } = await countingWorld();
    const before = await ask('/v1/subnets');
    await rollUpAgain((name) => `new-${name}`);
    const after = await ask('/v1/subnets');
    expect(before.text).toContain(`"accountName":"${ALPHA.canary}"`);
    expect(after.text).toContain(`"accountName":"new-${ALPHA.canary}"`);
    expect(after.text).not.toContain(`"accountName":"${ALPHA.canary}"`);
  });

  it('is stale from the moment on that it is', async () => {
    const { ask, passTime } = await countingWorld();
    expect((await ask('/v1/subnets')).text).not.toContain('"isStale":true');
    passTime(STALE_AFTER_MS.subnets + 1);
    const late = await ask('/v1/subnets');
    expect([late.text.includes('"isStale":true'), late.text.includes('"isStale":false')]).toEqual([true, false]);
  });
});

describe('a trend', () => {
  it.each([
    { window: '7d', readsOf: 'hours' },
    { window: '100d', readsOf: 'days' },
  ])('of $window is read again after ten seconds, and shows what came since', async ({ window, readsOf }) => {
    const world = await anApiWorld();
    let samples = hourlySamples(NOW_HOUR - 30, NOW_HOUR - 1, () => 40, ALPHA.subnetId);
    const reads = { hours: 0, days: 0 };
    const { ask } = await anApiWorld({
      ...world.ports,
      series: {
        async samplesAndForecasts() {
          reads.hours += 1;
          return { samples, forecasts: undefined };
        },
        async dailyRoom() {
          reads.days += 1;
          return new Map([[ALPHA.subnetId, hourlyRoom(samples, ALPHA.subnetId, 251)]]);
        },
      },
    });
    const path = `/v1/subnets/${ALPHA.subnetId}/trend?window=${window}`;
    const first = await ask(path);
    world.passTime(9_999);
    expect((await ask(path)).text).toBe(first.text);
    expect(reads).toEqual({ hours: 0, days: 0, [readsOf]: 1 });
    world.passTime(1);
    expect((await ask(path)).text).toBe(first.text);
    expect(reads).toEqual({ hours: 0, days: 0, [readsOf]: 2 });
    samples = hourlySamples(NOW_HOUR - 30, NOW_HOUR, () => 39, ALPHA.subnetId);
    world.passTime(10_000);
    expect((await ask(path)).text).not.toBe(first.text);
  });
});

describe('a body', () => {
  it.each([[undefined], [ALPHA.accountId]])('is compressed for who takes that, seeing %s', async (accountId) => {
    const { app } = await anApiWorld({
      authenticate: async () =>
        ok({ name: 'somebody', scopes: ['read'], accountIds: accountId === undefined ? undefined : [accountId] }),
    });
    const plain = await (await app.request('http://api.example/v1/subnets')).text();
    const unpack = { br: brotliDecompressSync, gzip: gunzipSync, none: (bytes: Buffer) => bytes };
    for (const [accepted, encoding] of [
      ['gzip, deflate, br, zstd', 'br'],
      ['br;q=0.1, gzip', 'br'],
      ['gzip, deflate', 'gzip'],
      ['GZIP, br;q=0', 'gzip'],
      ['zstd', 'none'],
      ['', 'none'],
    ] as const) {
      const answer = await app.request('http://api.example/v1/subnets', { headers: { 'accept-encoding': accepted } });
      expect(answer.headers.get('content-encoding') ?? 'none', accepted).toBe(encoding);
      expect(unpack[encoding](Buffer.from(await answer.arrayBuffer())).toString()).toBe(plain);
    }
  });

  it('has a validator of its own in each encoding', async () => {
    const { app } = await anApiWorld();
    const ask = (accepted: string, ifNoneMatch = '') =>
      app.request('http://api.example/v1/subnets', {
        headers: { 'accept-encoding': accepted, 'if-none-match': ifNoneMatch },
      });
    const etagOf = async (accepted: string) => (await ask(accepted)).headers.get('etag') ?? '';
    const [plain, gzip, brotli] = [await etagOf(''), await etagOf('gzip'), await etagOf('br')];
    expect([gzip, brotli]).toEqual([`${plain.slice(0, -1)}-gzip"`, `${plain.slice(0, -1)}-br"`]);
    const known = await ask('br', brotli);
    expect([known.status, known.headers.get('etag')]).toEqual([304, brotli]);
    for (const other of [plain, gzip]) {
      expect((await ask('br', other)).status).toBe(200);
    }
  });

  it('is left as it is where it fits a packet', async () => {
    const { app } = await anApiWorld();
    const answer = await app.request('http://api.example/v1/silences', { headers: { 'accept-encoding': 'gzip' } });
    expect([answer.headers.get('content-encoding'), await answer.text()]).toEqual([null, '{"items":[]}']);
  });
});
