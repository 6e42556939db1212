import { describe, expect, it } from 'vitest';
import { createActionReceiver, type SlackWriter } from '../../lib/notify/slack/receive-actions.ts';
import { signatureOf } from '../../lib/notify/slack/request-signature.ts';
import { ALPHA, anApiWorld, NOW } from './api-world.ts';

const SECRET = 'a-signing-secret';
const RESPONSE_URL = 'https://hooks.slack.com/actions/T0/1/abc';
const WRITERS: readonly SlackWriter[] = [{ userId: 'U0ANA', name: 'ana' }, { userId: 'U0BEN' }];
const NOW_SECONDS = Date.parse(NOW) / 1_000;

interface Press {
  readonly userId?: string;
  readonly action?: string;
  readonly alertId?: string;
  readonly responseUrl?: string;
  readonly payload?: string;
  readonly secret?: string;
  readonly timestamp?: number;
  readonly change?: (body: string) => string;
}

async function aSlack({ writers = WRITERS, status = 200 }: { writers?: readonly SlackWriter[]; status?: number } = {}) {
  const told: { readonly url: string; readonly message: unknown }[] = [];
  const failures: unknown[] = [];
  const world = await anApiWorld();
  const slack = createActionReceiver({
    signingSecrets: async () => [SECRET, 'the-next-secret'],
    writers,
    async fetch(url, { body }) {
      told.push({ url, message: JSON.parse(String(body)) });
      if (status === 0) {
        throw new Error('No answer');
      }
      return new Response('ok', { status });
    },
    now: world.ports.now,
    onFailure: (cause) => failures.push(cause),
  });
  const { ask, ports } = await anApiWorld({ ...world.ports, slack });
  const press = ({
    userId = 'U0ANA',
    action = 'acknowledge',
    alertId = ALPHA.alertId,
    responseUrl = RESPONSE_URL,
    payload,
    secret = SECRET,
    timestamp = NOW_SECONDS,
    change = (body) => body,
  }: Press = {}) => {
    const json = JSON.stringify({
      type: 'block_actions',
      user: { id: userId, username: 'who <b>' },
      team: { id: 'T0' },
      response_url: responseUrl,
      actions: [{ type: 'button', action_id: `${action}:1:${alertId}` }],
    });
    const body = new URLSearchParams({ payload: payload ?? json }).toString();
    return ask('/slack/actions', {
      method: 'POST',
      body: change(body),
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'x-slack-request-timestamp': String(timestamp),
        'x-slack-signature': signatureOf(secret, String(timestamp), body),
      },
    });
  };
  const state = async () => (await ports.alerts.readAlert(ALPHA.alertId))?.alert;
  return { press, told, failures, state, ask, ports, world };
}

describe('a button in Slack', () => {
  it('acknowledges for a user whom the settings name', async () => {
    const { press, told, state, world, ask } = await aSlack();
    expect((await press()).status).toBe(200);
    expect(await state()).toMatchObject({ state: 'acknowledged', acknowledged: { by: 'ana (U0ANA)' } });
    expect([told, world.hints()]).toEqual([[], 1]);
    expect((await ask('/v1/audit-trail')).json).toMatchObject({
      items: [{ action: 'alert-acknowledged', by: 'ana (U0ANA)', outcome: 'done' }],
    });
  });

  it.each([
    ['snooze-1-day', '2026-11-24T09:00:00.000Z'],
    ['snooze-7-days', '2026-11-30T09:00:00.000Z'],
  ])('asks for %s from when it was signed, however often it comes', async (action, until) => {
    const { press, told, state, world, ports } = await aSlack();
    await press({ action, userId: 'U0BEN' });
    expect(await state()).toMatchObject({ snoozed: { until, by: 'Slack user (U0BEN)' } });
    world.passTime(200_000);
    expect((await press({ action, userId: 'U0BEN' })).status).toBe(200);
    expect(await state()).toMatchObject({ snoozed: { until } });
    expect(await ports.alerts.transitions(ALPHA.alertId)).toHaveLength(2);
    expect(told).toMatchObject([{ message: { text: 'That is so already.' } }]);
  });

  it('does nothing for anybody else, and tells that user alone who can', async () => {
    const { press, told, state, ask } = await aSlack();
    expect((await press({ userId: 'U0EVE' })).status).toBe(200);
    expect(await state()).toMatchObject({ state: 'open' });
    expect(told).toEqual([
      {
        url: RESPONSE_URL,
        message: {
          response_type: 'ephemeral',
          replace_original: false,
          text: 'You may not answer alerts. Those who may: <@U0ANA>, <@U0BEN>.',
        },
      },
    ]);
    expect((await ask('/v1/audit-trail')).json).toMatchObject({ items: [] });
  });

  it('says where to name those who may, while nobody is', async () => {
    const { press, told } = await aSlack({ writers: [] });
    await press();
    expect(told).toMatchObject([
      { message: { text: expect.stringContaining('"notifications.slack.writers" is empty') } },
    ]);
  });

  it('names some of many who may', async () => {
    const writers = Array.from({ length: 22 }, (_, index) => ({ userId: `U0${index}` }));
    const { press, told } = await aSlack({ writers });
    await press({ userId: 'U0EVE' });
    expect(told).toMatchObject([{ message: { text: expect.stringMatching(/<@U019> and 2 others\.$/) } }]);
  });

  it.each([
    ['https://evil.example/actions'],
    ['http://hooks.slack.com/actions'],
    ['https://hooks.slack.com.evil.example/'],
  ])('is answered at no address but one of Slack, not at %s', async (responseUrl) => {
    const { press, told } = await aSlack();
    expect((await press({ userId: 'U0EVE', responseUrl })).status).toBe(200);
    expect(told).toEqual([]);
  });

  it.each([[0], [500], [404]])('is taken even where its user cannot be answered: %i', async (status) => {
    const { press, failures } = await aSlack({ status });
    expect((await press({ userId: 'U0EVE' })).status).toBe(200);
    expect(failures).toHaveLength(1);
  });

  it('of an alert that is not known any more says so', async () => {
    const { press, told } = await aSlack();
    expect((await press({ alertId: 'none' })).status).toBe(200);
    expect(told).toMatchObject([{ message: { text: 'This alert is not known any more.' } }]);
  });
});

describe('what is not signed by Slack', () => {
  it.each([
    ['another secret', { secret: 'another' }],
    ['another body', { change: (body: string) => `${body}&a=1` }],
    ['more than five minutes ago', { timestamp: NOW_SECONDS - 301 }],
    ['more than five minutes from now', { timestamp: NOW_SECONDS + 301 }],
  ])('is refused: %s', async (_, change) => {
    const { press, state } = await aSlack();
    expect((await press(change)).json).toMatchObject({ status: 401, code: 'not-authenticated' });
    expect(await state()).toMatchObject({ state: 'open' });
  });

  it.each([
    ['the next secret', { secret: 'the-next-secret' }],
    ['five minutes ago', { timestamp: NOW_SECONDS - 300 }],
  ])('is told from what is: %s', async (_, change) => {
    const { press } = await aSlack();
    expect((await press(change)).status).toBe(200);
  });

  it('is refused without a signature', async () => {
    const { ask } = await aSlack();
    expect((await ask('/slack/actions', { method: 'POST', body: 'payload={}' })).status).toBe(401);
  });

  it.each([['{'], ['{}'], ['{"type":"view_submission"}']])(
    'but is none of a button is refused: %s',
    async (payload) => {
      const { press } = await aSlack();
      expect((await press({ payload })).json).toMatchObject({ status: 400, code: 'invalid-body' });
    },
  );
});
