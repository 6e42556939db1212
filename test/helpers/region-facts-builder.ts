import { type CollectError, observed, type UnavailableFact, unavailable } from '../../lib/domain/fact.ts';
import type { ClusterFacts, Described, RegionFacts } from '../../lib/domain/region-facts.ts';
import { ACCOUNT_ID, aCluster, aSubnet, CLUSTER_NAME, NOW } from './builders.ts';

export const REGION = 'eu-west-1';

/** What one account lists in a region: a subnet of its own and nothing in it. */
export function someRegionFacts(overrides: Partial<RegionFacts> = {}): RegionFacts {
  return {
    target: { accountId: ACCOUNT_ID, region: REGION },
    startedAt: NOW,
    availabilityZones: seen([]),
    managedResourceVisibility: observed('visible', NOW),
    vpcs: seen([]),
    subnets: seen([aSubnet()]),
    subnetCounters: undefined,
    networkInterfaces: seen([]),
    reservations: new Map(),
    instances: seen([]),
    instanceTypes: seen([]),
    routeTables: seen([]),
    vpcEndpoints: seen([]),
    flowLogs: seen([]),
    clusterNames: seen([]),
    clusters: new Map(),
    ...overrides,
  };
}

/** The facts of clusters, under both names that a region keeps them. */
export function withClusters(
  clusters: Readonly<Record<string, ClusterFacts>>,
): Pick<RegionFacts, 'clusterNames' | 'clusters'> {
  return { clusterNames: seen(Object.keys(clusters)), clusters: new Map(Object.entries(clusters)) };
}

/** A cluster that could be described, without node groups, Fargate profiles or add-ons. */
export function someClusterFacts(overrides: Partial<ClusterFacts> = {}, name: string = CLUSTER_NAME): ClusterFacts {
  return {
    cluster: observed(aCluster({ name }), NOW),
    nodegroups: described({}),
    fargateProfiles: described({}),
    addons: described({}),
    ...overrides,
  };
}

/** A listing of which every item could be described. */
export function described<T>(items: Readonly<Record<string, T>>): Described<T> {
  return {
    names: seen(Object.keys(items)),
    items: new Map(Object.entries(items).map(([name, item]) => [name, observed(item, NOW)])),
  };
}

export function seen<T>(values: readonly T[]) {
  return observed<readonly T[]>(values, NOW);
}

/** A fact that an account may not read. */
export function denied(action: string): UnavailableFact {
  return unavailable(deniedError(action));
}

export function deniedError(action: string): CollectError {
  return { action, code: 'access-denied', message: `${action} is denied`, awsErrorName: 'UnauthorizedOperation' };
}
