import type { SubnetState } from '../capacity/region-state.ts';
import type { VpcState } from '../capacity/vpc-state.ts';
import type { Alert, AlertHome, AlertReason } from './alert.ts';
import type { AlertCondition, AlertContext, SubnetAlertKind } from './alert-condition.ts';
import { alertIdOf } from './alert-id.ts';
import { clusterGroups, type SubnetFinding } from './cluster-groups.ts';
import { isClosed } from './compare-alerts.ts';
import { joinFindings } from './join-findings.ts';
import { SUBNET_ALERT_KINDS } from './kinds/registry.ts';
import { staleVpc } from './kinds/scan-stale.ts';
import { whereOf } from './where-of.ts';

export interface VpcConditionsInput extends AlertContext {
  readonly state: VpcState;
  /** The alerts of the VPC as they are kept. */
  readonly stored: readonly Alert[];
  /** The name of the account that owns the VPC; `undefined` where the organisation gave none. */
  readonly accountName: string | undefined;
}

/**
 * Returns what is to be said of a VPC: a condition for each subnet or cluster that is short of something or has an alert.
 * Subnets that serve no cluster raise no alert.
 */
export function vpcConditions(input: VpcConditionsInput): readonly AlertCondition[] {
  const active = input.stored.filter((alert) => !isClosed(alert));
  const home: AlertHome = { kind: 'vpc', vpc: input.state.vpc };
  return [
    ...SUBNET_ALERT_KINDS.flatMap((kind) => kindConditions(kind, input, active)),
    ...staleConditions(input, active, home),
  ];
}

function kindConditions(
  rule: SubnetAlertKind,
  { state, accountName, earlierResiduals }: VpcConditionsInput,
  allActive: readonly Alert[],
): AlertCondition[] {
  const { kind } = rule;
  const home: AlertHome = { kind: 'vpc', vpc: state.vpc };
  const active = allActive.filter((alert) => alert.kind === kind);
  const subnets = state.subnets.filter(({ clusters }) => clusters.length > 0);
  const findings = subnets.map(
    (subnet): SubnetFinding => ({
      subnet,
      finding: rule.judge(subnet, reasonsOf(active, subnet), { earlierResiduals }),
    }),
  );
  const subjectIdOf = ({ subnet: { subnet } }: SubnetFinding) =>
    alertIdOf(kind, home, { kind: 'subnet', subnetId: subnet.subnetId });
  const activeIds = new Set(active.map(({ alertId }) => alertId));
  const { groups, single } = clusterGroups(findings, active);
  return [
    ...groups.map(({ cluster, members, subnets: all }): AlertCondition => {
      const { clusterId, clusterName } = cluster;
      const { level, heldLevel, what } = joinFindings(members);
      return {
        kind,
        home,
        subject: { kind: 'cluster', clusterId, clusterName },
        level,
        heldLevel,
        isSeen: all.every(({ finding }) => finding.isSeen),
        what,
        where: whereOf(
          state,
          members.map(({ subnet }) => subnet),
          accountName,
        ),
        absorbedAlertIds: members.map(subjectIdOf).filter((alertId) => activeIds.has(alertId)),
      };
    }),
    ...single
      .filter((one) => one.finding.level !== undefined || activeIds.has(subjectIdOf(one)))
      .map(
        ({ subnet, finding }): AlertCondition => ({
          kind,
          home,
          subject: { kind: 'subnet', subnetId: subnet.subnet.subnetId },
          ...finding,
          where: whereOf(state, [subnet], accountName),
          absorbedAlertIds: [],
        }),
      ),
  ];
}

function reasonsOf(active: readonly Alert[], { subnet }: SubnetState): AlertReason[] {
  return active.flatMap(({ what }) => what.reasons).filter(({ resourceId }) => resourceId === subnet.subnetId);
}

function staleConditions(
  { state, accountName }: VpcConditionsInput,
  active: readonly Alert[],
  home: AlertHome,
): AlertCondition[] {
  const { ownerId: accountId, region } = state.vpc;
  const subject = { kind: 'target', target: { accountId, region } } as const;
  const alertId = alertIdOf('scan-stale', home, subject);
  const finding = staleVpc(state);
  if (finding.level === undefined && !active.some((alert) => alert.alertId === alertId)) {
    return [];
  }
  const concerned = new Set(finding.what.reasons.map(({ resourceId }) => resourceId));
  const subnets = state.subnets.filter(({ subnet }) => concerned.has(subnet.subnetId));
  const where = whereOf(state, subnets, accountName);
  return [{ kind: 'scan-stale', home, subject, ...finding, where, absorbedAlertIds: [] }];
}
