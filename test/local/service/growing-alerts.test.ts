import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AlertStore } from '../../../lib/audit/alert-ports.ts';
import { REQUIRED_FACTS_DEFAULT } from '../../../lib/audit/coverage.ts';
import { DEMO_SLACK } from '../../../lib/local/service/demo-slack.ts';
import { startEmbeddedDynamodb } from '../../../lib/local/service/embedded-dynamodb.ts';
import { createLocalTelemetry } from '../../../lib/local/service/local-telemetry.ts';
import { createMovableClock } from '../../../lib/local/service/movable-clock.ts';
import { createPipeline, type Pipeline, type PipelineOptions } from '../../../lib/local/service/pipeline.ts';
import { createServiceStores } from '../../../lib/local/service/service-stores.ts';
import { createSlackTelling, type SlackTelling } from '../../../lib/local/service/slack-telling.ts';
import { addAccount, addRegion, createSimulatedAws } from '../../../lib/local/simulated-aws/build/organization.ts';
import { simulatedCredentials } from '../../../lib/local/simulated-aws/credentials.ts';
import { type LiveAws, liveAws } from '../../../lib/local/simulated-aws/live/live-aws.ts';
import { countSubnets, createWorld } from '../../../lib/local/simulated-aws/live/world.ts';
import { simulatedRequestHandler } from '../../../lib/local/simulated-aws/request-handler.ts';
import {
  buildGrowing,
  EXHAUSTED_ON_DAY,
  REMEDY_AFTER_DAYS,
} from '../../../lib/local/simulated-aws/scenarios/growing.ts';
import type { SlackMessage } from '../../../lib/notify/slack/block-kit.ts';
import type { PreviewedThread } from '../../../lib/notify/slack/preview-page.tsx';
import { defaultSettings } from '../../../lib/settings/settings.ts';
import { createAlertStore } from '../../../lib/store/alert-store.ts';
import { createSilenceStore } from '../../../lib/store/silence-store.ts';
import { createStoreTable } from '../../../lib/store/table.ts';
import { createAuditPorts } from '../../../lib/wiring/audit-ports.ts';

const MS_PER_HOUR = 3_600_000;
const MS_PER_DAY = 24 * MS_PER_HOUR;
const START_MS = Date.parse('2026-11-20T00:00:00.000Z');
const ACCOUNT_ID = '777777777777';
const REGION = 'us-east-1';
/** As much history as `npm start` builds, and so much of it before alerts are raised. */
const DAYS_BEFORE = 30;
const DAYS_UNHEARD = 20;
const HOURS_PER_SCAN = 6;
/** Three days show another level, and better for two more ends an alert. */
const DAYS_AFTER = EXHAUSTED_ON_DAY + REMEDY_AFTER_DAYS + 6;
const TABLE_NAME = 'elbowroom';

function growingCompany(): LiveAws {
  return liveAws(() => {
    const aws = createSimulatedAws({
      partition: 'aws',
      organizationId: 'o-growing',
      managementAccountId: ACCOUNT_ID,
      now: () => new Date(START_MS),
    });
    const world = createWorld(aws, { seed: 7, startAt: new Date(START_MS), historyDays: DAYS_BEFORE + 10 });
    const account = addAccount(aws, { id: ACCOUNT_ID, name: 'Payments' });
    addRegion(account, REGION, { zoneShift: 0 });
    buildGrowing(world, account);
    countSubnets(world);
    return world;
  });
}

async function openCompany(folder: string, failures: string[]) {
  const database = await startEmbeddedDynamodb({
    path: join(folder, 'dynamodb'),
    tableName: TABLE_NAME,
    onFailure: (cause) => failures.push(cause.message),
  });
  if (!database.ok) {
    throw new Error(database.error);
  }
  const clock = createMovableClock(START_MS - DAYS_BEFORE * MS_PER_DAY);
  const live = growingCompany();
  const settings = defaultSettings();
  const observation = createAuditPorts({
    credentials: simulatedCredentials(ACCOUNT_ID),
    homeRegion: REGION,
    clock,
    settings,
    limiter: { take: () => Promise.resolve() },
    clients: { requestHandler: simulatedRequestHandler(live.aws) },
    role: { roleName: 'none', externalId: undefined, roleSessionName: 'test', deadlineMs: 60_000 },
  });
  const table = createStoreTable({
    client: database.value.createClient(),
    tableName: TABLE_NAME,
    clock: { now: clock.now, sleep: () => Promise.resolve() },
  });
  const stores = createServiceStores(table);
  const alerts = createAlertStore(table);
  const telling = createSlackTelling({
    stores,
    alerts,
    silences: createSilenceStore(table),
    settings: {
      ...settings,
      notifications: { ...settings.notifications, slack: { ...DEMO_SLACK, digestAt: 'never' } },
    },
    policy: observation.policy,
    accounts: async () => new Map(),
    // The pace of a channel is kept by a clock that nobody else moves.
    clock: { now: clock.now, sleep: async (durationMs) => clock.moveTo(clock.now() + durationMs) },
    onFailure: (cause) => failures.push(String(cause)),
  });
  const options = {
    stores,
    observation,
    clock,
    scope: {
      requestedAccounts: { kind: 'current' },
      requestedRegions: [REGION],
      requiredFacts: REQUIRED_FACTS_DEFAULT,
    },
    telemetry: createLocalTelemetry((line) => failures.push(line)),
  } satisfies PipelineOptions;
  const past = createPipeline(options);
  const { subscribers, hint } = telling;
  const pipeline = createPipeline({ ...options, alerts, subscribers, hint });
  return { clock, live, past, pipeline, telling, alerts, close: database.value.stop };
}

/** Scans every few hours, and takes EC2's counters in between. */
async function look(pipeline: Pipeline, ms: number, hoursPerScan: number = HOURS_PER_SCAN): Promise<void> {
  const kind = (ms / MS_PER_HOUR) % hoursPerScan === 0 ? 'scan' : 'pulse';
  await pipeline.plan({ kind, scheduledAt: new Date(ms).toISOString(), pulseScope: 'with-clusters' });
  await pipeline.queues.settled();
}

/** The least that EC2 counts free in a subnet that the cluster began in. */
function leastFree({ aws }: LiveAws): number {
  const subnets = aws.accounts.get(ACCOUNT_ID)?.regions.get(REGION)?.subnets ?? [];
  const free = subnets.flatMap(({ Tags, AvailableIpAddressCount }) =>
    Tags?.some(({ Value }) => Value === 'payments-prod-a' || Value === 'payments-prod-b')
      ? (AvailableIpAddressCount ?? [])
      : [],
  );
  return Math.min(...free);
}

/** The threads of a part of the preview about room, as their alerts are named. */
function threadsOf(telling: SlackTelling, title: string): ReadonlyMap<string, PreviewedThread> {
  const part = telling.preview().parts.find((one) => one.title === title);
  const threads = (part?.threads ?? []).flatMap((thread): [string, PreviewedThread][] => {
    const name = /addresses run out in (\S+) /.exec(thread.message.text)?.[1];
    return name === undefined ? [] : [[name, thread]];
  });
  expect(new Set(threads.map(([name]) => name)).size).toBe(threads.length);
  return new Map(threads);
}

/** What happened to the alerts about room, in the order of time. */
async function storyOf(alerts: AlertStore) {
  const found = (await alerts.listAlerts()).filter(({ kind }) => kind === 'exhaustion');
  const steps = await Promise.all(
    found.map(async (alert) => {
      const transitions = await alerts.transitions(alert.alertId);
      return transitions.map(({ type, at, after }) => ({ type, day: dayOf(at), severity: after.severity, alert }));
    }),
  );
  return steps.flat().sort((a, b) => a.day - b.day);
}

/** Every message but the charts. */
function textsOf(told: ReadonlyMap<string, PreviewedThread>): readonly SlackMessage[] {
  return [...told.values()].flatMap(({ message, replies }) => [
    message,
    ...replies.filter(({ chart }) => chart === undefined).map((reply) => reply.message),
  ]);
}

/** A subnet's alert ends where the cluster's begins to tell of it. */
function expectEnds(told: ReadonlyMap<string, PreviewedThread>): void {
  for (const [name, { channelId, message }] of told) {
    expect(channelId).toBe('#payments');
    expect(message.text).toMatch(name === 'payments-prod' ? /Resolved|Info/ : /Removed/);
  }
}

function dayOf(instant: string): number {
  return (Date.parse(instant) - START_MS) / MS_PER_DAY;
}

describe('the growing scenario of npm start', () => {
  it('is told of days before, worse, and better after the larger subnets; and so it is from history', {
    timeout: 300_000,
  }, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'elbowroom-growing-'));
    const failures: string[] = [];
    const { clock, live, past, pipeline, telling, alerts, close } = await openCompany(folder, failures);
    let exhaustedAtMs = Number.NaN;
    const endMs = START_MS + DAYS_AFTER * MS_PER_DAY;
    const beginMs = START_MS - DAYS_BEFORE * MS_PER_DAY;
    const heardFromMs = beginMs + DAYS_UNHEARD * MS_PER_DAY;
    for (let ms = beginMs; ms < endMs; ms += MS_PER_HOUR) {
      live.advanceTo(new Date(ms));
      clock.moveTo(ms);
      exhaustedAtMs = Number.isNaN(exhaustedAtMs) && leastFree(live) === 0 ? ms : exhaustedAtMs;
      await (ms < heardFromMs ? look(past, ms) : look(pipeline, ms, 1));
      await telling.sweep();
    }
    const exhaustedOn = (exhaustedAtMs - START_MS) / MS_PER_DAY;
    expect(Math.floor(exhaustedOn)).toBe(EXHAUSTED_ON_DAY);

    const story = await storyOf(alerts);
    expect(story[0]).toMatchObject({ type: 'opened' });
    expect(story.findIndex(({ severity }) => severity === 'critical')).toBeGreaterThan(0);
    expect(story[0]?.day).toBeLessThan(exhaustedOn - 3);
    const critical = story.find(({ severity }) => severity === 'critical');
    expect(critical?.day).toBeLessThan(exhaustedOn - 1);
    const last = story.at(-1);
    expect(last?.alert.subject).toMatchObject({ clusterName: 'payments-prod' });
    // Three days show that the level is another one; then it has to be well for two.
    expect(last?.type).toBe('resolved');
    expect(last?.day).toBeLessThanOrEqual(EXHAUSTED_ON_DAY + REMEDY_AFTER_DAYS + 3 + 2);

    const told = threadsOf(telling, 'Told now');
    expect(textsOf(told)).toHaveLength(story.length);
    expectEnds(told);
    expect([...told.values()].some(({ replies }) => replies.some(({ isBroadcast }) => isBroadcast))).toBe(true);

    const span = { from: new Date(beginMs).toISOString(), to: new Date(endMs).toISOString() };
    await telling.rehearse(span, new AbortController().signal);
    const rehearsed = threadsOf(telling, 'What history would have sent').get('payments-prod');
    expect(rehearsed?.message.text).toMatch(/Resolved|Info/);
    expect(Date.parse(rehearsed?.sentAt ?? '')).toBeLessThan(exhaustedAtMs - 3 * MS_PER_DAY);
    expect(failures).toEqual([]);
    await Promise.all([past.queues.close(), pipeline.queues.close()]);
    await close();
    await rm(folder, { recursive: true, force: true });
  });
});
