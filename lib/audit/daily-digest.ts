import type { Alert } from '../domain/alert/alert.ts';
import type { AlertTransition } from '../domain/alert/alert-transition.ts';
import { type DailyDigest, type DigestCoverage, dailyDigest } from '../domain/alert/daily-digest.ts';
import type { Instant } from '../domain/fact.ts';
import type { AlertStore, SilenceReader } from './alert-ports.ts';
import type { NotSeen } from './coverage.ts';
import { bothReports, type DeliveryReport, NOTHING_TOLD } from './delivery-report.ts';
import { runCoverage } from './run-coverage.ts';
import { isPastSlot } from './slot.ts';
import type { RunReader } from './store-ports.ts';
import { tallyRun } from './tally-run.ts';

export interface TellDailyDigestPorts {
  readonly alerts: Pick<AlertStore, 'listAlerts' | 'transitions'>;
  readonly silences: SilenceReader;
  readonly runs: RunReader;
  readonly clock: { now(): number };
  readonly schedule: DigestSchedule;
  readonly marks: DigestMarks;
  /** Tells a digest in a channel, or says when that can be. It may be asked for the same again. */
  deliver(digest: DailyDigest, channel: string, deadlineMs: number): Promise<DeliveryReport>;
}

/** What an organisation decides about its digests. */
export interface DigestSchedule {
  /** The digest that is to be told at `nowMs`, and when the one before was due; both in milliseconds since 1970. */
  digestDue(nowMs: number): { readonly day: string; readonly sinceMs: number } | undefined;
  /** Every channel that something may be told in. */
  readonly channels: readonly string[];
  /** The channel that hears also of a day on which nothing is the matter. */
  readonly defaultChannel: string | undefined;
  channelOf(alert: Alert): string | undefined;
}

/** Which digests need not be told again. */
export interface DigestMarks {
  isDone(day: string, channel: string): Promise<boolean>;
  markDone(day: string, channel: string): Promise<void>;
}

export type TellDailyDigestSummary = Pick<DeliveryReport, 'toldCount' | 'previewedCount' | 'refusals'>;

/** Pulses and requests lie between scans: four an hour, and some that people asked for. */
const RUNS_LISTED = 40;
const READS_AT_ONCE = 16;

/**
 * Tells the digest of the day, once in each channel, from its time on until the day is over: whoever comes late tells it late. May
 * be stopped anywhere, and repeated; where nothing is due that costs a read for each channel.
 */
export async function tellDailyDigest(
  ports: TellDailyDigestPorts,
  deadlineMs: number,
): Promise<TellDailyDigestSummary> {
  const { clock, schedule, marks } = ports;
  const due = schedule.digestDue(clock.now());
  const states = await Promise.all(
    due === undefined
      ? []
      : schedule.channels.map(async (channel) => ({ channel, isDone: await marks.isDone(due.day, channel) })),
  );
  const channels = states.filter(({ isDone }) => !isDone).map(({ channel }) => channel);
  let total = NOTHING_TOLD;
  if (due !== undefined && channels.length > 0) {
    const digestFor = await collectDigests(due, ports);
    for (const channel of channels) {
      const digest = digestFor(channel);
      const isTold = channel === schedule.defaultChannel || hasNews(digest);
      const report = isTold ? await ports.deliver(digest, channel, deadlineMs) : NOTHING_TOLD;
      total = bothReports(total, report);
      if (report.refusals.length === 0 && report.againAtMs === undefined) {
        await marks.markDone(due.day, channel);
      }
    }
  }
  const { toldCount, previewedCount, refusals } = total;
  return { toldCount, previewedCount, refusals };
}

function hasNews({ open, changed, silenced }: DailyDigest): boolean {
  return open.length + changed.length + silenced.length > 0;
}

/** Reads what digests are made of, and returns how to make that of a channel. */
async function collectDigests(
  { day, sinceMs }: { readonly day: string; readonly sinceMs: number },
  ports: TellDailyDigestPorts,
): Promise<(channel: string) => DailyDigest> {
  const now = new Date(ports.clock.now()).toISOString();
  const [listed, silences, seen] = await Promise.all([
    ports.alerts.listAlerts(),
    ports.silences.readSilences(),
    lastScan(ports, now),
  ]);
  const since = new Date(sinceMs).toISOString();
  const transitions = await transitionsSince(since, listed, ports);
  const { channelOf } = ports.schedule;
  return (channel) =>
    dailyDigest({
      ...seen,
      day,
      now,
      silences,
      alerts: listed.filter((alert) => channelOf(alert) === channel),
      transitions: transitions.filter(({ alert }) => channelOf(alert) === channel),
    });
}

async function transitionsSince(
  since: Instant,
  listed: readonly Alert[],
  { alerts }: TellDailyDigestPorts,
): Promise<AlertTransition[]> {
  const changed = listed.filter(({ changedAt }) => changedAt >= since);
  const found: AlertTransition[] = [];
  for (let start = 0; start < changed.length; start += READS_AT_ONCE) {
    const some = changed.slice(start, start + READS_AT_ONCE);
    found.push(...(await Promise.all(some.map(({ alertId }) => alerts.transitions(alertId)))).flat());
  }
  return found.filter(({ at }) => at >= since);
}

interface SeenByLastScan {
  readonly coverage: DigestCoverage | undefined;
  readonly notSeen: readonly string[];
}

/** A scan is over when its slot is. */
async function lastScan({ runs }: TellDailyDigestPorts, now: Instant): Promise<SeenByLastScan> {
  const slots = await runs.listRuns({ limit: RUNS_LISTED });
  const slot = slots.find((one) => one.kind === 'scan' && isPastSlot(one, now));
  const run = slot === undefined ? undefined : await runs.readRun(slot);
  if (run === undefined) {
    return { coverage: undefined, notSeen: [] };
  }
  // Which facts are required is asked of audits alone: here every entry is told.
  const { targetsExpected, targetsFinished, notSeen } = runCoverage(tallyRun(run), []);
  return {
    coverage: { expectedTargets: targetsExpected, finishedTargets: targetsFinished, observedAt: run.plan.slot.at },
    notSeen: notSeenSentences(notSeen),
  };
}

/** One sentence for what failed alike, in however many accounts and regions. What is required comes first. */
function notSeenSentences(notSeen: readonly NotSeen[]): string[] {
  const byCause = Map.groupBy(notSeen, ({ isRequired, scope, error: { action, code, message } }) =>
    JSON.stringify([isRequired, scope, action, code, message]),
  );
  return [...byCause.values()]
    .toSorted((a, b) => Number(isRequired(b)) - Number(isRequired(a)) || b.length - a.length)
    .flatMap((entries) => {
      const [first] = entries;
      if (first === undefined) {
        return [];
      }
      const { scope, error } = first;
      return [`${scope} of ${placeText(entries)}: ${error.action} ${error.code}: ${error.message}`];
    });
}

function isRequired(entries: readonly NotSeen[]): boolean {
  return entries.some((entry) => entry.isRequired);
}

function placeText(entries: readonly NotSeen[]): string {
  const places = [...new Set(entries.map(({ accountId, region }) => [accountId, region].filter(Boolean).join(' ')))];
  const [place] = places;
  return places.length === 1 && place !== '' && place !== undefined ? place : `${places.length} accounts and regions`;
}
