import type { Silence, SilenceMatch } from '../domain/alert/silence.ts';
import type { ReadRoutePorts } from './api-ports.ts';
import type { VisibleAccounts } from './visible.ts';

/** Returns the silences that a caller may see. */
export async function visibleSilences(
  visible: VisibleAccounts,
  { silences }: Pick<ReadRoutePorts, 'silences'>,
): Promise<readonly Silence[]> {
  return (await silences.readSilences()).filter(({ match }) => isVisibleSilence(match, visible));
}

/** A silence of a team or a tag is of no account in particular: who sees some accounts only neither sees nor writes it. */
export function isVisibleSilence(match: SilenceMatch, visible: VisibleAccounts): boolean {
  const accountIds = accountIdsOfSilence(match);
  return visible === undefined || (accountIds.length > 0 && accountIds.every((id) => visible.includes(id)));
}

/** Returns the accounts that a silence names, none where it is of a team or a tag. */
export function accountIdsOfSilence(match: SilenceMatch): readonly string[] {
  switch (match.by) {
    case 'account':
      return [match.accountId];
    case 'cluster':
      return match.clusterId.split(':').slice(0, 1);
    case 'team':
    case 'tag':
      return [];
  }
}
