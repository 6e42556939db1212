import type { SlackMessage } from './block-kit.ts';
import { context } from './blocks.ts';
import { text } from './spans.ts';

const REPEATED = 'May be a repeat: Slack did not answer when this was first sent.';

/** Says at its head that a message may be there already. */
export function markRepeated({ text: words, blocks }: SlackMessage): SlackMessage {
  return { text: `${REPEATED} ${words}`, blocks: [context([[text(REPEATED)]]), ...blocks] };
}
