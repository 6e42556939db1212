import * as z from 'zod';
import type { Account } from '../audit/ports.ts';
import type { ClusterState } from '../domain/capacity/region-state.ts';
import { isStale, staleStatus } from '../domain/capacity/staleness.ts';
import { STATUSES } from '../domain/capacity/subnet-status.ts';
import { SUBNET_SOURCES } from '../domain/cluster/cluster-subnets.ts';
import type { Fact, Instant } from '../domain/fact.ts';
import type { Described } from '../domain/region-facts.ts';
import { StatusReasonView, toStatusReasonView } from './status-reason-view.ts';

const count = z.int().nonnegative();

/** A cluster as the API, the audit command and the pages show it. */
export const ClusterView = z.object({
  clusterId: z.string().describe('{accountId}:{region}:{clusterName}'),
  clusterArn: z.string().nullable(),
  clusterName: z.string(),
  accountId: z.string(),
  accountName: z.string().nullable(),
  ownerTeam: z.string().nullable().describe('Whom the settings name; null where no rule matches'),
  region: z.string(),
  vpcId: z.string().nullable(),
  version: z.string().nullable(),
  clusterStatus: z.string().nullable().describe('What EKS says of the cluster: ACTIVE, UPDATING, …'),
  ipFamily: z.string().nullable(),
  autoMode: z.boolean().nullable(),
  tags: z.record(z.string(), z.string()),
  observedAt: z.iso.datetime(),
  subnets: z.array(z.object({ subnetId: z.string(), sources: z.array(z.enum(SUBNET_SOURCES)), isSeen: z.boolean() })),
  zones: z
    .array(
      z.object({
        zone: z.string(),
        subnetIds: z.array(z.string()),
        addressesLeft: count,
        freePrefixCount: count.nullable(),
      }),
    )
    .describe('Room by zone: pods of one zone cannot use the addresses of another'),
  nodegroups: z
    .array(
      z.object({
        nodegroupName: z.string(),
        instanceTypes: z.array(z.string()),
        subnetIds: z.array(z.string()),
        minSize: count.nullable(),
        desiredSize: count.nullable(),
        maxSize: count.nullable(),
        healthIssues: z.array(z.string()),
        tags: z.record(z.string(), z.string()),
      }),
    )
    .nullable()
    .describe('Null where the node groups could not be listed; those that could not be described are left out'),
  fargateProfiles: z.array(z.object({ fargateProfileName: z.string(), subnetIds: z.array(z.string()) })).nullable(),
  addons: z
    .array(
      z.object({
        addonName: z.string(),
        addonVersion: z.string().nullable(),
        status: z.string().nullable(),
        configurationProblem: z.string().nullable().describe('Why its configuration cannot be read, where it cannot'),
      }),
    )
    .nullable(),
  isStale: z.boolean().describe('Whether the numbers of its subnets are older than two scans'),
  status: z.enum(STATUSES).describe('That of the worst subnet; never better than unknown while something is not seen'),
  bindingSubnetId: z.string().nullable().describe('The subnet that decides the status'),
  statusReasons: z.array(StatusReasonView).describe('Those of the binding subnet'),
});
export type ClusterView = z.infer<typeof ClusterView>;

/** Turns a judged cluster into its view. */
export function toClusterView(
  state: ClusterState,
  accounts: ReadonlyMap<string, Account>,
  now: Instant = state.observedAt,
): ClusterView {
  const isOld = isStale('subnets', state.observedAt, now);
  const cluster = state.cluster.state === 'observed' ? state.cluster.value : undefined;
  return {
    clusterId: state.clusterId,
    clusterArn: cluster?.arn ?? null,
    clusterName: state.clusterName,
    accountId: state.target.accountId,
    accountName: accounts.get(state.target.accountId)?.name ?? null,
    ownerTeam: state.team ?? null,
    region: state.target.region,
    vpcId: cluster?.vpcId ?? null,
    version: cluster?.version ?? null,
    clusterStatus: cluster?.status ?? null,
    ipFamily: cluster?.ipFamily ?? null,
    autoMode: cluster?.autoMode ?? null,
    tags: Object.fromEntries(cluster?.tags ?? []),
    observedAt: state.observedAt,
    subnets: state.subnets.map(({ subnetId, sources, isSeen }) => ({ subnetId, sources: [...sources], isSeen })),
    zones: state.zones.map(({ zone, subnetIds, addressesLeft, freePrefixCount }) => ({
      zone,
      subnetIds: [...subnetIds],
      addressesLeft,
      freePrefixCount: freePrefixCount ?? null,
    })),
    nodegroups: toNodegroupViews(state),
    fargateProfiles: seenItems(state.fargateProfiles, ({ fargateProfileName, subnetIds }) => ({
      fargateProfileName,
      subnetIds: [...subnetIds],
    })),
    addons: seenItems(state.addons, ({ addonName, addonVersion, status, configuration }) => ({
      addonName,
      addonVersion: addonVersion ?? null,
      status: status ?? null,
      configurationProblem: configuration.problem ?? null,
    })),
    isStale: isOld,
    status: isOld ? staleStatus(state.status) : state.status,
    bindingSubnetId: state.bindingSubnetId ?? null,
    statusReasons: state.statusReasons.map(toStatusReasonView),
  };
}

function toNodegroupViews({ nodegroups }: ClusterState): ClusterView['nodegroups'] {
  return seenItems(nodegroups, ({ nodegroupName, instanceTypes, subnetIds, scalingConfig, healthIssues, tags }) => ({
    nodegroupName,
    instanceTypes: [...instanceTypes],
    subnetIds: [...subnetIds],
    minSize: scalingConfig?.minSize ?? null,
    desiredSize: scalingConfig?.desiredSize ?? null,
    maxSize: scalingConfig?.maxSize ?? null,
    healthIssues: healthIssues.map(({ code, message }) =>
      [code, message].filter((part) => part !== undefined).join(': '),
    ),
    tags: Object.fromEntries(tags),
  }));
}

function seenItems<T, V>({ names, items }: Described<T>, toView: (item: T) => V): V[] | null {
  if (names.state === 'unavailable') {
    return null;
  }
  return [...items.values()].filter((fact: Fact<T>) => fact.state === 'observed').map(({ value }) => toView(value));
}
