import type { Instant } from '../fact.ts';
import type { Tag } from '../tags.ts';
import type { Alert } from './alert.ts';

/** Keeps alerts from being told for a time; they are judged and kept all the same. */
export interface Silence {
  readonly silenceId: string;
  readonly match: SilenceMatch;
  readonly from: Instant;
  /** Not included. */
  readonly until: Instant;
  /** Who, as whoever asked named itself, and why. Hostile input. */
  readonly author: string;
  readonly reason: string;
}

export type SilenceMatch =
  | { readonly by: 'account'; readonly accountId: string }
  | { readonly by: 'cluster'; readonly clusterId: string }
  | { readonly by: 'team'; readonly team: string }
  | { readonly by: 'tag'; readonly tag: Tag };

/** Returns the silence that keeps an alert from being told at `now`, the one that ends last where several do. */
export function silenceOf(alert: Alert, silences: readonly Silence[], now: Instant): Silence | undefined {
  return silences
    .filter(({ match, from, until }) => from <= now && now < until && isMatch(match, alert))
    .toSorted((a, b) => (a.until < b.until ? 1 : -1))
    .at(0);
}

function isMatch(match: SilenceMatch, { where }: Alert): boolean {
  switch (match.by) {
    case 'account':
      return where.accountIds.includes(match.accountId);
    case 'cluster':
      return where.clusters.some(({ clusterId }) => clusterId === match.clusterId);
    case 'team':
      return where.team === match.team;
    case 'tag':
      return where.tags.some(([key, value]) => key === match.tag[0] && value === match.tag[1]);
  }
}
