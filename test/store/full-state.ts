import type { SubnetCapacityState, SubnetState } from '../../lib/domain/capacity/region-state.ts';
import type { StatusReason } from '../../lib/domain/capacity/subnet-status.ts';
import type { VpcState } from '../../lib/domain/capacity/vpc-state.ts';
import { observed } from '../../lib/domain/fact.ts';
import {
  ACCOUNT_ID,
  aCluster,
  aFargateProfile,
  aNodegroup,
  aSubnet,
  CLUSTER_NAME,
  NOW,
  SUBNET_ID,
  VPC_ID,
} from '../helpers/builders.ts';
import { denied, deniedError, described, REGION } from '../helpers/region-facts-builder.ts';

const CLUSTER_ID = `${ACCOUNT_ID}:${REGION}:${CLUSTER_NAME}`;
const MEASURED = { observed: 3, needed: 13 };

const REASONS: readonly StatusReason[] = [
  { code: 'no-free-address', ...MEASURED },
  { code: 'no-free-prefix', ...MEASURED },
  { code: 'free-addresses-at-floor', ...MEASURED, floor: { controlPlaneUpdateAddresses: 5, loadBalancerAddresses: 8 } },
  { code: 'few-free-addresses', ...MEASURED, ratio: 0.15 },
  { code: 'few-free-prefixes', ...MEASURED, ratio: 0.1 },
  { code: 'fact-not-seen', fact: 'reservations', error: deniedError('ec2:GetSubnetCidrReservations') },
  { code: 'fact-stale', fact: 'network-interfaces', observedAt: NOW },
  { code: 'owner-not-seen', ownerId: '444455556666' },
  { code: 'cidr-unreadable', cidrBlock: '10.0.0.0/33' },
  { code: 'ipv6-only' },
  { code: 'exhaustion-likely', kind: 'blocks', withinDays: 7, probability: 0.75 },
  { code: 'no-forecast', why: 'no-history' },
  { code: 'no-forecast', why: 'insufficient-history', dayCount: 1, neededDayCount: 3 },
];

const SEEN_CAPACITY: SubnetCapacityState = {
  source: 'network-interfaces',
  counts: {
    usableAddressCount: 251,
    usedAddressCount: 200,
    freeAddressCount: 41,
    reservedAddressCount: 10,
    maxPrefixCount: 14,
    freePrefixCountGeneral: 1,
    freePrefixCountReserved: 1,
    freePrefixCountMost: 2,
    alignableFreeAddressCount: 40,
    strandedAddressCount: 24,
    fragmentation: 0.6,
    awsFragmentationScore: null,
    largestFreeBlockPrefixLength: 28,
  },
  reconciliation: {
    availableIpAddressCount: 40,
    unaccountedAddressCount: -1,
    grade: 'settling',
    unexplainedUsedAddressCount: 1,
  },
  freePrefixCount: 1,
  pulse: { availableIpAddressCount: 39, observedAt: NOW },
};

const SUBNET: SubnetState = {
  subnet: aSubnet(),
  region: REGION,
  team: 'platform',
  availabilityZoneId: 'euw1-az1',
  viewerAccountIds: [ACCOUNT_ID, '444455556666'],
  observedAt: NOW,
  networkInterfacesObservedAt: NOW,
  capacity: SEEN_CAPACITY,
  floor: { controlPlaneUpdateAddresses: 5, loadBalancerAddresses: 8 },
  exhaustion: {
    state: 'forecast',
    kind: 'addresses',
    method: 'trend',
    dayCount: 40,
    floor: 13,
    p10: 20_781,
    p50: 20_790,
    p90: undefined,
    censoredDay: 20_959,
    probability: new Map([
      [7, 0.25],
      [30, 0.75],
    ]),
    quality: { mase7: 0.5, coverage80: undefined, originCount: 12 },
    caveats: ['gaps', 'no-weekly-pattern'],
  },
  prefixUse: {
    inUse: true,
    canFallBack: false,
    prefixCountByKind: new Map([['auto-mode-node', 3]]),
    isSetByAddon: true,
  },
  holders: [
    {
      kind: 'eks-node-primary',
      service: undefined,
      clusterName: CLUSTER_NAME,
      networkInterfaceCount: 2,
      addressCount: 30,
      prefixCount: 1,
    },
  ],
  leakedNetworkInterfaceIds: ['eni-0leaked'],
  clusters: [{ clusterId: CLUSTER_ID, clusterName: CLUSTER_NAME, sources: ['control-plane', 'nodegroup'] }],
  flowLogs: {
    coverage: 'partial',
    reasons: ['settling', 'only-accept'],
    flowLogs: [
      {
        flowLogId: 'fl-0a',
        resourceId: VPC_ID,
        trafficType: undefined,
        delivery: 'settling',
        hasPacketAddresses: undefined,
      },
    ],
  },
  problems: ['10.0.0.4 is held twice'],
  status: { status: 'critical', reasons: REASONS },
};

/** A state in which every field of every type has a value somewhere, and what may be absent is absent somewhere. */
export const FULL_STATE: VpcState = {
  vpc: { ownerId: ACCOUNT_ID, region: REGION, vpcId: VPC_ID },
  vpcName: 'prod',
  firstObservedAt: NOW,
  observedAt: NOW,
  judgedFrom: [
    { viewerAccountId: ACCOUNT_ID, scanSlot: `scan/${NOW}`, pulseSlot: undefined },
    { viewerAccountId: '444455556666', scanSlot: undefined, pulseSlot: `pulse/${NOW}` },
  ],
  statusRulesVersion: 1,
  settingsHash: 'none',
  subnets: [
    SUBNET,
    {
      ...SUBNET,
      team: undefined,
      availabilityZoneId: undefined,
      networkInterfacesObservedAt: undefined,
      capacity: {
        source: 'available-ip-address-count',
        usableAddressCount: 251,
        availableIpAddressCount: 40,
        maxPrefixCount: 14,
        pulse: undefined,
      },
    },
    {
      ...SUBNET,
      exhaustion: { state: 'insufficient-history', dayCount: 2, neededDayCount: 3 },
    },
    { ...SUBNET, exhaustion: { state: 'not-expected', withinDays: 90, dayCount: 60 } },
    { ...SUBNET, exhaustion: { state: 'no-history' }, capacity: undefined, status: { status: 'healthy', reasons: [] } },
  ],
  clusters: [
    {
      clusterId: CLUSTER_ID,
      target: { accountId: ACCOUNT_ID, region: REGION },
      clusterName: CLUSTER_NAME,
      team: undefined,
      observedAt: NOW,
      cluster: observed(aCluster(), NOW),
      nodegroups: described({ workers: aNodegroup() }),
      fargateProfiles: described({ batch: aFargateProfile() }),
      addons: { names: denied('eks:ListAddons'), items: new Map() },
      subnets: [{ subnetId: SUBNET_ID, sources: ['karpenter-discovery-tag'], isSeen: false }],
      zones: [
        { zone: 'euw1-az1', subnetIds: [SUBNET_ID], addressesLeft: 41, freePrefixCount: 1 },
        { zone: 'euw1-az2', subnetIds: [], addressesLeft: 0, freePrefixCount: undefined },
      ],
      status: 'warning',
      bindingSubnetId: SUBNET_ID,
      statusReasons: REASONS.slice(0, 1),
    },
  ],
  gone: [
    { kind: 'subnet', id: 'subnet-0gone', lastObservedAt: NOW, goneAt: NOW },
    { kind: 'cluster', id: `${ACCOUNT_ID}:${REGION}:old`, lastObservedAt: NOW, goneAt: NOW },
  ],
};
