import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AccountSubject, ClusterSubject, SubnetSubject } from '../../lib/domain/subject.ts';
import { ownerOf } from '../../lib/settings/owner-of.ts';
import { Settings } from '../../lib/settings/settings.ts';
import { ownerRule } from './arbitrary-settings.ts';
import { ACCOUNT_ID, aCluster, anAccount, aSubnet, OTHER_ACCOUNT_ID } from './subjects.ts';

type Match = Settings['owners'][number]['match'] | { tag: { key: string; values: string[]; on?: string[] } };

/** Settings with one rule after another: [team, match]. */
function owners(...rules: readonly (readonly [string, Match])[]): Settings {
  return Settings.parse({ owners: rules.map(([team, match]) => ({ match, team })) });
}

function teamOf(settings: Settings, subject: AccountSubject | ClusterSubject | SubnetSubject): string | undefined {
  return ownerOf(settings, subject).owner?.team;
}

const OTHER_ACCOUNT = anAccount({ accountId: OTHER_ACCOUNT_ID });

describe('ownerOf', () => {
  it('gives the team, channel and contact of the rule, and which one it is', () => {
    const settings = Settings.parse({
      owners: [
        { match: { account: OTHER_ACCOUNT_ID }, team: 'data' },
        { match: { account: ACCOUNT_ID }, team: 'payments', channel: '#payments', contact: 'pay@example.com' },
        { match: { account: ACCOUNT_ID }, team: 'late' },
      ],
    });
    expect(ownerOf(settings, anAccount())).toEqual({
      owner: { team: 'payments', channel: '#payments', contact: 'pay@example.com', ruleIndex: 1 },
      undecidedRuleIndexes: [],
    });
    expect(ownerOf(settings, OTHER_ACCOUNT).owner).toEqual({
      team: 'data',
      channel: undefined,
      contact: undefined,
      ruleIndex: 0,
    });
  });

  it('knows no owner where no rule matches', () => {
    expect(ownerOf(owners(), anAccount())).toEqual({ owner: undefined, undecidedRuleIndexes: [] });
    expect(teamOf(owners(['data', { account: OTHER_ACCOUNT_ID }]), aSubnet())).toBeUndefined();
  });

  it('gives an account by id or unit, and never by rules about clusters and tags', () => {
    const settings = owners(
      ['clusters', { cluster: { name: '*' } }],
      ['tagged', { tag: { key: 'team', values: ['*'] } }],
      ['unit', { organizationalUnit: 'ou-ab12-11111111' }],
      ['account', { account: ACCOUNT_ID }],
    );
    expect(teamOf(settings, anAccount())).toBe('unit');
    expect(teamOf(settings, anAccount({ organizationalUnitPaths: [] }))).toBe('account');
  });

  it.each([
    [{ name: 'shop' }, true],
    [{ name: 'sho*' }, true],
    [{ name: 'shop-2' }, false],
    [{ name: 'shop', account: ACCOUNT_ID }, true],
    [{ name: 'shop', account: OTHER_ACCOUNT_ID }, false],
  ])('matches the cluster "shop" by %j: %s', (cluster, expected) => {
    expect(teamOf(owners(['a', { cluster }]), aCluster())).toBe(expected ? 'a' : undefined);
  });

  it.each([
    ['a cluster by its own tag', aCluster({ tags: [['team', 'a1']] }), 'cluster'],
    ['a cluster by a tag of its VPC', aCluster({ vpcTags: [['team', 'a1']] }), 'vpc'],
    ['a subnet by its own tag', aSubnet({ tags: [['team', 'a1']] }), 'subnet'],
    ['a subnet by a tag of its VPC', aSubnet({ vpcTags: [['team', 'a1']] }), 'vpc'],
    ['a subnet by a tag of its clusters', aSubnet({ clusters: [aCluster({ tags: [['team', 'a1']] })] }), 'cluster'],
  ])('matches %s, only where it counts', (_, subject, place) => {
    const tag = { key: 'team', values: ['b', 'a*'] };
    const elsewhere = ['subnet', 'vpc', 'cluster'].filter((other) => other !== place);
    expect(
      teamOf(owners(['x', { tag: { ...tag, on: elsewhere } }], ['y', { tag: { ...tag, on: [place] } }]), subject),
    ).toBe('y');
    expect(teamOf(owners(['x', { tag }]), subject)).toBe('x');
    expect(teamOf(owners(['x', { tag: { key: 'Team', values: ['*'] } }]), subject)).toBeUndefined();
    expect(teamOf(owners(['x', { tag: { key: 'team', values: ['b'] } }]), subject)).toBeUndefined();
  });

  describe('of a subnet', () => {
    const clusters = [aCluster({ clusterName: 'a' }), aCluster({ clusterName: 'b', account: OTHER_ACCOUNT })];
    const A = { cluster: { name: 'a' } };
    const B = { cluster: { name: 'b' } };
    const OWN = { account: ACCOUNT_ID };

    it('goes to the team that all its clusters have, from one rule or several', () => {
      expect(teamOf(owners(['x', { cluster: { name: '*' } }], ['own', OWN]), aSubnet({ clusters }))).toBe('x');
      expect(teamOf(owners(['x', A], ['x', B], ['own', OWN]), aSubnet({ clusters }))).toBe('x');
    });

    it('goes past clusters of several teams, and past one without a team', () => {
      expect(teamOf(owners(['x', A], ['y', B], ['own', OWN]), aSubnet({ clusters }))).toBe('own');
      expect(teamOf(owners(['x', A], ['own', OWN]), aSubnet({ clusters }))).toBe('own');
      expect(teamOf(owners(['x', A]), aSubnet({ clusters }))).toBeUndefined();
    });

    it('goes to its own rule where that stands before the rules of its clusters', () => {
      const tag = { key: 'team', values: ['z'], on: ['subnet'] };
      const subnet = aSubnet({ clusters, tags: [['team', 'z']] });
      expect(teamOf(owners(['z', { tag }], ['x', { cluster: { name: '*' } }]), subnet)).toBe('z');
    });

    it('goes to its own rule where that stands before the last one its clusters need', () => {
      expect(ownerOf(owners(['x', A], ['own', OWN], ['x', B]), aSubnet({ clusters })).owner).toMatchObject({
        team: 'own',
        ruleIndex: 1,
      });
    });

    it('goes by the order of the rules where a shared VPC and the cluster in it are of two accounts', () => {
      const subnet = aSubnet({ clusters: [aCluster({ account: OTHER_ACCOUNT })] });
      const participant = ['payments', { account: OTHER_ACCOUNT_ID }] as const;
      const owner = ['networking', OWN] as const;
      expect(teamOf(owners(participant, owner), subnet)).toBe('payments');
      expect(teamOf(owners(owner, participant), subnet)).toBe('networking');
    });

    it('is not taken for a cluster itself', () => {
      expect(teamOf(owners(['x', { cluster: { name: '*' } }]), aSubnet())).toBeUndefined();
    });
  });

  describe('where something was not seen', () => {
    const UNIT = { organizationalUnit: 'ou-ab12-11111111' };

    it('names the earlier rules that it could not decide, and goes on', () => {
      const settings = owners(['unit', UNIT], ['account', { account: ACCOUNT_ID }], ['late', UNIT]);
      expect(ownerOf(settings, anAccount({ organizationalUnitPaths: undefined }))).toMatchObject({
        owner: { team: 'account' },
        undecidedRuleIndexes: [0],
      });
      expect(ownerOf(owners(['unit', UNIT]), anAccount({ organizationalUnitPaths: undefined }))).toEqual({
        owner: undefined,
        undecidedRuleIndexes: [0],
      });
    });

    it('says so of tags of the cluster, the VPC, the subnet and the clusters of a subnet', () => {
      const settings = owners(['x', { tag: { key: 'team', values: ['*'] } }]);
      const undecided = { owner: undefined, undecidedRuleIndexes: [0] };
      expect(ownerOf(settings, aCluster({ tags: undefined }))).toEqual(undecided);
      expect(ownerOf(settings, aCluster({ vpcTags: undefined }))).toEqual(undecided);
      expect(ownerOf(settings, aSubnet({ tags: undefined }))).toEqual(undecided);
      expect(ownerOf(settings, aSubnet({ vpcTags: undefined }))).toEqual(undecided);
      expect(ownerOf(settings, aSubnet({ clusters: [aCluster(), aCluster({ tags: undefined })] }))).toEqual(undecided);
    });

    it('names them in the order of the file, whichever resource they are about', () => {
      const settings = owners(
        ['x', { tag: { key: 'team', values: ['*'], on: ['cluster'] } }],
        ['y', { tag: { key: 'team', values: ['*'], on: ['subnet'] } }],
      );
      const subnet = aSubnet({ tags: undefined, clusters: [aCluster({ tags: undefined })] });
      expect(ownerOf(settings, subnet).undecidedRuleIndexes).toEqual([0, 1]);
    });

    it('needs nothing unseen where what was seen matches', () => {
      const settings = owners(['x', { tag: { key: 'team', values: ['*'] } }]);
      const clusters = [aCluster({ tags: undefined })];
      expect(ownerOf(settings, aSubnet({ tags: undefined, vpcTags: [['team', 'a']], clusters }))).toMatchObject({
        owner: { team: 'x' },
        undecidedRuleIndexes: [],
      });
    });
  });

  it('never changes an answer because of a rule added at the end', () => {
    const tags = fc.option(fc.constantFrom([], [['team', 'a'] as const], [['env', 'a'] as const]), { nil: undefined });
    const account = fc.record({
      kind: fc.constant('account' as const),
      accountId: fc.constantFrom('111122223333', '012345678901'),
      organizationalUnitPaths: fc.option(fc.constantFrom([], ['o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/111122223333/']), {
        nil: undefined,
      }),
    });
    const cluster = fc.record({
      kind: fc.constant('cluster' as const),
      account,
      clusterName: fc.constantFrom('a-prod', 'true'),
      tags,
      vpcTags: tags,
    });
    const subnet = fc.record({
      kind: fc.constant('subnet' as const),
      account,
      prefixLength: fc.constant(24),
      tags,
      vpcTags: tags,
      clusters: fc.array(cluster, { maxLength: 3 }),
    });
    const rules = fc.array(fc.oneof(ownerRule, tagRule), { maxLength: 6 });
    let answeredCount = 0;
    fc.assert(
      fc.property(rules, fc.oneof(ownerRule, tagRule), fc.oneof(account, cluster, subnet), (before, added, subject) => {
        const answer = ownerOf(Settings.parse({ owners: before }), subject);
        const after = ownerOf(Settings.parse({ owners: [...before, added] }), subject);
        answeredCount += answer.owner === undefined ? 0 : 1;
        if (answer.owner === undefined) {
          expect(after.owner?.ruleIndex ?? before.length).toBe(before.length);
        } else {
          expect(after).toEqual(answer);
        }
      }),
      { numRuns: 3000 },
    );
    expect(answeredCount).toBeGreaterThan(100);
  });
});

/** A rule that tags of the generated subjects do match. */
const tagRule = fc.record({
  match: fc.record({ tag: fc.record({ key: fc.constantFrom('team', 'env'), values: fc.constant(['a']) }) }),
  team: fc.constantFrom('payments', 'data'),
});
