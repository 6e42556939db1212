import type { SubnetState } from '../../../lib/domain/capacity/region-state.ts';
import { subnetStatus, THRESHOLDS_DEFAULT, type Unseen } from '../../../lib/domain/capacity/subnet-status.ts';
import type { VpcState } from '../../../lib/domain/capacity/vpc-state.ts';
import { type Exhaustion, NO_HISTORY } from '../../../lib/domain/trend/exhaustion.ts';
import { ACCOUNT_ID, aSubnet, NOW, VPC_ID } from '../../helpers/builders.ts';
import { REGION } from '../../helpers/region-facts-builder.ts';

const USABLE = 251;
const MAX_PREFIXES = 14;
export const FLOOR = { controlPlaneUpdateAddresses: 5, loadBalancerAddresses: 8 };

export interface SubnetSketch {
  readonly subnetId: string;
  /** Addresses that both EC2 and the map say are free. */
  readonly free: number;
  readonly zone?: string;
  readonly clusterNames?: readonly string[];
  /** Free /28 blocks, where prefixes are in use. */
  readonly blocks?: number;
  readonly canFallBack?: boolean;
  readonly exhaustion?: Exhaustion;
  readonly residual?: number;
  readonly unseen?: readonly Unseen[];
}

export function clusterIdOf(clusterName: string): string {
  return `${ACCOUNT_ID}:${REGION}:${clusterName}`;
}

/** A /24 as it is judged: its status is by the rules, from what the sketch says of it. */
export function aSubnetState(sketch: SubnetSketch): SubnetState {
  const { subnetId, free, zone = 'euw1-az1', clusterNames = ['prod'], unseen = [], residual = 0 } = sketch;
  const { exhaustion = NO_HISTORY, canFallBack = false } = sketch;
  const freePrefixCount = sketch.blocks ?? MAX_PREFIXES;
  const prefixUse = {
    inUse: sketch.blocks !== undefined,
    canFallBack,
    prefixCountByKind: new Map(),
    isSetByAddon: sketch.blocks !== undefined,
  };
  const ipv4 = {
    usableAddressCount: USABLE,
    addressesLeft: free,
    freePrefixCount,
    maxPrefixCount: MAX_PREFIXES,
    prefixUse,
    floor: FLOOR,
  };
  return {
    subnet: aSubnet({ subnetId, availabilityZone: zone, availabilityZoneId: zone, tags: [['Name', subnetId]] }),
    region: REGION,
    team: 'platform',
    availabilityZoneId: zone,
    viewerAccountIds: [ACCOUNT_ID],
    observedAt: NOW,
    networkInterfacesObservedAt: NOW,
    capacity: {
      source: 'network-interfaces',
      counts: {
        usableAddressCount: USABLE,
        usedAddressCount: USABLE - free,
        freeAddressCount: free - residual,
        reservedAddressCount: 0,
        maxPrefixCount: MAX_PREFIXES,
        freePrefixCountGeneral: freePrefixCount,
        freePrefixCountReserved: 0,
        freePrefixCountMost: freePrefixCount,
        alignableFreeAddressCount: free,
        strandedAddressCount: 0,
        fragmentation: 0,
        awsFragmentationScore: null,
        largestFreeBlockPrefixLength: 28,
      },
      reconciliation: {
        availableIpAddressCount: free,
        unaccountedAddressCount: residual,
        grade: residual === 0 ? 'exact' : 'unexplained',
        unexplainedUsedAddressCount: Math.max(0, -residual),
      },
      freePrefixCount,
      pulse: undefined,
    },
    floor: FLOOR,
    exhaustion,
    prefixUse,
    holders: [
      {
        kind: 'eks-node-primary',
        service: undefined,
        clusterName: clusterNames[0],
        networkInterfaceCount: 10,
        addressCount: USABLE - free,
        prefixCount: 0,
      },
    ],
    leakedNetworkInterfaceIds: [],
    clusters: clusterNames.map((clusterName) => ({
      clusterId: clusterIdOf(clusterName),
      clusterName,
      sources: ['nodegroup'],
    })),
    flowLogs: { coverage: 'unknown', reasons: [], flowLogs: [] },
    problems: [],
    status: subnetStatus({ ipv4, unseen, exhaustion, thresholds: THRESHOLDS_DEFAULT }),
  };
}

/** A VPC that has been watched for weeks. */
export function aVpcState(sketches: readonly SubnetSketch[], overrides: Partial<VpcState> = {}): VpcState {
  return {
    vpc: { ownerId: ACCOUNT_ID, region: REGION, vpcId: VPC_ID },
    vpcName: 'main',
    firstObservedAt: '2026-10-01T08:00:00.000Z',
    observedAt: NOW,
    judgedFrom: [],
    statusRulesVersion: 1,
    settingsHash: 'none',
    subnets: sketches.map(aSubnetState),
    clusters: [],
    gone: [],
    ...overrides,
  };
}

/** A forecast that is likely to be right: from weeks of history. */
export function aForecast(probability: ReadonlyMap<number, number>, overrides: object = {}): Exhaustion {
  return {
    state: 'forecast',
    kind: 'addresses',
    method: 'trend',
    dayCount: 60,
    floor: 13,
    p10: 20_790,
    p50: 20_800,
    p90: undefined,
    censoredDay: 20_960,
    probability,
    quality: undefined,
    caveats: ['gaps'],
    ...overrides,
  };
}
