import { describe, expect, it } from 'vitest';
import { Settings } from '../../lib/settings/settings.ts';
import { slackPolicy } from '../../lib/wiring/slack-policy.ts';
import { anAlert } from '../domain/alert/an-alert.ts';

const policyOf = (slack: object) =>
  slackPolicy(Settings.parse({ notifications: { slack: { defaultChannel: '#a', ...slack } } }));

describe('the policy of Slack', () => {
  it.each([
    ['here', { kind: 'here' }],
    ['U0123456789', { kind: 'user', userId: 'U0123456789' }],
    ['W0123456789', { kind: 'user', userId: 'W0123456789' }],
    ['S0123456789', { kind: 'user-group', userGroupId: 'S0123456789' }],
  ])('calls %s', (mention, called) => {
    expect(policyOf({ mentions: [{ mention }] }).mentionOf('#a')).toEqual(called);
  });

  it('calls whom the first entry for the channel names, and nobody without one', () => {
    const mentions = [{ channel: '#a', mention: 'U0123456789' }, { mention: 'here' }];
    expect(policyOf({ mentions }).mentionOf('#a')).toMatchObject({ kind: 'user' });
    expect(policyOf({ mentions }).mentionOf('#b')).toEqual({ kind: 'here' });
    expect(policyOf({ mentions: mentions.slice(0, 1) }).mentionOf('#b')).toBeUndefined();
  });

  it('is what the settings say of channels, quiet hours and digests', () => {
    const policy = policyOf({
      defaultChannel: '#a',
      webhooks: ['#a'],
      quietHours: [{ from: '22:00', to: '07:00' }],
      timeZone: 'Europe/Berlin',
    });
    const nowMs = Date.parse('2026-11-23T22:00:00Z');
    expect(policy).toMatchObject({ channels: ['#a'], defaultChannel: '#a', webhooks: ['#a'] });
    expect(policy.channelOf(anAlert())).toBe('#a');
    expect(policy.quietUntilMs('#a', nowMs)).toBe(Date.parse('2026-11-24T06:00:00Z'));
    expect(policy.digestDue(nowMs)).toEqual({ day: '2026-11-23', sinceMs: Date.parse('2026-11-22T07:00:00Z') });
  });

  it('tells nobody anything where the settings have no section about it', () => {
    const policy = slackPolicy(Settings.parse({}));
    expect(policy).toMatchObject({ channels: [], defaultChannel: undefined, webhooks: [] });
    expect(policy.channelOf(anAlert())).toBeUndefined();
    expect([policy.mentionOf('#a'), policy.quietUntilMs('#a', 0), policy.digestDue(0)]).toEqual(
      Array(3).fill(undefined),
    );
  });
});
