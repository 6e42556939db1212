import type { DigestSchedule } from '../audit/daily-digest.ts';
import type { NotificationPolicy } from '../notify/slack/deliver-notification.ts';
import type { Mention } from '../notify/slack/spans.ts';
import { channelOf } from '../settings/channel-of.ts';
import { digestDue } from '../settings/digest-due.ts';
import { toldChannels } from '../settings/notification-settings.ts';
import { quietUntilMs } from '../settings/quiet-until.ts';
import type { Settings } from '../settings/settings.ts';

/** Returns what the settings file says of Slack; without a section about it, nobody is told anything. */
export function slackPolicy(settings: Pick<Settings, 'notifications' | 'owners'>): NotificationPolicy & DigestSchedule {
  const { slack } = settings.notifications;
  return {
    channelOf: (alert) => channelOf(settings, alert),
    channels: toldChannels(slack, settings.owners),
    defaultChannel: slack?.defaultChannel,
    // Absent means that there is none: without the section no channel is named either.
    webhooks: slack?.webhooks ?? [],
    quietUntilMs: (channel, nowMs) => (slack === undefined ? undefined : quietUntilMs(slack, channel, nowMs)),
    mentionOf(channel) {
      const rule = slack?.mentions.find((one) => one.channel === undefined || one.channel === channel);
      return rule === undefined ? undefined : mentionNamed(rule.mention);
    },
    digestDue: (nowMs) => (slack === undefined ? undefined : digestDue(slack, nowMs)),
  };
}

/** `here`, or an id, of which the first letter says what it is of: https://docs.slack.dev/messaging/formatting-message-text */
function mentionNamed(name: string): Mention {
  if (name === 'here') {
    return { kind: 'here' };
  }
  return name.startsWith('S') ? { kind: 'user-group', userGroupId: name } : { kind: 'user', userId: name };
}
