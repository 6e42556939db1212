import type { NotificationStore } from '../../lib/audit/notification-ports.ts';
import type { Alert } from '../../lib/domain/alert/alert.ts';
import type { AlertNotification, PendingAlert } from '../../lib/domain/alert/alert-notification.ts';
import type { AlertTransition, AlertTransitionType } from '../../lib/domain/alert/alert-transition.ts';
import { createMemoryNotificationStore } from '../../lib/local/service/memory-notification-store.ts';
import { nextBelow, nextChance, type Random, randomOf } from '../../lib/local/simulated-aws/build/random.ts';
import { createChannelPace } from '../../lib/notify/slack/channel-pace.ts';
import { deliverNotification, type NotificationPorts } from '../../lib/notify/slack/deliver-notification.ts';
import { createSlackClient } from '../../lib/notify/slack/slack-client.ts';
import { anAlert } from '../domain/alert/an-alert.ts';
import { createFakeSlack, type FakeSlack } from '../notify/slack/fake-slack.ts';
import { createVirtualClock, type VirtualClock } from '../notify/slack/virtual-clock.ts';

const START_MS = Date.parse('2026-11-23T08:00:00.000Z');
const MS_PER_MINUTE = 60_000;
const MS_PER_SECOND = 1_000;
const EVENTS_MS = 60 * MS_PER_MINUTE;
const HEAL_MS = 150 * MS_PER_MINUTE;
const END_MS = 360 * MS_PER_MINUTE;
const SWEEP_MS = 30 * MS_PER_SECOND;
const BUDGET_MS = 50 * MS_PER_SECOND;
const CHANNELS = ['C0PLATFORM', 'C0PAYMENTS'];
const ALONE_COUNT = 4;
const FOLDED_COUNT = 12;
/** More new ones of a kind than this are told as one. */
const FOLD_ABOVE = 10;
/** As much of one as the fake looks at. */
const A_PNG = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0);
const STEPS: readonly AlertTransitionType[] = [
  'opened',
  'changed',
  'acknowledged',
  'changed',
  'resolved',
  'opened',
  'removed',
];

export class InjectedCrash extends Error {}

/** A transition as the outbox has it. */
export interface HappenedTransition extends AlertTransition {
  readonly atMs: number;
}

export interface NotifyRun {
  readonly slack: FakeSlack;
  readonly happened: readonly HappenedTransition[];
  /** What the outbox was told is done, as `alertId~sequence`. */
  readonly confirmed: ReadonlySet<string>;
  readonly store: NotificationStore;
  readonly crashCount: number;
  readonly canReadHistory: boolean;
}

/** Tells an hour of alerts in a Slack that goes wrong, by processes that stop anywhere, until all is told. */
export async function runNotifier(seed: number): Promise<NotifyRun> {
  const random = randomOf(`notify/${seed}`);
  const clock = createVirtualClock(START_MS);
  const canReadHistory = !nextChance(random, 0.1);
  const slack = createFakeSlack({
    seed,
    clock,
    canReadHistory,
    channels: CHANNELS,
    faultProbability: 0.4 * (nextBelow(random, 1_000) / 1_000) ** 2,
  });
  const store = createMemoryNotificationStore();
  for (const channelId of CHANNELS) {
    await store.writeConfirmation({
      channel: channelId,
      channelId,
      confirmedAt: '2026-11-23T07:00:00.000Z',
      confirmedBy: 'ops',
      canReadHistory,
    });
  }
  const happened = eventsOf(random);
  const confirmed = new Set<string>();
  const crashes = { count: 0, probability: 0.05 * (nextBelow(random, 1_000) / 1_000) };
  const world: World = { random, clock, slack, store, happened, confirmed, crashes };
  await clock.run(simulate(world));
  return { slack, happened, confirmed, store, crashCount: crashes.count, canReadHistory };
}

interface World {
  readonly random: Random;
  readonly clock: VirtualClock;
  readonly slack: FakeSlack;
  readonly store: NotificationStore;
  readonly happened: readonly HappenedTransition[];
  readonly confirmed: Set<string>;
  readonly crashes: { count: number; probability: number };
}

async function simulate(world: World): Promise<void> {
  const { clock, slack, happened, confirmed, crashes } = world;
  let processNumber = 0;
  let process = newProcess(world, processNumber);
  while (clock.now() < START_MS + END_MS) {
    if (clock.now() >= START_MS + HEAL_MS) {
      slack.heal();
      crashes.probability = 0;
    }
    for (const notification of pendingNotifications(world)) {
      const processes = [process, ...(nextChance(world.random, 0.2) ? [newProcess(world, ++processNumber)] : [])];
      const ends = await Promise.all(processes.map((one) => tell(notification, one, world)));
      if (ends.includes('crashed')) {
        // Another process goes on, which knows nothing of this one's pace.
        process = newProcess(world, ++processNumber);
      }
    }
    if (
      clock.now() > START_MS + EVENTS_MS &&
      happened.every(({ alertId, sequence }) => confirmed.has(`${alertId}~${sequence}`))
    ) {
      // What is late still comes.
      await clock.sleep(5 * MS_PER_MINUTE);
      return;
    }
    await clock.sleep(SWEEP_MS);
  }
}

async function tell(
  notification: AlertNotification,
  { ports, death }: Process,
  world: World,
): Promise<'done' | 'crashed'> {
  try {
    const told = deliverNotification(notification, ports, world.clock.now() + BUDGET_MS);
    const { done } = await Promise.race([told, death.promise]);
    crashSometimes(world);
    for (const { alertId, sequence } of done) {
      world.confirmed.add(`${alertId}~${sequence}`);
    }
    return 'done';
  } catch (cause) {
    if (cause instanceof InjectedCrash) {
      return 'crashed';
    }
    throw cause;
  }
}

/** What is unconfirmed by now, as the outbox hands it out. */
function pendingNotifications({ happened, confirmed, clock }: World): AlertNotification[] {
  const open = happened.filter(
    ({ alertId, sequence, atMs }) => atMs <= clock.now() && !confirmed.has(`${alertId}~${sequence}`),
  );
  const alerts = [...Map.groupBy(open, ({ alertId }) => alertId).values()].flatMap((transitions) => {
    const [first, ...rest] = transitions;
    const last = transitions.at(-1);
    return first === undefined || last === undefined
      ? []
      : [{ alert: last.alert, transitions: [first, ...rest] } satisfies PendingAlert];
  });
  const opening = alerts.filter(({ transitions }) => transitions.at(-1)?.type === 'opened');
  if (opening.length <= FOLD_ABOVE) {
    return alerts.map((pending) => ({ kind: 'alert', ...pending }));
  }
  const rest = alerts.filter((pending) => !opening.includes(pending));
  return [
    {
      kind: 'fold',
      foldId: 'fold.exhaustion.opened',
      alertKind: 'exhaustion',
      type: 'opened',
      cause: undefined,
      since: '2026-11-23T08:00:00.000Z',
      alerts: opening,
    },
    ...rest.map((pending) => ({ kind: 'alert', ...pending }) as const),
  ];
}

interface Process {
  readonly ports: NotificationPorts;
  /** Rejects once the process has stopped where nobody in it can notice. */
  readonly death: PromiseWithResolvers<never>;
}

function newProcess(world: World, processNumber: number): Process {
  const death = Promise.withResolvers<never>();
  // It may stop while nobody waits for it.
  death.promise.catch(() => undefined);
  return { ports: processPorts(world, processNumber, death), death };
}

function processPorts(world: World, processNumber: number, death: Process['death']): NotificationPorts {
  const { clock, slack, random, crashes } = world;
  let claims = 0;
  return {
    charts: {
      async chartOf({ alertId, sequence }) {
        if (nextChance(random, crashes.probability)) {
          crashes.count += 1;
          death.reject(new InjectedCrash('the process stopped before its chart'));
          await new Promise(() => undefined);
        }
        return { fileName: `${alertId}~${sequence}.png`, title: alertId, altText: alertId, bytes: A_PNG };
      },
      onChartFailed: () => undefined,
    },
    clock,
    client: createSlackClient({ fetch: slack.fetch, clock, botToken: async () => 'xoxb-test' }),
    store: crashingStore(world),
    pace: createChannelPace(clock),
    randomFraction: () => nextBelow(random, 1_000) / 1_000,
    newClaimId: () => `${processNumber}/${++claims}`,
    policy: {
      channelOf: ({ alertId }) => (alertId.endsWith('1') ? CHANNELS[1] : CHANNELS[0]),
      quietUntilMs: () => undefined,
      mentionOf: () => ({ kind: 'here' }),
      webhooks: [],
      channels: CHANNELS,
    },
    fetch: slack.fetch,
    secrets: { botToken: async () => 'xoxb-test', webhookUrl: async () => undefined },
    setting: () => ({
      now: new Date(clock.now()).toISOString(),
      alertUrl: (alertId) => `https://elbowroom.example/alerts/${alertId}`,
    }),
    preview: () => undefined,
  };
}

/** A store whose user dies before or after it asked for something. Each request takes a moment. */
function crashingStore(world: World): NotificationStore {
  const { store, clock } = world;
  const asked = async <T>(act: () => Promise<T>): Promise<T> => {
    crashSometimes(world);
    await clock.sleep(nextBelow(world.random, 20));
    const result = await act();
    crashSometimes(world);
    return result;
  };
  return {
    readRecord: (recordId) => asked(() => store.readRecord(recordId)),
    writeRecord: (record, version) => asked(() => store.writeRecord(record, version)),
    readConfirmation: (channelId) => asked(() => store.readConfirmation(channelId)),
    writeConfirmation: (confirmation) => asked(() => store.writeConfirmation(confirmation)),
  };
}

function crashSometimes({ random, crashes }: World): void {
  if (nextChance(random, crashes.probability)) {
    crashes.count += 1;
    throw new InjectedCrash('the process stopped');
  }
}

function eventsOf(random: Random): HappenedTransition[] {
  const alone = Array.from({ length: ALONE_COUNT }, (_, index) =>
    stepsOf(`net-${index}`, 1 + nextBelow(random, STEPS.length), () => nextBelow(random, EVENTS_MS)),
  );
  const foldAtMs = nextBelow(random, EVENTS_MS / 2);
  const folded = Array.from({ length: FOLDED_COUNT }, (_, index) =>
    // Most open at one moment, some a little later.
    stepsOf(
      `many-${index}`,
      nextChance(random, 0.3) ? 2 : 1,
      (step) =>
        foldAtMs +
        (step > 0 ? nextBelow(random, EVENTS_MS / 2) : nextChance(random, 0.9) ? 0 : nextBelow(random, MS_PER_MINUTE)),
    ),
  );
  return [...alone, ...folded].flat();
}

function stepsOf(name: string, count: number, drawMs: (step: number) => number): HappenedTransition[] {
  const times = Array.from({ length: count }, (_, step) => START_MS + drawMs(step)).sort((a, b) => a - b);
  let before: AlertTransition['before'];
  return times.map((atMs, index) => {
    const type = STEPS[index] ?? 'removed';
    const at = new Date(atMs).toISOString();
    const alert = alertAt(name, index + 1, type, at);
    const after = { severity: alert.severity, state: alert.state };
    const transition: HappenedTransition = {
      alertId: alert.alertId,
      sequence: index + 1,
      type,
      at,
      before,
      after,
      alert,
      atMs,
    };
    before = after;
    return transition;
  });
}

const STATES: Partial<Record<AlertTransitionType, Alert['state']>> = {
  acknowledged: 'acknowledged',
  resolved: 'resolved',
  removed: 'removed',
};

function alertAt(name: string, sequence: number, type: AlertTransitionType, at: string): Alert {
  const subnetId = `subnet-${name}`;
  return anAlert({
    alertId: `exhaustion.111122223333.us-east-1.vpc-0a.subnet.${subnetId}`,
    subject: { kind: 'subnet', subnetId },
    severity: type === 'changed' ? 'critical' : 'warning',
    state: STATES[type] ?? 'open',
    sequence,
    openedAt: at,
    changedAt: at,
    observedAt: at,
    acknowledged: type === 'acknowledged' ? { by: 'ana', at } : undefined,
    where: { subnets: [{ subnetId, name, cidrBlock: '10.0.0.0/24' }] },
  });
}
