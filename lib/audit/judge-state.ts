import type { PulseReading, RegionState, SubnetState } from '../domain/capacity/region-state.ts';
import { STATUS_RULES_VERSION } from '../domain/capacity/subnet-status.ts';
import type { GoneResource, JudgedViewer, VpcId, VpcState } from '../domain/capacity/vpc-state.ts';
import type { Fact, Instant } from '../domain/fact.ts';
import { instantMs } from '../domain/instant.ts';
import type { RegionFacts } from '../domain/region-facts.ts';
import { tagValue } from '../domain/tags.ts';
import type { Exhaustion } from '../domain/trend/exhaustion.ts';
import { joinRegion } from './join-region.ts';
import { judgeRegion } from './judge-region.ts';
import type { Policy } from './policy.ts';
import { slotText } from './slot.ts';
import type { ViewerFacts } from './store-ports.ts';
import type { AccountsById } from './subjects.ts';

export interface StateInput {
  readonly vpc: VpcId;
  readonly viewers: readonly ViewerFacts[];
  readonly previous: VpcState | undefined;
  readonly policy: Policy;
  readonly accounts: AccountsById;
  /** What was forecast, by subnet id; absent where nothing ever was. */
  readonly exhaustions?: ReadonlyMap<string, Exhaustion> | undefined;
}

const MS_PER_DAY = 86_400_000;
/** Thirteen months. */
const GONE_KEPT_DAYS = 396;

/**
 * Judges a VPC from the newest facts of every account that sees into it. Pure, and of a moment that the facts themselves
 * give: judging the same facts again, whenever, gives the same state. What is no longer listed is gone; what is not seen any
 * more because its account's facts have expired stays as it was.
 */
export function judgeState(input: StateInput): VpcState {
  const { vpc, viewers, previous, policy, accounts, exhaustions } = input;
  const facts = viewers.flatMap(({ scan }) => (scan === undefined ? [] : [scan.facts]));
  const observedAt = newestObservation(viewers) ?? previous?.observedAt;
  if (observedAt === undefined) {
    throw new Error(`Cannot judge ${vpc.vpcId} of ${vpc.ownerId} in ${vpc.region}: nothing was ever observed of it`);
  }
  const joined = joinRegion(vpc.region, facts, pulseReadings(vpc, viewers));
  const judged = judgeRegion(joined, { now: observedAt, policy, accounts, exhaustions });
  const state = withExpired(judged, previous, viewers);
  return {
    vpc,
    vpcName: vpcNameOf(vpc, facts) ?? previous?.vpcName,
    firstObservedAt: oldest([
      observedAt,
      ...(previous === undefined ? [] : [previous.firstObservedAt]),
      ...facts.map(({ startedAt }) => startedAt),
    ]),
    observedAt,
    judgedFrom: viewers.map(judgedViewer).toSorted((a, b) => (a.viewerAccountId < b.viewerAccountId ? -1 : 1)),
    statusRulesVersion: STATUS_RULES_VERSION,
    settingsHash: policy.settingsHash,
    ...state,
    gone: goneOf(state, previous, observedAt),
  };
}

/** Returns what a judgement says that it was made from. */
export function judgedViewer({ viewerAccountId, scan, pulse }: ViewerFacts): JudgedViewer {
  return {
    viewerAccountId,
    scanSlot: scan === undefined ? undefined : slotText(scan.slot),
    pulseSlot: pulse === undefined ? undefined : slotText(pulse.slot),
  };
}

/** A fact carried over is older than its scan, so the counters alone do not say when something was seen last. */
function newestObservation(viewers: readonly ViewerFacts[]): Instant | undefined {
  const times = viewers.flatMap(({ scan, pulse }) => [
    ...(scan === undefined ? [] : [scan.facts.startedAt, ...observedTimes(scan.facts)]),
    ...(pulse === undefined ? [] : [pulse.pulse.observedAt]),
  ]);
  return times.toSorted().at(-1);
}

function observedTimes({ subnets, networkInterfaces }: RegionFacts): Instant[] {
  return [subnets, networkInterfaces].flatMap((fact: Fact<unknown>) =>
    fact.state === 'observed' ? [fact.observedAt] : [],
  );
}

/** EC2's counters that were read after the scan of the account that speaks for a subnet; the owner's before another's. */
function pulseReadings({ ownerId }: VpcId, viewers: readonly ViewerFacts[]): ReadonlyMap<string, PulseReading> {
  const readings = new Map<string, PulseReading>();
  const ownerLast = viewers.toSorted(
    (a, b) => Number(a.viewerAccountId === ownerId) - Number(b.viewerAccountId === ownerId),
  );
  for (const { scan, pulse } of ownerLast) {
    const subnets = scan?.facts.subnets;
    if (pulse === undefined || subnets?.state !== 'observed' || pulse.pulse.observedAt <= subnets.observedAt) {
      continue;
    }
    const { observedAt, availableIpAddressCounts } = pulse.pulse;
    for (const [subnetId, availableIpAddressCount] of availableIpAddressCounts) {
      readings.set(subnetId, { availableIpAddressCount, observedAt });
    }
  }
  return readings;
}

function withExpired(state: RegionState, previous: VpcState | undefined, viewers: readonly ViewerFacts[]): RegionState {
  const expired = new Set(viewers.filter(({ hasExpired }) => hasExpired).map(({ viewerAccountId }) => viewerAccountId));
  if (previous === undefined || expired.size === 0) {
    return state;
  }
  const known = idsOf(state);
  return {
    subnets: [
      ...state.subnets,
      ...previous.subnets.filter(
        ({ subnet, viewerAccountIds }) =>
          !known.has(subnet.subnetId) && viewerAccountIds.some((accountId) => expired.has(accountId)),
      ),
    ],
    clusters: [
      ...state.clusters,
      ...previous.clusters.filter(({ clusterId, target }) => !known.has(clusterId) && expired.has(target.accountId)),
    ],
  };
}

function idsOf({ subnets, clusters }: RegionState): ReadonlySet<string> {
  return new Set([...subnets.map(({ subnet }) => subnet.subnetId), ...clusters.map(({ clusterId }) => clusterId)]);
}

function goneOf(state: RegionState, previous: VpcState | undefined, goneAt: Instant): GoneResource[] {
  if (previous === undefined) {
    return [];
  }
  const here = idsOf(state);
  const newlyGone: GoneResource[] = [
    ...previous.subnets.map(goneSubnet(goneAt)),
    ...previous.clusters.map(({ clusterId, observedAt }) => ({
      kind: 'cluster' as const,
      id: clusterId,
      lastObservedAt: observedAt,
      goneAt,
    })),
  ];
  return [...previous.gone, ...newlyGone].filter(
    ({ id, goneAt: since }) => !here.has(id) && !isForgotten(since, goneAt),
  );
}

function goneSubnet(goneAt: Instant) {
  return ({ subnet, observedAt }: SubnetState): GoneResource => ({
    kind: 'subnet',
    id: subnet.subnetId,
    lastObservedAt: observedAt,
    goneAt,
  });
}

function isForgotten(since: Instant, now: Instant): boolean {
  const sinceMs = instantMs(since);
  const nowMs = instantMs(now);
  return sinceMs === undefined || nowMs === undefined || nowMs - sinceMs > GONE_KEPT_DAYS * MS_PER_DAY;
}

function vpcNameOf({ ownerId, vpcId }: VpcId, facts: readonly RegionFacts[]): string | undefined {
  const owner = facts.find(({ target }) => target.accountId === ownerId);
  const vpc = owner?.vpcs.state === 'observed' ? owner.vpcs.value.find((one) => one.vpcId === vpcId) : undefined;
  return vpc === undefined ? undefined : tagValue(vpc.tags, 'Name');
}

function oldest(instants: readonly [Instant, ...Instant[]]): Instant {
  const [first] = instants.toSorted();
  return first ?? instants[0];
}
