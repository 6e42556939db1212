import type { SlackMessage } from './block-kit.ts';
import { type Fetch, type NotifyClock, type SlackOutcome, send } from './slack-client.ts';

export interface WebhookPorts {
  readonly fetch: Fetch;
  readonly clock: NotifyClock;
}

/**
 * Posts a message by an incoming webhook: at least once, since a webhook tells nothing back to look for, without threads, and
 * without buttons that ask for something. Whoever gets `answer-lost` posts it again.
 * https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
 */
export async function postToWebhook(
  url: string,
  { text, blocks }: SlackMessage,
  ports: WebhookPorts,
): Promise<SlackOutcome<undefined>> {
  if (!url.startsWith('https://')) {
    return { state: 'refused', error: 'webhook_not_https' };
  }
  const body = JSON.stringify({ text, blocks: blocks.flatMap(withoutQuestions), unfurl_links: false });
  const sent = await send(ports, url, { 'content-type': 'application/json; charset=utf-8' }, body);
  return sent.state === 'done' ? { state: 'done', value: undefined } : sent;
}

/** Leaves links, since those need nobody who answers. */
function withoutQuestions(block: SlackMessage['blocks'][number]): SlackMessage['blocks'] {
  if (block.type !== 'actions') {
    return [block];
  }
  const elements = block.elements.filter(({ url }) => url !== undefined);
  return elements.length === 0 ? [] : [{ ...block, elements }];
}
