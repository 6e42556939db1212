import { describe, expect, it } from 'vitest';
import type { ApiPorts } from '../../lib/api/api-ports.ts';
import { EventPageView, type EventView } from '../../lib/api/event-view.ts';
import { createEventFollower } from '../../lib/api/follow-events.ts';
import { ALPHA, type ApiWorld, anApiWorld, BETA, GAMMA, NOW } from './api-world.ts';

/** Alerts of the world opened at that time or long before; a snooze is a transition of now. */
async function snooze(world: ApiWorld, alertId: string, hour: number): Promise<void> {
  const json = { until: `2026-11-24T${hour}:00:00Z` };
  const { status } = await world.ask(`/v1/alerts/${alertId}/snooze`, { method: 'POST', json });
  expect(status).toBe(200);
}

async function pageOf(world: ApiWorld, query = '') {
  const { status, json } = await world.ask(`/v1/events${query}`);
  expect(status).toBe(200);
  return EventPageView.parse(json);
}

const typesOf = (items: readonly EventView[]) =>
  items.map((item) => (item.type === 'run-progress' ? item.run.slot : item.transition.type));

describe('events', () => {
  it('are what happened in the last hour, but for the last ten seconds', async () => {
    const world = await anApiWorld();
    await snooze(world, ALPHA.alertId, 10);
    world.passTime(10_000);
    expect(typesOf((await pageOf(world)).items)).not.toContain('snoozed');
    world.passTime(1);
    const { items } = await pageOf(world);
    expect(items.at(-1)).toMatchObject({
      type: 'alert-transition',
      eventId: `${ALPHA.alertId}/2`,
      at: NOW,
      alertId: ALPHA.alertId,
      kind: 'exhaustion',
      transition: { sequence: 2, type: 'snoozed', before: { state: 'open' }, after: { state: 'snoozed' } },
    });
    expect(items.map(({ at }) => at)).toEqual(items.map(({ at }) => at).toSorted());
  });

  it('have how far each run had come', async () => {
    const world = await anApiWorld();
    const { items } = await pageOf(world);
    expect(items).toContainEqual({
      type: 'run-progress',
      eventId: 'scan~2026-11-23T08:00:00.000Z/2026-11-23T08:00:00.000Z',
      at: '2026-11-23T08:00:00.000Z',
      run: expect.objectContaining({ targetsExpected: 3, targetsFinished: 3, targetsUnderWay: 0 }),
    });
  });

  it('go on where they were, each once and none left out, page by page', async () => {
    const world = await anApiWorld();
    let cursor = (await pageOf(world)).nextCursor;
    const seen: string[] = [];
    for (const { alertId } of [ALPHA, BETA, GAMMA]) {
      await snooze(world, alertId, 10);
    }
    world.passTime(5_000);
    for (const { alertId } of [ALPHA, BETA]) {
      await snooze(world, alertId, 11);
    }
    for (let page = 0; page < 12; page += 1) {
      world.passTime(3_000);
      const { items, nextCursor } = await pageOf(world, `?limit=1&after=${cursor}`);
      expect(items.length).toBeLessThanOrEqual(1);
      seen.push(...items.map(({ eventId }) => eventId));
      cursor = nextCursor;
    }
    expect(seen).toEqual([
      `${ALPHA.alertId}/2`,
      `${BETA.alertId}/2`,
      `${GAMMA.alertId}/2`,
      `${ALPHA.alertId}/3`,
      `${BETA.alertId}/3`,
    ]);
  });

  it('begin nothing anew for a clock that was set back', async () => {
    const world = await anApiWorld();
    const { nextCursor } = await pageOf(world);
    world.passTime(-1_800_000);
    const { items, nextCursor: next } = await pageOf(world, `?after=${nextCursor}`);
    expect([items, next]).toEqual([[], nextCursor]);
  });

  it('are refused after what is no cursor of theirs', async () => {
    const world = await anApiWorld();
    expect(await world.ask('/v1/events?after=a.b')).toMatchObject({ status: 400, json: { code: 'invalid-cursor' } });
  });
});

const STREAM = { headers: { accept: 'text/event-stream' } };

/** A world whose streams look so many times again, `before` each, and then end. */
async function aStreamingWorld(
  before: readonly ((world: ApiWorld) => Promise<void> | void)[],
  overrides: Partial<ApiPorts> = {},
) {
  const looks = [...before];
  const world: ApiWorld = await anApiWorld({
    ...overrides,
    followEvents: createEventFollower(async () => {
      const look = looks.shift();
      await look?.(world);
      return look !== undefined;
    }),
  });
  return world;
}

describe('a stream of events', () => {
  it('sends them as they happen, and where it goes on, until the service ends', async () => {
    const world = await aStreamingWorld([
      (self) => snooze(self, GAMMA.alertId, 10),
      (self) => self.passTime(10_001),
      () => undefined,
    ]);
    const { status, headers, text } = await world.ask('/v1/events', STREAM);
    expect([status, headers.get('content-type')]).toEqual([200, 'text/event-stream']);
    const events = text.split('\n\n');
    expect(text.match(/"type":"snoozed"/g)).toHaveLength(1);
    expect(text).toContain(`"eventId":"${GAMMA.alertId}/2"`);
    expect(events.filter((event) => event.startsWith('id: '))).toHaveLength(4);
  });

  it('goes on from what a browser has heard last', async () => {
    const first = await aStreamingWorld([]);
    const { nextCursor } = await pageOf(first);
    await snooze(first, GAMMA.alertId, 10);
    first.passTime(10_001);
    const { text } = await first.ask('/v1/events?after=x.y', {
      headers: { ...STREAM.headers, 'last-event-id': nextCursor },
    });
    expect(text.match(/^event: .*$/gm)).toEqual(['event: alert-transition']);
  });

  it('is a problem where it cannot begin', async () => {
    const world = await aStreamingWorld([]);
    expect(await world.ask('/v1/events?after=a.b', STREAM)).toMatchObject({ status: 400 });
  });

  it('ends, and says nothing of why, where events cannot be read any more', async () => {
    const { ports } = await anApiWorld();
    let isBroken = false;
    const alerts = {
      ...ports.alerts,
      listAlerts: async () => (isBroken ? Promise.reject(new Error('a secret')) : ports.alerts.listAlerts()),
    };
    const world = await aStreamingWorld(
      [
        () => {
          isBroken = true;
        },
      ],
      { alerts },
    );
    const { text } = await world.ask('/v1/events', STREAM);
    expect(text).not.toContain('secret');
    expect(world.answers.at(-1)).toMatchObject({
      operationId: 'listEvents',
      status: 500,
      cause: new Error('a secret'),
    });
  });

  it('is none where the platform hands answers on when they are whole', async () => {
    const { ask } = await anApiWorld();
    expect((await ask('/v1/events', STREAM)).headers.get('content-type')).toBe('application/json');
  });
});
