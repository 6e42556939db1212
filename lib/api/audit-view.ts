import * as z from 'zod';
import type { AuditResult } from '../audit/audit-accounts.ts';
import { urgency } from '../domain/capacity/subnet-status.ts';
import { ClusterView } from './cluster-view.ts';
import { CoverageView } from './coverage-view.ts';
import { SubnetView } from './subnet-view.ts';
import { toClusterView } from './to-cluster-view.ts';
import { toCoverageView } from './to-coverage-view.ts';
import { toSubnetView } from './to-subnet-view.ts';

/** What `npm run audit -- --format json` prints. */
export const AuditView = z.object({
  coverage: CoverageView,
  subnets: z.array(SubnetView),
  clusters: z.array(ClusterView),
});
export type AuditView = z.infer<typeof AuditView>;

/** Turns the result of an audit into its view: subnets and clusters by urgency, those with the least room first. */
export function toAuditView({ coverage, accounts, states }: AuditResult): AuditView {
  return {
    coverage: toCoverageView(coverage, accounts),
    subnets: states
      .flatMap(({ subnets }) => subnets.map((subnet) => toSubnetView(subnet, accounts)))
      .sort(
        (a, b) =>
          urgency(a.status) - urgency(b.status) || freeRatio(a) - freeRatio(b) || compare(a.subnetId, b.subnetId),
      ),
    clusters: states
      .flatMap(({ clusters }) => clusters.map((cluster) => toClusterView(cluster, accounts)))
      .sort((a, b) => urgency(a.status) - urgency(b.status) || compare(a.clusterId, b.clusterId)),
  };
}

function freeRatio({ addressesLeft, usableAddressCount }: SubnetView): number {
  // A subnet without IPv4 cannot run out of it: it comes last.
  return addressesLeft === null || usableAddressCount === null
    ? Number.POSITIVE_INFINITY
    : addressesLeft / usableAddressCount;
}

function compare(a: string, b: string): number {
  if (a === b) {
    return 0;
  }
  return a < b ? -1 : 1;
}
