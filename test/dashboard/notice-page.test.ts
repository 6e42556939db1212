import { expect, it } from 'vitest';
import {
  LOGGED_OUT,
  loginFailedNotice,
  NOT_LOGGED_IN,
  TOO_MANY_ACCOUNTS,
  UNKNOWN_LOGIN,
} from '../../lib/dashboard/login/login-notices.ts';
import { type Notice, renderNoticePage } from '../../lib/dashboard/notice-page.tsx';
import { FOREIGN_FORM, INTERNAL_ERROR, MAY_NOT_READ, NO_PAGE_NOTICES } from '../../lib/dashboard/page-notices.ts';
import { expectGolden } from '../helpers/golden.ts';

const NOTICES: readonly Notice[] = [
  NO_PAGE_NOTICES['nothing-seen-yet'],
  NO_PAGE_NOTICES['nothing-to-see'],
  MAY_NOT_READ,
  FOREIGN_FORM,
  INTERNAL_ERROR,
  NOT_LOGGED_IN,
  LOGGED_OUT,
  UNKNOWN_LOGIN,
  TOO_MANY_ACCOUNTS,
  loginFailedNotice({ kind: 'issuer-unavailable', reason: 'it did not answer in time' }),
  loginFailedNotice({ kind: 'refused-by-issuer', reason: '"access_denied"' }),
  loginFailedNotice({ kind: 'not-this-login', reason: 'unexpected ID Token "nonce" claim value' }),
  loginFailedNotice({
    kind: 'token-not-accepted',
    reason: 'Cannot accept the token: its claim "aud" is not what is expected',
  }),
];

/** What a person reads, a line for each block. */
function readText(html: string): string {
  return html
    .slice(html.indexOf('<body>'))
    .replace(/<a class="button" href="([^"]*)">/g, '→ $1 ')
    .replace(/<\/(?:p|h1)>/g, '\n')
    .replace(/<[^>]*>/g, '');
}

it('says in place of a page what is, why, and what helps', () => {
  const pages = NOTICES.map((notice) => `HTTP ${notice.status}\n${readText(renderNoticePage(notice, 'request-1'))}`);
  expectGolden('page-notices.txt', pages.join('\n'));
});

it('quotes what others wrote in letters that do nothing', () => {
  const notice: Notice = {
    status: 400,
    title: '<b>',
    paragraphs: ['<script>\u202e'],
    link: { href: '/"', text: '<i>' },
  };
  const html = renderNoticePage(notice, '<u>');
  expect(html).not.toMatch(/<b>|<script|<i>|<u>|\u202e|href="\/""/);
});
