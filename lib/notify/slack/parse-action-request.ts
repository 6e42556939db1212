import * as z from 'zod/mini';
import { err, ok, type Result } from '../../domain/result.ts';
import { type AlertActionId, parseActionId } from './action-id.ts';

/** What somebody asked for by a button of a message. */
export interface ActionRequest {
  readonly action: AlertActionId;
  readonly userId: string;
  /** As the user named itself. Hostile input. */
  readonly userName: string | undefined;
  readonly teamId: string | undefined;
  readonly channelId: string | undefined;
  /** Where an answer to this user alone goes; `undefined` where Slack names none of its own. */
  readonly responseUrl: string | undefined;
}

/** https://docs.slack.dev/interactivity/handling-user-interaction#message_responses */
const RESPONSE_URL_START = 'https://hooks.slack.com/';

const SLACK_ID = z.string().check(z.regex(/^[A-Z0-9]{1,24}$/));

/** https://docs.slack.dev/reference/interaction-payloads/block_actions-payload */
const BLOCK_ACTIONS = z.looseObject({
  type: z.literal('block_actions'),
  user: z.looseObject({ id: SLACK_ID, username: z.optional(z.string()), name: z.optional(z.string()) }),
  team: z.nullish(z.looseObject({ id: SLACK_ID })),
  channel: z.optional(z.looseObject({ id: SLACK_ID })),
  response_url: z.optional(z.string().check(z.maxLength(2_000))),
  actions: z
    .array(z.looseObject({ type: z.string(), action_id: z.string().check(z.maxLength(255)) }))
    .check(z.minLength(1)),
});

/**
 * Reads the body that Slack sends when a button is pressed: a form whose field `payload` is JSON. The signature is checked
 * before. A link is a button as well and asks for nothing: then there are no requests.
 */
export function parseActionRequest(rawBody: string): Result<readonly ActionRequest[]> {
  const payload = new URLSearchParams(rawBody).get('payload');
  if (payload === null) {
    return err('Cannot read an action of Slack: the form has no field "payload"');
  }
  const parsed = BLOCK_ACTIONS.safeParse(jsonOf(payload));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return err(`Cannot read an action of Slack: ${issue?.path.join('.') || 'the payload'}: ${issue?.message}`);
  }
  const { user, team, channel, actions, response_url: url } = parsed.data;
  const responseUrl = url?.startsWith(RESPONSE_URL_START) ? url : undefined;
  return ok(
    actions.flatMap(({ action_id: id }) => {
      const action = parseActionId(id);
      return action === undefined
        ? []
        : [
            {
              action,
              userId: user.id,
              userName: user.username ?? user.name,
              teamId: team?.id,
              channelId: channel?.id,
              responseUrl,
            },
          ];
    }),
  );
}

function jsonOf(payload: string): unknown {
  try {
    return JSON.parse(payload);
  } catch (cause) {
    if (cause instanceof SyntaxError) {
      return undefined;
    }
    throw cause;
  }
}
