import type { AccountSubject, ClusterSubject, SubnetSubject } from '../../lib/domain/subject.ts';

/** Builders of what settings are matched against: one account that owns a VPC with one subnet and runs what it serves. */

export const ACCOUNT_ID = '111122223333';
export const OTHER_ACCOUNT_ID = '444455556666';
export const UNIT_PATH = 'o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/ou-ab12-22222222';

export function anAccount(overrides: Partial<AccountSubject> = {}): AccountSubject {
  return {
    kind: 'account',
    accountId: ACCOUNT_ID,
    organizationalUnitPaths: [`${UNIT_PATH}/${overrides.accountId ?? ACCOUNT_ID}/`],
    ...overrides,
  };
}

export function aCluster(overrides: Partial<ClusterSubject> = {}): ClusterSubject {
  return { kind: 'cluster', account: anAccount(), clusterName: 'shop', tags: [], vpcTags: [], ...overrides };
}

export function aSubnet(overrides: Partial<SubnetSubject> = {}): SubnetSubject {
  return { kind: 'subnet', account: anAccount(), prefixLength: 24, tags: [], vpcTags: [], clusters: [], ...overrides };
}
