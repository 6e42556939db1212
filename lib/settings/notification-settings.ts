import * as z from 'zod/mini';
import { ALERT_KINDS, ALERT_SEVERITIES } from '../domain/alert/alert.ts';
import { isTimeZone } from './local-time.ts';
import { AccountId, Channel, list, map, oneLine, Pattern, RegionPattern, spelled, TeamName } from './setting-parts.ts';

export const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;

const TimeOfDay = spelled(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day from "00:00" to "23:59", in quotes');
const EndOfDay = spelled(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, 'a time of day from "00:00" to "24:00", in quotes');

const TIME_ZONE_EXPECTED = 'a time zone by its IANA name (Europe/Berlin)';
const TimeZone = z.string(TIME_ZONE_EXPECTED).check(z.refine(isTimeZone, TIME_ZONE_EXPECTED));

/** https://docs.slack.dev/messaging/formatting-message-text#mentioning-users */
const UserId = spelled(/^[UW][A-Z0-9]{8,20}$/, 'the id of a Slack user (U0123456789)');

const ROUTE_SHAPE = {
  team: z.optional(TeamName).check(z.describe('The team that answers for it')),
  account: z
    .optional(AccountId)
    .check(z.describe('An account that is concerned: the owner of the VPC or of a cluster in it')),
  region: z.optional(RegionPattern).check(z.describe('The region, or the start of its name and "*"')),
  cluster: z.optional(Pattern).check(z.describe('The name of a cluster that is concerned; "*" stands for any text')),
  kind: z.optional(z.enum(ALERT_KINDS)).check(z.describe('The kind of the alert')),
  severity: z.optional(z.enum(ALERT_SEVERITIES)).check(z.describe('How bad it is at the time')),
};

const Route = map({
  match: map(ROUTE_SHAPE).check(
    z.refine((match) => Object.values(match).some((wanted) => wanted !== undefined), {
      error: `at least one of ${Object.keys(ROUTE_SHAPE).join(', ')}`,
    }),
    z.describe('Which alerts: those of which everything that is given here holds'),
  ),
  channel: Channel.check(z.describe('Where they are told')),
});
export type Route = z.infer<typeof Route>;

const QuietHours = map({
  channels: z
    .optional(list(Channel).check(z.minLength(1, 'at least one channel')))
    .check(z.describe('Channels, spelled as where they are routed to; every channel where left out')),
  from: TimeOfDay.check(z.describe('When it begins')),
  to: EndOfDay.check(z.describe('When it ends; on the next day where that is not after "from"')),
  timeZone: z.optional(TimeZone).check(z.describe('Of both times; that of "slack" where left out')),
  days: z._default(
    list(z.enum(WEEKDAYS)).check(
      z.minLength(1, `at least one of ${WEEKDAYS.join(', ')}`),
      z.describe('The days on which it begins'),
    ),
    () => [...WEEKDAYS],
  ),
}).check(
  z.refine(({ from, to }) => from !== to, {
    path: ['to'],
    error: 'another time than from; a whole day ends at "24:00"',
  }),
);
export type QuietHours = z.infer<typeof QuietHours>;

const MentionRule = map({
  channel: z
    .optional(Channel)
    .check(z.describe('The channel, spelled as where it is routed to; every channel where left out')),
  mention: spelled(
    /^(here|[UWS][A-Z0-9]{8,20})$/,
    'here, or the id of a user (U0123456789) or of a user group (S0123456789)',
  ).check(z.describe('Who is called when something gets critical')),
});

const Writer = map({
  userId: UserId.check(z.describe('The id of the user, from the profile in Slack')),
  name: z
    .optional(oneLine('text of 1 to 256 characters without space around'))
    .check(z.describe('Whose it is, for those who read this file')),
});

const SlackSettings = map({
  defaultChannel: z
    .optional(Channel)
    .check(z.describe('Where alerts are told that no route and no owner has a channel for; nowhere where left out')),
  routes: z._default(
    list(Route).check(
      z.describe('Where alerts are told. The first entry that matches wins; then the channel of the owner'),
    ),
    () => [],
  ),
  quietHours: z._default(
    list(QuietHours).check(z.describe('When only what is critical is told; the rest follows afterwards')),
    () => [],
  ),
  mentions: z._default(
    list(MentionRule).check(
      z.describe('Who is called when something gets critical: the first entry for the channel says it'),
    ),
    () => [],
  ),
  writers: z._default(list(Writer).check(z.describe('Who may acknowledge and snooze from Slack')), () => []),
  webhooks: z._default(
    list(Channel).check(
      z.describe(
        'Channels, spelled as where they are routed to, that an incoming webhook posts to in place of the app',
      ),
    ),
    () => [],
  ),
  digestAt: z._default(
    spelled(/^(never|([01]\d|2[0-3]):[0-5]\d)$/, 'a time of day from "00:00" to "23:59", in quotes, or never').check(
      z.describe("When the day's digest is sent, or never"),
    ),
    '08:00',
  ),
  timeZone: z._default(
    TimeZone.check(z.describe('The time zone of digestAt, and of quiet hours that name none')),
    'UTC',
  ),
});
export type SlackSettings = z.infer<typeof SlackSettings>;

/** Who is told of alerts, and how. */
export const Notifications = map({
  slack: z.optional(SlackSettings).check(z.describe('Messages in Slack; none where left out')),
  eventBus: z._default(
    z.boolean('true or false').check(z.describe('Every step of every alert, on the EventBridge bus')),
    false,
  ),
  email: z._default(z.boolean('true or false').check(z.describe('Mail by an SNS topic')), false),
  baseUrl: z
    .optional(
      spelled(
        /^https?:\/\/[^\s/?#]{1,253}(\/[^\s?#]{0,256})?$/,
        'where the dashboard is (https://elbowroom.example.com), without "?" and "#"',
      ),
    )
    .check(z.describe('Where the dashboard is, for the links of messages; without it they have none')),
});

/** Returns every channel in which something may be told, each once. */
export function toldChannels(
  slack: SlackSettings | undefined,
  owners: readonly { readonly channel?: string | undefined }[],
): readonly string[] {
  if (slack === undefined) {
    return [];
  }
  const named = [slack.defaultChannel, ...[...slack.routes, ...owners].map(({ channel }) => channel)];
  return [...new Set(named.filter((channel) => channel !== undefined))];
}

/** Returns the channels of which something else is said: one that is spelled otherwise than where it is told in would be none. */
export function namedChannels({ quietHours, mentions, webhooks }: SlackSettings) {
  return [
    ...quietHours.flatMap(({ channels = [] }, index) =>
      channels.map((channel, at) => ({ path: ['quietHours', index, 'channels', at], channel })),
    ),
    ...mentions.flatMap(({ channel }, index) =>
      channel === undefined ? [] : [{ path: ['mentions', index, 'channel'], channel }],
    ),
    ...webhooks.map((channel, index) => ({ path: ['webhooks', index], channel })),
  ];
}
