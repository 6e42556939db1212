import { STATUS_RULES_VERSION } from '../domain/capacity/subnet-status.ts';
import {
  basisText,
  type JudgedViewer,
  type JudgementBasis,
  type VpcId,
  type VpcState,
} from '../domain/capacity/vpc-state.ts';
import type { SeriesSample } from '../domain/trend/series.ts';
import { judgeState } from './judge-state.ts';
import type { JudgeVpc } from './message-ports.ts';
import type { Policy } from './policy.ts';
import { dayOf, exhaustionsOf, markForecastsOutdated, refreshForecasts } from './refresh-forecasts.ts';
import { pulseSample, scanSample, speaksForSeries } from './series-sample.ts';
import { parseSlot } from './slot.ts';
import type { FactsStore, ForecastStore, SeriesStore, StateStore } from './store-ports.ts';
import type { AccountsById } from './subjects.ts';

export interface JudgePorts {
  readonly facts: FactsStore;
  readonly states: StateStore;
  readonly series: SeriesStore;
  readonly forecasts: ForecastStore;
  readonly policy: Policy;
  /** The accounts of the organisation as listed last. */
  readonly accounts: () => Promise<AccountsById>;
  /** Brings the alerts of a VPC up to its state, and repeats nothing; absent where there are none. */
  readonly raiseAlerts?: (state: VpcState) => Promise<unknown>;
}

export interface JudgeSummary {
  /** `already-judged`: a repeat, or an observation older than the newest, which only joins the series. Its alerts are raised. */
  readonly outcome: 'judged' | 'already-judged' | 'nothing-observed';
  /** Whether the observation had something to add to the series. */
  readonly isSampled: boolean;
}

/** One writer a VPC is the rule; where a stalled one comes back, both read again. */
const ATTEMPTS_MAX = 5;

/**
 * Judges a VPC after something of it was observed: the observation joins the series, the state follows the newest facts.
 * The series is written first, then its alerts, and last the state, by which a repeat knows that all is done: whoever stops in
 * between is finished by the next delivery.
 * Throws where the state was changed by somebody else every time, and, once the state is written, where its alerts could not be.
 */
export async function judgeVpc(message: JudgeVpc, ports: JudgePorts): Promise<JudgeSummary> {
  const slots = await ports.facts.latestSlots(message.vpc);
  const isSampled = await addSample(message, slots, ports);
  const isJudged = await ports.states.isJudgedOn(message.vpc, basisOf(slots, ports.policy));
  return { outcome: isJudged ? 'already-judged' : await judgeNewest(message.vpc, ports), isSampled };
}

/** What a judgement reads and writes, the series' new sample apart. */
export interface JudgeNewestPorts extends Pick<JudgePorts, 'forecasts' | 'policy' | 'accounts' | 'raiseAlerts'> {
  readonly facts: Pick<FactsStore, 'latestFacts'>;
  readonly states: Pick<StateStore, 'readState' | 'writeState'>;
  readonly series: Pick<SeriesStore, 'samples'>;
}

/** Judges a VPC from the newest facts that the ports give, whatever started it. Throws as `judgeVpc` does. */
export async function judgeNewest(vpc: VpcId, ports: JudgeNewestPorts): Promise<JudgeSummary['outcome']> {
  const { facts, states, forecasts, policy } = ports;
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    const [stored, viewers, forecast] = await Promise.all([
      states.readState(vpc),
      facts.latestFacts(vpc),
      forecasts.readForecasts(vpc),
    ]);
    if (viewers.length === 0 && stored === undefined) {
      return 'nothing-observed';
    }
    const accounts = await ports.accounts();
    const previous = stored?.state;
    const input = { vpc, viewers, previous, policy, accounts };
    const judged = judgeState({ ...input, exhaustions: exhaustionsOf(forecast?.forecasts) });
    if (stored !== undefined && basisText(stored.state) === basisText(judged)) {
      // Another writer came first, with the same, or could not raise its alerts.
      await ports.raiseAlerts?.(stored.state);
      return 'already-judged';
    }
    const refreshed = await refreshForecasts({ state: judged, previous, viewers, stored: forecast }, ports);
    if (refreshed.outcome === 'version-conflict') {
      continue;
    }
    const state =
      refreshed.outcome === 'unchanged'
        ? judged
        : judgeState({ ...input, exhaustions: exhaustionsOf(refreshed.forecasts) });
    if (await raiseAndWrite(state, stored?.version, ports)) {
      return 'judged';
    }
  }
  throw new Error(
    `Cannot judge ${vpc.vpcId} of ${vpc.ownerId} in ${vpc.region}: its state changed under each of ${ATTEMPTS_MAX} attempts`,
  );
}

/**
 * Raises the alerts of a state, then writes it, and returns whether it could: not where another writer came first. Where alerts
 * cannot be raised it is written all the same, as not finished: numbers do not wait until somebody can be told of them.
 */
async function raiseAndWrite(
  state: VpcState,
  expectedVersion: string | undefined,
  { states, raiseAlerts }: JudgeNewestPorts,
): Promise<boolean> {
  try {
    await raiseAlerts?.(state);
  } catch (cause) {
    await states.writeState(state, expectedVersion, { isFinished: false });
    throw cause;
  }
  return (await states.writeState(state, expectedVersion)).outcome === 'written';
}

/** The same facts under the same rules give the same state. */
function basisOf(judgedFrom: readonly JudgedViewer[], { settingsHash }: Policy): JudgementBasis {
  return { judgedFrom, statusRulesVersion: STATUS_RULES_VERSION, settingsHash };
}

async function addSample(message: JudgeVpc, slots: readonly JudgedViewer[], ports: JudgePorts): Promise<boolean> {
  const { vpc, viewerAccountId } = message;
  const viewerAccountIds = slots.map((viewer) => viewer.viewerAccountId);
  const sample = speaksForSeries(vpc, viewerAccountId, viewerAccountIds) ? await sampleOf(message, ports) : undefined;
  if (sample === undefined || sample.points.size === 0) {
    return false;
  }
  await ports.series.addSample(vpc, sample);
  if (isOfEarlierDay(sample, slots)) {
    await markForecastsOutdated(vpc, sample.observedAt, ports.forecasts);
  }
  return true;
}

/** Whether something of a later day was observed already: forecasts may have been made without this sample. */
function isOfEarlierDay({ observedAt }: SeriesSample, slots: readonly JudgedViewer[]): boolean {
  const newest = slots
    .flatMap(({ scanSlot, pulseSlot }) => [scanSlot, pulseSlot])
    .flatMap((text) => (text === undefined ? [] : (parseSlot(text)?.at ?? [])))
    .map(dayOf);
  return dayOf(observedAt) < Math.max(...newest);
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
