import type { EC2Client } from '@aws-sdk/client-ec2';
import type { EKSClient } from '@aws-sdk/client-eks';
import type { Ask } from '../audit/ports.ts';
import { type Fact, type Instant, unavailable } from '../domain/fact.ts';
import type { Instance, InstanceType, NetworkInterface } from '../domain/network/network.ts';
import { observedVpcIds } from '../domain/observed-vpc-ids.ts';
import type { ClusterFacts, RegionFacts, Target } from '../domain/region-facts.ts';
import { collectCluster, collectClusterNames } from './clusters.ts';
import { type Collection, instantOf } from './collection.ts';
import { isDue, notDue, whereAllowed, whereDue } from './due.ts';
import { FACT_TABLE } from './fact-table.ts';
import { collectFlowLogs } from './flow-logs.ts';
import { collectInstances, collectInstanceTypes } from './instances.ts';
import { collectNetworkInterfaces } from './network-interfaces.ts';
import { collectAvailabilityZones, collectManagedResourceVisibility, collectVpcs } from './networks.ts';
import { collectRouteTables } from './route-tables.ts';
import { collectSubnets } from './subnets.ts';
import { collectVpcEndpoints } from './vpc-endpoints.ts';

interface Clients {
  readonly ec2: EC2Client;
  readonly eks: EKSClient;
}

/**
 * Observes an account in a region: every listing that is asked for once, joined later in memory.
 * Subnets are read before network interfaces, so that their counters bracket the listing if they have to be read again.
 */
export async function observeRegion(
  target: Target,
  clients: Clients,
  ask: Ask,
  collection: Collection,
): Promise<RegionFacts> {
  const startedAt = instantOf(collection.clock);
  const listing = collectClusterNames(clients.eks, collection);
  if (ask.extent === 'everything' && ask.known === undefined) {
    return observeDue(target, startedAt, clients, ask, listing, collection);
  }
  const clusterNames = await listing;
  const isWithoutClusters = clusterNames.state === 'observed' && clusterNames.value.length === 0;
  return isWithoutClusters && ask.extent === 'where-clusters-are'
    ? nothingMore(target, startedAt, clusterNames)
    : observeDue(target, startedAt, clients, coveredAsk(ask, clusterNames), listing, collection);
}

/**
 * A cluster that is not known may live in a VPC of which nothing is known, while what is known of the region's other VPCs
 * looks recent: where there is one, nothing counts as known.
 */
function coveredAsk(ask: Ask, clusterNames: Fact<readonly string[]>): Ask {
  const isCovered =
    clusterNames.state === 'unavailable' || clusterNames.value.every((name) => ask.known?.clusters.has(name));
  return isCovered ? ask : { ...ask, known: undefined };
}

/** The facts of a region in which no cluster lives. */
function nothingMore(target: Target, startedAt: Instant, clusterNames: RegionFacts['clusterNames']): RegionFacts {
  return {
    target,
    startedAt,
    availabilityZones: notDue(FACT_TABLE.availabilityZones.action),
    managedResourceVisibility: notDue(FACT_TABLE.managedResourceVisibility.action),
    vpcs: notDue(FACT_TABLE.vpcs.action),
    subnets: notDue(FACT_TABLE.subnets.action),
    subnetCounters: undefined,
    networkInterfaces: notDue(FACT_TABLE.networkInterfaces.action),
    reservations: new Map(),
    instances: notDue(FACT_TABLE.instances.action),
    instanceTypes: notDue(FACT_TABLE.instanceTypes.action),
    routeTables: notDue(FACT_TABLE.routeTables.action),
    vpcEndpoints: notDue(FACT_TABLE.vpcEndpoints.action),
    flowLogs: notDue(FACT_TABLE.flowLogs.action),
    clusterNames,
    clusters: new Map(),
  };
}

async function observeDue(
  target: Target,
  startedAt: Instant,
  { ec2, eks }: Clients,
  ask: Ask,
  listing: Promise<RegionFacts['clusterNames']>,
  collection: Collection,
): Promise<RegionFacts> {
  const { due, known } = ask;
  const subnetsFirst = async () => {
    const subnets = await whereDue(FACT_TABLE.subnets, known?.subnets, due, () => collectSubnets(ec2, collection));
    const networkInterfaces = await whereDue(FACT_TABLE.networkInterfaces, known?.networkInterfaces, due, () =>
      collectNetworkInterfaces(ec2, collection),
    );
    return { subnets, networkInterfaces };
  };
  const network = subnetsFirst();
  const clustersByName = async () => {
    const clusterNames = await listing;
    return { clusterNames, clusters: await collectClusters(clusterNames, eks, ask, collection) };
  };
  const rows = FACT_TABLE;
  const [networkFacts, compute, kubernetes, zones, visibility, vpcs, routeTables, vpcEndpoints, flowLogs] =
    await Promise.all([
      network,
      collectCompute(network, target, ec2, ask, collection),
      clustersByName(),
      whereDue(rows.availabilityZones, known?.availabilityZones, due, () => collectAvailabilityZones(ec2, collection)),
      whereDue(rows.managedResourceVisibility, known?.managedResourceVisibility, due, () =>
        collectManagedResourceVisibility(ec2, collection),
      ),
      whereDue(rows.vpcs, known?.vpcs, due, () => collectVpcs(ec2, collection)),
      whereAllowed(rows.routeTables, known?.routeTables, due, collection.clock, () =>
        collectRouteTables(ec2, collection),
      ),
      whereDue(rows.vpcEndpoints, known?.vpcEndpoints, due, () => collectVpcEndpoints(ec2, collection)),
      whereDue(rows.flowLogs, known?.flowLogs, due, () => collectFlowLogs(ec2, collection)),
    ]);
  return {
    target,
    startedAt,
    ...networkFacts,
    ...compute,
    ...kubernetes,
    availabilityZones: zones,
    managedResourceVisibility: visibility,
    vpcs,
    routeTables,
    vpcEndpoints,
    flowLogs,
    subnetCounters: undefined,
    reservations: new Map(),
  };
}

type NetworkInterfaces = Pick<RegionFacts, 'networkInterfaces'>;

/** Instances that are not due are asked for all the same where a network interface is attached to one that is not known. */
async function collectCompute(
  network: Promise<NetworkInterfaces>,
  target: Target,
  ec2: EC2Client,
  ask: Ask,
  collection: Collection,
): Promise<Pick<RegionFacts, 'instances' | 'instanceTypes'>> {
  const { action } = FACT_TABLE.instances;
  const { known } = ask;
  const isAsked =
    known === undefined ||
    isDue(action, known.instances, ask.due) ||
    isAttachedToNews((await network).networkInterfaces, known, target);
  const instances = isAsked ? await collectInstances(ec2, collection) : notDue(action);
  const running = isAsked ? instances : known.instances;
  return { instances, instanceTypes: await collectTypesOf(running, ec2, ask, collection) };
}

/** In VPCs of which nothing is known, nothing is missed either; and instances of other accounts are not listed to this one. */
function isAttachedToNews(
  networkInterfaces: Fact<readonly NetworkInterface[]>,
  known: RegionFacts,
  { accountId }: Target,
): boolean {
  if (networkInterfaces.state === 'unavailable' || known.instances.state === 'unavailable') {
    return false;
  }
  const vpcIds = observedVpcIds(known);
  const instanceIds = new Set(known.instances.value.map(({ instanceId }) => instanceId));
  return networkInterfaces.value.some(
    ({ attachment, vpcId }) =>
      attachment?.instanceId !== undefined &&
      attachment.instanceOwnerId === accountId &&
      vpcIds.has(vpcId) &&
      !instanceIds.has(attachment.instanceId),
  );
}

async function collectTypesOf(
  instances: Fact<readonly Instance[]>,
  ec2: EC2Client,
  { due, known }: Ask,
  collection: Collection,
): Promise<Fact<readonly InstanceType[]>> {
  if (instances.state === 'unavailable') {
    const message = 'Not asked: which instance types run here could not be read';
    return unavailable({ action: instances.error.action, code: 'not-attempted', message, awsErrorName: undefined });
  }
  const { action } = FACT_TABLE.instanceTypes;
  const types = new Set(instances.value.map(({ instanceType }) => instanceType));
  const knownTypes = new Set(
    known?.instanceTypes.state === 'observed' ? known.instanceTypes.value.map(({ instanceType }) => instanceType) : [],
  );
  const isAsked = isDue(action, known?.instanceTypes, due) || [...types].some((type) => !knownTypes.has(type));
  return isAsked ? collectInstanceTypes(ec2, [...types].sort(), collection) : notDue(action);
}

async function collectClusters(
  names: Fact<readonly string[]>,
  eks: EKSClient,
  { due, known }: Ask,
  collection: Collection,
): Promise<ReadonlyMap<string, ClusterFacts>> {
  const clusters = new Map<string, ClusterFacts>();
  if (names.state === 'observed') {
    const facts = await Promise.all(
      names.value.map((name) => collectCluster(eks, name, { due, known: known?.clusters.get(name) }, collection)),
    );
    for (const [index, name] of names.value.entries()) {
      const cluster = facts[index];
      if (cluster !== undefined) {
        clusters.set(name, cluster);
      }
    }
  }
  return clusters;
}
