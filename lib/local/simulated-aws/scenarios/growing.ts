import { addRouteTable, addSubnet, type BuiltVpc } from '../build/network.ts';
import type { RegionBuilder } from '../build/region-builder.ts';
import { DAY_MS } from '../live/demand.ts';
import { endNodegroup } from '../live/live-nodegroup.ts';
import { SHIPPED_NETWORKING } from '../live/pod-networking.ts';
import { builderOf, type World } from '../live/world.ts';
import type { SimulatedAccount } from '../state.ts';
import {
  addCommonVpc,
  addLiveCluster,
  addNodegroupTo,
  addZoneSubnets,
  type ClusterOptions,
  type LiveCluster,
  type Subnets,
} from './parts.ts';

/** The day on which a subnet of `payments-prod` has no address left for the first time, in days (UTC) after that of the start. */
export const EXHAUSTED_ON_DAY = 9;

/** The same day of `warehouse-prod`, which lies before the start. */
export const OUTGROWN_ON_DAY = -7;

/** So long after that day began somebody has made larger subnets. */
export const REMEDY_AFTER_DAYS = 3;

/** What ends the shortage: subnets of another range, and a node group in them that takes over. */
export const GROWING_REMEDY = 'payments-prod: larger subnets';

// A subnet has room for eight nodes of 30 addresses and ten addresses more. 16 nodes run 288 pods; at its busiest hour, 19:00
// UTC, the day before asks for 285 pods and this one for 290.
const PODS_AT_MIDNIGHT = 286;
const GROWTH_PER_DAY = 5;
const GROUP = { instanceType: 'm5.large', podsPerNode: 18, nodesMin: 2, nodesMax: 30 } as const;

interface GrowingOptions {
  readonly regionName: string;
  /** Of the VPC. */
  readonly name: string;
  /** The first two octets of its addresses. */
  readonly range: string;
  readonly clusterName: string;
  readonly team: string;
  readonly exhaustedOnDay: number;
  /** The day on which the remedy is applied, whoever asks for it or not; in days after that of the start. */
  readonly remedyOnDay: number;
}

/** Payments: a cluster that needs a few pods more each day, in subnets that are too small for it until there are larger ones. */
export function buildGrowing(
  world: World,
  account: SimulatedAccount,
  remedyOnDay: number = EXHAUSTED_ON_DAY + REMEDY_AFTER_DAYS,
): void {
  const enlarge = addGrowingCluster(world, account, {
    regionName: 'us-east-1',
    name: 'payments',
    range: '10.22',
    clusterName: 'payments-prod',
    team: 'payments',
    exhaustedOnDay: EXHAUSTED_ON_DAY,
    remedyOnDay,
  });
  world.remedies.set(GROWING_REMEDY, enlarge);
}

/** Warehouse: what awaits payments has happened here, and is over. */
export function buildOutgrown(world: World, account: SimulatedAccount): void {
  addGrowingCluster(world, account, {
    regionName: 'eu-west-1',
    name: 'warehouse',
    range: '10.46',
    clusterName: 'warehouse-prod',
    team: 'logistics',
    exhaustedOnDay: OUTGROWN_ON_DAY,
    remedyOnDay: OUTGROWN_ON_DAY + REMEDY_AFTER_DAYS,
  });
}

/** Adds a growing cluster, and returns its remedy. */
function addGrowingCluster(world: World, account: SimulatedAccount, options: GrowingOptions): () => void {
  const { name, range, clusterName, team, exhaustedOnDay, remedyOnDay } = options;
  const builder = builderOf(world, account, options.regionName);
  const { vpc, natGatewayId } = addCommonVpc(builder, {
    name,
    cidrBlock: `${range}.0.0/16`,
    secondaryCidrBlocks: ['100.64.0.0/16'],
    publicCidrBlocks: [`${range}.0.0/26`, `${range}.0.64/26`],
  });
  const subnets = addZoneSubnets(builder, vpc, {
    name: clusterName,
    cidrBlocks: [`${range}.2.0/24`, `${range}.3.0/24`],
  });
  addRouteTable(builder, vpc, { subnets, defaultRouteTo: natGatewayId });
  const group = {
    ...GROUP,
    demand: {
      pods: PODS_AT_MIDNIGHT - exhaustedOnDay * GROWTH_PER_DAY,
      growthPerDay: GROWTH_PER_DAY,
      dailySwing: 0.4,
      noise: 0.005,
      utcOffsetHours: -5,
    },
  };
  const cluster = addLiveCluster(world, {
    builder,
    name: clusterName,
    subnets,
    tags: { team },
    nodegroups: [{ name: 'general', ...group }],
  });
  let isEnlarged = false;
  const remedy = (): void => {
    if (!isEnlarged) {
      isEnlarged = true;
      enlarge(world, { builder, vpc, clusterName, cluster, group });
    }
  };
  const midnightMs = Math.floor(world.startMs / DAY_MS) * DAY_MS;
  // What lies before the world begins is there from its first step on.
  world.events.push({ atMs: Math.max(midnightMs + remedyOnDay * DAY_MS, world.nowMs + 1), happen: remedy });
  return remedy;
}

interface Outgrown {
  readonly builder: RegionBuilder;
  readonly vpc: BuiltVpc;
  readonly clusterName: string;
  readonly cluster: LiveCluster;
  readonly group: Omit<ClusterOptions['nodegroups'][number], 'name'>;
}

function enlarge(world: World, { builder, vpc, clusterName, cluster, group }: Outgrown): void {
  const { simulated, groups } = cluster;
  const tags = { 'kubernetes.io/role/cni': '1' };
  const subnets: Subnets = [
    addSubnet(builder, vpc, { cidrBlock: '100.64.0.0/20', tags: { Name: `${clusterName}-large-a`, ...tags } }),
    addSubnet(builder, vpc, {
      cidrBlock: '100.64.16.0/20',
      zoneIndex: 1,
      tags: { Name: `${clusterName}-large-b`, ...tags },
    }),
  ];
  for (const small of groups) {
    endNodegroup(small);
    world.nodegroups.splice(world.nodegroups.indexOf(small), 1);
  }
  simulated.nodegroups.delete('general');
  addNodegroupTo(world, {
    builder,
    network: builder,
    simulated,
    subnets,
    networking: SHIPPED_NETWORKING,
    group: { name: 'general-large', ...group },
  });
}
