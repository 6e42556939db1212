import { accountOfCluster } from '../audit/cluster-account.ts';
import type { Account } from '../audit/ports.ts';
import type { RunTally } from '../audit/tally-run.ts';
import type { Alert } from '../domain/alert/alert.ts';
import type { ClusterState, SubnetState } from '../domain/capacity/region-state.ts';

/** The accounts that somebody may see; `undefined`: every one. */
export type VisibleAccounts = readonly string[] | undefined;

/** A subnet is seen by who sees its owner or a cluster in it. */
export function isSubnetVisible(
  ownerId: string,
  clusters: readonly { readonly clusterId: string }[],
  visible: VisibleAccounts,
): boolean {
  return (
    visible === undefined ||
    visible.includes(ownerId) ||
    clusters.some(({ clusterId }) => visible.includes(accountOfCluster(clusterId)))
  );
}

/**
 * What somebody may see is cut out before it becomes a view, so that nothing else can get into it. What else lives
 * in a subnet has no name, and what its owner wrote on it only those see who see its owner.
 */
export function visibleSubnet(state: SubnetState, visible: VisibleAccounts): SubnetState | undefined {
  if (visible === undefined) {
    return state;
  }
  const clusters = state.clusters.filter(({ clusterId }) => visible.includes(accountOfCluster(clusterId)));
  const isOwner = visible.includes(state.subnet.ownerId);
  if (!isSubnetVisible(state.subnet.ownerId, clusters, visible)) {
    return undefined;
  }
  const names = new Set(clusters.map(({ clusterName }) => clusterName));
  const holders = state.holders.map((holder) =>
    holder.clusterName === undefined || names.has(holder.clusterName) ? holder : { ...holder, clusterName: undefined },
  );
  return isOwner
    ? { ...state, clusters, holders }
    : {
        ...state,
        clusters,
        holders: holders.map((holder) => ({ ...holder, service: undefined })),
        subnet: { ...state.subnet, tags: [] },
        team: undefined,
        leakedNetworkInterfaceIds: [],
        flowLogs: { ...state.flowLogs, reasons: [] },
        problems: [],
      };
}

/**
 * Returns what tells which parts of a subnet somebody may see, its owner's and those of each account that has clusters in it: to who
 * sees the same parts `visibleSubnet` leaves the same of it.
 */
export function seenParts(visible: VisibleAccounts): (ownerId: string, guests: () => readonly string[]) => string {
  if (visible === undefined) {
    return () => 'all';
  }
  const accountIds = new Set(visible);
  return (ownerId, guests) =>
    [ownerId, ...guests()].map((accountId) => (accountIds.has(accountId) ? '1' : '0')).join('');
}

/** A cluster is seen by who sees its account. */
export function visibleCluster(state: ClusterState, visible: VisibleAccounts): ClusterState | undefined {
  return visible === undefined || visible.includes(state.target.accountId) ? state : undefined;
}

/**
 * What a run came to for some accounts; `undefined` where it planned none of them. What concerns no account in particular is not
 * theirs to see.
 */
export function visibleRun(run: RunTally, visible: VisibleAccounts): RunTally | undefined {
  if (visible === undefined) {
    return run;
  }
  const accountIds = new Set(visible);
  const isVisible = ({ accountId }: { readonly accountId: string | undefined }): boolean =>
    accountId !== undefined && accountIds.has(accountId);
  if (!run.accounts.some(isVisible)) {
    return undefined;
  }
  return {
    slot: run.slot,
    plannedAt: run.plannedAt,
    caller: run.caller !== undefined && isVisible(run.caller) ? run.caller : undefined,
    accounts: run.accounts.filter(isVisible),
    targets: run.targets.filter(isVisible).map((tally) => ({ ...tally, notSeen: tally.notSeen.filter(isVisible) })),
    underWay: run.underWay.filter(isVisible),
    notSeen: run.notSeen.filter(isVisible),
  };
}

/**
 * An alert is seen by who sees one of the accounts that it concerns, unless it is of another's cluster. What was written of it
 * may name the others, so whoever does not see all of them sees figures and no sentences.
 */
export function visibleAlert(alert: Alert, visible: VisibleAccounts): Alert | undefined {
  const { where, what, subject } = alert;
  if (visible === undefined || where.accountIds.every((accountId) => visible.includes(accountId))) {
    return alert;
  }
  const isForeign = subject.kind === 'cluster' && !visible.includes(accountOfCluster(subject.clusterId));
  if (isForeign || !where.accountIds.some((accountId) => visible.includes(accountId))) {
    return undefined;
  }
  const isOwner = visible.includes(where.accountId);
  return {
    ...alert,
    where: {
      ...where,
      accountName: isOwner ? where.accountName : undefined,
      accountIds: where.accountIds.filter((accountId) => visible.includes(accountId)),
      vpcName: isOwner ? where.vpcName : undefined,
      clusters: where.clusters.filter(({ clusterId }) => visible.includes(accountOfCluster(clusterId))),
      subnets: isOwner ? where.subnets : where.subnets.map((subnet) => ({ ...subnet, name: undefined })),
      team: isOwner ? where.team : undefined,
      tags: [],
    },
    what: {
      ...what,
      reasons: what.reasons.map((reason) => ({ ...reason, text: reason.code })),
      drivers: [],
      change: undefined,
      cause: undefined,
    },
  };
}

export function visibleAccounts(
  accounts: ReadonlyMap<string, Account>,
  visible: VisibleAccounts,
): ReadonlyMap<string, Account> {
  return visible === undefined
    ? accounts
    : new Map(
        visible.flatMap((accountId) => {
          const account = accounts.get(accountId);
          return account === undefined ? [] : [[accountId, account] as const];
        }),
      );
}
