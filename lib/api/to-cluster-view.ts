import type { Account } from '../audit/ports.ts';
import type { ClusterState } from '../domain/capacity/region-state.ts';
import { isStale, staleStatus } from '../domain/capacity/staleness.ts';
import type { Fact, Instant } from '../domain/fact.ts';
import type { Described } from '../domain/region-facts.ts';
import type { ClusterView } from './cluster-view.ts';
import { toStatusReasonView } from './to-status-reason-view.ts';

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
