import type { Notice } from '../notice-page.tsx';
import { FLEET_PATH, LOGIN_PATH } from '../page-paths.ts';
import type { LoginFailure } from './login-issuer.ts';

const LOG_IN = { href: LOGIN_PATH, text: 'Log in' };
const LOG_IN_AGAIN = { href: LOGIN_PATH, text: 'Log in again' };

/** For what a browser asks beside a page: it cannot follow to a login. */
export const NOT_LOGGED_IN: Notice = {
  status: 401,
  title: 'You are not logged in',
  paragraphs: ['This session has ended, or there was none.'],
  link: LOG_IN,
};

export const LOGGED_OUT: Notice = {
  status: 200,
  title: 'You are logged out',
  paragraphs: [
    'This browser shows nothing of Elbowroom any more. With the issuer you may still be logged in: on a machine that others use, log out there too.',
  ],
  link: LOG_IN_AGAIN,
};

/** The answer to a login that this browser has not begun, or too long ago. */
export const UNKNOWN_LOGIN: Notice = {
  status: 400,
  title: 'This login cannot be finished',
  paragraphs: [
    'It was not begun in this browser, took longer than ten minutes, or was finished before. If it happens each time, the browser keeps no cookies of this site.',
  ],
  link: LOG_IN_AGAIN,
};

/** Browsers drop a cookie that is longer, without a word. */
export const TOO_MANY_ACCOUNTS: Notice = {
  status: 403,
  title: 'Too many accounts for a session',
  paragraphs: [
    'Your login names more accounts than a session can hold, about 150.',
    'Whoever administers logins can give you all accounts, "*", or fewer. The API takes the same token as it is.',
  ],
};

/** What is said of a login that came to nothing, by why. */
export function loginFailedNotice({ kind, reason }: LoginFailure): Notice {
  switch (kind) {
    case 'issuer-unavailable':
      return {
        status: 503,
        title: 'The login is not available',
        paragraphs: [
          `The issuer that knows the people of your organisation cannot be asked: ${reason}.`,
          'Try again in a moment. Nothing is wrong with what Elbowroom sees; its alerts go on.',
        ],
        link: LOG_IN_AGAIN,
        headers: { 'retry-after': '5' },
      };
    case 'refused-by-issuer':
      return {
        status: 403,
        title: 'The issuer did not log you in',
        paragraphs: [
          `It answered: ${reason}.`,
          'You may not be assigned to this application, or have not consented. Whoever administers logins sees why in the log of the issuer.',
        ],
        link: LOG_IN_AGAIN,
      };
    case 'not-this-login':
      return {
        status: 400,
        title: 'This login cannot be trusted',
        paragraphs: [
          `What came back does not belong to the login that was begun: ${reason}.`,
          'Begin anew. If it happens again, tell whoever runs Elbowroom.',
        ],
        link: { href: FLEET_PATH, text: 'Begin anew' },
      };
    case 'token-not-accepted':
      return {
        status: 403,
        title: 'Your login is not good for Elbowroom',
        paragraphs: [
          `The issuer logged you in. ${reason}.`,
          'Whoever runs Elbowroom compares the issuer, its audience and its claims with docs/deploying.md, "Let people log in".',
        ],
        link: LOG_IN_AGAIN,
      };
  }
}
