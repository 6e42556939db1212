import type { AccountSubject, ClusterSubject, SubnetSubject } from '../domain/subject.ts';
import { type FirstMatch, firstMatch, type MatchOutcome, matchOutcome } from './first-match.ts';
import { matchOrganizationalUnit } from './match-organizational-unit.ts';
import { matchTag, type TagsByPlace } from './match-tag.ts';
import { matchesPattern } from './pattern.ts';
import type { OwnerRule, Settings } from './settings.ts';

export interface Owner {
  readonly team: string;
  readonly channel: string | undefined;
  readonly contact: string | undefined;
  /** The rule that says so, from 0. */
  readonly ruleIndex: number;
}

export interface Ownership {
  /** `undefined` where no rule matches. */
  readonly owner: Owner | undefined;
  /** Earlier rules that could not be decided, since what they ask for was not seen: one of them might name another owner. */
  readonly undecidedRuleIndexes: readonly number[];
}

/**
 * Returns who owns an account, a cluster or a subnet: the first rule of `owners` that matches says it, so a rule added at the
 * end never changes an answer.
 *
 * - An account matches by its id or its organisational units.
 * - A cluster matches by its name, its tags, those of its VPC, and by its account.
 * - A subnet matches by its own tags, those of its VPC, and by the account that owns it; or through its clusters, once every
 *   one of them has been given to the same team. Clusters of several teams, or one without a team, decide nothing: such a
 *   subnet belongs to whoever a rule about the subnet, its VPC or its account names.
 */
export function ownerOf(
  { owners }: Pick<Settings, 'owners'>,
  subject: AccountSubject | ClusterSubject | SubnetSubject,
): Ownership {
  const { index, undecidedIndexes } = matchOf(owners, subject);
  const rule = index === undefined ? undefined : owners[index];
  return {
    owner:
      rule === undefined || index === undefined
        ? undefined
        : { team: rule.team, channel: rule.channel, contact: rule.contact, ruleIndex: index },
    undecidedRuleIndexes: undecidedIndexes,
  };
}

function matchOf(rules: readonly OwnerRule[], subject: AccountSubject | ClusterSubject | SubnetSubject): FirstMatch {
  switch (subject.kind) {
    case 'account':
      return firstMatch(rules, ({ match }) => matchAccount(match, subject, NO_TAGS));
    case 'cluster':
      return firstMatch(rules, ({ match }) => matchCluster(match, subject));
    case 'subnet':
      return subnetMatch(rules, subject);
  }
}

type OwnerMatch = OwnerRule['match'];

const NO_TAGS: TagsByPlace = { cluster: [], vpc: [], subnet: [] };

function matchAccount(match: OwnerMatch, account: AccountSubject, tagsByPlace: TagsByPlace): MatchOutcome {
  if ('account' in match) {
    return matchOutcome(match.account === account.accountId);
  }
  if ('organizationalUnit' in match) {
    return matchOrganizationalUnit(match.organizationalUnit, account);
  }
  return 'tag' in match ? matchTag(match.tag, tagsByPlace) : 'no-match';
}

function matchCluster(match: OwnerMatch, { account, clusterName, tags, vpcTags }: ClusterSubject): MatchOutcome {
  if ('cluster' in match) {
    const { name, account: accountId } = match.cluster;
    const isAccount = accountId === undefined || accountId === account.accountId;
    return matchOutcome(isAccount && matchesPattern(name, clusterName));
  }
  return matchAccount(match, account, { cluster: [tags], vpc: [vpcTags], subnet: [] });
}

function subnetMatch(rules: readonly OwnerRule[], { account, tags, vpcTags, clusters }: SubnetSubject): FirstMatch {
  const tagsByPlace = { cluster: [], vpc: [vpcTags], subnet: [tags] };
  const own = firstMatch(rules, ({ match }) => matchAccount(match, account, tagsByPlace));
  const matches = clusters.map((cluster) => firstMatch(rules, ({ match }) => matchCluster(match, cluster)));
  const index = Math.min(
    own.index ?? Number.POSITIVE_INFINITY,
    sharedIndex(rules, matches) ?? Number.POSITIVE_INFINITY,
  );
  const undecided = new Set([own, ...matches].flatMap(({ undecidedIndexes }) => undecidedIndexes));
  return {
    index: Number.isFinite(index) ? index : undefined,
    undecidedIndexes: [...undecided].filter((undecidedIndex) => undecidedIndex < index).sort((a, b) => a - b),
  };
}

/** Returns the rule by which the last cluster gets its team, where all have the same one. */
function sharedIndex(rules: readonly OwnerRule[], matches: readonly FirstMatch[]): number | undefined {
  const indexes: number[] = [];
  for (const { index } of matches) {
    if (index === undefined) {
      return undefined;
    }
    indexes.push(index);
  }
  const teams = new Set(indexes.map((index) => rules[index]?.team));
  return teams.size === 1 ? Math.max(...indexes) : undefined;
}
