import { STATUS_RULES_VERSION } from '../domain/capacity/subnet-status.ts';
import type { JudgedViewer, VpcState } from '../domain/capacity/vpc-state.ts';
import type { SeriesSample } from '../domain/trend/series.ts';
import { judgeState } from './judge-state.ts';
import type { JudgeVpc } from './message-ports.ts';
import type { Policy } from './policy.ts';
import { pulseSample, scanSample, speaksForSeries } from './series-sample.ts';
import type { FactsStore, SeriesStore, StateStore } from './store-ports.ts';
import type { AccountsById } from './subjects.ts';

export interface JudgePorts {
  readonly facts: FactsStore;
  readonly states: StateStore;
  readonly series: SeriesStore;
  readonly policy: Policy;
  /** The accounts of the organisation as listed last. */
  readonly accounts: () => Promise<AccountsById>;
}

export interface JudgeSummary {
  /** `already-judged`: a repeat, or an observation older than the newest, which only joins the series. */
  readonly outcome: 'judged' | 'already-judged' | 'nothing-observed';
  /** Whether the observation had something to add to the series. */
  readonly isSampled: boolean;
  readonly subnetCount: number;
  readonly clusterCount: number;
}

/** One writer a VPC is the rule; where a stalled one comes back, both read again. */
const ATTEMPTS_MAX = 5;

/**
 * Judges a VPC after something of it was observed: the observation joins the series, the state follows the newest facts.
 * The series is written first and the state last, so that whoever stops in between is finished by the next delivery.
 * Throws where the state was changed by somebody else every time.
 */
export async function judgeVpc(message: JudgeVpc, ports: JudgePorts): Promise<JudgeSummary> {
  const { vpc } = message;
  const { facts, states, policy } = ports;
  const slots = await facts.latestSlots(vpc);
  const isSampled = await addSample(message, slots, ports);
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    const [stored, latest] = [await states.readState(vpc), attempt === 0 ? slots : await facts.latestSlots(vpc)];
    if (stored !== undefined && isJudged(stored.state, latest, policy)) {
      await states.announceState({ vpc, stateVersion: stored.version });
      return summaryOf('already-judged', isSampled, stored.state);
    }
    const viewers = await facts.latestFacts(vpc);
    if (viewers.length === 0 && stored === undefined) {
      return { outcome: 'nothing-observed', isSampled, subnetCount: 0, clusterCount: 0 };
    }
    const accounts = await ports.accounts();
    const state = judgeState({ vpc, viewers, previous: stored?.state, policy, accounts });
    const { outcome } = await states.writeState(state, stored?.version);
    if (outcome === 'written') {
      return summaryOf('judged', isSampled, state);
    }
  }
  throw new Error(
    `Cannot judge ${vpc.vpcId} of ${vpc.ownerId} in ${vpc.region}: its state changed under each of ${ATTEMPTS_MAX} attempts`,
  );
}

function summaryOf(outcome: JudgeSummary['outcome'], isSampled: boolean, state: VpcState): JudgeSummary {
  return { outcome, isSampled, subnetCount: state.subnets.length, clusterCount: state.clusters.length };
}

/** The same facts under the same rules give the same state. */
function isJudged(state: VpcState, latest: readonly JudgedViewer[], policy: Policy): boolean {
  const isOfTheseRules =
    state.statusRulesVersion === STATUS_RULES_VERSION && state.settingsHash === policy.settingsHash;
  return isOfTheseRules && textOf(state.judgedFrom) === textOf(latest);
}

function textOf(viewers: readonly JudgedViewer[]): string {
  return viewers
    .map(({ viewerAccountId, scanSlot, pulseSlot }) => [viewerAccountId, scanSlot, pulseSlot].join(' '))
    .toSorted()
    .join('\n');
}

async function addSample(message: JudgeVpc, slots: readonly JudgedViewer[], ports: JudgePorts): Promise<boolean> {
  const { vpc, viewerAccountId } = message;
  const viewerAccountIds = slots.map((viewer) => viewer.viewerAccountId);
  const sample = speaksForSeries(vpc, viewerAccountId, viewerAccountIds) ? await sampleOf(message, ports) : undefined;
  if (sample === undefined || sample.points.size === 0) {
    return false;
  }
  await ports.series.addSample(vpc, sample);
  return true;
}

async function sampleOf(
  { vpc, viewerAccountId, slot }: JudgeVpc,
  { facts }: JudgePorts,
): Promise<SeriesSample | undefined> {
  if (slot.kind === 'pulse') {
    const pulse = await facts.pulseAt(vpc, viewerAccountId, slot);
    return pulse === undefined ? undefined : pulseSample({ slot, pulse });
  }
  const scanned = await facts.factsAt(vpc, viewerAccountId, slot);
  return scanned === undefined ? undefined : scanSample({ slot, facts: scanned });
}
