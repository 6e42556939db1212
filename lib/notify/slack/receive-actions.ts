import type { AlertAction } from './action-id.ts';
import { parseActionRequest } from './parse-action-request.ts';
import { verifySignature } from './request-signature.ts';
import type { Fetch } from './slack-client.ts';

/** Somebody whom the settings let write from Slack. */
export interface SlackWriter {
  readonly userId: string;
  readonly name?: string | undefined;
}

export interface ReceiveActionsPorts {
  /** Those that are valid now: two while one replaces the other. */
  readonly signingSecrets: () => Promise<readonly string[]>;
  readonly writers: readonly SlackWriter[];
  readonly fetch: Fetch;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Told why a user was not told something. */
  readonly onFailure: (cause: unknown) => void;
}

const SNOOZE_DAYS: Readonly<Record<AlertAction, number | undefined>> = {
  acknowledge: undefined,
  'snooze-1-day': 1,
  'snooze-7-days': 7,
};
/** Slack waits 3 seconds for all of it. https://docs.slack.dev/interactivity/handling-user-interaction#acknowledgment_response */
const ANSWER_WITHIN_MS = 1_000;
/** More than a person reads. */
const WRITERS_NAMED_MAX = 20;
const MS_PER_SECOND = 1_000;

/** Returns what reads the buttons that people press in Slack, says who may, and answers those who may not. */
export function createActionReceiver({ signingSecrets, writers, fetch, now, onFailure }: ReceiveActionsPorts) {
  const names = new Map(writers.map(({ userId, name }) => [userId, name]));
  return {
    async read(request: {
      readonly timestamp: string | undefined;
      readonly signature: string | undefined;
      readonly rawBody: string;
    }) {
      const verdict = verifySignature(request, await signingSecrets(), now());
      if (verdict !== 'valid') {
        return { outcome: 'refused', reason: `its signature is ${verdict}` } as const;
      }
      const parsed = parseActionRequest(request.rawBody);
      if (!parsed.ok) {
        return { outcome: 'unreadable', reason: parsed.error } as const;
      }
      const deeds = parsed.value.map(({ action, userId, responseUrl }) => ({
        alertId: action.alertId,
        snoozeDays: SNOOZE_DAYS[action.action],
        userId,
        answerTo: responseUrl,
      }));
      return { outcome: 'read', signedAtMs: Number(request.timestamp) * MS_PER_SECOND, deeds } as const;
    },
    writerOf(userId: string): string | undefined {
      const name = names.get(userId);
      return names.has(userId) ? `${name ?? 'Slack user'} (${userId})` : undefined;
    },
    writersText: writersText(writers),
    /** To be seen by this user alone. https://docs.slack.dev/interactivity/handling-user-interaction#message_responses */
    async answer(answerTo: string, text: string): Promise<void> {
      try {
        const answered = await fetch(answerTo, {
          method: 'POST',
          headers: { 'content-type': 'application/json; charset=utf-8' },
          body: JSON.stringify({ response_type: 'ephemeral', replace_original: false, text }),
          signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
        });
        if (answered.status >= 300) {
          onFailure(new Error(`Cannot answer a user of Slack: HTTP ${answered.status}`));
        }
      } catch (cause) {
        onFailure(cause);
      }
    },
  };
}

/** Ids of users are written so that Slack shows their names. */
function writersText(writers: readonly SlackWriter[]): string {
  if (writers.length === 0) {
    return 'The settings name nobody who may: "notifications.slack.writers" is empty.';
  }
  const named = writers.slice(0, WRITERS_NAMED_MAX).map(({ userId }) => `<@${userId}>`);
  const more = writers.length > named.length ? ` and ${writers.length - named.length} others` : '';
  return `Those who may: ${named.join(', ')}${more}.`;
}
