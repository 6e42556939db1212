import type { EC2Client } from '@aws-sdk/client-ec2';
import type { EKSClient } from '@aws-sdk/client-eks';
import type { Ask } from '../audit/ports.ts';
import { type Fact, unavailable } from '../domain/fact.ts';
import type { Instance, InstanceType } from '../domain/network/network.ts';
import type { ClusterFacts, RegionFacts, Target } from '../domain/region-facts.ts';
import { collectCluster, collectClusterNames } from './clusters.ts';
import { type Collection, instantOf } from './collection.ts';
import { collectFlowLogs } from './flow-logs.ts';
import { collectInstances, collectInstanceTypes } from './instances.ts';
import { collectNetworkInterfaces } from './network-interfaces.ts';
import { collectAvailabilityZones, collectManagedResourceVisibility, collectVpcs } from './networks.ts';
import { collectRouteTables } from './route-tables.ts';
import { collectSubnets } from './subnets.ts';
import { collectVpcEndpoints } from './vpc-endpoints.ts';

/**
 * Observes an account in a region: every listing once, joined later in memory.
 * Subnets are read before network interfaces, so that their counters bracket the listing if they have to be read again.
 */
export async function observeRegion(
  target: Target,
  { ec2, eks }: { readonly ec2: EC2Client; readonly eks: EKSClient },
  _ask: Ask,
  collection: Collection,
): Promise<RegionFacts> {
  const startedAt = instantOf(collection.clock);
  const subnetsFirst = async () => {
    const subnets = await collectSubnets(ec2, collection);
    return { subnets, networkInterfaces: await collectNetworkInterfaces(ec2, collection) };
  };
  const instancesWithTypes = async () => {
    const instances = await collectInstances(ec2, collection);
    return { instances, instanceTypes: await collectTypesOf(instances, ec2, collection) };
  };
  const clustersByName = async () => {
    const clusterNames = await collectClusterNames(eks, collection);
    return { clusterNames, clusters: await collectClusters(clusterNames, eks, collection) };
  };
  const [
    network,
    compute,
    kubernetes,
    availabilityZones,
    managedResourceVisibility,
    vpcs,
    routeTables,
    vpcEndpoints,
    flowLogs,
  ] = await Promise.all([
    subnetsFirst(),
    instancesWithTypes(),
    clustersByName(),
    collectAvailabilityZones(ec2, collection),
    collectManagedResourceVisibility(ec2, collection),
    collectVpcs(ec2, collection),
    collectRouteTables(ec2, collection),
    collectVpcEndpoints(ec2, collection),
    collectFlowLogs(ec2, collection),
  ]);
  return {
    target,
    startedAt,
    ...network,
    ...compute,
    ...kubernetes,
    availabilityZones,
    managedResourceVisibility,
    vpcs,
    routeTables,
    vpcEndpoints,
    flowLogs,
    subnetCounters: undefined,
    reservations: new Map(),
  };
}

async function collectTypesOf(
  instances: Fact<readonly Instance[]>,
  ec2: EC2Client,
  collection: Collection,
): Promise<Fact<readonly InstanceType[]>> {
  if (instances.state === 'unavailable') {
    const message = 'Not asked: which instance types run here could not be read';
    return unavailable({ action: instances.error.action, code: 'not-attempted', message, awsErrorName: undefined });
  }
  const types = new Set(instances.value.map(({ instanceType }) => instanceType));
  return collectInstanceTypes(ec2, [...types].sort(), collection);
}

async function collectClusters(
  names: Fact<readonly string[]>,
  eks: EKSClient,
  collection: Collection,
): Promise<ReadonlyMap<string, ClusterFacts>> {
  const clusters = new Map<string, ClusterFacts>();
  if (names.state === 'observed') {
    const facts = await Promise.all(names.value.map((name) => collectCluster(eks, name, collection)));
    for (const [index, name] of names.value.entries()) {
      const cluster = facts[index];
      if (cluster !== undefined) {
        clusters.set(name, cluster);
      }
    }
  }
  return clusters;
}
