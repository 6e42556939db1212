import type {
  ActionsBlock,
  Block,
  Button,
  ContextBlock,
  HeaderBlock,
  Mrkdwn,
  SectionBlock,
  SlackMessage,
} from './block-kit.ts';
import {
  ACTIONS_ELEMENTS_MAX,
  BLOCKS_LENGTH_MAX,
  BLOCKS_MAX,
  BUTTON_TEXT_LENGTH_MAX,
  BUTTON_URL_LENGTH_MAX,
  CONTEXT_ELEMENTS_MAX,
  FIELD_LENGTH_MAX,
  FIELDS_MAX,
  HEADER_LENGTH_MAX,
  MESSAGE_TEXT_LENGTH_MAX,
  SECTION_LENGTH_MAX,
  TEXT_OBJECT_LENGTH_MAX,
} from './limits.ts';
import { ELLIPSIS, plainSpans, renderSpans, type Span, text } from './spans.ts';

/** Builders of blocks that keep Slack's limits: what is too long ends in an ellipsis, what is too much is left out. */

export function header(spans: readonly Span[]): HeaderBlock {
  return {
    type: 'header',
    text: { type: 'plain_text', text: notEmpty(plainSpans(spans, HEADER_LENGTH_MAX)), emoji: true },
  };
}

export function section(spans: readonly Span[]): SectionBlock {
  return { type: 'section', text: mrkdwn(spans, SECTION_LENGTH_MAX) };
}

/** Short facts in two columns: a name above each. Takes at most 10. */
export function fields(facts: readonly { readonly name: string; readonly spans: readonly Span[] }[]): SectionBlock {
  return {
    type: 'section',
    fields: facts
      .slice(0, FIELDS_MAX)
      .map(({ name, spans }) => mrkdwn([{ kind: 'bold', text: name }, text('\n'), ...spans], FIELD_LENGTH_MAX)),
  };
}

/** Quiet text. Takes at most 10 lines. */
export function context(lines: readonly (readonly Span[])[]): ContextBlock {
  return {
    type: 'context',
    elements: lines.slice(0, CONTEXT_ELEMENTS_MAX).map((spans) => mrkdwn(spans, TEXT_OBJECT_LENGTH_MAX)),
  };
}

export function actions(buttons: readonly Button[]): ActionsBlock {
  return { type: 'actions', elements: buttons.slice(0, ACTIONS_ELEMENTS_MAX) };
}

/** A button; where it opens a page whose address Slack would not take, there is none. */
export function button(
  label: string,
  { actionId, url }: { readonly actionId: string; readonly url?: string },
): Button[] {
  if (url !== undefined && (url.length > BUTTON_URL_LENGTH_MAX || !/^https?:\/\//.test(url))) {
    return [];
  }
  return [
    {
      type: 'button',
      text: { type: 'plain_text', text: plainSpans([text(label)], BUTTON_TEXT_LENGTH_MAX), emoji: false },
      action_id: actionId,
      ...(url === undefined ? {} : { url }),
    },
  ];
}

export interface MessageParts {
  /** What is said in a notification. */
  readonly text: readonly Span[];
  readonly lead: readonly Block[];
  /** Left out from the end on, where there are too many. */
  readonly rows?: readonly Block[];
  /** Stands for the rows that are left out. */
  readonly leftOut?: (count: number) => Block;
  readonly tail?: readonly Block[];
}

/** Room that is kept for the block that marks a message as possibly repeated. */
const BLOCKS_KEPT_MAX = BLOCKS_MAX - 1;
const BLOCKS_LENGTH_KEPT_MAX = BLOCKS_LENGTH_MAX - 300;
const TEXT_LENGTH_KEPT_MAX = MESSAGE_TEXT_LENGTH_MAX - 100;

/** Puts a message together, of fewer than 50 blocks and 12,000 characters of them, whatever it takes: a cut message beats none. */
export function message({
  text: words,
  lead,
  rows = [],
  leftOut = leftOutRows,
  tail = [],
}: MessageParts): SlackMessage {
  const kept = rowsThatFit(lead, rows, leftOut, tail);
  const blocks = [
    ...lead,
    ...rows.slice(0, kept),
    ...(kept < rows.length ? [leftOut(rows.length - kept)] : []),
    ...tail,
  ];
  return { text: notEmpty(plainSpans(words, TEXT_LENGTH_KEPT_MAX)), blocks: shortened(blocks) };
}

/** Takes lines off the longest block until all fit, and a block of one line as a whole. */
function shortened(blocks: readonly Block[]): readonly Block[] {
  let fitting = blocks.slice(0, BLOCKS_KEPT_MAX);
  while (lengthOf(fitting) > BLOCKS_LENGTH_KEPT_MAX) {
    const lengths = fitting.map((block) => lengthOf([block]));
    const longest = lengths.indexOf(Math.max(...lengths));
    fitting = fitting.flatMap((block, index) => (index === longest ? withoutLastLine(block) : [block]));
  }
  return fitting;
}

function withoutLastLine(block: Block): Block[] {
  if (block.type !== 'section') {
    return [];
  }
  if (block.fields !== undefined) {
    const kept = block.fields.slice(0, -1);
    return kept.length === 0 ? [] : [{ ...block, fields: kept }];
  }
  const lines = (block.text?.text ?? '').split('\n').filter((line) => line !== ELLIPSIS);
  return block.text === undefined || lines.length < 2
    ? []
    : [{ ...block, text: { ...block.text, text: [...lines.slice(0, -1), ELLIPSIS].join('\n') } }];
}

function rowsThatFit(
  lead: readonly Block[],
  rows: readonly Block[],
  leftOut: (count: number) => Block,
  tail: readonly Block[],
): number {
  const fixed = lead.length + tail.length;
  const fixedLength = lengthOf([...lead, ...tail]);
  const lengths = rows.map((row) => lengthOf([row]));
  const total = lengths.reduce((sum, length) => sum + length, 0);
  if (fixed + rows.length <= BLOCKS_KEPT_MAX && fixedLength + total <= BLOCKS_LENGTH_KEPT_MAX) {
    return rows.length;
  }
  const room = BLOCKS_LENGTH_KEPT_MAX - fixedLength - lengthOf([leftOut(rows.length)]);
  let length = 0;
  let kept = 0;
  for (const next of lengths) {
    if (fixed + kept + 2 > BLOCKS_KEPT_MAX || length + next > room) {
      break;
    }
    length += next;
    kept += 1;
  }
  return kept;
}

function leftOutRows(count: number): Block {
  return context([[text(`${ELLIPSIS} and ${count} more that do not fit here`)]]);
}

function lengthOf(blocks: readonly Block[]): number {
  return JSON.stringify(blocks).length;
}

function mrkdwn(spans: readonly Span[], lengthMax: number): Mrkdwn {
  return { type: 'mrkdwn', text: notEmpty(renderSpans(spans, lengthMax)), verbatim: true };
}

/** Slack refuses an empty text. */
function notEmpty(rendered: string): string {
  return rendered.trim() === '' ? ELLIPSIS : rendered;
}
