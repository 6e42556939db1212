import type { Silence, SilenceMatch } from '../domain/alert/silence.ts';
import type { Instant } from '../domain/fact.ts';
import { instantMs } from '../domain/instant.ts';
import type { SilenceStore } from './alert-ports.ts';

export interface SilencePorts {
  readonly silences: SilenceStore;
  readonly now: () => Instant;
}

/** What of a silence cannot be taken, and what is wanted there. */
export interface SilenceProblem {
  readonly field: keyof Omit<Silence, 'silenceId'>;
  /** Without a verb. */
  readonly expected: string;
}

export type WriteSilenceOutcome =
  | { readonly outcome: 'written'; readonly silence: Silence }
  | { readonly outcome: 'refused'; readonly problems: readonly SilenceProblem[] };

const MS_PER_DAY = 86_400_000;
/** What is to be quiet for longer is no concern of anybody: thresholds are for that. A decision of this project. */
export const SILENCE_DAYS_MAX = 366;
/** Decisions of this project: one line, and a few sentences. */
export const AUTHOR_LENGTH_MAX = 256;
export const REASON_LENGTH_MAX = 1_000;
/** Tags have 128 and 256 characters at most, names of clusters 100. https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html */
const NAME_LENGTH_MAX = 256;
const ACCOUNT_ID = /^\d{12}$/;
const CLUSTER_ID = /^\d{12}:[a-z0-9-]{1,32}:\S{1,100}$/;

/**
 * Keeps a silence under its id; writing the same again changes nothing, writing another one under the id replaces it. Moments may
 * be of any offset and are kept in UTC.
 */
export async function writeSilence(silence: Silence, { silences, now }: SilencePorts): Promise<WriteSilenceOutcome> {
  const fromMs = instantMs(silence.from);
  const untilMs = instantMs(silence.until);
  const problems = [
    ...matchProblems(silence.match),
    ...problemOf('from', fromMs !== undefined, 'a moment, like 2026-11-23T08:00:00Z'),
    ...problemOf(
      'until',
      untilMs !== undefined && isWithin(untilMs, fromMs, Date.parse(now())),
      `a moment to come, after "from" and at most ${SILENCE_DAYS_MAX} days after it, like 2026-11-24T08:00:00Z`,
    ),
    ...problemOf('author', isText(silence.author, AUTHOR_LENGTH_MAX), textExpected(AUTHOR_LENGTH_MAX)),
    ...problemOf('reason', isText(silence.reason, REASON_LENGTH_MAX), textExpected(REASON_LENGTH_MAX)),
  ];
  if (problems.length > 0 || fromMs === undefined || untilMs === undefined) {
    return { outcome: 'refused', problems };
  }
  // Compared with other times as text.
  const written = { ...silence, from: new Date(fromMs).toISOString(), until: new Date(untilMs).toISOString() };
  await silences.writeSilence(written);
  return { outcome: 'written', silence: written };
}

/** Where `from` cannot be read, that is said of it alone. */
function isWithin(untilMs: number, fromMs: number | undefined, nowMs: number): boolean {
  const isOrdered = fromMs === undefined || (untilMs > fromMs && untilMs <= fromMs + SILENCE_DAYS_MAX * MS_PER_DAY);
  return untilMs > nowMs && isOrdered;
}

function matchProblems(match: SilenceMatch): SilenceProblem[] {
  switch (match.by) {
    case 'account':
      return problemOf('match', ACCOUNT_ID.test(match.accountId), 'an account id: 12 digits as text');
    case 'cluster':
      return problemOf('match', CLUSTER_ID.test(match.clusterId), 'the id of a cluster: account:region:name');
    case 'team':
      return problemOf('match', isText(match.team, NAME_LENGTH_MAX), `a team: ${textExpected(NAME_LENGTH_MAX)}`);
    case 'tag': {
      const [key, value] = match.tag;
      const isTag = isText(key, NAME_LENGTH_MAX) && value.length <= NAME_LENGTH_MAX;
      return problemOf('match', isTag, `the key of a tag, and its value of at most ${NAME_LENGTH_MAX} characters`);
    }
  }
}

function isText(text: string, lengthMax: number): boolean {
  return text.trim() !== '' && text.length <= lengthMax;
}

function textExpected(lengthMax: number): string {
  return `text of 1 to ${lengthMax} characters`;
}

function problemOf(field: SilenceProblem['field'], isRight: boolean, expected: string): SilenceProblem[] {
  return isRight ? [] : [{ field, expected }];
}
