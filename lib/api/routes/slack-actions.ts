import type { SnoozeOutcome } from '../../audit/snooze-alert.ts';
import { err, ok } from '../../domain/result.ts';
import type { WriteRoutePorts } from '../api-ports.ts';
import { changeAlert } from '../change-alert.ts';
import { route } from '../route.ts';
import type { SlackDeed } from '../slack-actions.ts';

const MS_PER_DAY = 86_400_000;

/** Slack wants its answer within 3 seconds. https://docs.slack.dev/interactivity/handling-user-interaction#acknowledgment_response */
export const receiveSlackActions = route({
  operationId: 'receiveSlackActions',
  method: 'post',
  path: '/slack/actions',
  tag: 'slack',
  summary: 'Takes the buttons of messages; for Slack alone, which signs what it sends',
  access: 'signed',
  response: { status: 200, description: 'Taken; whoever may not do it is told so in Slack', isEmpty: true },
  async handle({ header, rawBody }, ports) {
    const reading = await ports.slack.read({
      timestamp: header('x-slack-request-timestamp'),
      signature: header('x-slack-signature'),
      rawBody,
    });
    if (reading.outcome !== 'read') {
      const code = reading.outcome === 'refused' ? 'not-authenticated' : 'invalid-body';
      return err({ code, detail: `Cannot take an action of Slack: ${reading.reason}` });
    }
    for (const deed of reading.deeds) {
      const reply = await take(deed, reading.signedAtMs, ports);
      if (reply !== undefined && deed.answerTo !== undefined) {
        await ports.slack.answer(deed.answerTo, reply);
      }
    }
    return ok(undefined);
  },
});

/** Returns what the user has to be told; nothing where the thread of the alert says it. */
async function take(
  { alertId, snoozeDays, userId }: SlackDeed,
  signedAtMs: number,
  ports: WriteRoutePorts,
): Promise<string | undefined> {
  const name = ports.slack.writerOf(userId);
  if (name === undefined) {
    return `You may not answer alerts. ${ports.slack.writersText}`;
  }
  const caller = { name, scopes: ['write'] as const, accountIds: undefined };
  // From when it was signed: sent again, it means the same moment.
  const until = new Date(signedAtMs + (snoozeDays ?? 0) * MS_PER_DAY).toISOString();
  const deed = snoozeDays === undefined ? ({ type: 'acknowledge' } as const) : ({ type: 'snooze', until } as const);
  return replyTo(await changeAlert({ alertId, deed, caller }, ports));
}

function replyTo(result: SnoozeOutcome): string | undefined {
  switch (result.outcome) {
    case 'answered':
      return undefined;
    case 'already-so':
      return 'That is so already.';
    case 'closed':
      return 'This alert has ended: there is nothing left to answer.';
    case 'not-found':
      return 'This alert is not known any more.';
    case 'not-expected':
    case 'until-refused':
      return 'This button is too old. Use that of the newest message.';
  }
}
