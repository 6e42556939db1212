import type { CollectError, Instant } from '../domain/fact.ts';
import type { Subnet } from '../domain/network/network.ts';
import type { Target } from '../domain/region-facts.ts';
import type { Result } from '../domain/result.ts';
import { scopeNotSeen } from './coverage.ts';
import type { PulseTarget } from './message-ports.ts';
import type { AccountEntrance, Caller, PulseObserver } from './ports.ts';
import type { TargetResult } from './scan-target.ts';
import { isPastSlot } from './slot.ts';
import type { FactsStore, TargetOutcome, TargetStore } from './store-ports.ts';
import { isWorthRetrying, missedOutcome, notEnteredOutcome } from './target-outcome.ts';

export interface PulseTargetPorts {
  readonly caller: (signal: AbortSignal) => Promise<Result<Caller, CollectError>>;
  readonly entrance: AccountEntrance<PulseObserver>;
  readonly facts: Pick<FactsStore, 'putPulse'>;
  readonly targets: Pick<TargetStore, 'readTarget'>;
  readonly now: () => Instant;
}

/**
 * Reads EC2's counters of some VPCs as one account sees them, keeps them VPC by VPC, and returns each as to be judged. Only VPCs that
 * a scan has seen are looked at: what else there is, the next scan says.
 */
export async function pulseTarget(
  { slot, target, vpcIds }: PulseTarget,
  ports: PulseTargetPorts,
  signal: AbortSignal,
): Promise<TargetResult> {
  if (isPastSlot(slot, ports.now())) {
    return { outcome: missedOutcome(target, slot, ports.now()), retry: false, judge: [] };
  }
  const { memory } = await ports.targets.readTarget(target);
  const known = memory?.vpcs.filter(({ vpcId }) => vpcIds.includes(vpcId));
  if (memory === undefined || known === undefined || known.length === 0) {
    return { outcome: pulsedOutcome(target, 0, 0, ports.now()), retry: false, judge: [] };
  }
  const caller = await ports.caller(signal);
  const entered = caller.ok ? await ports.entrance.enter(caller.value, target.accountId, signal) : caller;
  if (!entered.ok) {
    const outcome = notEnteredOutcome(target, entered.error, ports.now());
    return { outcome, retry: isWorthRetrying(entered.error), judge: [] };
  }
  const subnets = await entered.value.pulse(
    target.region,
    known.map(({ vpcId }) => vpcId),
  );
  if (subnets.state === 'unavailable') {
    const outcome: TargetOutcome = {
      ...pulsedOutcome(target, 0, 0, ports.now()),
      state: 'failed',
      notSeen: [scopeNotSeen('subnets', subnets.error, target)],
    };
    return { outcome, retry: isWorthRetrying(subnets.error), judge: [] };
  }
  const byVpcId = Map.groupBy(subnets.value, ({ vpcId }) => vpcId);
  const pulsed = known.filter(({ vpcId }) => byVpcId.has(vpcId));
  for (const vpc of pulsed) {
    const availableIpAddressCounts = countersOf(byVpcId.get(vpc.vpcId) ?? []);
    const pulse = { target, observedAt: subnets.observedAt, availableIpAddressCounts };
    await ports.facts.putPulse(vpc, { slot, pulse });
  }
  return {
    outcome: pulsedOutcome(target, pulsed.length, memory.clusterNames.length, ports.now()),
    retry: false,
    judge: pulsed.map((vpc) => ({ vpc, viewerAccountId: target.accountId, slot })),
  };
}

/** A subnet without IPv4 has no counter worth keeping: EC2 says 0 of it, which is not a shortage. */
function countersOf(subnets: readonly Subnet[]): ReadonlyMap<string, number> {
  return new Map(
    subnets
      .filter(({ cidrBlock }) => cidrBlock !== undefined)
      .map(({ subnetId, availableIpAddressCount }) => [subnetId, availableIpAddressCount]),
  );
}

function pulsedOutcome(target: Target, vpcCount: number, clusterCount: number, endedAt: Instant): TargetOutcome {
  return { target, state: 'finished', endedAt, vpcCount, clusterCount, notSeen: [] };
}
