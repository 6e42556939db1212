import { createHash } from 'node:crypto';
import { bothReports, type DeliveryReport, NOTHING_TOLD } from '../../audit/delivery-report.ts';
import type { Alert } from '../../domain/alert/alert.ts';
import type { AlertNotification, PendingAlert } from '../../domain/alert/alert-notification.ts';
import type { AlertTransition } from '../../domain/alert/alert-transition.ts';
import { alertMessage, isEscalation, transitionMessage } from './alert-message.ts';
import type { MessageSetting } from './alert-parts.ts';
import type { SlackMessage } from './block-kit.ts';
import { type DeliveryPorts, deliverPost, type Post, type PostOutcome, type ToldSequence } from './deliver-post.ts';
import { type DailyDigest, dailyDigestMessage, firstJudgementMessage, foldMessage } from './list-messages.ts';
import type { Mention } from './spans.ts';

/** What an organisation decides about its messages. */
export interface NotificationPolicy {
  /** The channel that an alert is told in, by its id; `undefined` where nobody is to be told. */
  channelOf(alert: Alert): string | undefined;
  /** Where nothing but what is critical is told at `nowMs`, when that ends; both in milliseconds since 1970. */
  quietUntilMs(channelId: string, nowMs: number): number | undefined;
  /** Who is called in a channel when something gets critical. */
  mentionOf(channelId: string): Mention | undefined;
}

export interface NotificationPorts extends DeliveryPorts {
  readonly policy: NotificationPolicy;
  readonly setting: () => MessageSetting;
  /** Takes a message for a channel that no test message has reached yet. */
  preview(channelId: string, message: SlackMessage): void;
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
  for (const [channelId, alerts] of byChannel) {
    if (channelId !== undefined) {
      report = bothReports(report, await deliverTo(channelId, notification, alerts, ports, deadlineMs));
    }
  }
  return report;
}

const NO_ALERTS: readonly PendingAlert[] = [];

/** Tells a day's digest in a channel. Its day and channel name it, so that it is told once. */
export async function deliverDailyDigest(
  digest: DailyDigest,
  channelId: string,
  ports: NotificationPorts,
  deadlineMs: number,
): Promise<PostOutcome | { readonly state: 'previewed' }> {
  const message = dailyDigestMessage(digest, ports.setting());
  if ((await ports.store.readConfirmation(channelId)) === undefined) {
    ports.preview(channelId, message);
    return { state: 'previewed' };
  }
  const recordId = `digest~${digest.day}~${channelId}`;
  return patiently(
    {
      threadId: recordId,
      channelId,
      told: [{ recordId, sequence: 1 }],
      messageOf: () => message,
      keyOf: () => recordId,
      root: undefined,
      isBroadcast: false,
      isLast: true,
    },
    ports,
    deadlineMs,
  );
}

async function deliverTo(
  channelId: string,
  notification: AlertNotification,
  alerts: readonly PendingAlert[],
  ports: NotificationPorts,
  deadlineMs: number,
): Promise<DeliveryReport> {
  const quietUntilMs = ports.policy.quietUntilMs(channelId, ports.clock.now());
  if (quietUntilMs !== undefined && !alerts.some(({ transitions }) => transitions.some(isCritical))) {
    return { ...NOTHING_TOLD, againAtMs: quietUntilMs };
  }
  const posts = postsOf(channelId, notification, alerts, ports);
  if ((await ports.store.readConfirmation(channelId)) === undefined) {
    for (const { post } of posts) {
      ports.preview(channelId, post.messageOf(post.told, 'root'));
    }
    return { ...NOTHING_TOLD, done: alerts.flatMap(doneOf), previewedCount: posts.length };
  }
  let report = NOTHING_TOLD;
  for (const { post, done } of posts) {
    const outcome = await patiently(post, ports, deadlineMs);
    report = bothReports(report, reportOf(outcome, channelId, done));
    if (outcome.state === 'later' || outcome.state === 'refused') {
      // What comes after must not be told before.
      return report;
    }
  }
  return report;
}

interface PlannedPost {
  readonly post: Post;
  readonly done: readonly { readonly alertId: string; readonly sequence: number }[];
}

function postsOf(
  channelId: string,
  notification: AlertNotification,
  alerts: readonly PendingAlert[],
  ports: NotificationPorts,
): PlannedPost[] {
  switch (notification.kind) {
    case 'alert':
      return notification.transitions.map((transition) => transitionPost(channelId, transition, notification, ports));
    case 'fold':
      return [
        listPost(`list~${notification.foldId}~${channelId}`, channelId, alerts, (shown, place) =>
          foldMessage({ ...notification, alerts: shown }, ports.setting(), place, mentionFor(channelId, shown, ports)),
        ),
      ];
    case 'first-judgements':
      return [
        listPost(`list~${notification.digestId}~${channelId}`, channelId, alerts, (shown) =>
          firstJudgementMessage(shown, ports.setting(), mentionFor(channelId, shown, ports)),
        ),
      ];
  }
}

function transitionPost(
  channelId: string,
  transition: AlertTransition,
  { alert: newest }: PendingAlert,
  { policy, setting }: NotificationPorts,
): PlannedPost {
  const { alertId, sequence, type } = transition;
  const isWorse = type === 'opened' || isEscalation(transition);
  const mention = isWorse && isCritical(transition) ? policy.mentionOf(channelId) : undefined;
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
    },
  };
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
  channelId: string,
  shown: readonly PendingAlert[],
  { policy }: NotificationPorts,
): Mention | undefined {
  const isCalled = shown.some(({ transitions }) =>
    transitions.some(
      (transition) => isCritical(transition) && (transition.type === 'opened' || isEscalation(transition)),
    ),
  );
  return isCalled ? policy.mentionOf(channelId) : undefined;
}

function isCritical({ after }: AlertTransition): boolean {
  return after.severity === 'critical';
}

/** Delivers as often as Slack asks to wait, until the deadline. */
async function patiently(post: Post, ports: DeliveryPorts, deadlineMs: number): Promise<PostOutcome> {
  for (;;) {
    const outcome = await deliverPost(post, ports);
    if (outcome.state !== 'later' || outcome.atMs > deadlineMs) {
      return outcome;
    }
    // At least a moment passes, so that no fault can keep this going without end.
    await ports.clock.sleep(Math.max(LEAST_WAIT_MS, outcome.atMs - ports.clock.now()));
    if (ports.clock.now() > deadlineMs) {
      return outcome;
    }
  }
}

const LEAST_WAIT_MS = 100;

function reportOf(outcome: PostOutcome, channelId: string, done: PlannedPost['done']): DeliveryReport {
  switch (outcome.state) {
    case 'told':
      return { ...NOTHING_TOLD, done, toldCount: 1, repeatedCount: outcome.isRepeated ? 1 : 0 };
    case 'already-told':
      return { ...NOTHING_TOLD, done };
    case 'later':
      return { ...NOTHING_TOLD, againAtMs: outcome.atMs };
    case 'refused':
      return { ...NOTHING_TOLD, refusals: [{ recipient: channelId, error: outcome.error }] };
  }
}

function doneOf({ transitions }: PendingAlert): { readonly alertId: string; readonly sequence: number }[] {
  return transitions.map(({ alertId, sequence }) => ({ alertId, sequence }));
}
