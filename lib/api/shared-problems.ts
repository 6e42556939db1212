import type { Problem } from './problem.ts';

/** Before the first roll-up. */
export const NOTHING_SEEN_YET: Problem = {
  code: 'nothing-seen-yet',
  detail: 'The first scan is under way: ask again in a moment',
  headers: { 'retry-after': '1' },
};

/** Says that something is not there, or not for this caller to see: the two are not told apart. */
export function notFound(what: string, id: string): Problem {
  return { code: 'not-found', detail: `No ${what} ${JSON.stringify(id)} was seen` };
}
