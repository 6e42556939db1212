import { addAddon, addEksCluster, addNodegroup } from '../build/cluster.ts';
import { nextId } from '../build/ids.ts';
import { addFlowLog, addRouteTable, addSubnet, addVpc, type BuiltVpc } from '../build/network.ts';
import {
  addControlPlaneInterface,
  addLoadBalancerInterface,
  addNatGatewayInterface,
} from '../build/network-interface-kinds.ts';
import type { BuiltSubnet, RegionBuilder, TagValues } from '../build/region-builder.ts';
import type { Demand } from '../live/demand.ts';
import { deleteInterface, type LiveInterface, liveInterface } from '../live/live-interface.ts';
import { endNodegroup, type LiveNodegroup } from '../live/live-nodegroup.ts';
import { configurationOf, type PodNetworking, SHIPPED_NETWORKING } from '../live/pod-networking.ts';
import { addLiveNodegroup, type LiveNodegroupOptions, type World } from '../live/world.ts';
import type { SimulatedCluster } from '../state.ts';

/** What several scenarios are made of. */

export type Subnets = readonly [BuiltSubnet, ...BuiltSubnet[]];

const VPC_CNI_VERSION = 'v1.20.4-eksbuild.1';
const COREDNS_VERSION = 'v1.12.1-eksbuild.2';
const ZONE_LETTERS = ['a', 'b', 'c'];
const INTERNAL_LOAD_BALANCERS: TagValues = { 'kubernetes.io/role/internal-elb': '1' };
const PUBLIC_LOAD_BALANCERS: TagValues = { 'kubernetes.io/role/elb': '1' };

/** Pods of people's working day: few at night, fewer on weekends. */
export const OFFICE_HOURS = { dailySwing: 0.4, weekendDip: 0.35, noise: 0.03 } as const;

/** Adds a subnet in each of the first zones, one for each CIDR. */
export function addZoneSubnets(
  builder: RegionBuilder,
  vpc: BuiltVpc,
  { name, cidrBlocks, tags = INTERNAL_LOAD_BALANCERS, dualStack = false }: ZoneSubnetsOptions,
): Subnets {
  const add = (cidrBlock: string, zoneIndex: number): BuiltSubnet =>
    addSubnet(builder, vpc, {
      cidrBlock,
      dualStack,
      zoneIndex,
      tags: { Name: `${name}-${ZONE_LETTERS[zoneIndex]}`, ...tags },
    });
  const [first, ...others] = cidrBlocks;
  return [add(first, 0), ...others.map((cidrBlock, index) => add(cidrBlock, index + 1))];
}

interface ZoneSubnetsOptions {
  readonly name: string;
  readonly cidrBlocks: readonly [string, ...string[]];
  readonly tags?: TagValues;
  readonly dualStack?: boolean;
}

/** A VPC with two public subnets, a NAT gateway, a public load balancer and a flow log that works. */
export function addCommonVpc(
  builder: RegionBuilder,
  {
    name,
    cidrBlock,
    publicCidrBlocks,
    secondaryCidrBlocks = [],
    flowLog = { trafficType: 'ALL', deliverLogsStatus: 'SUCCESS' },
  }: {
    readonly name: string;
    readonly cidrBlock: string;
    readonly publicCidrBlocks: readonly [string, string];
    readonly secondaryCidrBlocks?: readonly string[];
    readonly flowLog?: Omit<Parameters<typeof addFlowLog>[1], 'resourceId'> | undefined;
  },
): { readonly vpc: BuiltVpc; readonly natGatewayId: string } {
  const vpc = addVpc(builder, { cidrBlock, secondaryCidrBlocks, tags: { Name: name } });
  if (flowLog !== undefined) {
    addFlowLog(builder, { resourceId: vpc.VpcId, ...flowLog });
  }
  const publicSubnets = addZoneSubnets(builder, vpc, {
    name: `${name}-public`,
    cidrBlocks: publicCidrBlocks,
    tags: PUBLIC_LOAD_BALANCERS,
  });
  addRouteTable(builder, vpc, { subnets: publicSubnets, defaultRouteTo: nextId(builder.ids, 'igw') });
  const natGatewayId = nextId(builder.ids, 'nat');
  addNatGatewayInterface(builder, publicSubnets[0], { natGatewayId });
  for (const subnet of publicSubnets) {
    addLoadBalancerInterface(builder, subnet, { kind: 'app', name: `${name}-web` });
  }
  return { vpc, natGatewayId };
}

export interface ClusterOptions {
  readonly builder: RegionBuilder;
  /** The owner's builder where the subnets are shared. */
  readonly network?: RegionBuilder;
  readonly name: string;
  readonly subnets: Subnets;
  readonly tags?: TagValues;
  /** What differs from the settings that the VPC CNI is shipped with. */
  readonly networking?: Partial<PodNetworking>;
  /** Milliseconds of Unix time at which it is deleted. */
  readonly deletedAtMs?: number;
  readonly nodegroups: readonly (Pick<
    LiveNodegroupOptions,
    'name' | 'instanceType' | 'podsPerNode' | 'nodesMin' | 'nodesMax' | 'podSubnets'
  > &
    Partial<Pick<LiveNodegroupOptions, 'branchShare' | 'podRestartsPerDay' | 'nodeDays' | 'leakProbability'>> & {
      readonly demand: Demand;
    })[];
}

export interface LiveCluster {
  readonly simulated: SimulatedCluster;
  readonly groups: readonly LiveNodegroup[];
}

/** Adds a cluster with its control plane's interfaces, its add-ons and node groups that live in its subnets. */
export function addLiveCluster(world: World, options: ClusterOptions): LiveCluster {
  const { builder, network = builder, name, subnets, tags = {} } = options;
  const networking = { ...SHIPPED_NETWORKING, ...options.networking };
  const { autoMode } = networking;
  const ipFamily = networking.mode === 'ipv6' ? 'ipv6' : 'ipv4';
  const simulated = addEksCluster(builder, subnets, { name, autoMode, ipFamily, tags });
  const controlPlane = subnets.map((subnet) => {
    const eni = addControlPlaneInterface(network, subnet, { clusterName: name, ownerId: builder.account.id });
    return liveInterface(network, subnet, eni);
  });
  if (!autoMode) {
    const configurationValues = configurationOf(networking);
    const configured = configurationValues === undefined ? {} : { configurationValues };
    addAddon(builder, simulated, { name: 'vpc-cni', version: VPC_CNI_VERSION, ...configured });
    addAddon(builder, simulated, { name: 'coredns', version: COREDNS_VERSION });
  }
  const groups = options.nodegroups.map((group) =>
    addNodegroupTo(world, { builder, network, simulated, subnets, networking, group }),
  );
  if (options.deletedAtMs !== undefined) {
    deleteAt(world, { atMs: options.deletedAtMs, builder: network, name, controlPlane, groups });
  }
  return { simulated, groups };
}

/** Adds a node group to a cluster: a managed one, or Auto Mode's nodes, which belong to none. */
export function addNodegroupTo(
  world: World,
  {
    builder,
    network,
    simulated,
    subnets,
    networking,
    group,
  }: Pick<LiveNodegroupOptions, 'builder' | 'networking'> & {
    readonly network: RegionBuilder;
    readonly simulated: SimulatedCluster;
    readonly subnets: Subnets;
    readonly group: ClusterOptions['nodegroups'][number];
  },
): LiveNodegroup {
  const { name, instanceType, nodesMin, nodesMax } = group;
  const nodegroup = networking.autoMode
    ? undefined
    : addNodegroup(builder, simulated, subnets, {
        name,
        instanceTypes: [instanceType],
        desiredSize: nodesMin,
        minSize: nodesMin,
        maxSize: nodesMax,
      });
  const clusterName = simulated.cluster.name ?? '';
  return addLiveNodegroup(world, { ...group, clusterName, builder, network, subnets, nodegroup, networking });
}

/** Lets a cluster end at an instant of the world, with its nodes and its control plane's interfaces. */
function deleteAt(
  world: World,
  {
    atMs,
    builder,
    name,
    controlPlane,
    groups,
  }: {
    readonly atMs: number;
    readonly builder: RegionBuilder;
    readonly name: string;
    readonly controlPlane: readonly LiveInterface[];
    readonly groups: readonly LiveNodegroup[];
  },
): void {
  world.events.push({
    atMs,
    happen() {
      for (const group of groups) {
        endNodegroup(group);
        world.nodegroups.splice(world.nodegroups.indexOf(group), 1);
      }
      for (const each of controlPlane) {
        deleteInterface(builder, each);
      }
      builder.region.eks.delete(name);
    },
  });
}
