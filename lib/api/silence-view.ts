import * as z from 'zod/mini';
import type { Silence, SilenceMatch } from '../domain/alert/silence.ts';
import type { Instant } from '../domain/fact.ts';

const MatchView = z.discriminatedUnion('by', [
  z.strictObject({ by: z.literal('account'), accountId: z.string() }),
  z.strictObject({ by: z.literal('cluster'), clusterId: z.string() }),
  z.strictObject({ by: z.literal('team'), team: z.string() }),
  z.strictObject({ by: z.literal('tag'), key: z.string(), value: z.string() }),
]);

/** A silence as the API shows it: which alerts are not told, from when to when, by whom and why. */
export const SilenceView = z.object({
  silenceId: z.string(),
  match: MatchView,
  from: z.iso.datetime(),
  until: z.iso.datetime(),
  author: z.string(),
  reason: z.string(),
  state: z.enum(['coming', 'in-force', 'ended']),
});
export type SilenceView = z.infer<typeof SilenceView>;

/** What somebody asks to be silent about. */
export const SilenceRequest = z.strictObject({
  match: MatchView,
  from: z.optional(z.iso.datetime({ offset: true })).check(z.describe('Now where it is left out')),
  until: z.iso.datetime({ offset: true }),
  reason: z.string().check(z.minLength(1)),
});
export type SilenceRequest = z.infer<typeof SilenceRequest>;

/** Turns a silence into its view at a moment. */
export function toSilenceView({ silenceId, match, from, until, author, reason }: Silence, now: Instant): SilenceView {
  return { silenceId, match: toMatchView(match), from, until, author, reason, state: stateOf(from, until, now) };
}

function toMatchView(match: SilenceMatch): z.infer<typeof MatchView> {
  return match.by === 'tag' ? { by: 'tag', key: match.tag[0], value: match.tag[1] } : match;
}

/** Returns what is asked for in the words of the domain. */
export function silenceMatchOf({ match }: Pick<SilenceRequest, 'match'>): SilenceMatch {
  return match.by === 'tag' ? { by: 'tag', tag: [match.key, match.value] } : match;
}

function stateOf(from: Instant, until: Instant, now: Instant): SilenceView['state'] {
  if (now < from) {
    return 'coming';
  }
  return now < until ? 'in-force' : 'ended';
}
