import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { ALPHA, type ApiWorld, anApiWorld, NOW } from './api-world.ts';

const Run = z.looseObject({ slot: z.string() });
const TARGET = { accountId: ALPHA.accountId, region: 'eu-west-1' };

function request({ ask }: ApiWorld, json: unknown = TARGET, headers: Record<string, string> = {}) {
  return ask('/v1/scans', { method: 'POST', json, headers });
}

describe('a scan that is asked for', () => {
  it('is a run of its own, of one account and region', async () => {
    const world = await anApiWorld();
    const { status, json } = await request(world);
    expect(status).toBe(202);
    expect(json).toMatchObject({
      kind: 'request',
      scheduledAt: NOW,
      targetsExpected: 1,
      targetsUnderWay: 1,
      accounts: [{ accountId: ALPHA.accountId, accountName: ALPHA.canary }],
      isComplete: false,
    });
    expect(world.scans).toMatchObject([{ message: { target: TARGET, purpose: 'observe' }, delayMs: 0 }]);
    expect((await world.ask(`/v1/runs/${Run.parse(json).slot}`)).json).toEqual(json);
    expect((await world.ask('/v1/audit-trail')).json).toMatchObject({
      items: [{ action: 'scan-requested', resourceId: `${ALPHA.accountId}/eu-west-1`, outcome: 'done' }],
    });
  });

  it('with the same key is the same, and sent again: its message may have been lost', async () => {
    const world = await anApiWorld();
    const key = { 'idempotency-key': 'a' };
    const first = await request(world, TARGET, key);
    world.passTime(60_000);
    expect((await request(world, TARGET, key)).text).toBe(first.text);
    expect(new Set(world.scans.map(({ message }) => JSON.stringify(message))).size).toBe(1);
    expect(Run.parse((await request(world)).json).slot).not.toBe(Run.parse(first.json).slot);
  });

  it('whose message could not be sent is known as missing', async () => {
    const outbox = { scanTargets: () => Promise.reject(new Error('No queue')) };
    const world = await anApiWorld({ outbox });
    expect((await request(world)).status).toBe(500);
    expect((await world.ask('/v1/runs?limit=1')).json).toMatchObject({
      items: [{ kind: 'request', targetsExpected: 1, targetsUnderWay: 1 }],
    });
    expect((await world.ask('/v1/audit-trail')).json).toMatchObject({ items: [{ outcome: 'begun' }] });
  });

  it.each([
    [{ ...TARGET, accountId: '999999999999' }, 404],
    [{ ...TARGET, region: 'us-east-1' }, 404],
    [{ ...TARGET, region: 'everywhere' }, 400],
    [{ ...TARGET, accountId: '1' }, 400],
    [{ accountId: ALPHA.accountId }, 400],
  ])('of %j is refused: %i', async (target, status) => {
    const world = await anApiWorld();
    expect((await request(world, target)).status).toBe(status);
    expect(world.scans).toEqual([]);
  });
});
