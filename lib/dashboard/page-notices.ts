import type { Notice } from './notice-page.tsx';
import { FLEET_PATH, LOGIN_PATH } from './page-paths.ts';
import type { NoPage } from './read-page.ts';

/** What stands in place of a page that there is not yet, or not for whoever asks. */
export const NO_PAGE_NOTICES: Readonly<Record<NoPage, Notice>> = {
  'nothing-seen-yet': {
    status: 503,
    title: 'Nothing seen yet',
    paragraphs: ['The first scan is under way, or has not begun. Load this page again in a moment.'],
    link: { href: FLEET_PATH, text: 'Load again' },
    headers: { 'retry-after': '1' },
  },
  'nothing-to-see': {
    status: 404,
    title: 'None of your accounts was scanned',
    paragraphs: [
      'You may look at some accounts only, and the newest scan planned none of them.',
      'Whoever runs Elbowroom sees in its settings what is scanned, and in the claims of your login which accounts are yours.',
    ],
  },
};

export const MAY_NOT_READ: Notice = {
  status: 403,
  title: 'You may not look at this',
  paragraphs: [
    'You are known, but "elbowroom:read" is not among the scopes of your login.',
    'Whoever administers logins in your organisation can give it to you; log in again afterwards.',
  ],
  link: { href: LOGIN_PATH, text: 'Log in again' },
};

export const FOREIGN_FORM: Notice = {
  status: 403,
  title: 'Nothing was changed',
  paragraphs: [
    'What was sent does not come from a page that was shown to you in this session: another site may have sent it, or you have logged in anew since.',
    'Go back to the fleet and do there what you wanted to.',
  ],
  link: { href: FLEET_PATH, text: 'The fleet' },
};

export const INTERNAL_ERROR: Notice = {
  status: 500,
  title: 'This page cannot be shown',
  paragraphs: [
    'Something failed that is not about you. Load the page again; if it fails again, whoever runs Elbowroom finds why in its logs.',
  ],
};
