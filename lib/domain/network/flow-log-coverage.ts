import type { Fact, Instant } from '../fact.ts';
import { instantMs } from '../instant.ts';
import type { FlowLog } from './network.ts';

/**
 * Whether the packets of a log arrive at its destination.
 * - `delivering`: active, and the last delivery succeeded.
 * - `settling`: active and so new that a first delivery is not due yet.
 * - `failed`: the last delivery failed.
 * - `unconfirmed`: active for long enough, yet no delivery is reported to have succeeded.
 * - `not-active`: in another state than active.
 * - `unknown`: what decides it was left out of the answer.
 */
export type FlowLogDelivery = 'delivering' | 'settling' | 'failed' | 'unconfirmed' | 'not-active' | 'unknown';

export type FlowLogCoverageReason =
  /** The flow logs could not be read. */
  | 'not-read'
  /** The subnet is shared and its owner, who alone sees the logs of the subnet and its VPC, is not scanned. */
  | 'owner-not-seen'
  /** No flow log is on the subnet, its VPC or its interfaces. */
  | 'no-flow-log'
  | 'not-active'
  | 'delivery-failed'
  | 'delivery-unconfirmed'
  | 'delivery-unknown'
  | 'traffic-type-unknown'
  /** Some packets are logged only where they are accepted. */
  | 'only-accept'
  | 'only-reject'
  /** Interfaces of the subnet differ in what is logged of them. */
  | 'only-some-interfaces'
  /** Every interface of today is covered, the next one will not be: the subnet and its VPC are not. */
  | 'interface-logs-only'
  /** The coverage rests on a log that is too new to have delivered. */
  | 'settling'
  /** The coverage rests on a log whose format lacks a packet's own addresses, as the default format does: pods do not show. */
  | 'default-format'
  | 'format-unknown';

export interface FlowLogCoverage {
  /** `all`: every packet. `partial`: some traffic, or all of it on some interfaces. */
  readonly coverage: 'all' | 'partial' | 'none' | 'unknown';
  readonly reasons: readonly FlowLogCoverageReason[];
  /** Every log on the subnet, its VPC and its interfaces. Those `delivering` or `settling` are relied on. */
  readonly flowLogs: readonly SubnetFlowLog[];
}

export interface SubnetFlowLog {
  readonly flowLogId: string;
  readonly resourceId: string;
  readonly trafficType: string | undefined;
  readonly delivery: FlowLogDelivery;
  /** Whether the format has both `pkt-srcaddr` and `pkt-dstaddr`; `undefined` where the answer has no format. */
  readonly hasPacketAddresses: boolean | undefined;
}

export interface FlowLogCoverageInput {
  readonly subnetId: string;
  readonly vpcId: string;
  /** Every interface in the subnet. */
  readonly networkInterfaceIds: readonly string[];
  /** The logs that the viewers of the subnet see: its owner's, and those that participants made on their interfaces. */
  readonly flowLogs: Fact<readonly FlowLog[]>;
  /** False where only a participant's view of a shared subnet is known. */
  readonly ownerSeen: boolean;
  readonly now: Instant;
}

/**
 * A new log may stay without records for ten minutes and more, so for this long nothing is concluded from it.
 * https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-limitations.html
 */
const SETTLING_MS = 30 * 60 * 1000;

/** The primary address of an interface hides its pods; these fields have a packet's own. https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html */
const PACKET_ADDRESS_FIELDS = [`\${pkt-srcaddr}`, `\${pkt-dstaddr}`];

/** A set of packets: the accepted ones, the rejected ones, or both. */
type Traffic = number;
const NO_TRAFFIC: Traffic = 0;
const ACCEPTED: Traffic = 1;
const REJECTED: Traffic = 2;
const ALL_TRAFFIC: Traffic = ACCEPTED | REJECTED;

interface JudgedLog {
  readonly flowLog: SubnetFlowLog;
  /** `undefined` where the traffic type is absent or none of the three that EC2 documents. */
  readonly traffic: Traffic | undefined;
}

/** What is logged of any interface in the subnet, and of each one that exists. */
interface LoggedTraffic {
  readonly ofSubnet: Traffic;
  readonly ofInterfaces: readonly Traffic[];
}

/**
 * Returns how much of a subnet's traffic flow logs record. What is logged of an interface is the union of the logs on it,
 * on its subnet and on its VPC; a log counts if it is active and its delivery succeeds or is not due yet. The format never
 * changes the coverage, it is a reason. Where a field that decides was left out of the answer, the coverage is `unknown`.
 * https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs.html
 */
export function flowLogCoverage(input: FlowLogCoverageInput): FlowLogCoverage {
  if (input.flowLogs.state === 'unavailable') {
    const reasons = input.ownerSeen ? (['not-read'] as const) : (['owner-not-seen', 'not-read'] as const);
    return { coverage: 'unknown', reasons, flowLogs: [] };
  }
  const resourceIds = new Set([input.subnetId, input.vpcId, ...input.networkInterfaceIds]);
  const logs = input.flowLogs.value
    .filter((flowLog) => resourceIds.has(flowLog.resourceId))
    .map((flowLog) => judgedLog(flowLog, input.now));
  const flowLogs = logs.map(({ flowLog }) => flowLog);
  if (!input.ownerSeen) {
    return { coverage: 'unknown', reasons: ['owner-not-seen'], flowLogs };
  }
  const relied = logs.filter(isReliedOn);
  const logged = loggedTraffic(input, relied);
  const atLeast = coverageOf(logged);
  const atMost = coverageOf(loggedTraffic(input, [...relied, ...logs.filter(mayCount).map(countedInFull)]));
  const coverage = atLeast === atMost ? atLeast : 'unknown';
  const reasons = [
    ...reasonsOfLogs(logs),
    ...reasonsOfTraffic(logged, atLeast),
    ...reasonsOfReliedLogs(input, relied, logged),
  ];
  return { coverage, reasons, flowLogs };
}

function judgedLog(flowLog: FlowLog, now: Instant): JudgedLog {
  const { flowLogId, resourceId, trafficType, logFormat } = flowLog;
  const hasPacketAddresses =
    logFormat === undefined ? undefined : PACKET_ADDRESS_FIELDS.every((field) => logFormat.includes(field));
  return {
    flowLog: { flowLogId, resourceId, trafficType, delivery: deliveryOf(flowLog, now), hasPacketAddresses },
    traffic: trafficOf(trafficType),
  };
}

function trafficOf(trafficType: string | undefined): Traffic | undefined {
  switch (trafficType?.toUpperCase()) {
    case 'ALL':
      return ALL_TRAFFIC;
    case 'ACCEPT':
      return ACCEPTED;
    case 'REJECT':
      return REJECTED;
    default:
      return undefined;
  }
}

/** EC2 leaves the delivery's status out before the first delivery, and in old logs beside an error message as well. */
function deliveryOf(flowLog: FlowLog, now: Instant): FlowLogDelivery {
  const { deliverLogsStatus, deliverLogsErrorMessage } = flowLog;
  const flowLogStatus = flowLog.flowLogStatus?.toUpperCase();
  if (flowLogStatus !== undefined && flowLogStatus !== 'ACTIVE') {
    return 'not-active';
  }
  const isReported = isFilled(deliverLogsStatus);
  if (deliverLogsStatus?.toUpperCase() === 'FAILED' || (!isReported && isFilled(deliverLogsErrorMessage))) {
    return 'failed';
  }
  if (flowLogStatus === undefined) {
    return 'unknown';
  }
  if (isReported) {
    return deliverLogsStatus?.toUpperCase() === 'SUCCESS' ? 'delivering' : 'unconfirmed';
  }
  return deliveryByAge(flowLog.createdAt, now);
}

function deliveryByAge(createdAt: Instant | undefined, now: Instant): FlowLogDelivery {
  const createdMs = createdAt === undefined ? undefined : instantMs(createdAt);
  const nowMs = instantMs(now);
  if (createdMs === undefined || nowMs === undefined) {
    return 'unknown';
  }
  return nowMs - createdMs < SETTLING_MS ? 'settling' : 'unconfirmed';
}

function isFilled(text: string | undefined): boolean {
  return text !== undefined && text !== '';
}

function isReliedOn({ flowLog, traffic }: JudgedLog): boolean {
  return traffic !== undefined && (flowLog.delivery === 'delivering' || flowLog.delivery === 'settling');
}

/** Whether a field that is missing keeps us from knowing if, or for which traffic, the log counts. */
function mayCount(log: JudgedLog): boolean {
  const { delivery } = log.flowLog;
  return (
    delivery === 'unknown' || (log.traffic === undefined && (delivery === 'delivering' || delivery === 'settling'))
  );
}

function countedInFull(log: JudgedLog): JudgedLog {
  return { flowLog: log.flowLog, traffic: log.traffic ?? ALL_TRAFFIC };
}

function loggedTraffic(input: FlowLogCoverageInput, logs: readonly JudgedLog[]): LoggedTraffic {
  let ofSubnet = NO_TRAFFIC;
  const byInterface = new Map<string, Traffic>();
  for (const { flowLog, traffic } of logs) {
    // A log without a known traffic type adds nothing that is known to be logged.
    const added = traffic ?? NO_TRAFFIC;
    if (flowLog.resourceId === input.subnetId || flowLog.resourceId === input.vpcId) {
      ofSubnet |= added;
    } else {
      byInterface.set(flowLog.resourceId, (byInterface.get(flowLog.resourceId) ?? NO_TRAFFIC) | added);
    }
  }
  const ofInterfaces = input.networkInterfaceIds.map((id) => ofSubnet | (byInterface.get(id) ?? NO_TRAFFIC));
  return { ofSubnet, ofInterfaces };
}

/** In a subnet without interfaces, what is logged of the next one decides. */
function loggedWhereItMatters({ ofSubnet, ofInterfaces }: LoggedTraffic): readonly Traffic[] {
  return ofInterfaces.length === 0 ? [ofSubnet] : ofInterfaces;
}

function coverageOf(logged: LoggedTraffic): 'all' | 'partial' | 'none' {
  const traffic = loggedWhereItMatters(logged);
  if (traffic.every((each) => each === ALL_TRAFFIC)) {
    return 'all';
  }
  return traffic.every((each) => each === NO_TRAFFIC) ? 'none' : 'partial';
}

function reasonsOfLogs(logs: readonly JudgedLog[]): readonly FlowLogCoverageReason[] {
  if (logs.length === 0) {
    return ['no-flow-log'];
  }
  const deliveries = new Set(logs.map(({ flowLog }) => flowLog.delivery));
  const reasons: FlowLogCoverageReason[] = [];
  if (deliveries.has('not-active')) {
    reasons.push('not-active');
  }
  if (deliveries.has('failed')) {
    reasons.push('delivery-failed');
  }
  if (deliveries.has('unconfirmed')) {
    reasons.push('delivery-unconfirmed');
  }
  if (deliveries.has('unknown')) {
    reasons.push('delivery-unknown');
  }
  if (logs.some(({ traffic }) => traffic === undefined)) {
    reasons.push('traffic-type-unknown');
  }
  return reasons;
}

function reasonsOfTraffic(logged: LoggedTraffic, coverage: 'all' | 'partial' | 'none'): FlowLogCoverageReason[] {
  const traffic = loggedWhereItMatters(logged);
  const reasons: FlowLogCoverageReason[] = [];
  if (traffic.includes(ACCEPTED)) {
    reasons.push('only-accept');
  }
  if (traffic.includes(REJECTED)) {
    reasons.push('only-reject');
  }
  if (new Set(traffic).size > 1) {
    reasons.push('only-some-interfaces');
  }
  if (coverage === 'all' && logged.ofSubnet !== ALL_TRAFFIC) {
    reasons.push('interface-logs-only');
  }
  return reasons;
}

/** What holds for a log is a reason only if less would be logged without it. */
function reasonsOfReliedLogs(
  input: FlowLogCoverageInput,
  relied: readonly JudgedLog[],
  logged: LoggedTraffic,
): FlowLogCoverageReason[] {
  const restsOnOthersThan = (isKept: (log: SubnetFlowLog) => boolean) =>
    !isSameTraffic(
      loggedTraffic(
        input,
        relied.filter(({ flowLog }) => isKept(flowLog)),
      ),
      logged,
    );
  const reasons: FlowLogCoverageReason[] = [];
  if (restsOnOthersThan(({ delivery }) => delivery !== 'settling')) {
    reasons.push('settling');
  }
  if (restsOnOthersThan(({ hasPacketAddresses }) => hasPacketAddresses !== false)) {
    reasons.push('default-format');
  } else if (restsOnOthersThan(({ hasPacketAddresses }) => hasPacketAddresses === true)) {
    reasons.push('format-unknown');
  }
  return reasons;
}

function isSameTraffic(a: LoggedTraffic, b: LoggedTraffic): boolean {
  return a.ofSubnet === b.ofSubnet && a.ofInterfaces.every((traffic, index) => traffic === b.ofInterfaces[index]);
}
