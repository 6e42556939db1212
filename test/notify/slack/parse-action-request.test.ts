import { describe, expect, it } from 'vitest';
import { actionIdOf, parseActionId } from '../../../lib/notify/slack/action-id.ts';
import { parseActionRequest } from '../../../lib/notify/slack/parse-action-request.ts';

const ALERT_ID = 'exhaustion.111122223333.us-east-1.vpc-0a.subnet.subnet-0a';

function form(payload: unknown): string {
  return new URLSearchParams({ payload: typeof payload === 'string' ? payload : JSON.stringify(payload) }).toString();
}

const PAYLOAD = {
  type: 'block_actions',
  user: { id: 'U0ANA', username: 'ana', name: 'ana', team_id: 'T0' },
  team: { id: 'T0', domain: 'example' },
  channel: { id: 'C0PLATFORM', name: 'platform' },
  actions: [{ type: 'button', action_id: `acknowledge:3:${ALERT_ID}`, block_id: 'x', action_ts: '1.2' }],
};

describe('the id of a button', () => {
  it('is read back as it was written', () => {
    const id = { action: 'snooze-7-days', alertId: ALERT_ID, sequence: 12 } as const;
    expect(parseActionId(actionIdOf(id) ?? '')).toEqual(id);
  });

  it('is none where Slack would not take it', () => {
    const of = (length: number) => actionIdOf({ action: 'acknowledge', alertId: 'a'.repeat(length), sequence: 1 });
    expect(of(238)?.length).toBe(252);
    expect(of(239)).toBeUndefined();
    expect(actionIdOf({ action: 'acknowledge', alertId: 'a b', sequence: 1 })).toBeUndefined();
  });

  it.each([
    'open-page',
    'acknowledge:0:a',
    'acknowledge:1',
    'delete:1:a',
    `acknowledge:1:${'a'.repeat(239)}`,
    'acknowledge:1:a\n',
  ])('asks for nothing as %j', (id) => {
    expect(parseActionId(id)).toBeUndefined();
  });
});

describe('an action of Slack', () => {
  it('says who asked for what', () => {
    expect(parseActionRequest(form(PAYLOAD))).toEqual({
      ok: true,
      value: [
        {
          action: { action: 'acknowledge', alertId: ALERT_ID, sequence: 3 },
          userId: 'U0ANA',
          userName: 'ana',
          teamId: 'T0',
          channelId: 'C0PLATFORM',
        },
      ],
    });
  });

  it('asks for nothing where a link was opened', () => {
    const opened = { ...PAYLOAD, actions: [{ type: 'button', action_id: 'open-page' }] };
    expect(parseActionRequest(form(opened))).toEqual({ ok: true, value: [] });
  });

  it.each([
    ['', 'the form has no field "payload"'],
    [form('{'), 'the payload'],
    [form({ ...PAYLOAD, type: 'view_submission' }), 'type'],
    [form({ ...PAYLOAD, user: { id: '<!channel>' } }), 'user.id'],
    [form({ ...PAYLOAD, actions: [] }), 'actions'],
  ])('is refused as %j', (body, reason) => {
    const result = parseActionRequest(body);
    expect(result.ok ? '' : result.error).toContain(reason);
  });
});
