import type {
  ClusterState,
  HolderSummary,
  SubnetCapacityState,
  SubnetState,
} from '../../lib/domain/capacity/region-state.ts';
import type { Status, StatusReason } from '../../lib/domain/capacity/subnet-status.ts';
import type { VpcState } from '../../lib/domain/capacity/vpc-state.ts';
import type { Addon } from '../../lib/domain/cluster/cluster.ts';
import type { Instant } from '../../lib/domain/fact.ts';
import { observed } from '../../lib/domain/fact.ts';
import type { Exhaustion } from '../../lib/domain/trend/exhaustion.ts';
import { aCluster, aNodegroup } from './builders.ts';

/**
 * States as a large organisation has them: names, tags and holders of every account its own, counts that nothing predicts,
 * and what repeats in real fleets repeating. The same seed gives the same fleet.
 */
export interface RealisticFleet {
  readonly vpcCount: number;
  readonly subnetsPerVpc: number;
  readonly clusterCount: number;
  readonly observedAt: Instant;
  readonly seed: number;
}

export const REGIONS = ['eu-west-1', 'eu-central-1', 'us-east-1', 'us-west-2', 'ap-southeast-1', 'ap-northeast-1'];
const WORDS = ['shop', 'search', 'checkout', 'media', 'billing', 'ledger', 'fraud', 'catalog', 'pricing', 'identity'];
const STAGES = ['dev', 'test', 'staging', 'prod'];
const PREFIX_LENGTHS = [20, 21, 22, 23, 24, 24, 24, 26];
const MINUTE_MS = 60_000;
const RUN_MINUTES = 20;
const ACCOUNT_COUNT = 1_000;

/** Returns the state of one VPC of a fleet, the same each time, so that a fleet need not be in memory at once. */
export function realisticVpc(fleet: RealisticFleet, index: number): VpcState {
  const clustersUpTo = (count: number) => Math.floor((count * fleet.clusterCount) / fleet.vpcCount);
  const random = randomNumbers(fleet.seed + index * SEED_STEP);
  return vpcState(fleet, random, clustersUpTo(index + 1) - clustersUpTo(index));
}

/** Far apart, so that the numbers of two VPCs do not run into each other. */
const SEED_STEP = 0x9e3779b1;

type Random = ReturnType<typeof randomNumbers>;

/** Mulberry32. https://gist.github.com/tommyettinger/46a874533244883189143505d203312c */
function randomNumbers(seed: number) {
  let state = seed >>> 0;
  const fraction = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number) => Math.floor(fraction() * limit);
  const digits = (count: number) => Array.from({ length: count }, () => below(16).toString(16)).join('');
  return {
    fraction,
    below,
    digits,
    one: <T>(items: readonly T[]): T => {
      const item = items[below(items.length)];
      if (item === undefined) {
        throw new RangeError('Cannot choose one of no items');
      }
      return item;
    },
    id: (prefix: string) => `${prefix}-0${digits(16)}`,
    accountId: () => String(100_000_000_000 + below(ACCOUNT_COUNT) * 1_000_003),
  };
}

interface Surroundings {
  readonly ownerId: string;
  readonly region: string;
  readonly vpcId: string;
  readonly observedAt: Instant;
  readonly team: string;
  readonly application: string;
  readonly stage: string;
  readonly tags: readonly (readonly [string, string])[];
}

function vpcState(fleet: RealisticFleet, random: Random, clusterCount: number): VpcState {
  const ownerId = random.accountId();
  const region = random.one(REGIONS);
  const vpcId = random.id('vpc');
  const application = random.one(WORDS);
  const stage = random.one(STAGES);
  const offsetMs = random.below(RUN_MINUTES * MINUTE_MS);
  const observedAt = new Date(Date.parse(fleet.observedAt) + offsetMs).toISOString();
  const team = `${application}-platform`;
  const tags = [
    ['team', team],
    ['stage', stage],
    ['cost-center', String(1_000 + random.below(200))],
    ['managed-by', 'terraform'],
  ] as const;
  const around: Surroundings = { ownerId, region, vpcId, observedAt, team, application, stage, tags };
  const clusterNames = Array.from({ length: clusterCount }, (_, index) => `${application}-${stage}-${index + 1}`);
  const network = 10 * 2 ** 24 + random.below(256) * 2 ** 16;
  const subnets = Array.from({ length: fleet.subnetsPerVpc }, (_, index) =>
    subnetState(around, random, { index, network, clusterNames }),
  );
  const clusters = clusterNames.map((clusterName) => clusterState(around, random, clusterName, subnets));
  return {
    vpc: { ownerId, region, vpcId },
    vpcName: `${application}-${stage}`,
    firstObservedAt: new Date(Date.parse(fleet.observedAt) - random.below(400 * 24 * 60) * MINUTE_MS).toISOString(),
    observedAt,
    judgedFrom: [{ viewerAccountId: ownerId, scanSlot: `scan/${fleet.observedAt}`, pulseSlot: undefined }],
    statusRulesVersion: 1,
    settingsHash: 'b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9',
    subnets,
    clusters,
    gone: [],
  };
}

function subnetState(
  { ownerId, region, vpcId, observedAt, team, application, stage, tags }: Surroundings,
  random: Random,
  { index, network, clusterNames }: { index: number; network: number; clusterNames: readonly string[] },
): SubnetState {
  const subnetId = random.id('subnet');
  const prefixLength = random.one(PREFIX_LENGTHS);
  const zone = 'abc'.charAt(index % 3);
  const base = network + index * 4_096;
  const isPrivate = index % 3 !== 0;
  const clusterName = isPrivate && clusterNames.length > 0 ? random.one(clusterNames) : undefined;
  const capacity = capacityOf(2 ** (32 - prefixLength), clusterName === undefined ? 0.2 : 0.9, random);
  const clusters =
    clusterName === undefined
      ? []
      : [
          {
            clusterId: `${ownerId}:${region}:${clusterName}`,
            clusterName,
            sources: ['nodegroup', 'instance'] as const,
          },
        ];
  return {
    subnet: {
      subnetId,
      subnetArn: `arn:aws:ec2:${region}:${ownerId}:subnet/${subnetId}`,
      vpcId,
      ownerId,
      availabilityZone: region + zone,
      availabilityZoneId: `${region.replaceAll(/[^a-z0-9]/g, '')}-az${index % 3}`,
      cidrBlock: `${(base >>> 24) & 255}.${(base >>> 16) & 255}.${(base >>> 8) & 255}.${base & 255}/${prefixLength}`,
      availableIpAddressCount: capacity.reconciliation.availableIpAddressCount,
      ipv6Native: false,
      mapPublicIpOnLaunch: false,
      state: 'available',
      tags: [
        ['Name', `${application}-${stage}-${isPrivate ? 'private' : 'public'}-${zone}-${index}`],
        ...tags,
        [isPrivate ? 'kubernetes.io/role/internal-elb' : 'kubernetes.io/role/elb', '1'],
      ],
    },
    region,
    team,
    availabilityZoneId: `${region.replaceAll(/[^a-z0-9]/g, '')}-az${index % 3}`,
    viewerAccountIds: [ownerId],
    observedAt,
    networkInterfacesObservedAt: observedAt,
    capacity,
    floor: { controlPlaneUpdateAddresses: isPrivate ? 5 : 0, loadBalancerAddresses: 8 },
    exhaustion: exhaustionOf(subnetId, observedAt),
    prefixUse: { inUse: false, canFallBack: true, prefixCountByKind: new Map(), isSetByAddon: false },
    holders: holdersOf(capacity.counts.usedAddressCount, clusterName, random),
    leakedNetworkInterfaceIds: random.below(20) === 0 ? [random.id('eni')] : [],
    clusters,
    flowLogs: { coverage: 'none', reasons: ['no-flow-log'], flowLogs: [] },
    problems: [],
    status: statusOf(capacity),
  };
}

const MS_PER_DAY = 86_400_000;

/** Two in a hundred may run out; a forecast of one is as long as any. */
function exhaustionOf(subnetId: string, observedAt: string): Exhaustion {
  const digits = Number.parseInt(subnetId.slice(-8), 16);
  if (digits % 50 !== 0) {
    return { state: 'not-expected', withinDays: 90, dayCount: 90 };
  }
  const today = Math.floor(Date.parse(observedAt) / MS_PER_DAY);
  return {
    state: 'forecast',
    kind: 'addresses',
    method: 'trend',
    dayCount: 60 + (digits % 31),
    floor: 13,
    p10: today + (digits % 37),
    p50: today + (digits % 59),
    p90: digits % 3 === 0 ? undefined : today + (digits % 97),
    censoredDay: today + 179,
    probability: new Map([7, 14, 30, 90, 180].map((days) => [days, (digits % (days + 1)) / 500])),
    quality: undefined,
    caveats: ['swing-not-learnt'],
  };
}

type MappedCapacity = Extract<SubnetCapacityState, { source: 'network-interfaces' }>;

const AWS_ADDRESSES = 5;

function capacityOf(size: number, usedRatioMost: number, random: Random): MappedCapacity {
  const usableAddressCount = size - AWS_ADDRESSES;
  const usedAddressCount = Math.floor(random.fraction() * usedRatioMost * usableAddressCount);
  const freeAddressCount = usableAddressCount - usedAddressCount;
  const maxPrefixCount = Math.max(0, size / 16 - 2);
  const freePrefixCountMost = Math.floor((maxPrefixCount * freeAddressCount * random.fraction()) / usableAddressCount);
  const alignableFreeAddressCount = Math.max(freeAddressCount - random.below(20), freePrefixCountMost * 16);
  const strandedAddressCount = alignableFreeAddressCount - freePrefixCountMost * 16;
  const hidden = random.below(10) === 0 ? random.below(3) : 0;
  return {
    source: 'network-interfaces',
    counts: {
      usableAddressCount,
      usedAddressCount,
      freeAddressCount,
      reservedAddressCount: 0,
      maxPrefixCount,
      freePrefixCountGeneral: freePrefixCountMost,
      freePrefixCountReserved: 0,
      freePrefixCountMost,
      alignableFreeAddressCount,
      strandedAddressCount,
      fragmentation: alignableFreeAddressCount === 0 ? null : strandedAddressCount / alignableFreeAddressCount,
      awsFragmentationScore: random.below(101),
      largestFreeBlockPrefixLength: 24 + random.below(8),
    },
    reconciliation: {
      availableIpAddressCount: freeAddressCount - hidden,
      unaccountedAddressCount: -hidden,
      grade: hidden === 0 ? 'exact' : 'settling',
      unexplainedUsedAddressCount: hidden,
    },
    freePrefixCount: Math.max(0, freePrefixCountMost - hidden),
    pulse: undefined,
  };
}

function holdersOf(usedAddressCount: number, clusterName: string | undefined, random: Random): HolderSummary[] {
  const shares: readonly Pick<HolderSummary, 'kind' | 'clusterName'>[] =
    clusterName === undefined
      ? [
          { kind: 'ec2-instance', clusterName },
          { kind: 'elb-alb', clusterName },
          { kind: 'lambda', clusterName },
        ]
      : [
          { kind: 'cni-secondary', clusterName },
          { kind: 'eks-node-primary', clusterName },
          { kind: 'elb-nlb', clusterName: undefined },
          { kind: 'vpc-endpoint', clusterName: undefined },
        ];
  let rest = usedAddressCount;
  return shares.flatMap((share, index) => {
    const addressCount = index === shares.length - 1 ? rest : Math.floor(rest * (0.5 + random.fraction() / 2));
    rest -= addressCount;
    const networkInterfaceCount = Math.ceil(addressCount / 12);
    return addressCount === 0
      ? []
      : [{ ...share, service: undefined, networkInterfaceCount, addressCount, prefixCount: 0 }];
  });
}

function statusOf({ counts, reconciliation }: MappedCapacity): SubnetState['status'] {
  const left = reconciliation.availableIpAddressCount;
  const needed = Math.ceil(counts.usableAddressCount * 0.15);
  const reasons: StatusReason[] = [];
  if (left >= needed) {
    return { status: 'healthy', reasons };
  }
  const status: Status = left <= 8 ? 'critical' : 'warning';
  return { status, reasons: [{ code: 'few-free-addresses', observed: left, needed, ratio: 0.15 }, ...reasons] };
}

function clusterState(
  { ownerId, region, vpcId, observedAt, team, tags }: Surroundings,
  random: Random,
  clusterName: string,
  subnets: readonly SubnetState[],
): ClusterState {
  const clusterId = `${ownerId}:${region}:${clusterName}`;
  const used = subnets.filter(({ clusters }) => clusters.some((cluster) => cluster.clusterId === clusterId));
  const subnetIds = used.map(({ subnet }) => subnet.subnetId);
  const workers = ['general', 'batch'].map((nodegroupName) =>
    aNodegroup({ nodegroupName, clusterName, subnetIds: subnetIds.slice(0, 3), tags: [...tags] }),
  );
  const addons = ['vpc-cni', 'coredns', 'kube-proxy'].map((addonName) => addonOf(addonName, clusterName));
  return {
    clusterId,
    target: { accountId: ownerId, region },
    clusterName,
    team,
    observedAt,
    cluster: observed(
      aCluster({
        name: clusterName,
        arn: `arn:aws:eks:${region}:${ownerId}:cluster/${clusterName}`,
        version: random.one(['1.32', '1.33', '1.34']),
        vpcId,
        subnetIds: subnetIds.slice(0, 3),
        tags: [...tags],
      }),
      observedAt,
    ),
    nodegroups: {
      names: observed(
        workers.map(({ nodegroupName }) => nodegroupName),
        observedAt,
      ),
      items: new Map(workers.map((nodegroup) => [nodegroup.nodegroupName, observed(nodegroup, observedAt)])),
    },
    fargateProfiles: { names: observed([], observedAt), items: new Map() },
    addons: {
      names: observed(
        addons.map(({ addonName }) => addonName),
        observedAt,
      ),
      items: new Map(addons.map((addon) => [addon.addonName, observed(addon, observedAt)])),
    },
    subnets: subnetIds.map((subnetId) => ({ subnetId, sources: ['nodegroup', 'instance'], isSeen: true })),
    zones: [...new Set(used.map(({ subnet }) => subnet.availabilityZone))].map((zone) => {
      const inZone = used.filter(({ subnet }) => subnet.availabilityZone === zone);
      return {
        zone,
        subnetIds: inZone.map(({ subnet }) => subnet.subnetId),
        addressesLeft: inZone.reduce((sum, { subnet }) => sum + subnet.availableIpAddressCount, 0),
        freePrefixCount: inZone.reduce(
          (sum, { capacity }) => sum + (capacity?.source === 'network-interfaces' ? capacity.freePrefixCount : 0),
          0,
        ),
      };
    }),
    status: used[0]?.status.status ?? 'unknown',
    bindingSubnetId: used[0]?.subnet.subnetId,
    statusReasons: used[0]?.status.reasons ?? [],
  };
}

function addonOf(addonName: string, clusterName: string): Addon {
  return {
    addonName,
    clusterName,
    addonVersion: 'v1.20.4-eksbuild.1',
    status: 'ACTIVE',
    configurationValues: undefined,
    configuration: { values: undefined, problem: undefined },
    serviceAccountRoleArn: undefined,
    healthIssues: [],
    modifiedAt: '2026-09-01T00:00:00.000Z',
    tags: [],
  };
}
