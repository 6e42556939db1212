import type { AuditView } from '../../lib/api/audit-view.ts';
import type { ClusterView } from '../../lib/api/cluster-view.ts';
import type { CoverageView, NotSeenView } from '../../lib/api/coverage-view.ts';
import type { StatusReasonView } from '../../lib/api/status-reason-view.ts';
import type { SubnetView } from '../../lib/api/subnet-view.ts';
import { toExhaustionView } from '../../lib/api/to-exhaustion-view.ts';
import { NO_HISTORY } from '../../lib/domain/trend/exhaustion.ts';
import { ACCOUNT_ID, CLUSTER_NAME, NOW, SUBNET_ID, VPC_ID } from './builders.ts';

/** Builders of views that belong together: one account, a healthy /24 and the cluster it serves. */

export const CLUSTER_ID = `${ACCOUNT_ID}:eu-west-1:${CLUSTER_NAME}`;
export const NO_FORECAST: StatusReasonView = {
  code: 'no-forecast',
  observed: null,
  needed: null,
  message: 'no forecast: this is a single look, without history',
};

export function aSubnetView(overrides: Partial<SubnetView> = {}): SubnetView {
  return {
    subnetId: SUBNET_ID,
    subnetArn: `arn:aws:ec2:eu-west-1:${ACCOUNT_ID}:subnet/${SUBNET_ID}`,
    accountId: ACCOUNT_ID,
    accountName: 'Shop production',
    ownerTeam: null,
    region: 'eu-west-1',
    vpcId: VPC_ID,
    availabilityZone: 'eu-west-1a',
    availabilityZoneId: 'euw1-az1',
    name: 'shop-private-a',
    tags: { Name: 'shop-private-a', 'kubernetes.io/role/internal-elb': '1' },
    cidrBlock: '10.0.0.0/24',
    observedAt: NOW,
    networkInterfacesObservedAt: NOW,
    isStale: false,
    countedFrom: 'network-interfaces',
    usableAddressCount: 251,
    usedAddressCount: 91,
    freeAddressCount: 144,
    reservedAddressCount: 16,
    availableIpAddressCount: 144,
    unaccountedAddressCount: 0,
    reconciliation: 'exact',
    addressesLeft: 144,
    pulse: null,
    maxPrefixCount: 14,
    freePrefixCount: 8,
    freePrefixCountMost: 8,
    freePrefixCountReserved: 1,
    largestFreeBlockPrefixLength: 26,
    strandedAddressCount: 9,
    fragmentation: 0.07,
    awsFragmentationScore: 39,
    prefixes: { areInUse: false, canFallBack: true },
    clusters: [{ clusterId: CLUSTER_ID, clusterName: CLUSTER_NAME, sources: ['control-plane', 'nodegroup'] }],
    holders: [
      {
        kind: 'eks-node-primary',
        service: null,
        clusterName: CLUSTER_NAME,
        networkInterfaceCount: 6,
        addressCount: 84,
        prefixCount: 0,
      },
      { kind: 'elb-nlb', service: null, clusterName: null, networkInterfaceCount: 7, addressCount: 7, prefixCount: 0 },
    ],
    leakedNetworkInterfaceIds: [],
    flowLogCoverage: 'all',
    flowLogCoverageReasons: [],
    problems: [],
    status: 'healthy',
    statusReasons: [NO_FORECAST],
    exhaustion: toExhaustionView(NO_HISTORY, undefined),
    ...overrides,
  };
}

/** A subnet of which only EC2's own count is known. */
export function aSubnetViewWithoutOwner(overrides: Partial<SubnetView> = {}): SubnetView {
  return aSubnetView({
    countedFrom: 'available-ip-address-count',
    usedAddressCount: 107,
    freeAddressCount: 144,
    reservedAddressCount: 0,
    unaccountedAddressCount: null,
    reconciliation: null,
    freePrefixCount: null,
    freePrefixCountMost: 14,
    freePrefixCountReserved: null,
    largestFreeBlockPrefixLength: null,
    strandedAddressCount: null,
    fragmentation: null,
    awsFragmentationScore: null,
    holders: [],
    flowLogCoverage: 'unknown',
    flowLogCoverageReasons: ['owner-not-seen'],
    status: 'unknown',
    statusReasons: [
      {
        code: 'owner-not-seen',
        observed: null,
        needed: null,
        message: 'the owner account 444444444444 is not scanned, so who uses the addresses is not known',
      },
      NO_FORECAST,
    ],
    ...overrides,
  });
}

/** A subnet without any IPv4 address. */
export function anIpv6OnlySubnetView(overrides: Partial<SubnetView> = {}): SubnetView {
  return aSubnetViewWithoutOwner({
    cidrBlock: null,
    countedFrom: null,
    usableAddressCount: null,
    usedAddressCount: null,
    freeAddressCount: null,
    reservedAddressCount: null,
    availableIpAddressCount: 0,
    addressesLeft: null,
    maxPrefixCount: null,
    freePrefixCountMost: null,
    flowLogCoverage: 'none',
    flowLogCoverageReasons: ['no-flow-log'],
    status: 'healthy',
    statusReasons: [{ code: 'ipv6-only', observed: null, needed: null, message: 'the subnet has no IPv4 addresses' }],
    ...overrides,
  });
}

export function aClusterView(overrides: Partial<ClusterView> = {}): ClusterView {
  return {
    clusterId: CLUSTER_ID,
    clusterArn: `arn:aws:eks:eu-west-1:${ACCOUNT_ID}:cluster/${CLUSTER_NAME}`,
    clusterName: CLUSTER_NAME,
    accountId: ACCOUNT_ID,
    accountName: 'Shop production',
    ownerTeam: null,
    region: 'eu-west-1',
    vpcId: VPC_ID,
    version: '1.33',
    clusterStatus: 'ACTIVE',
    ipFamily: 'ipv4',
    autoMode: false,
    tags: { team: 'shop' },
    observedAt: NOW,
    isStale: false,
    subnets: [{ subnetId: SUBNET_ID, sources: ['control-plane', 'nodegroup'], isSeen: true }],
    zones: [{ zone: 'euw1-az1', subnetIds: [SUBNET_ID], addressesLeft: 144, freePrefixCount: 8 }],
    nodegroups: [
      {
        nodegroupName: 'workers',
        instanceTypes: ['m5.large'],
        subnetIds: [SUBNET_ID],
        minSize: 1,
        desiredSize: 3,
        maxSize: 6,
        healthIssues: [],
        tags: {},
      },
    ],
    fargateProfiles: [],
    addons: [
      { addonName: 'vpc-cni', addonVersion: 'v1.20.1-eksbuild.1', status: 'ACTIVE', configurationProblem: null },
    ],
    status: 'healthy',
    bindingSubnetId: SUBNET_ID,
    statusReasons: [NO_FORECAST],
    ...overrides,
  };
}

export function aNotSeenView(overrides: Partial<NotSeenView> = {}): NotSeenView {
  return {
    scope: 'network-interfaces',
    accountId: ACCOUNT_ID,
    accountName: 'Shop production',
    region: 'eu-west-1',
    resourceIds: [],
    action: 'ec2:DescribeNetworkInterfaces',
    code: 'access-denied',
    awsErrorName: 'UnauthorizedOperation',
    message: 'You are not authorized to perform this operation.',
    advice: null,
    isRequired: true,
    ...overrides,
  };
}

export function aCoverageView(overrides: Partial<CoverageView> = {}): CoverageView {
  return {
    startedAt: '2026-11-23T07:59:41.120Z',
    finishedAt: '2026-11-23T08:00:22.418Z',
    callerAccountId: '999900001111',
    partition: 'aws',
    accounts: [
      {
        accountId: ACCOUNT_ID,
        accountName: 'Shop production',
        state: 'ACTIVE',
        outcome: 'scanned',
        regions: ['eu-west-1'],
        regionsNotEnabled: [],
        regionsLeftOut: [],
        notScannedReason: null,
      },
    ],
    targetsExpected: 1,
    targetsFinished: 1,
    statusRulesVersion: 1,
    requiredFacts: ['subnets', 'network-interfaces', 'clusters', 'nodegroups', 'reservations'],
    isComplete: true,
    notSeen: [],
    ...overrides,
  };
}

export function anAuditView(overrides: Partial<AuditView> = {}): AuditView {
  return { coverage: aCoverageView(), subnets: [aSubnetView()], clusters: [aClusterView()], ...overrides };
}
