import type { AddressCounts } from '../domain/address/address-map.ts';
import type { Reconciliation } from '../domain/address/reconcile.ts';
import type {
  ClusterState,
  ClusterSubnetState,
  ClusterZoneState,
  HolderSummary,
  PulseReading,
  SubnetCapacityState,
  SubnetCluster,
  SubnetState,
} from '../domain/capacity/region-state.ts';
import type { Floor, Status, StatusReason, SubnetStatus } from '../domain/capacity/subnet-status.ts';
import type { GoneResource, JudgedViewer, VpcId, VpcState } from '../domain/capacity/vpc-state.ts';
import type { SubnetSource } from '../domain/cluster/cluster-subnets.ts';
import type { PrefixUse } from '../domain/cni/prefix-use.ts';
import type {
  FlowLogCoverage,
  FlowLogCoverageReason,
  FlowLogDelivery,
  SubnetFlowLog,
} from '../domain/network/flow-log-coverage.ts';
import type { OwnerKind } from '../domain/network/network-interface-owner.ts';
import type { Target } from '../domain/region-facts.ts';
import type { Exhaustion, MissingHistory } from '../domain/trend/exhaustion.ts';
import { forecastCaveat, forecastQuality, seriesKind } from './forecast-shape.ts';
import {
  addon,
  cluster,
  described,
  error,
  fact,
  factName,
  fargateProfile,
  nodegroup,
  subnet,
} from './resource-shape.ts';
import {
  either,
  flag,
  list,
  mapBy,
  nullable,
  numbersByNumber,
  numeric,
  oneOf,
  optional,
  record,
  type Shape,
  sparseRecord,
  text,
} from './shape.ts';

/**
 * What the state of a VPC looks like, version 2. A change of these types is a compile error here: it needs a new schema version
 * of the state document, and a function that reads version 2.
 */

const optionalText = optional(text);
const texts = list(text);

const ownerKind = oneOf<OwnerKind>({
  'pod-branch': true,
  'node-trunk': true,
  'cni-secondary': true,
  'auto-mode-node': true,
  'eks-control-plane': true,
  'elb-alb': true,
  'elb-nlb': true,
  'elb-gwlb': true,
  'elb-classic': true,
  'nat-gateway': true,
  'vpc-endpoint': true,
  lambda: true,
  'tgw-attachment': true,
  rds: true,
  efs: true,
  'directory-service': true,
  'ecs-task': true,
  'aws-service': true,
  'eks-node-primary': true,
  'ec2-instance': true,
  unattached: true,
  other: true,
});

const source = oneOf<SubnetSource>({
  'control-plane': true,
  nodegroup: true,
  'fargate-profile': true,
  instance: true,
  'cni-network-interface': true,
  'control-plane-network-interface': true,
  'cluster-tag': true,
  'karpenter-discovery-tag': true,
  'cni-role-tag': true,
  'cni-cluster-tag': true,
});

const status = oneOf<Status>({ exhausted: true, critical: true, warning: true, unknown: true, healthy: true });

type ReasonOf<Code extends StatusReason['code']> = Extract<StatusReason, { code: Code }>;

type NoForecast<Why extends ReasonOf<'no-forecast'>['why']> = Extract<ReasonOf<'no-forecast'>, { why: Why }>;

const measured = { observed: numeric, needed: numeric };
const floor = record<Floor>({ controlPlaneUpdateAddresses: numeric, loadBalancerAddresses: numeric });

const shortage = either(
  record<ReasonOf<'no-free-address' | 'no-free-prefix'>>({
    code: oneOf({ 'no-free-address': true, 'no-free-prefix': true }),
    ...measured,
  }),
  either(
    record<ReasonOf<'free-addresses-at-floor'>>({
      code: oneOf({ 'free-addresses-at-floor': true }),
      ...measured,
      floor,
    }),
    record<ReasonOf<'few-free-addresses' | 'few-free-prefixes'>>({
      code: oneOf({ 'few-free-addresses': true, 'few-free-prefixes': true }),
      ...measured,
      ratio: numeric,
    }),
  ),
);

const unseen = either(
  either(
    record<ReasonOf<'fact-not-seen'>>({ code: oneOf({ 'fact-not-seen': true }), fact: factName, error }),
    record<ReasonOf<'fact-stale'>>({ code: oneOf({ 'fact-stale': true }), fact: factName, observedAt: text }),
  ),
  either(
    record<ReasonOf<'owner-not-seen'>>({ code: oneOf({ 'owner-not-seen': true }), ownerId: text }),
    record<ReasonOf<'cidr-unreadable'>>({ code: oneOf({ 'cidr-unreadable': true }), cidrBlock: text }),
  ),
);

const tooShort = { dayCount: numeric, neededDayCount: numeric } as const;
const sinceDay = numeric;

const remark = either(
  record<ReasonOf<'ipv6-only'>>({ code: oneOf({ 'ipv6-only': true }) }),
  either(
    record<NoForecast<'no-history'>>({ code: oneOf({ 'no-forecast': true }), why: oneOf({ 'no-history': true }) }),
    sparseRecord<NoForecast<'insufficient-history'>>(
      { code: oneOf({ 'no-forecast': true }), why: oneOf({ 'insufficient-history': true }), ...tooShort },
      { kind: seriesKind, sinceDay },
    ),
  ),
);

const likely = record<ReasonOf<'exhaustion-likely'>>({
  code: oneOf({ 'exhaustion-likely': true }),
  kind: seriesKind,
  withinDays: numeric,
  probability: numeric,
});

const reason: Shape<StatusReason> = either(either(shortage, likely), either(unseen, remark));

type ExhaustionOf<State extends Exhaustion['state']> = Extract<Exhaustion, { state: State }>;

const bound = { withinDays: numeric, dayCount: numeric } as const;
const probabilityBelow = numeric;

const undrawn = either(
  sparseRecord<ExhaustionOf<'insufficient-history'>>(
    { state: oneOf({ 'insufficient-history': true }), ...tooShort },
    {
      kind: seriesKind,
      sinceDay,
      other: sparseRecord<Required<ExhaustionOf<'insufficient-history'>>['other']>(
        { kind: seriesKind, ...bound },
        { probabilityBelow },
      ),
    },
  ),
  sparseRecord<ExhaustionOf<'not-expected'>>(
    { state: oneOf({ 'not-expected': true }), ...bound },
    { probabilityBelow },
  ),
);

const exhaustion: Shape<Exhaustion> = either(
  record<ExhaustionOf<'no-history'>>({ state: oneOf({ 'no-history': true }) }),
  either(
    undrawn,
    sparseRecord<ExhaustionOf<'forecast'>>(
      {
        state: oneOf({ forecast: true }),
        kind: seriesKind,
        method: oneOf({ level: true, trend: true }),
        dayCount: numeric,
        floor: numeric,
        p10: optional(numeric),
        p50: optional(numeric),
        p90: optional(numeric),
        censoredDay: numeric,
        probability: numbersByNumber,
        quality: optional(forecastQuality),
        caveats: list(forecastCaveat),
      },
      { missing: sparseRecord<MissingHistory>({ kind: seriesKind, ...tooShort }, { sinceDay }) },
    ),
  ),
);

const counts = record<AddressCounts>({
  usableAddressCount: numeric,
  usedAddressCount: numeric,
  freeAddressCount: numeric,
  reservedAddressCount: numeric,
  maxPrefixCount: numeric,
  freePrefixCountGeneral: numeric,
  freePrefixCountReserved: numeric,
  freePrefixCountMost: numeric,
  alignableFreeAddressCount: numeric,
  strandedAddressCount: numeric,
  fragmentation: nullable(numeric),
  awsFragmentationScore: nullable(numeric),
  largestFreeBlockPrefixLength: nullable(numeric),
});

const reconciliation = record<Reconciliation>({
  availableIpAddressCount: numeric,
  unaccountedAddressCount: numeric,
  grade: oneOf<Reconciliation['grade']>({ exact: true, settling: true, unexplained: true }),
  unexplainedUsedAddressCount: numeric,
});

const pulse = optional(record<PulseReading>({ availableIpAddressCount: numeric, observedAt: text }));

type CapacityOf<Source extends SubnetCapacityState['source']> = Extract<SubnetCapacityState, { source: Source }>;

const capacity: Shape<SubnetCapacityState> = either(
  record<CapacityOf<'network-interfaces'>>({
    source: oneOf({ 'network-interfaces': true }),
    counts,
    reconciliation,
    freePrefixCount: numeric,
    pulse,
  }),
  record<CapacityOf<'available-ip-address-count'>>({
    source: oneOf({ 'available-ip-address-count': true }),
    usableAddressCount: numeric,
    availableIpAddressCount: numeric,
    maxPrefixCount: numeric,
    pulse,
  }),
);

const prefixUse = record<PrefixUse>({
  inUse: flag,
  canFallBack: flag,
  prefixCountByKind: mapBy(ownerKind, numeric),
  isSetByAddon: flag,
});

const holder = record<HolderSummary>({
  kind: ownerKind,
  service: optionalText,
  clusterName: optionalText,
  networkInterfaceCount: numeric,
  addressCount: numeric,
  prefixCount: numeric,
});

const flowLogs = record<FlowLogCoverage>({
  coverage: oneOf<FlowLogCoverage['coverage']>({ all: true, partial: true, none: true, unknown: true }),
  reasons: list(
    oneOf<FlowLogCoverageReason>({
      'not-read': true,
      'owner-not-seen': true,
      'no-flow-log': true,
      'not-active': true,
      'delivery-failed': true,
      'delivery-unconfirmed': true,
      'delivery-unknown': true,
      'traffic-type-unknown': true,
      'only-accept': true,
      'only-reject': true,
      'only-some-interfaces': true,
      'interface-logs-only': true,
      settling: true,
      'default-format': true,
      'format-unknown': true,
    }),
  ),
  flowLogs: list(
    record<SubnetFlowLog>({
      flowLogId: text,
      resourceId: text,
      trafficType: optionalText,
      delivery: oneOf<FlowLogDelivery>({
        delivering: true,
        settling: true,
        failed: true,
        unconfirmed: true,
        'not-active': true,
        unknown: true,
      }),
      hasPacketAddresses: optional(flag),
    }),
  ),
});

export const subnetStateShape = record<SubnetState>({
  subnet,
  region: text,
  team: optionalText,
  availabilityZoneId: optionalText,
  viewerAccountIds: texts,
  observedAt: text,
  networkInterfacesObservedAt: optionalText,
  capacity: optional(capacity),
  floor,
  exhaustion,
  prefixUse,
  holders: list(holder),
  leakedNetworkInterfaceIds: texts,
  clusters: list(record<SubnetCluster>({ clusterId: text, clusterName: text, sources: list(source) })),
  flowLogs,
  problems: texts,
  status: record<SubnetStatus>({ status, reasons: list(reason) }),
});

export const clusterStateShape = record<ClusterState>({
  clusterId: text,
  target: record<Target>({ accountId: text, region: text }),
  clusterName: text,
  team: optionalText,
  observedAt: text,
  cluster: fact(cluster),
  nodegroups: described(nodegroup),
  fargateProfiles: described(fargateProfile),
  addons: described(addon),
  subnets: list(record<ClusterSubnetState>({ subnetId: text, sources: list(source), isSeen: flag })),
  zones: list(
    record<ClusterZoneState>({
      zone: text,
      subnetIds: texts,
      addressesLeft: numeric,
      freePrefixCount: optional(numeric),
    }),
  ),
  status,
  bindingSubnetId: optionalText,
  statusReasons: list(reason),
});

export const vpcStateShape: Shape<VpcState> = record<VpcState>({
  vpc: record<VpcId>({ ownerId: text, region: text, vpcId: text }),
  vpcName: optionalText,
  firstObservedAt: text,
  observedAt: text,
  judgedFrom: list(record<JudgedViewer>({ viewerAccountId: text, scanSlot: optionalText, pulseSlot: optionalText })),
  statusRulesVersion: numeric,
  settingsHash: text,
  subnets: list(subnetStateShape),
  clusters: list(clusterStateShape),
  gone: list(
    record<GoneResource>({
      kind: oneOf<GoneResource['kind']>({ subnet: true, cluster: true }),
      id: text,
      lastObservedAt: text,
      goneAt: text,
    }),
  ),
});
