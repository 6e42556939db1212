/** What we use of Block Kit, as plain values. https://docs.slack.dev/reference/block-kit */

export interface PlainText {
  readonly type: 'plain_text';
  readonly text: string;
  readonly emoji: boolean;
}

export interface Mrkdwn {
  readonly type: 'mrkdwn';
  readonly text: string;
  /** True keeps Slack from turning plain text into links, channels and mentions. */
  readonly verbatim: true;
}

export interface HeaderBlock {
  readonly type: 'header';
  readonly text: PlainText;
}

export interface SectionBlock {
  readonly type: 'section';
  readonly text?: Mrkdwn;
  readonly fields?: readonly Mrkdwn[];
}

export interface ContextBlock {
  readonly type: 'context';
  readonly elements: readonly Mrkdwn[];
}

export interface DividerBlock {
  readonly type: 'divider';
}

export interface ActionsBlock {
  readonly type: 'actions';
  readonly elements: readonly Button[];
}

export interface Button {
  readonly type: 'button';
  readonly text: PlainText;
  readonly action_id: string;
  readonly url?: string;
}

export type Block = HeaderBlock | SectionBlock | ContextBlock | DividerBlock | ActionsBlock;

/** A message as a value: `text` is what notifications, screen readers and clients without blocks show. */
export interface SlackMessage {
  readonly text: string;
  readonly blocks: readonly Block[];
}
