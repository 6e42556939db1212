import type { AuditView } from '../../lib/api/audit-view.ts';
import type { StatusReasonView } from '../../lib/api/status-reason-view.ts';
import {
  aClusterView,
  aCoverageView,
  aNotSeenView,
  anIpv6OnlySubnetView,
  aSubnetView,
  aSubnetViewWithoutOwner,
  NO_FORECAST,
} from './audit-view-builder.ts';
import { ACCOUNT_ID } from './builders.ts';

const NAME_LENGTH_MOST = 300;
const RIGHT_TO_LEFT_OVERRIDE = '\u202e';

/** Text that tries to leave its place: markup, quotes, a reordering, a line end, a name without a break. */
export const HOSTILE = {
  markup: `</td><script>alert("x")</script><img src=x onerror='alert(1)'>`,
  reordered: `invoice${RIGHT_TO_LEFT_OVERRIDE}gpj.exe`,
  lines: 'first line\nsecond line',
  long: 'x'.repeat(NAME_LENGTH_MOST),
} as const;

const PAYMENTS_ID = `${ACCOUNT_ID}:us-east-1:payments`;
const CHECKOUT_ID = `${ACCOUNT_ID}:us-east-1:checkout`;
const ANALYTICS_ID = '333333333333:us-east-1:analytics';
const PLATFORM_ID = '333333333333:eu-west-1:platform';
const SANDBOX_NAME = `Sandbox "R&D" <b>`;

function reason(code: StatusReasonView['code'], message: string, observed: number, needed: number): StatusReasonView {
  return { code, message, observed, needed };
}

const NO_FREE_PREFIX = reason('no-free-prefix', 'prefixes are in use and no /28 block is free', 0, 1);
const AT_FLOOR = reason(
  'free-addresses-at-floor',
  '9 addresses free, 14 needed: 5 for a control-plane update, 8 for load balancers, and one to spare',
  9,
  14,
);
const FEW_ADDRESSES = reason('few-free-addresses', '9 addresses free, 15 % of the subnet is 38', 9, 38);
const FEW_PREFIXES = reason(
  'few-free-prefixes',
  '4 /28 blocks free while prefixes are in use, 10 % of the most the subnet can have is 7',
  4,
  7,
);

/** Every status, every kind of missing number, and hostile text, as an audit of an organisation would have them. */
export function variedAuditView(): AuditView {
  return { coverage: coverage(), subnets: subnets(), clusters: clusters() };
}

function coverage(): AuditView['coverage'] {
  const scanned = { state: 'ACTIVE', outcome: 'scanned', regions: ['eu-west-1', 'us-east-1'] } as const;
  return aCoverageView({
    accounts: [
      {
        ...scanned,
        accountId: ACCOUNT_ID,
        accountName: 'Shop production',
        regions: [...scanned.regions],
        regionsNotEnabled: ['af-south-1', 'me-central-1'],
      },
      {
        ...scanned,
        accountId: '333333333333',
        accountName: 'Data platform',
        regions: [...scanned.regions],
        regionsNotEnabled: ['af-south-1'],
      },
      {
        accountId: '444444444444',
        accountName: SANDBOX_NAME,
        state: 'ACTIVE',
        outcome: 'not-seen',
        regions: [],
        regionsNotEnabled: [],
      },
      {
        accountId: '555555555555',
        accountName: 'Former acquisition',
        state: 'SUSPENDED',
        outcome: 'not-scanned',
        regions: [],
        regionsNotEnabled: [],
      },
    ],
    targetsExpected: 4,
    targetsFinished: 4,
    isComplete: false,
    notSeen: [
      aNotSeenView({
        scope: 'account',
        accountId: '444444444444',
        accountName: SANDBOX_NAME,
        region: null,
        action: 'sts:AssumeRole',
        awsErrorName: 'AccessDenied',
        message:
          'User: arn:aws:sts::999900001111:assumed-role/audit/run is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::444444444444:role/elbowroom-scan',
      }),
      aNotSeenView({
        scope: 'reservations',
        region: 'us-east-1',
        resourceIds: ['subnet-0c1', 'subnet-0c2'],
        action: 'ec2:GetSubnetCidrReservations',
        message: `${HOSTILE.markup} ${HOSTILE.lines}`,
      }),
      aNotSeenView({
        scope: 'addons',
        accountId: '333333333333',
        accountName: 'Data platform',
        region: 'us-east-1',
        resourceIds: ['analytics'],
        action: 'eks:ListAddons',
        awsErrorName: null,
        code: 'endpoint-unreachable',
        message: 'connect ECONNREFUSED',
        isRequired: false,
      }),
    ],
  });
}

function subnets(): AuditView['subnets'] {
  return [
    aSubnetView({
      subnetId: 'subnet-0e1',
      name: 'payments-pods-a',
      availabilityZone: 'us-east-1a',
      availabilityZoneId: 'use1-az4',
      region: 'us-east-1',
      cidrBlock: '10.20.0.0/24',
      usedAddressCount: 203,
      freeAddressCount: 48,
      reservedAddressCount: 0,
      availableIpAddressCount: 45,
      unaccountedAddressCount: -3,
      reconciliation: 'unexplained',
      addressesLeft: 45,
      freePrefixCount: 0,
      freePrefixCountMost: 0,
      freePrefixCountReserved: 0,
      largestFreeBlockPrefixLength: 29,
      strandedAddressCount: 48,
      fragmentation: 1,
      awsFragmentationScore: 100,
      prefixes: { areInUse: true, canFallBack: false },
      clusters: [{ clusterId: PAYMENTS_ID, clusterName: 'payments', sources: ['nodegroup', 'cni-network-interface'] }],
      holders: [
        {
          kind: 'cni-secondary',
          service: null,
          clusterName: 'payments',
          networkInterfaceCount: 9,
          addressCount: 169,
          prefixCount: 10,
        },
        {
          kind: 'aws-service',
          service: 'elasticache',
          clusterName: null,
          networkInterfaceCount: 31,
          addressCount: 31,
          prefixCount: 0,
        },
        {
          kind: 'unattached',
          service: null,
          clusterName: 'payments',
          networkInterfaceCount: 3,
          addressCount: 3,
          prefixCount: 0,
        },
      ],
      leakedNetworkInterfaceIds: ['eni-0leaked1', 'eni-0leaked2'],
      flowLogCoverage: 'partial',
      flowLogCoverageReasons: ['only-reject', 'default-format'],
      problems: ['eni-0odd holds 10.99.0.7, which is not in the subnet'],
      status: 'exhausted',
      statusReasons: [NO_FREE_PREFIX, NO_FORECAST],
    }),
    aSubnetView({
      subnetId: 'subnet-0c1',
      name: 'payments-private-b',
      availabilityZone: 'us-east-1b',
      availabilityZoneId: 'use1-az6',
      region: 'us-east-1',
      cidrBlock: '10.20.1.0/24',
      usedAddressCount: 210,
      freeAddressCount: 9,
      reservedAddressCount: 32,
      availableIpAddressCount: 9,
      addressesLeft: 9,
      freePrefixCount: 1,
      freePrefixCountMost: 1,
      largestFreeBlockPrefixLength: 30,
      strandedAddressCount: 9,
      fragmentation: 0.995,
      awsFragmentationScore: 93,
      clusters: [
        { clusterId: PAYMENTS_ID, clusterName: 'payments', sources: ['control-plane', 'nodegroup'] },
        { clusterId: CHECKOUT_ID, clusterName: 'checkout', sources: ['control-plane'] },
      ],
      status: 'critical',
      statusReasons: [AT_FLOOR, FEW_ADDRESSES, NO_FORECAST],
    }),
    aSubnetView({
      subnetId: 'subnet-0w1',
      accountId: '333333333333',
      accountName: 'Data platform',
      name: HOSTILE.long,
      availabilityZone: 'us-east-1c',
      availabilityZoneId: 'use1-az1',
      region: 'us-east-1',
      cidrBlock: '10.40.0.0/22',
      tags: { [HOSTILE.markup]: HOSTILE.reordered, Name: HOSTILE.long, note: HOSTILE.lines, empty: '' },
      usableAddressCount: 1019,
      usedAddressCount: 826,
      freeAddressCount: 177,
      reservedAddressCount: 16,
      availableIpAddressCount: 176,
      unaccountedAddressCount: -1,
      reconciliation: 'settling',
      addressesLeft: 176,
      maxPrefixCount: 62,
      freePrefixCount: 4,
      freePrefixCountMost: 5,
      largestFreeBlockPrefixLength: 27,
      strandedAddressCount: 97,
      fragmentation: 0.55,
      awsFragmentationScore: 71,
      prefixes: { areInUse: true, canFallBack: true },
      clusters: [{ clusterId: ANALYTICS_ID, clusterName: 'analytics', sources: ['karpenter-discovery-tag'] }],
      status: 'warning',
      statusReasons: [FEW_PREFIXES, NO_FORECAST],
    }),
    aSubnetViewWithoutOwner({
      subnetId: 'subnet-0u1',
      accountId: '444444444444',
      accountName: SANDBOX_NAME,
      name: HOSTILE.markup,
      availabilityZoneId: null,
      availabilityZone: 'us-east-1b',
      region: 'us-east-1',
      cidrBlock: '10.50.0.0/24',
      clusters: [{ clusterId: ANALYTICS_ID, clusterName: 'analytics', sources: ['nodegroup'] }],
    }),
    aSubnetViewWithoutOwner({
      subnetId: 'subnet-0u2',
      accountName: null,
      name: null,
      cidrBlock: '10.60.0.0/33',
      countedFrom: null,
      usableAddressCount: null,
      usedAddressCount: null,
      freeAddressCount: null,
      reservedAddressCount: null,
      addressesLeft: null,
      maxPrefixCount: null,
      freePrefixCountMost: null,
      clusters: [],
      tags: {},
      subnetArn: null,
      statusReasons: [
        {
          code: 'cidr-unreadable',
          observed: null,
          needed: null,
          message: 'the CIDR block "10.60.0.0/33" cannot be read',
        },
        NO_FORECAST,
      ],
    }),
    aSubnetView({
      subnetId: 'subnet-0h1',
      accountId: '333333333333',
      accountName: 'Data platform',
      name: 'platform-pods-a',
      cidrBlock: '100.64.0.0/16',
      usableAddressCount: 65_531,
      usedAddressCount: 12_406,
      freeAddressCount: 36_741,
      reservedAddressCount: 16_384,
      availableIpAddressCount: 36_741,
      addressesLeft: 36_741,
      maxPrefixCount: 4094,
      freePrefixCount: 3188,
      freePrefixCountMost: 3188,
      freePrefixCountReserved: 1024,
      largestFreeBlockPrefixLength: 18,
      strandedAddressCount: 117,
      fragmentation: 0.003,
      awsFragmentationScore: 1,
      prefixes: { areInUse: true, canFallBack: true },
      clusters: [{ clusterId: PLATFORM_ID, clusterName: 'platform', sources: ['nodegroup', 'cni-role-tag'] }],
    }),
    aSubnetView({
      subnetId: 'subnet-0h2',
      name: 'shop-public-a',
      cidrBlock: '10.0.9.0/28',
      usableAddressCount: 11,
      usedAddressCount: 1,
      freeAddressCount: 10,
      reservedAddressCount: 0,
      availableIpAddressCount: 10,
      addressesLeft: 10,
      maxPrefixCount: 0,
      freePrefixCount: 0,
      freePrefixCountMost: 0,
      freePrefixCountReserved: 0,
      largestFreeBlockPrefixLength: 29,
      strandedAddressCount: 0,
      fragmentation: null,
      awsFragmentationScore: null,
      clusters: [],
      holders: [
        {
          kind: 'nat-gateway',
          service: null,
          clusterName: null,
          networkInterfaceCount: 1,
          addressCount: 1,
          prefixCount: 0,
        },
      ],
      flowLogCoverage: 'none',
      flowLogCoverageReasons: ['no-flow-log'],
    }),
    anIpv6OnlySubnetView({ subnetId: 'subnet-0h3', name: 'platform-v6', clusters: [] }),
  ];
}

function clusters(): AuditView['clusters'] {
  return [
    aClusterView({
      clusterId: PAYMENTS_ID,
      clusterName: 'payments',
      region: 'us-east-1',
      version: '1.31',
      clusterStatus: 'UPDATING',
      subnets: [
        { subnetId: 'subnet-0e1', sources: ['nodegroup', 'cni-network-interface'], isSeen: true },
        { subnetId: 'subnet-0c1', sources: ['control-plane', 'nodegroup'], isSeen: true },
      ],
      zones: [
        { zone: 'use1-az4', subnetIds: ['subnet-0e1'], addressesLeft: 45, freePrefixCount: 0 },
        { zone: 'use1-az6', subnetIds: ['subnet-0c1'], addressesLeft: 9, freePrefixCount: 1 },
      ],
      nodegroups: [
        {
          nodegroupName: 'on-demand',
          instanceTypes: ['m6i.2xlarge', 'm6a.2xlarge'],
          subnetIds: ['subnet-0e1', 'subnet-0c1'],
          minSize: 6,
          desiredSize: 9,
          maxSize: 40,
          healthIssues: ['InsufficientFreeAddresses: the subnets of the node group have no free addresses'],
          tags: {},
        },
      ],
      status: 'exhausted',
      bindingSubnetId: 'subnet-0e1',
      statusReasons: [NO_FREE_PREFIX, NO_FORECAST],
    }),
    aClusterView({
      clusterId: CHECKOUT_ID,
      clusterName: 'checkout',
      region: 'us-east-1',
      version: '1.33',
      subnets: [{ subnetId: 'subnet-0c1', sources: ['control-plane'], isSeen: true }],
      zones: [{ zone: 'use1-az6', subnetIds: ['subnet-0c1'], addressesLeft: 9, freePrefixCount: 1 }],
      nodegroups: [],
      fargateProfiles: [{ fargateProfileName: 'all-pods', subnetIds: ['subnet-0c1'] }],
      status: 'critical',
      bindingSubnetId: 'subnet-0c1',
      statusReasons: [AT_FLOOR, FEW_ADDRESSES, NO_FORECAST],
    }),
    aClusterView({
      clusterId: ANALYTICS_ID,
      clusterName: 'analytics',
      accountId: '333333333333',
      accountName: 'Data platform',
      region: 'us-east-1',
      version: '1.32',
      subnets: [
        { subnetId: 'subnet-0w1', sources: ['karpenter-discovery-tag'], isSeen: true },
        { subnetId: 'subnet-0u1', sources: ['nodegroup'], isSeen: true },
      ],
      zones: [
        { zone: 'us-east-1b', subnetIds: ['subnet-0u1'], addressesLeft: 144, freePrefixCount: null },
        { zone: 'use1-az1', subnetIds: ['subnet-0w1'], addressesLeft: 176, freePrefixCount: 4 },
      ],
      addons: null,
      status: 'warning',
      bindingSubnetId: 'subnet-0w1',
      statusReasons: [FEW_PREFIXES, NO_FORECAST],
    }),
    aClusterView({
      clusterId: '333333333333:eu-west-1:lost',
      clusterArn: null,
      clusterName: 'lost',
      accountId: '333333333333',
      accountName: 'Data platform',
      vpcId: null,
      version: null,
      clusterStatus: null,
      ipFamily: null,
      autoMode: null,
      tags: {},
      subnets: [{ subnetId: 'subnet-0nobody', sources: ['nodegroup'], isSeen: false }],
      zones: [],
      nodegroups: null,
      fargateProfiles: null,
      addons: null,
      status: 'unknown',
      bindingSubnetId: null,
      statusReasons: [],
    }),
    aClusterView({
      clusterId: PLATFORM_ID,
      clusterName: 'platform',
      accountId: '333333333333',
      accountName: 'Data platform',
      autoMode: true,
      subnets: [{ subnetId: 'subnet-0h1', sources: ['nodegroup', 'cni-role-tag'], isSeen: true }],
      zones: [{ zone: 'euw1-az1', subnetIds: ['subnet-0h1'], addressesLeft: 36_741, freePrefixCount: 3188 }],
      bindingSubnetId: 'subnet-0h1',
    }),
  ];
}
