import { createHash } from 'node:crypto';
import { bothReports, type DeliveryReport, NOTHING_TOLD } from '../../audit/delivery-report.ts';
import type { Alert } from '../../domain/alert/alert.ts';
import type { AlertNotification, PendingAlert } from '../../domain/alert/alert-notification.ts';
import type { AlertTransition } from '../../domain/alert/alert-transition.ts';
import { isClosed } from '../../domain/alert/compare-alerts.ts';
import type { DailyDigest } from '../../domain/alert/daily-digest.ts';
import { alertMessage, isEscalation, transitionMessage } from './alert-message.ts';
import type { MessageSetting } from './alert-parts.ts';
import type { SlackMessage } from './block-kit.ts';
import { type ChannelWay, type ChannelWayPorts, channelWay } from './channel-way.ts';
import { deliverByWebhook, type WebhookDeliveryPorts } from './deliver-by-webhook.ts';
import { type DeliveryPorts, deliverPost, type Post, type PostOutcome, type ToldSequence } from './deliver-post.ts';
import { digestRecordId } from './digest-marks.ts';
import { dailyDigestMessage, firstJudgementMessage, foldMessage } from './list-messages.ts';
import type { Mention } from './spans.ts';

/** What an organisation decides about its messages. Channels are named as its settings spell them. */
export interface NotificationPolicy {
  /** The channel that an alert is told in; `undefined` where nobody is to be told. */
  channelOf(alert: Alert): string | undefined;
  /** Where nothing but what is critical is told at `nowMs`, when that ends; both in milliseconds since 1970. */
  quietUntilMs(channel: string, nowMs: number): number | undefined;
  /** Who is called in a channel when something gets critical. */
  mentionOf(channel: string): Mention | undefined;
  /** The channels that a webhook posts to, and not the app. */
  readonly webhooks: readonly string[];
  /** Every channel that something may be told in. */
  readonly channels: readonly string[];
}

export interface NotificationPorts extends DeliveryPorts, WebhookDeliveryPorts, ChannelWayPorts {
  readonly policy: NotificationPolicy;
  readonly setting: () => MessageSetting;
  /** Takes a message for a channel that no test message has reached yet. */
  preview(channel: string, message: SlackMessage): void;
}

/** Tells a notification in Slack, waiting where Slack asks to until `deadlineMs`. May be called again for the same at any time. */
export async function deliverNotification(
  notification: AlertNotification,
  ports: NotificationPorts,
  deadlineMs: number,
): Promise<DeliveryReport> {
  const pending = notification.kind === 'alert' ? [notification] : notification.alerts;
  const byChannel = Map.groupBy(pending, ({ alert }) => ports.policy.channelOf(alert));
  let report: DeliveryReport = { ...NOTHING_TOLD, done: (byChannel.get(undefined) ?? NO_ALERTS).flatMap(doneOf) };
  for (const [channel, alerts] of byChannel) {
    if (channel !== undefined) {
      report = bothReports(report, await deliverTo(channel, notification, alerts, ports, deadlineMs));
    }
  }
  return report;
}

const NO_ALERTS: readonly PendingAlert[] = [];

/** Tells a day's digest in a channel. Its day and channel name it, so that it is told once. */
export async function deliverDailyDigest(
  digest: DailyDigest,
  channel: string,
  ports: NotificationPorts,
  deadlineMs: number,
): Promise<DeliveryReport> {
  const quietUntilMs = ports.policy.quietUntilMs(channel, ports.clock.now());
  if (quietUntilMs !== undefined) {
    return { ...NOTHING_TOLD, againAtMs: quietUntilMs };
  }
  const recordId = digestRecordId(digest.day, channel);
  const message = dailyDigestMessage(digest, ports.setting());
  return deliverPlanned(channel, ports, deadlineMs, ({ channelId }) => [
    {
      post: {
        threadId: recordId,
        channelId,
        told: [{ recordId, sequence: 1 }],
        messageOf: () => message,
        keyOf: () => recordId,
        root: undefined,
        isBroadcast: false,
        isLast: true,
        charted: undefined,
      },
      done: [],
    },
  ]);
}

async function deliverTo(
  channel: string,
  notification: AlertNotification,
  alerts: readonly PendingAlert[],
  ports: NotificationPorts,
  deadlineMs: number,
): Promise<DeliveryReport> {
  const quietUntilMs = ports.policy.quietUntilMs(channel, ports.clock.now());
  if (quietUntilMs !== undefined && !alerts.some(({ transitions }) => transitions.some(isCritical))) {
    return { ...NOTHING_TOLD, againAtMs: quietUntilMs };
  }
  return deliverPlanned(channel, ports, deadlineMs, (recipient) => postsOf(recipient, notification, alerts, ports));
}

/** A channel as the settings spell it, and as Slack knows it. Where no app posts to it, both are the same. */
interface Recipient {
  readonly channel: string;
  readonly channelId: string;
}

async function deliverPlanned(
  channel: string,
  ports: NotificationPorts,
  deadlineMs: number,
  plannedFor: (recipient: Recipient) => readonly PlannedPost[],
): Promise<DeliveryReport> {
  const way = await channelWay(channel, ports);
  if (way.kind === 'unavailable') {
    return { ...NOTHING_TOLD, refusals: [{ recipient: channel, error: way.error }] };
  }
  const planned = plannedFor({ channel, channelId: way.kind === 'app' ? way.channelId : channel });
  if (way.kind === 'preview') {
    for (const { post } of planned) {
      ports.preview(channel, post.messageOf(post.told, 'root'));
    }
    return { ...NOTHING_TOLD, done: planned.flatMap(({ done }) => done), previewedCount: planned.length };
  }
  let report = NOTHING_TOLD;
  for (const { post, done } of planned) {
    const outcome = await patiently(() => deliverBy(way, post, ports), ports, deadlineMs);
    report = bothReports(report, reportOf(outcome, channel, done));
    if (outcome.state === 'later' || outcome.state === 'refused') {
      // What comes after must not be told before.
      return report;
    }
  }
  return report;
}

function deliverBy(
  way: Extract<ChannelWay, { readonly kind: 'app' | 'webhook' }>,
  post: Post,
  ports: NotificationPorts,
): Promise<PostOutcome> {
  return way.kind === 'app' ? deliverPost(post, ports) : deliverByWebhook(post, way.url, ports);
}

interface PlannedPost {
  readonly post: Post;
  readonly done: readonly { readonly alertId: string; readonly sequence: number }[];
}

function postsOf(
  recipient: Recipient,
  notification: AlertNotification,
  alerts: readonly PendingAlert[],
  ports: NotificationPorts,
): PlannedPost[] {
  const { channel, channelId } = recipient;
  switch (notification.kind) {
    case 'alert':
      return notification.transitions.map((transition) => transitionPost(recipient, transition, notification, ports));
    case 'fold':
      return [
        listPost(`list~${notification.foldId}~${channelId}`, channelId, alerts, (shown, place) =>
          foldMessage({ ...notification, alerts: shown }, ports.setting(), place, mentionFor(channel, shown, ports)),
        ),
      ];
    case 'first-judgements':
      return [
        listPost(`list~${notification.digestId}~${channelId}`, channelId, alerts, (shown) =>
          firstJudgementMessage(shown, ports.setting(), mentionFor(channel, shown, ports)),
        ),
      ];
  }
}

function transitionPost(
  { channel, channelId }: Recipient,
  transition: AlertTransition,
  { alert: newest, transitions }: PendingAlert,
  { policy, setting }: NotificationPorts,
): PlannedPost {
  const { alertId, sequence, type } = transition;
  const mention = isWorse(transition) && isCritical(transition) ? policy.mentionOf(channel) : undefined;
  // Later figures of the state that this transition left are better than those of its moment.
  const shown = newest.sequence === sequence ? newest : transition.alert;
  return {
    done: [{ alertId, sequence }],
    post: {
      threadId: alertId,
      channelId,
      told: [{ recordId: alertId, sequence }],
      messageOf: (_, place) =>
        place === 'root'
          ? alertMessage(shown, setting(), mention)
          : transitionMessage({ ...transition, alert: shown }, setting(), mention),
      keyOf: () => `${alertId}~${sequence}`,
      root: alertMessage(shown, setting()),
      isBroadcast: isEscalation(transition),
      isLast: type === 'resolved' || type === 'removed',
      // A chart shows what is known now: of several steps that are told at once one is enough.
      charted: transitions.findLast(isWorse)?.sequence === sequence && !isClosed(newest) ? newest : undefined,
    },
  };
}

function isWorse(transition: AlertTransition): boolean {
  return transition.type === 'opened' || isEscalation(transition);
}

function listPost(
  threadId: string,
  channelId: string,
  alerts: readonly PendingAlert[],
  messageOf: (shown: readonly PendingAlert[], place: 'root' | 'reply') => SlackMessage,
): PlannedPost {
  const told = alerts.map(({ alert: { alertId }, transitions }) => ({
    recordId: alertId,
    sequence: transitions.at(-1)?.sequence ?? transitions[0].sequence,
  }));
  return {
    done: alerts.flatMap(doneOf),
    post: {
      threadId,
      channelId,
      told,
      messageOf: (open, place) => {
        const ids = new Set(open.map(({ recordId }) => recordId));
        return messageOf(
          alerts.filter(({ alert }) => ids.has(alert.alertId)),
          place,
        );
      },
      keyOf: (open) => `${threadId}~${digestOf(open)}`,
      root: undefined,
      isBroadcast: false,
      isLast: false,
      charted: undefined,
    },
  };
}

/** Enough of a SHA-256 that no two lists of one thread share it. */
const DIGEST_LENGTH = 24;

function digestOf(told: readonly ToldSequence[]): string {
  const list = told.map(({ recordId, sequence }) => `${recordId}~${sequence}`).toSorted();
  return createHash('sha256').update(list.join('\n')).digest('hex').slice(0, DIGEST_LENGTH);
}

function mentionFor(
  channel: string,
  shown: readonly PendingAlert[],
  { policy }: NotificationPorts,
): Mention | undefined {
  const isCalled = shown.some(({ transitions }) =>
    transitions.some((transition) => isCritical(transition) && isWorse(transition)),
  );
  return isCalled ? policy.mentionOf(channel) : undefined;
}

function isCritical({ after }: AlertTransition): boolean {
  return after.severity === 'critical';
}

/** Delivers as often as Slack asks to wait, until the deadline. */
async function patiently(
  attempt: () => Promise<PostOutcome>,
  { clock }: Pick<DeliveryPorts, 'clock'>,
  deadlineMs: number,
): Promise<PostOutcome> {
  for (;;) {
    const outcome = await attempt();
    if (outcome.state !== 'later' || outcome.atMs > deadlineMs) {
      return outcome;
    }
    // At least a moment passes, so that no fault can keep this going without end.
    await clock.sleep(Math.max(LEAST_WAIT_MS, outcome.atMs - clock.now()));
    if (clock.now() > deadlineMs) {
      return outcome;
    }
  }
}

const LEAST_WAIT_MS = 100;

function reportOf(outcome: PostOutcome, recipient: string, done: PlannedPost['done']): DeliveryReport {
  switch (outcome.state) {
    case 'told':
      return { ...NOTHING_TOLD, done, toldCount: 1, repeatedCount: outcome.isRepeated ? 1 : 0 };
    case 'already-told':
      return { ...NOTHING_TOLD, done };
    case 'later':
      return { ...NOTHING_TOLD, againAtMs: outcome.atMs };
    case 'refused':
      return { ...NOTHING_TOLD, refusals: [{ recipient, error: outcome.error }] };
  }
}

function doneOf({ transitions }: PendingAlert): { readonly alertId: string; readonly sequence: number }[] {
  return transitions.map(({ alertId, sequence }) => ({ alertId, sequence }));
}
