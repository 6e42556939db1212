import { cutText } from '../../domain/text/cut-text.ts';
import { visibleText } from '../../domain/text/visible-text.ts';
import type { Span } from '../slack/spans.ts';

/** Less than 100 characters. https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
const SUBJECT_LENGTH_MAX = 99;
const ACCENTS = /\p{M}/gu;
const OUTSIDE_ASCII = /[^ -~]/gu;
/** What mail programs turn into links by themselves. */
const LINK_STARTS = /:\/\/|www\./gi;
const ELLIPSIS = '...';
/** Of one name or sentence: nobody reads more in a mail, and the longest name in AWS has 256. Decided here. */
const TEXT_LENGTH_MAX = 400;

/** Returns foreign text as it may stand in a mail: on one line, with nothing unseen in it and nothing that becomes a link. */
export function mailText(text: string): string {
  return cutText(visibleText(text), TEXT_LENGTH_MAX).replace(LINK_STARTS, (start) =>
    start === '://' ? ':[//]' : `${start.slice(0, -1)}[.]`,
  );
}

/** Returns the words of a message without its markup, and without whom it calls. */
export function mailSpans(spans: readonly Span[]): string {
  return spans.map(spanText).join('');
}

function spanText(span: Span): string {
  switch (span.kind) {
    case 'text':
    case 'bold':
      return span.text;
    case 'code':
    case 'prose':
      return mailText(span.text);
    case 'link':
      return `${span.label} ${span.url}`;
    case 'mention':
      return '';
  }
}

/**
 * Returns a subject that SNS takes: visible ASCII characters in one line. What has no such letter is a question mark. Begin it with
 * words of our own: SNS wants a letter, a digit or a punctuation mark there.
 */
export function mailSubject(text: string): string {
  const plain = visibleText(text).normalize('NFKD').replace(ACCENTS, '').replace(OUTSIDE_ASCII, '?');
  return plain.length <= SUBJECT_LENGTH_MAX ? plain : plain.slice(0, SUBJECT_LENGTH_MAX - ELLIPSIS.length) + ELLIPSIS;
}
