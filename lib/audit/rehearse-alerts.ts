import type { VpcId, VpcState } from '../domain/capacity/vpc-state.ts';
import type { Instant } from '../domain/fact.ts';
import { type JudgeNewestPorts, judgeNewest } from './judge-vpc.ts';
import { type RaiseAlertsPorts, raiseAlerts } from './raise-alerts.ts';
import { raiseScanAlerts } from './raise-scan-alerts.ts';
import type { RoomHistoryPorts } from './read-room-history.ts';
import { SLOT_INTERVAL_MS, type Slot, slotMs } from './slot.ts';
import type { FactsStore, ForecastStore, RunReader, StateStore, ViewerFacts } from './store-ports.ts';

export interface RehearsalPorts
  extends Pick<JudgeNewestPorts, 'series' | 'policy' | 'accounts'>,
    Pick<RaiseAlertsPorts, 'subscribers' | 'accountName'> {
  readonly runs: RunReader;
  readonly facts: Pick<FactsStore, 'factsAt' | 'latestSlots'>;
  readonly states: Pick<StateStore, 'judgedVpcs'>;
  /** Where the alerts of the rehearsal are kept: apart from those that are real. */
  readonly alerts: RaiseAlertsPorts['alerts'];
  /** Tells what there is to tell of those alerts, as it would have been told at that time, given what was judged by then. */
  readonly tell: (at: Instant, judged: Pick<RoomHistoryPorts, 'states' | 'forecasts'>) => Promise<unknown>;
}

/** What lies before `to` is rehearsed, as far back as `from`. */
export interface RehearsalSpan {
  readonly from: Instant;
  readonly to: Instant;
}

export interface RehearsalSummary {
  /** `stopped`: what was told by then is a beginning. */
  readonly outcome: 'complete' | 'stopped';
  readonly scanCount: number;
}

const MS_PER_HOUR = 3_600_000;
/** As alerts are told every few minutes, whether something was scanned or not: what waits does not wait for a scan. */
const TELL_EVERY_MS = MS_PER_HOUR;
/** Runs that are listed at once. */
const PAGE_SIZE = 200;

/**
 * Finds out what would have been told of stored scans by today's rules, settings and forecasts: judges them again in their order,
 * each from what was observed until then. States and forecasts of it are held in memory, one of each VPC. Nothing that is stored
 * is changed. Of pulses, of requests, and of what no account sees any more it knows nothing.
 */
export async function rehearseAlerts(
  span: RehearsalSpan,
  ports: RehearsalPorts,
  signal: AbortSignal,
): Promise<RehearsalSummary> {
  const slots = await scansOf(span, ports.runs);
  const vpcs = await viewedVpcs(ports);
  const stage = createStage();
  for (const [index, slot] of slots.entries()) {
    for (const { vpc, viewerAccountIds } of vpcs) {
      if (signal.aborted) {
        return { outcome: 'stopped', scanCount: index };
      }
      await rehearseVpc(vpc, viewerAccountIds, slot, stage, ports);
    }
    await tellAfter(slots.slice(0, index + 1), slotMs(slots[index + 1] ?? { at: span.to }), stage, ports);
  }
  return { outcome: 'complete', scanCount: slots.length };
}

/** The oldest first. */
async function scansOf({ from, to }: RehearsalSpan, runs: RehearsalPorts['runs']): Promise<readonly Slot[]> {
  const scans: Slot[] = [];
  let page = await runs.listRuns({ limit: PAGE_SIZE });
  for (let last = page.at(-1); last !== undefined; last = page.at(-1)) {
    scans.push(...page.filter(({ kind, at }) => kind === 'scan' && at >= from && at < to));
    page = last.at < from ? [] : await runs.listRuns({ limit: PAGE_SIZE, before: last });
  }
  return scans.toSorted((a, b) => slotMs(a) - slotMs(b));
}

interface ViewedVpc {
  readonly vpc: VpcId;
  readonly viewerAccountIds: readonly string[];
}

async function viewedVpcs({ states, facts }: RehearsalPorts): Promise<readonly ViewedVpc[]> {
  const viewed: ViewedVpc[] = [];
  for (const { vpc } of await states.judgedVpcs()) {
    const viewers = await facts.latestSlots(vpc);
    viewed.push({ vpc, viewerAccountIds: viewers.map(({ viewerAccountId }) => viewerAccountId) });
  }
  return viewed;
}

/** What a judgement of that time found of earlier ones. */
interface Stage {
  readonly states: Pick<StateStore, 'readState' | 'writeState'>;
  readonly forecasts: ForecastStore;
  /** By VPC and account. */
  readonly seen: Map<string, ViewerFacts>;
}

function createStage(): Stage {
  const states = new Map<string, VpcState>();
  const forecasts = new Map<string, Parameters<ForecastStore['writeForecasts']>[1]>();
  return {
    seen: new Map(),
    // One judgement comes after the other here: no version is ever another than the one that was read.
    states: {
      async readState(vpc) {
        const state = states.get(nameOf(vpc));
        return state === undefined ? undefined : { version: state.observedAt, state, isFinished: true };
      },
      async writeState(state) {
        states.set(nameOf(state.vpc), state);
        return { outcome: 'written', version: state.observedAt };
      },
    },
    forecasts: {
      async readForecasts(vpc) {
        const kept = forecasts.get(nameOf(vpc));
        return kept === undefined ? undefined : { version: String(kept.today), forecasts: kept };
      },
      async writeForecasts(vpc, written) {
        forecasts.set(nameOf(vpc), written);
        return 'written';
      },
    },
  };
}

async function rehearseVpc(
  vpc: VpcId,
  viewerAccountIds: readonly string[],
  slot: Slot,
  { states, forecasts, seen }: Stage,
  ports: RehearsalPorts,
): Promise<void> {
  const latest: ViewerFacts[] = [];
  let isNew = false;
  for (const viewerAccountId of viewerAccountIds) {
    const name = nameOf(vpc, viewerAccountId);
    const facts = await ports.facts.factsAt(vpc, viewerAccountId, slot);
    if (facts !== undefined) {
      seen.set(name, { viewerAccountId, scan: { slot, facts }, pulse: undefined, hasExpired: false });
      isNew = true;
    }
    const known = seen.get(name);
    if (known !== undefined) {
      latest.push(known);
    }
  }
  if (isNew) {
    await judgeNewest(vpc, {
      ...ports,
      states,
      forecasts,
      facts: { latestFacts: async () => latest },
      // What is over is in the series already.
      series: { ...ports.series, addSample: () => Promise.resolve() },
      raiseAlerts: (state) => raiseAlerts(state, listenersOf(ports)),
    });
  }
}

function nameOf({ ownerId, region, vpcId }: VpcId, viewerAccountId = ''): string {
  return [ownerId, region, vpcId, viewerAccountId].join('/');
}

/** Whoever hears of them is told by the hour, and needs no hint. */
function listenersOf({ alerts, subscribers, series, accountName }: RehearsalPorts): RaiseAlertsPorts {
  return { alerts, subscribers, series, accountName, hint: () => Promise.resolve() };
}

/** Tells at the hours from the last of the scans to whatever comes next; what of its accounts failed is known once it is over. */
async function tellAfter(scans: readonly Slot[], endMs: number, stage: Stage, ports: RehearsalPorts): Promise<void> {
  const fromMs = slotMs(scans.at(-1) ?? { at: new Date(endMs).toISOString() });
  const overMs = fromMs + SLOT_INTERVAL_MS.scan;
  for (let ms = fromMs; ms < endMs; ms += TELL_EVERY_MS) {
    const at = new Date(ms).toISOString();
    if (ms > overMs && ms - TELL_EVERY_MS <= overMs) {
      await raiseScanAlerts({
        ...listenersOf(ports),
        runs: { ...ports.runs, listRuns: async ({ limit }) => scans.slice(-limit).toReversed() },
        now: () => at,
      });
    }
    await ports.tell(at, stage);
  }
}
