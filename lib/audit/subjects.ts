import type { Fact } from '../domain/fact.ts';
import type { Vpc } from '../domain/network/network.ts';
import { subnetCidr } from '../domain/network/subnet-address-map.ts';
import type { RegionFacts } from '../domain/region-facts.ts';
import type { AccountSubject, ClusterSubject, SubnetSubject } from '../domain/subject.ts';
import type { Tags } from '../domain/tags.ts';
import type { JoinedCluster, JoinedSubnet } from './join-region.ts';
import type { Account } from './ports.ts';

/** What the policy is asked about. What was not seen is `undefined`, so that no rule takes it for absent. */
export type AccountsById = ReadonlyMap<string, Pick<Account, 'organizationalUnitPaths'>>;

export function accountSubject(accounts: AccountsById, accountId: string): AccountSubject {
  return { kind: 'account', accountId, organizationalUnitPaths: accounts.get(accountId)?.organizationalUnitPaths };
}

export function clusterSubject(accounts: AccountsById, { viewer, clusterName, facts }: JoinedCluster): ClusterSubject {
  const cluster = facts.cluster.state === 'observed' ? facts.cluster.value : undefined;
  return {
    kind: 'cluster',
    account: accountSubject(accounts, viewer.target.accountId),
    clusterName,
    tags: cluster?.tags,
    vpcTags: cluster?.vpcId === undefined ? undefined : vpcTags(viewer, cluster.vpcId),
  };
}

export function subnetSubject(accounts: AccountsById, { subnet, owner, servedClusters }: JoinedSubnet): SubnetSubject {
  return {
    kind: 'subnet',
    account: accountSubject(accounts, subnet.ownerId),
    prefixLength: subnetCidr(subnet)?.prefixLength,
    // EC2 shows a shared subnet's tags to its owner alone.
    tags: owner === undefined ? undefined : subnet.tags,
    vpcTags: owner === undefined ? undefined : vpcTags(owner, subnet.vpcId),
    clusters: servedClusters.map((cluster) => clusterSubject(accounts, cluster)),
  };
}

/** Only the owner of a VPC sees its tags. */
function vpcTags({ vpcs, target }: RegionFacts, vpcId: string): Tags | undefined {
  const vpc = findVpc(vpcs, vpcId);
  return vpc?.ownerId === undefined || vpc.ownerId === target.accountId ? vpc?.tags : undefined;
}

function findVpc(vpcs: Fact<readonly Vpc[]>, vpcId: string): Vpc | undefined {
  return vpcs.state === 'observed' ? vpcs.value.find((vpc) => vpc.vpcId === vpcId) : undefined;
}
