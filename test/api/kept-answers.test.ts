import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { ApiPorts } from '../../lib/api/api-ports.ts';
import { STALE_AFTER_MS } from '../../lib/domain/capacity/staleness.ts';
import { ok } from '../../lib/domain/result.ts';
import { hourlyRoom } from '../../lib/domain/trend/roll-up.ts';
import { hourlySamples } from '../helpers/series-builder.ts';
import { ALPHA, anApiWorld, BETA, GAMMA, NOW } from './api-world.ts';

const NOW_HOUR = Date.parse(NOW) / 3_600_000;

const Counted = z.object({ matchCount: z.int() });

/** A world that says which accounts a caller may see by a header, and counts how often states of subnets are read. */
async function countingWorld() {
  const world = await anApiWorld();
  const kept = { accounts: await world.ports.accounts(), message: 'No past' };
  let reads = 0;
  let { fleets } = world.ports;
  const overrides: Partial<ApiPorts> = {
    authenticate: async (context) =>
      ok({
        name: 'somebody',
        scopes: ['read'],
        accountIds: context.req.header('x-accounts')?.split(context.req.header('x-separator') ?? ','),
      }),
    fleets: {
      readFleet: () => fleets.readFleet(),
      subnetStates(fleet, rows) {
        reads += 1;
        return fleets.subnetStates(fleet, rows);
      },
      clusterStates: (fleet, rows) => fleets.clusterStates(fleet, rows),
    },
    accounts: async () => kept.accounts,
    history: () => ({ state: 'building', daysExpected: 2, daysFinished: 1, message: kept.message }),
  };
  const { ask } = await anApiWorld({ ...world.ports, ...overrides });
  return {
    kept,
    ask: (path: string, accountIds?: readonly string[], separator = ',') =>
      ask(
        path,
        accountIds === undefined
          ? {}
          : { headers: { 'x-accounts': accountIds.join(separator), 'x-separator': separator } },
      ),
    readCount: () => reads,
    passTime: world.passTime,
    async rollUpAgain() {
      ({ fleets } = (await anApiWorld()).ports);
    },
  };
}

describe('an answer over the fleet', () => {
  it.each([
    { what: 'of everything', accountIds: undefined },
    { what: 'of some accounts', accountIds: [ALPHA.accountId, GAMMA.accountId] },
  ])('$what is made once for all who ask the same', async ({ accountIds }) => {
    const { ask, readCount, passTime } = await countingWorld();
    const first = await ask('/v1/subnets', accountIds);
    passTime(60_000);
    const second = await ask('/v1/subnets', accountIds?.toReversed());
    expect([second.text, second.headers.get('etag')]).toEqual([first.text, first.headers.get('etag')]);
    expect(readCount()).toBe(1);
    await ask('/v1/subnets?limit=3', accountIds);
    expect(readCount()).toBe(2);
  });

  it('is not given to who may see something else', async () => {
    const { ask, readCount } = await countingWorld();
    const answers = [
      await ask('/v1/subnets'),
      await ask('/v1/subnets', [ALPHA.accountId]),
      await ask('/v1/subnets', [BETA.accountId]),
      await ask('/v1/subnets', []),
    ];
    expect(new Set(answers.map(({ headers }) => headers.get('etag'))).size).toBe(4);
    expect(readCount()).toBe(4);
    for (const { headers } of answers) {
      expect(headers.get('cache-control')).toBe('private, no-cache');
      expect(headers.get('vary')).toBe('Authorization, Accept-Encoding');
    }
  });

  it('takes no text of a claim for several accounts, nor for all', async () => {
    const { ask, readCount } = await countingWorld();
    const answers = [
      await ask('/v1/subnets'),
      await ask('/v1/subnets', [ALPHA.accountId, BETA.accountId]),
      await ask('/v1/subnets', [`${ALPHA.accountId},${BETA.accountId}`], ';'),
      await ask('/v1/subnets', ['*'], ';'),
    ];
    expect(answers.map(({ json }) => Counted.parse(json).matchCount)).toEqual([3, 2, 0, 0]);
    expect(readCount()).toBe(4);
  });

  it.each<[string, (world: Awaited<ReturnType<typeof countingWorld>>) => Promise<void> | void]>([
    ['the fleet was rolled up again', (world) => world.rollUpAgain()],
    [
      'the accounts were listed again',
      ({ kept }) => {
        kept.accounts = new Map(kept.accounts);
      },
    ],
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
    expect(world.readCount()).toBe(1);
    await change(world);
    await world.ask('/v1/fleet');
    expect(world.readCount()).toBe(2);
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
        async samples() {
          reads.hours += 1;
          return samples;
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
    const plain = await app.request('http://api.example/v1/subnets');
    const packed = await app.request('http://api.example/v1/subnets', { headers: { 'accept-encoding': 'br, gzip' } });
    expect([plain.headers.get('content-encoding'), packed.headers.get('content-encoding')]).toEqual([null, 'gzip']);
    const unpacked = new Response(packed.body?.pipeThrough(new DecompressionStream('gzip')));
    expect(await unpacked.text()).toBe(await plain.text());
  });

  it('is left as it is where it fits a packet', async () => {
    const { app } = await anApiWorld();
    const answer = await app.request('http://api.example/v1/silences', { headers: { 'accept-encoding': 'gzip' } });
    expect([answer.headers.get('content-encoding'), await answer.text()]).toEqual([null, '{"items":[]}']);
  });
});
