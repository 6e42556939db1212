import { STATUS_RULES_VERSION } from '../domain/capacity/subnet-status.ts';
import {
  basisText,
  type JudgedViewer,
  type JudgementBasis,
  type VpcId,
  type VpcState,
} from '../domain/capacity/vpc-state.ts';
import type { SeriesSample } from '../domain/trend/series.ts';
import { judgedViewer, judgeState } from './judge-state.ts';
import type { JudgeVpc } from './message-ports.ts';
import type { Policy } from './policy.ts';
import { dayOf, exhaustionsOf, markForecastsOutdated, refreshForecasts } from './refresh-forecasts.ts';
import { pulseSample, scanSample, speaksForSeries } from './series-sample.ts';
import { parseSlot, type Slot, slotOrder, slotText } from './slot.ts';
import type {
  FactsStore,
  ForecastStore,
  ReadOptions,
  SeriesStore,
  StateStore,
  StoredForecasts,
  StoredState,
  ViewerFacts,
} from './store-ports.ts';
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
  const { vpc } = message;
  const known = await readKnown(vpc, ports, [judgedViewerOf(message)]);
  const sample = await sampleOf(message, known.viewers, ports);
  const isSampled = sample !== undefined && sample.points.size > 0;
  if (isSampled) {
    await ports.series.addSample(vpc, sample);
  }
  if (isSampled && isOfEarlierDay(sample, known.viewers)) {
    await markForecastsOutdated(vpc, sample.observedAt, ports.forecasts);
    return { outcome: await judgeNewest(vpc, ports), isSampled };
  }
  return { outcome: await judgeNewest(vpc, ports, known), isSampled };
}

/** What a judgement reads and writes, the series' new sample apart. */
export interface JudgeNewestPorts extends Pick<JudgePorts, 'forecasts' | 'policy' | 'accounts' | 'raiseAlerts'> {
  readonly facts: Pick<FactsStore, 'latestFacts'>;
  readonly states: Pick<StateStore, 'readState' | 'writeState'>;
  readonly series: Pick<SeriesStore, 'samples'>;
}

/** What is known of a VPC. */
interface Known {
  readonly stored: StoredState | undefined;
  readonly viewers: readonly ViewerFacts[];
  readonly forecast: StoredForecasts | undefined;
}

/**
 * Judges a VPC from the newest facts that the ports give, whatever started it; from what is known, where that was read before.
 * Throws as `judgeVpc` does.
 */
export async function judgeNewest(
  vpc: VpcId,
  ports: JudgeNewestPorts,
  knownFirst?: Known,
): Promise<JudgeSummary['outcome']> {
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    const known = attempt === 0 && knownFirst !== undefined ? knownFirst : await readEverything(vpc, ports);
    const outcome = await judgeKnown(vpc, known, ports);
    if (outcome !== 'version-conflict') {
      return outcome;
    }
  }
  throw new Error(
    `Cannot judge ${vpc.vpcId} of ${vpc.ownerId} in ${vpc.region}: its state changed under each of ${ATTEMPTS_MAX} attempts`,
  );
}

async function judgeKnown(
  vpc: VpcId,
  { stored, viewers, forecast }: Known,
  ports: JudgeNewestPorts,
): Promise<JudgeSummary['outcome'] | 'version-conflict'> {
  if (viewers.length === 0 && stored === undefined) {
    return 'nothing-observed';
  }
  if (stored !== undefined && basisText(stored.state) === basisText(basisOf(viewers, ports.policy))) {
    if (!stored.isFinished) {
      await ports.raiseAlerts?.(stored.state);
    }
    return 'already-judged';
  }
  const previous = stored?.state;
  const input = { vpc, viewers, previous, policy: ports.policy, accounts: await ports.accounts() };
  const judged = judgeState({ ...input, exhaustions: exhaustionsOf(forecast?.forecasts) });
  const refreshed = await refreshForecasts({ state: judged, previous, viewers, stored: forecast }, ports);
  if (refreshed.outcome === 'version-conflict') {
    return 'version-conflict';
  }
  const state =
    refreshed.outcome === 'unchanged'
      ? judged
      : judgeState({ ...input, exhaustions: exhaustionsOf(refreshed.forecasts) });
  return (await raiseAndWrite(state, stored?.version, ports)) ? 'judged' : 'version-conflict';
}

async function readEverything(vpc: VpcId, { facts, states, forecasts }: JudgeNewestPorts): Promise<Known> {
  const [stored, viewers, forecast] = await Promise.all([
    states.readState(vpc),
    facts.latestFacts(vpc),
    forecasts.readForecasts(vpc),
  ]);
  return { stored, viewers, forecast };
}

/** As of a moment before, where that will do: forecasts are written on condition, and what is to be seen of facts is known. */
const MAY_BE_LATE: ReadOptions = { isConsistent: false };

/**
 * Reads facts as of now only where what was read lacks something that was judged before or is told of: the state never goes back.
 * What another account observed a moment ago is told of by a message of its own.
 */
async function readKnown(vpc: VpcId, ports: JudgePorts, told: readonly JudgedViewer[]): Promise<Known> {
  const { facts, states, forecasts } = ports;
  const [stored, viewers, forecast] = await Promise.all([
    states.readState(vpc),
    facts.latestFacts(vpc, MAY_BE_LATE),
    forecasts.readForecasts(vpc, MAY_BE_LATE),
  ]);
  const isLate = isBehind(viewers, [...(stored?.state.judgedFrom ?? []), ...told]);
  return { stored, viewers: isLate ? await facts.latestFacts(vpc) : viewers, forecast };
}

/** A viewer that is not there may be one that no longer sees the VPC: then this is asked once. */
function isBehind(viewers: readonly ViewerFacts[], known: readonly JudgedViewer[]): boolean {
  const byAccountId = new Map(viewers.map((viewer) => [viewer.viewerAccountId, viewer]));
  return known.some(({ viewerAccountId, scanSlot, pulseSlot }) => {
    const viewer = byAccountId.get(viewerAccountId);
    return isOlder(viewer?.scan?.slot, scanSlot) || isOlder(viewer?.pulse?.slot, pulseSlot);
  });
}

function isOlder(found: Slot | undefined, known: string | undefined): boolean {
  const slot = known === undefined ? undefined : parseSlot(known);
  return slot !== undefined && (found === undefined || slotOrder(found) < slotOrder(slot));
}

/** What a message tells of. */
function judgedViewerOf({ viewerAccountId, slot }: JudgeVpc): JudgedViewer {
  const text = slotText(slot);
  return slot.kind === 'pulse'
    ? { viewerAccountId, scanSlot: undefined, pulseSlot: text }
    : { viewerAccountId, scanSlot: text, pulseSlot: undefined };
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
function basisOf(viewers: readonly ViewerFacts[], { settingsHash }: Policy): JudgementBasis {
  return { judgedFrom: viewers.map(judgedViewer), statusRulesVersion: STATUS_RULES_VERSION, settingsHash };
}

/** Whether something of a later day was observed already: forecasts may have been made without this sample. */
function isOfEarlierDay({ observedAt }: SeriesSample, viewers: readonly ViewerFacts[]): boolean {
  const days = viewers
    .flatMap(({ scan, pulse }) => [scan?.slot, pulse?.slot])
    .flatMap((slot) => (slot === undefined ? [] : dayOf(slot.at)));
  return dayOf(observedAt) < Math.max(...days);
}

/** What the observation that a message tells of has to say in the series; mostly it is the newest. */
async function sampleOf(
  { vpc, viewerAccountId, slot }: JudgeVpc,
  viewers: readonly ViewerFacts[],
  { facts }: JudgePorts,
): Promise<SeriesSample | undefined> {
  const viewerAccountIds = viewers.map((viewer) => viewer.viewerAccountId);
  if (!speaksForSeries(vpc, viewerAccountId, viewerAccountIds)) {
    return undefined;
  }
  const newest = viewers.find((viewer) => viewer.viewerAccountId === viewerAccountId);
  const isNewest = (found: Slot | undefined) => found !== undefined && slotText(found) === slotText(slot);
  if (slot.kind === 'pulse') {
    const pulse = isNewest(newest?.pulse?.slot)
      ? newest?.pulse?.pulse
      : await facts.pulseAt(vpc, viewerAccountId, slot);
    return pulse === undefined ? undefined : pulseSample({ slot, pulse });
  }
  const scanned = isNewest(newest?.scan?.slot) ? newest?.scan?.facts : await facts.factsAt(vpc, viewerAccountId, slot);
  return scanned === undefined ? undefined : scanSample({ slot, facts: scanned });
}
