import { cutText } from '../../domain/text/cut-text.ts';
import { visibleText } from '../../domain/text/visible-text.ts';

/**
 * A stretch of a message. What somebody outside wrote (a name, a tag, a message of AWS) may stand in `code` and `prose` only: the
 * others are our own words.
 */
export type Span =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'bold'; readonly text: string }
  /** A name or an id, shown to the letter. */
  | { readonly kind: 'code'; readonly text: string }
  /** A sentence that may hold foreign names. */
  | { readonly kind: 'prose'; readonly text: string }
  | { readonly kind: 'link'; readonly url: string; readonly label: string }
  /** Who is called: a user, a user group, or everybody who is active in the channel. */
  | { readonly kind: 'mention'; readonly of: Mention };

export type Mention =
  | { readonly kind: 'user'; readonly userId: string }
  | { readonly kind: 'user-group'; readonly userGroupId: string }
  | { readonly kind: 'here' };

export const ELLIPSIS = '…';

/** Our own words. */
export function text(words: string): Span {
  return { kind: 'text', text: words };
}

export function bold(words: string): Span {
  return { kind: 'bold', text: words };
}

/** A foreign name or id, cut to `lengthMax` characters, so that none crowds out the rest. */
export function code(name: string, lengthMax = NAME_LENGTH_MAX): Span {
  return { kind: 'code', text: cutText(visibleText(name), lengthMax) };
}

/** A sentence with foreign names in it, cut likewise. */
export function prose(sentence: string, lengthMax = PROSE_LENGTH_MAX): Span {
  return { kind: 'prose', text: cutText(visibleText(sentence), lengthMax) };
}

export function link(url: string, label: string): Span {
  return { kind: 'link', url, label };
}

/** AWS's longest names and ids are tags' values, of 256 characters; nobody reads that much of one in a message. */
const NAME_LENGTH_MAX = 120;
const PROSE_LENGTH_MAX = 600;

/** Ids of users, groups and channels as Slack gives them. https://docs.slack.dev/messaging/formatting-message-text */
const SLACK_ID = /^[A-Z0-9]{2,24}$/;
/** Neither ends a link nor begins its label. */
const LINKABLE_URL = /^https?:\/\/[^\s|<>]{1,2000}$/;

/**
 * Renders spans as `mrkdwn` of at most `lengthMax` characters. What is longer is cut between two characters, never within an
 * entity, a link or a surrogate pair, and ends in an ellipsis; markup that was opened is closed.
 */
export function renderSpans(spans: readonly Span[], lengthMax: number): string {
  const pieces = spans.map(pieceOf);
  const whole = pieces.map(({ open, atoms, close }) => open + atoms.join('') + close).join('');
  return whole.length <= lengthMax ? whole : cutPieces(pieces, lengthMax);
}

/** Renders spans as text without markup: for headers and buttons, and a message's own text. */
export function plainSpans(spans: readonly Span[], lengthMax: number): string {
  return renderSpans(
    spans.map((span) => (span.kind === 'mention' ? span : { kind: 'text', text: wordsOf(span) })),
    lengthMax,
  );
}

interface Piece {
  readonly open: string;
  /** What cannot be cut. */
  readonly atoms: readonly string[];
  readonly close: string;
}

function pieceOf(span: Span): Piece {
  switch (span.kind) {
    case 'text':
      return { open: '', atoms: [...span.text].map(escapeCharacter), close: '' };
    case 'bold':
      return { open: '*', atoms: [...span.text].map(escapeCharacter), close: '*' };
    case 'code':
      return span.text.trim() === ''
        ? { open: '', atoms: [...'(empty)'], close: '' }
        : { open: '`', atoms: [...span.text].map(escapeCodeCharacter), close: '`' };
    case 'prose':
      return { open: '', atoms: [...unformatted(span.text)].map(escapeCharacter), close: '' };
    case 'link':
      return LINKABLE_URL.test(span.url)
        ? {
            open: `<${span.url.replaceAll('&', '&amp;')}|`,
            atoms: [...span.label].map(escapeLabelCharacter),
            close: '>',
          }
        : { open: '', atoms: [...span.label].map(escapeCharacter), close: '' };
    case 'mention':
      return { open: '', atoms: [mentionText(span.of)], close: '' };
  }
}

function cutPieces(pieces: readonly Piece[], lengthMax: number): string {
  let out = '';
  for (const { open, atoms, close } of pieces) {
    let part = '';
    for (const atom of atoms) {
      const length = out.length + open.length + part.length + atom.length + close.length + ELLIPSIS.length;
      if (length > lengthMax) {
        return out + (part === '' ? '' : open + part + close) + ELLIPSIS;
      }
      part += atom;
    }
    out += atoms.length === 0 ? '' : open + part + close;
  }
  return out;
}

function wordsOf(span: Exclude<Span, { readonly kind: 'mention' }>): string {
  return span.kind === 'link' ? span.label : span.text;
}

/** Escapes what Slack reads as markup in any text. https://docs.slack.dev/messaging/formatting-message-text#escaping */
function escapeCharacter(character: string): string {
  switch (character) {
    case '&':
      return '&amp;';
    case '<':
      return '&lt;';
    case '>':
      return '&gt;';
    default:
      return character;
  }
}

/** Nothing within backticks is markup but a backtick. */
function escapeCodeCharacter(character: string): string {
  return character === '`' ? 'ˋ' : escapeCharacter(character);
}

/** A label has no way to write what ends it. */
function escapeLabelCharacter(character: string): string {
  return character === '|' ? '¦' : escapeCharacter(character);
}

/**
 * Slack has no escape for what makes text bold, struck, code or a quotation: look-alikes stand for it. An underscore within a
 * word is no markup and stays. https://docs.slack.dev/messaging/formatting-message-text#basic-formatting
 */
function unformatted(sentence: string): string {
  return sentence
    .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, 'ˍ')
    .replaceAll('*', '∗')
    .replaceAll('~', '∼')
    .replaceAll('`', 'ˋ')
    .replace(/^\s*>+/, (quotes) => '›'.repeat(quotes.trim().length));
}

function mentionText(mention: Mention): string {
  switch (mention.kind) {
    case 'here':
      return '<!here>';
    case 'user':
      return SLACK_ID.test(mention.userId) ? `<@${mention.userId}>` : '';
    case 'user-group':
      return SLACK_ID.test(mention.userGroupId) ? `<!subteam^${mention.userGroupId}>` : '';
  }
}
