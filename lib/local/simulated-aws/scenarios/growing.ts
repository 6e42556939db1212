import { addRouteTable, addSubnet, type BuiltVpc } from '../build/network.ts';
import type { RegionBuilder } from '../build/region-builder.ts';
import { endNodegroup } from '../live/live-nodegroup.ts';
import { SHIPPED_NETWORKING } from '../live/pod-networking.ts';
import { builderOf, type World } from '../live/world.ts';
import type { SimulatedAccount } from '../state.ts';
import {
  addCommonVpc,
  addLiveCluster,
  addNodegroupTo,
  addZoneSubnets,
  type LiveCluster,
  type Subnets,
} from './parts.ts';

/** The day on which a subnet of `payments-prod` has no address left for the first time, in days (UTC) after that of the start. */
export const EXHAUSTED_ON_DAY = 9;

/** What ends the shortage: subnets of another range, and a node group in them that takes over. */
export const GROWING_REMEDY = 'payments-prod: larger subnets';

// A subnet has room for eight nodes of 30 addresses and ten addresses more. 16 nodes run 288 pods; at its busiest hour, 19:00
// UTC, the day before asks for 285 pods and this one for 290.
const DEMAND = { pods: 241, growthPerDay: 5, dailySwing: 0.4, noise: 0.005, utcOffsetHours: -5 } as const;
const GROUP = { instanceType: 'm5.large', podsPerNode: 18, nodesMin: 2, nodesMax: 30, demand: DEMAND } as const;

/** Payments: a cluster that needs a few pods more each day, in subnets that are too small for it. */
export function buildGrowing(world: World, account: SimulatedAccount): void {
  const builder = builderOf(world, account, 'us-east-1');
  const { vpc, natGatewayId } = addCommonVpc(builder, {
    name: 'payments',
    cidrBlock: '10.22.0.0/16',
    secondaryCidrBlocks: ['100.64.0.0/16'],
    publicCidrBlocks: ['10.22.0.0/26', '10.22.0.64/26'],
  });
  const subnets = addZoneSubnets(builder, vpc, {
    name: 'payments-prod',
    cidrBlocks: ['10.22.2.0/24', '10.22.3.0/24'],
  });
  addRouteTable(builder, vpc, { subnets, defaultRouteTo: natGatewayId });
  const cluster = addLiveCluster(world, {
    builder,
    name: 'payments-prod',
    subnets,
    tags: { team: 'payments' },
    nodegroups: [{ name: 'general', ...GROUP }],
  });
  world.remedies.set(GROWING_REMEDY, () => enlarge(world, builder, vpc, cluster));
}

function enlarge(world: World, builder: RegionBuilder, vpc: BuiltVpc, { simulated, groups }: LiveCluster): void {
  const tags = { 'kubernetes.io/role/cni': '1' };
  const subnets: Subnets = [
    addSubnet(builder, vpc, { cidrBlock: '100.64.0.0/20', tags: { Name: 'payments-prod-large-a', ...tags } }),
    addSubnet(builder, vpc, {
      cidrBlock: '100.64.16.0/20',
      zoneIndex: 1,
      tags: { Name: 'payments-prod-large-b', ...tags },
    }),
  ];
  for (const group of groups) {
    endNodegroup(group);
    world.nodegroups.splice(world.nodegroups.indexOf(group), 1);
  }
  simulated.nodegroups.delete('general');
  addNodegroupTo(world, {
    builder,
    network: builder,
    simulated,
    subnets,
    networking: SHIPPED_NETWORKING,
    group: { name: 'general-large', ...GROUP },
  });
}
