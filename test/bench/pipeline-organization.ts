import type { _InstanceType, InstanceTypeInfo } from '@aws-sdk/client-ec2';
import type { RegionShape } from '../../lib/collect/fact-table.ts';
import {
  addAddon,
  addEksCluster,
  addFargateProfile,
  addNodegroup,
} from '../../lib/local/simulated-aws/build/cluster.ts';
import { idSource, nextId } from '../../lib/local/simulated-aws/build/ids.ts';
import { addInstance, nodegroupInstanceTags } from '../../lib/local/simulated-aws/build/instance.ts';
import {
  addFlowLog,
  addRouteTable,
  addSubnet,
  addVpc,
  type BuiltVpc,
} from '../../lib/local/simulated-aws/build/network.ts';
import {
  addCniInterface,
  addInstancePrimaryInterface,
  addLoadBalancerInterface,
} from '../../lib/local/simulated-aws/build/network-interface-kinds.ts';
import { addAccount, addRegion, createSimulatedAws } from '../../lib/local/simulated-aws/build/organization.ts';
import { fractionOf, nextBelow, randomOf } from '../../lib/local/simulated-aws/build/random.ts';
import {
  type BuiltSubnet,
  type RegionBuilder,
  regionBuilder,
} from '../../lib/local/simulated-aws/build/region-builder.ts';
import { settleCounts } from '../../lib/local/simulated-aws/build/settle-counts.ts';
import type { SimulatedAws, SimulatedRegion } from '../../lib/local/simulated-aws/state.ts';

/**
 * An organisation of many accounts whose regions are typical ones, each with ids of its own. What a region holds follows from
 * its account, its name and the hour alone, so that it is made when it is asked for and forgotten soon after.
 */

export const BENCH_REGIONS = ['us-east-1', 'us-west-2', 'eu-west-1', 'eu-central-1'];
export const BENCH_ROLE = 'elbowroom-scan';
export const MANAGEMENT_ACCOUNT_ID = '100000000000';

const FIRST_ACCOUNT = 100_000_000_000;
const CREATED_AT = new Date('2026-08-01T00:00:00.000Z');
const MS_PER_HOUR = 3_600_000;
/** More are not asked at once. */
const REGIONS_KEPT = 24;

const NODES_OF_CLUSTER = 20;
const CLUSTER_SUBNETS_OF_VPC = 6;
const INTERFACES_OF_NODE = 12;
const OTHER_INTERFACES = 20;
/** Nodes live for two weeks, and other interfaces of a node for 50 hours: 2 % of all interfaces are new each hour. */
const NODE_HOURS = 336;
const INTERFACE_HOURS = 50;
/** From 5 to 16 addresses: 10.5 on average. */
const ADDRESSES_MIN = 5;
const ADDRESS_COUNTS = 12;
/** In one region of so many, one of the clusters' subnets has less than 15 % of its addresses left. */
const TIGHT_ONE_IN = 10;
const TIGHT_ADDRESSES = 9;

const VPCS = [
  { name: 'apps', cidrBlock: '10.0.0.0/16', plainSubnets: 7, network: '10.0' },
  { name: 'data', cidrBlock: '10.1.0.0/16', plainSubnets: 6, network: '10.1' },
];
const ROUTE_TABLES_OF_VPC = 4;
const VPC_ENDPOINTS_OF_VPC = 5;
const NODEGROUPS = ['general', 'memory', 'spot'];
const ADDONS = ['vpc-cni', 'coredns', 'kube-proxy', 'aws-ebs-csi-driver'];
/** Each takes 15 interfaces of 50 addresses. https://docs.aws.amazon.com/ec2/latest/instancetypes/ec2-instance-type-specifications.html */
const INSTANCE_TYPES: readonly _InstanceType[] = ['m5.24xlarge', 'c5.18xlarge', 'r5.24xlarge'];

/** How much of everything a region holds, as far as requests depend on it. */
export const BENCH_REGION_SHAPE: RegionShape = {
  vpcs: VPCS.length,
  subnets: 25,
  networkInterfaces: VPCS.length * NODES_OF_CLUSTER * INTERFACES_OF_NODE + OTHER_INTERFACES,
  instances: VPCS.length * NODES_OF_CLUSTER,
  instanceTypes: INSTANCE_TYPES.length,
  routeTables: VPCS.length * ROUTE_TABLES_OF_VPC,
  vpcEndpoints: VPCS.length * VPC_ENDPOINTS_OF_VPC,
  flowLogs: VPCS.length,
  areSubnetsReadAgain: false,
  reservations: Array.from({ length: VPCS.length * CLUSTER_SUBNETS_OF_VPC }, () => 0),
  clusters: VPCS.map(() => ({ nodegroups: NODEGROUPS.length, fargateProfiles: 1, addons: ADDONS.length })),
};

/** Returns an organisation of so many accounts; `now` says which hour it is there. */
export function benchOrganization(accountCount: number, now: () => Date): SimulatedAws {
  const aws = createSimulatedAws({
    partition: 'aws',
    organizationId: 'o-bench12345',
    managementAccountId: MANAGEMENT_ACCOUNT_ID,
    now,
  });
  const kept = new Map<string, SimulatedRegion>();
  for (let index = 0; index < accountCount; index += 1) {
    const account = addAccount(aws, { id: String(FIRST_ACCOUNT + index), name: `Team ${index}` });
    account.roles.set(BENCH_ROLE, { externalId: undefined });
    for (const [place, regionName] of BENCH_REGIONS.entries()) {
      const isTight = (index * BENCH_REGIONS.length + place) % TIGHT_ONE_IN === 0;
      account.regions.set(
        regionName,
        regionMadeWhenAsked(() => {
          const hour = Math.floor(now().getTime() / MS_PER_HOUR);
          const key = `${account.id}/${regionName}/${hour}`;
          return keep(kept, key, () => regionAt({ accountId: account.id, regionName, hour, isTight }));
        }),
      );
    }
  }
  return aws;
}

function keep<T>(kept: Map<string, T>, key: string, make: () => T): T {
  const made = kept.get(key) ?? make();
  // What was asked for last is dropped last.
  kept.delete(key);
  kept.set(key, made);
  for (const oldest of kept.keys()) {
    if (kept.size <= REGIONS_KEPT) {
      break;
    }
    kept.delete(oldest);
  }
  return made;
}

function regionMadeWhenAsked(content: () => SimulatedRegion): SimulatedRegion {
  return {
    optInStatus: 'opt-in-not-required',
    get availabilityZones() {
      return content().availabilityZones;
    },
    get vpcs() {
      return content().vpcs;
    },
    get vpcAttributes() {
      return content().vpcAttributes;
    },
    get subnets() {
      return content().subnets;
    },
    get sharedSubnets() {
      return content().sharedSubnets;
    },
    get subnetCidrReservations() {
      return content().subnetCidrReservations;
    },
    get networkInterfaces() {
      return content().networkInterfaces;
    },
    get instances() {
      return content().instances;
    },
    get instanceTypes() {
      return content().instanceTypes;
    },
    get routeTables() {
      return content().routeTables;
    },
    get vpcEndpoints() {
      return content().vpcEndpoints;
    },
    get flowLogs() {
      return content().flowLogs;
    },
    get eks() {
      return content().eks;
    },
  };
}

interface RegionAt {
  readonly accountId: string;
  readonly regionName: string;
  readonly hour: number;
  readonly isTight: boolean;
}

interface Building {
  readonly builder: RegionBuilder;
  readonly seed: string;
  readonly hour: number;
}

function regionAt({ accountId, regionName, hour, isTight }: RegionAt): SimulatedRegion {
  const aws = createSimulatedAws({
    partition: 'aws',
    organizationId: 'o-bench12345',
    managementAccountId: MANAGEMENT_ACCOUNT_ID,
    now: () => CREATED_AT,
  });
  const account = addAccount(aws, { id: accountId, name: accountId });
  const region = addRegion(account, regionName);
  const seed = `${accountId}/${regionName}`;
  const building = { builder: regionBuilder(aws, account, regionName, idSource(seed), CREATED_AT), seed, hour };
  region.instanceTypes.push(...INSTANCE_TYPES.map(instanceType));
  for (const [index, { name, cidrBlock, plainSubnets, network }] of VPCS.entries()) {
    const vpc = addVpc(building.builder, { cidrBlock, tags: { Name: name } });
    const subnets = addClusterSubnets(building, vpc, network, isTight && index === 0);
    const plain = addPlainSubnets(building, vpc, network, plainSubnets);
    addAround(building, vpc, [...subnets.map(({ subnet }) => subnet), ...plain]);
    addCluster(
      building,
      name,
      subnets.map(({ subnet }) => subnet),
    );
    addNodes(building, name, subnets);
    addOthers(building, plain, OTHER_INTERFACES / VPCS.length);
  }
  settleCounts(region);
  return region;
}

function instanceType(name: _InstanceType): InstanceTypeInfo {
  return {
    InstanceType: name,
    BareMetal: false,
    Hypervisor: 'nitro',
    VCpuInfo: { DefaultVCpus: 96 },
    NetworkInfo: {
      MaximumNetworkInterfaces: 15,
      MaximumNetworkCards: 1,
      DefaultNetworkCardIndex: 0,
      NetworkCards: [{ NetworkCardIndex: 0, MaximumNetworkInterfaces: 15 }],
      Ipv4AddressesPerInterface: 50,
    },
  };
}

interface ClusterSubnet {
  readonly subnet: BuiltSubnet;
  /** Offsets of its addresses in the order in which they are given away. */
  readonly offsets: readonly number[];
  readonly isTight: boolean;
}

const WIDE_PREFIX_LENGTH = 22;
const TIGHT_PREFIX_LENGTH = 23;
const WIDE_THIRD_OCTETS = 4;
const RESERVED_BELOW = 4;

function addClusterSubnets({ builder, seed }: Building, vpc: BuiltVpc, network: string, isTight: boolean) {
  return Array.from({ length: CLUSTER_SUBNETS_OF_VPC }, (_, index): ClusterSubnet => {
    const isTightOne = isTight && index === 0;
    const prefixLength = isTightOne ? TIGHT_PREFIX_LENGTH : WIDE_PREFIX_LENGTH;
    const subnet = addSubnet(builder, vpc, {
      cidrBlock: `${network}.${index * WIDE_THIRD_OCTETS}.0/${prefixLength}`,
      zoneIndex: index % 3,
      tags: { Name: `pods-${index}`, 'kubernetes.io/role/internal-elb': '1' },
    });
    const size = 2 ** (32 - prefixLength);
    const offsets = Array.from({ length: size - RESERVED_BELOW - 1 }, (_, place) => place + RESERVED_BELOW);
    shuffle(offsets, `${seed}/${subnet.SubnetId}`);
    return { subnet, offsets, isTight: isTightOne };
  });
}

function shuffle(numbers: number[], seed: string): void {
  const random = randomOf(seed);
  for (let last = numbers.length - 1; last > 0; last -= 1) {
    const other = nextBelow(random, last + 1);
    [numbers[last], numbers[other]] = [numbers[other] ?? Number.NaN, numbers[last] ?? Number.NaN];
  }
}

function addPlainSubnets({ builder }: Building, vpc: BuiltVpc, network: string, count: number): BuiltSubnet[] {
  return Array.from({ length: count }, (_, index) =>
    addSubnet(builder, vpc, {
      cidrBlock: `${network}.${128 + index}.0/24`,
      zoneIndex: index % 3,
      tags: { Name: `plain-${index}` },
    }),
  );
}

function addAround({ builder }: Building, vpc: BuiltVpc, subnets: readonly BuiltSubnet[]): void {
  for (let index = 0; index < ROUTE_TABLES_OF_VPC; index += 1) {
    addRouteTable(builder, vpc, {
      main: index === 0,
      subnets: subnets.filter((_, place) => place % ROUTE_TABLES_OF_VPC === index),
      defaultRouteTo: nextId(builder.ids, index === 0 ? 'igw' : 'nat'),
    });
  }
  addFlowLog(builder, { resourceId: vpc.VpcId, deliverLogsStatus: 'SUCCESS' });
  for (let index = 0; index < VPC_ENDPOINTS_OF_VPC; index += 1) {
    builder.region.vpcEndpoints.push({
      VpcEndpointId: nextId(builder.ids, 'vpce'),
      VpcEndpointType: 'Gateway',
      VpcId: vpc.VpcId,
      OwnerId: builder.account.id,
      ServiceName: `com.amazonaws.${builder.regionName}.s3`,
      State: 'Available',
    });
  }
}

function addCluster({ builder }: Building, name: string, subnets: readonly BuiltSubnet[]): void {
  const [first, ...others] = subnets;
  if (first === undefined) {
    throw new RangeError('Cannot add a cluster without subnets');
  }
  const all = [first, ...others] as const;
  const cluster = addEksCluster(builder, all, { name, tags: { team: name } });
  for (const group of NODEGROUPS) {
    addNodegroup(builder, cluster, all, {
      name: group,
      instanceTypes: INSTANCE_TYPES,
      desiredSize: Math.ceil(NODES_OF_CLUSTER / NODEGROUPS.length),
      maxSize: NODES_OF_CLUSTER,
    });
  }
  addFargateProfile(builder, cluster, all, { name: 'batch', namespace: 'batch' });
  for (const addon of ADDONS) {
    addAddon(builder, cluster, { name: addon, version: 'v1.20.4-eksbuild.1' });
  }
}

function addNodes({ builder, seed, hour }: Building, name: string, subnets: readonly ClusterSubnet[]): void {
  for (let node = 0; node < NODES_OF_CLUSTER; node += 1) {
    const chosen = subnets[node % subnets.length];
    const instanceTypeName = INSTANCE_TYPES[node % INSTANCE_TYPES.length];
    const group = NODEGROUPS[node % NODEGROUPS.length];
    if (chosen === undefined || instanceTypeName === undefined || group === undefined) {
      throw new RangeError(`Cannot add node ${node}`);
    }
    const key = `${seed}/${name}/${node}`;
    const generation = Math.floor((hour + fractionOf(key) * NODE_HOURS) / NODE_HOURS);
    const instance = addInstance({ ...builder, ids: idSource(`${key}/${generation}`) }, chosen.subnet, {
      instanceType: instanceTypeName,
      tags: nodegroupInstanceTags(name, group),
    });
    const first = Math.floor(node / subnets.length) * INTERFACES_OF_NODE;
    for (let device = 0; device < INTERFACES_OF_NODE; device += 1) {
      const interfaceKey = `${key}/${device}`;
      const phase = Math.floor(fractionOf(interfaceKey) * INTERFACE_HOURS);
      const epoch = device === 0 ? 0 : Math.floor((hour + phase) / INTERFACE_HOURS);
      const ownKey = `${interfaceKey}/${generation}/${epoch}`;
      const own = { ...builder, ids: idSource(ownKey) };
      const addressOffsets = offsetsOf(chosen, first + device, ownKey);
      const options = { instanceId: instance.InstanceId, addressOffsets };
      if (device === 0) {
        addInstancePrimaryInterface(own, chosen.subnet, options);
      } else {
        addCniInterface(own, chosen.subnet, { ...options, deviceIndex: device, clusterName: name });
      }
    }
  }
}

/** Each place in a subnet has addresses of its own, of which whatever interface is there takes some. */
function offsetsOf({ offsets, isTight }: ClusterSubnet, place: number, key: string): readonly [number, ...number[]] {
  const places = Math.ceil(NODES_OF_CLUSTER / CLUSTER_SUBNETS_OF_VPC) * INTERFACES_OF_NODE;
  const share = Math.floor(offsets.length / places);
  const count = isTight ? TIGHT_ADDRESSES : ADDRESSES_MIN + Math.floor(fractionOf(`${key}/count`) * ADDRESS_COUNTS);
  const start = place * share + Math.floor(fractionOf(`${key}/start`) * (share - count + 1));
  const [first, ...others] = offsets.slice(start, start + count);
  if (first === undefined) {
    throw new RangeError(`Cannot take addresses at place ${place}`);
  }
  return [first, ...others];
}

function addOthers({ builder, seed }: Building, subnets: readonly BuiltSubnet[], count: number): void {
  for (let index = 0; index < count; index += 1) {
    const subnet = subnets[index % subnets.length];
    if (subnet !== undefined) {
      const own = { ...builder, ids: idSource(`${seed}/${subnet.SubnetId}/${index}`) };
      addLoadBalancerInterface(own, subnet, { kind: 'net', name: `service-${index}` });
    }
  }
}
