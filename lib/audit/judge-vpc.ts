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
  FactsReader,
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
  readonly facts: FactsReader;
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

/** Samples that wait with the state for so many judgements join their day together. A decision of this project. */
const WAITING_MAX = 12;

/**
 * Judges a VPC after something of it was observed: the observation joins the series, the state follows the newest facts.
 * Its alerts are raised first, then the state is written, and with it what is to join the series: by it a repeat knows that all
 * is done, so whoever stops in between is finished by the next delivery.
 * Throws where the state was changed by somebody else every time, and, once the state is written, where its alerts could not be.
 */
export async function judgeVpc(message: JudgeVpc, ports: JudgePorts): Promise<JudgeSummary> {
  const { vpc } = message;
  const known = await readKnown(vpc, ports, [judgedViewerOf(message)]);
  const sample = await sampleOf(message, known.viewers, ports);
  if (sample === undefined || sample.points.size === 0) {
    return { outcome: await judgeNewest(vpc, ports, { known }), isSampled: false };
  }
  if (isOfEarlierDay(sample, known.viewers)) {
    await ports.series.addSample(vpc, sample);
    const forecast = await markForecastsOutdated(vpc, sample.observedAt, ports.forecasts);
    return { outcome: await judgeNewest(vpc, ports, { known: { ...known, forecast } }), isSampled: true };
  }
  return { outcome: await judgeNewest(vpc, ports, { known, sample }), isSampled: true };
}

/** What a judgement reads and writes. */
export interface JudgeNewestPorts extends Pick<JudgePorts, 'forecasts' | 'policy' | 'accounts' | 'raiseAlerts'> {
  readonly facts: Pick<FactsReader, 'latestFacts'>;
  readonly states: Pick<StateStore, 'readState' | 'writeState'>;
  readonly series: Pick<SeriesStore, 'samples' | 'addSample'>;
}

/** What is known of a VPC. */
interface Known {
  readonly stored: StoredState | undefined;
  readonly viewers: readonly ViewerFacts[];
  readonly forecast: StoredForecasts | undefined;
}

/** What a message has told of already. */
interface Told {
  readonly known: Known;
  /** What is to join the series. */
  readonly sample?: SeriesSample;
}

/**
 * Judges a VPC from the newest facts that the ports give, whatever started it; from what is known, where that was read before.
 * Throws as `judgeVpc` does.
 */
export async function judgeNewest(
  vpc: VpcId,
  ports: JudgeNewestPorts,
  { known, sample }: Partial<Told> = {},
): Promise<JudgeSummary['outcome']> {
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    const newest = attempt === 0 && known !== undefined ? known : await readEverything(vpc, ports);
    const outcome = await judgeKnown(vpc, newest, sample, ports);
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
  sample: SeriesSample | undefined,
  ports: JudgeNewestPorts,
): Promise<JudgeSummary['outcome'] | 'version-conflict'> {
  if (viewers.length === 0 && stored === undefined) {
    await ports.series.addSample(vpc, ...(sample === undefined ? [] : [sample]));
    return 'nothing-observed';
  }
  if (stored !== undefined && basisText(stored.state) === basisText(basisOf(viewers, ports.policy))) {
    await finish(stored, sample, ports);
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
  const waiting = await joinSeries(vpc, withSample(stored?.waiting, sample), ports);
  const isWritten = await raiseAndWrite(state, stored?.version, waiting, ports);
  return isWritten ? 'judged' : 'version-conflict';
}

/** Does what a judgement that stands has left to do, and adds an observation that it did not wait for. */
async function finish(
  { state, waiting = [], isFinished }: StoredState,
  sample: SeriesSample | undefined,
  { series, raiseAlerts }: JudgeNewestPorts,
): Promise<void> {
  if (sample !== undefined && withSample(waiting, sample).length > waiting.length) {
    await series.addSample(state.vpc, sample);
  }
  if (!isFinished) {
    await raiseAlerts?.(state);
  }
}

/** Lets samples join their days where enough of them wait, or a day is over. Returns those that wait on. */
async function joinSeries(
  vpc: VpcId,
  samples: readonly SeriesSample[],
  { series }: JudgeNewestPorts,
): Promise<readonly SeriesSample[]> {
  const days = new Set(samples.map(({ observedAt }) => dayOf(observedAt)));
  if (samples.length <= WAITING_MAX && days.size <= 1) {
    return samples;
  }
  await series.addSample(vpc, ...samples);
  return [];
}

/** Where none wait, nothing is said of it. */
function withSample(waiting: readonly SeriesSample[] = [], sample: SeriesSample | undefined): readonly SeriesSample[] {
  const isThere = waiting.some(
    ({ observedAt, viewerAccountId, kind }) =>
      observedAt === sample?.observedAt && viewerAccountId === sample.viewerAccountId && kind === sample.kind,
  );
  return sample === undefined || isThere ? waiting : [...waiting, sample];
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
 * Reads facts as of now only where what was read differs from what is known by more than newer facts: the state never goes back.
 * What another account observed a moment ago is told of by a message of its own.
 */
async function readKnown(vpc: VpcId, ports: JudgePorts, told: readonly JudgedViewer[]): Promise<Known> {
  const { facts, states, forecasts } = ports;
  const [stored, viewers, forecast] = await Promise.all([
    states.readState(vpc),
    facts.latestFacts(vpc, MAY_BE_LATE),
    forecasts.readForecasts(vpc, MAY_BE_LATE),
  ]);
  const isBehind = isLate(viewers, [...(stored?.state.judgedFrom ?? []), ...told]);
  return { stored, viewers: isBehind ? await facts.latestFacts(vpc) : viewers, forecast };
}

/** Whether an account is not as far as it was judged or told of, or is here that was let go of or told of by nobody yet. */
function isLate(viewers: readonly ViewerFacts[], known: readonly JudgedViewer[]): boolean {
  const byAccountId = new Map(viewers.map((viewer) => [viewer.viewerAccountId, viewer]));
  const knownIds = new Set(known.map(({ viewerAccountId }) => viewerAccountId));
  return (
    viewers.some(({ viewerAccountId }) => !knownIds.has(viewerAccountId)) ||
    known.some(({ viewerAccountId, scanSlot, pulseSlot }) => {
      const viewer = byAccountId.get(viewerAccountId);
      return isOlder(viewer?.scan?.slot, scanSlot) || isOlder(viewer?.pulse?.slot, pulseSlot);
    })
  );
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
  waiting: readonly SeriesSample[],
  { states, raiseAlerts }: JudgeNewestPorts,
): Promise<boolean> {
  try {
    await raiseAlerts?.(state);
  } catch (cause) {
    await states.writeState(state, expectedVersion, { isFinished: false, waiting });
    throw cause;
  }
  return (await states.writeState(state, expectedVersion, { waiting })).outcome === 'written';
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
