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
  /** The path to it, as people write a silence: `match.accountId`. */
  readonly field: string;
  readonly value: string;
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
    ...problemOf('from', silence.from, fromMs !== undefined, 'a moment, like 2026-11-23T08:00:00Z'),
    ...problemOf(
      'until',
      silence.until,
      untilMs !== undefined && isWithin(untilMs, fromMs, Date.parse(now())),
      `a moment to come, after "from" and at most ${SILENCE_DAYS_MAX} days after it, like 2026-11-24T08:00:00Z`,
    ),
    ...textProblem('author', silence.author, AUTHOR_LENGTH_MAX),
    ...textProblem('reason', silence.reason, REASON_LENGTH_MAX),
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
    case 'account': {
      const { accountId } = match;
      return problemOf('match.accountId', accountId, ACCOUNT_ID.test(accountId), 'an account id: 12 digits as text');
    }
    case 'cluster': {
      const { clusterId } = match;
      const expected = 'the id of a cluster: {accountId}:{region}:{clusterName}';
      return problemOf('match.clusterId', clusterId, CLUSTER_ID.test(clusterId), expected);
    }
    case 'team':
      return textProblem('match.team', match.team, NAME_LENGTH_MAX);
    case 'tag': {
      const [key, value] = match.tag;
      const isValue = value.length <= NAME_LENGTH_MAX;
      return [
        ...textProblem('match.key', key, NAME_LENGTH_MAX),
        ...problemOf('match.value', value, isValue, `text of at most ${NAME_LENGTH_MAX} characters`),
      ];
    }
  }
}

function textProblem(field: string, value: string, lengthMax: number): SilenceProblem[] {
  return problemOf(field, value, isText(value, lengthMax), `text of 1 to ${lengthMax} characters`);
}

function isText(text: string, lengthMax: number): boolean {
  return text.trim() !== '' && text.length <= lengthMax;
}

function problemOf(field: string, value: string, isRight: boolean, expected: string): SilenceProblem[] {
  return isRight ? [] : [{ field, value, expected }];
}
