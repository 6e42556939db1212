import type { Alert } from '../domain/alert/alert.ts';
import type { Route } from './notification-settings.ts';
import { ownerOf } from './owner-of.ts';
import { matchesPattern } from './pattern.ts';
import type { Settings } from './settings.ts';

type ChannelSettings = Pick<Settings, 'notifications' | 'owners'>;

/**
 * Returns the Slack channel that an alert is told in, as the settings spell it: that of the first route that matches, or of its
 * team's first rule that has one, or the default channel; `undefined` where it is told in none.
 */
export function channelOf({ notifications: { slack }, owners }: ChannelSettings, alert: Alert): string | undefined {
  if (slack === undefined) {
    return undefined;
  }
  const route = slack.routes.find(({ match }) => isMatch(match, alert));
  return route?.channel ?? ownersChannel(owners, alert) ?? slack.defaultChannel;
}

function isMatch(match: Route['match'], { kind, severity, where }: Alert): boolean {
  const { team, account, region, cluster } = match;
  return (
    (match.kind === undefined || match.kind === kind) &&
    (match.severity === undefined || match.severity === severity) &&
    (team === undefined || team === where.team) &&
    (account === undefined || where.accountIds.includes(account)) &&
    (region === undefined || (where.region !== undefined && matchesPattern(region, where.region))) &&
    (cluster === undefined || where.clusters.some(({ clusterName }) => matchesPattern(cluster, clusterName)))
  );
}

/** What is about a whole account is its owner's; what nobody owns, or several do, is nobody's. */
function ownersChannel(owners: Settings['owners'], { home, where }: Alert): string | undefined {
  const team = where.team ?? (home.kind === 'account' ? teamOfAccount(owners, home.accountId) : undefined);
  return owners.find((rule) => rule.team === team && rule.channel !== undefined)?.channel;
}

function teamOfAccount(owners: Settings['owners'], accountId: string): string | undefined {
  return ownerOf({ owners }, { kind: 'account', accountId, organizationalUnitPaths: undefined }).owner?.team;
}
