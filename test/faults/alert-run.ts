import { acknowledgeAlert } from '../../lib/audit/acknowledge-alert.ts';
import type { AlertStore } from '../../lib/audit/alert-ports.ts';
import { type JudgePorts, judgeVpc } from '../../lib/audit/judge-vpc.ts';
import { OPEN_POLICY } from '../../lib/audit/policy.ts';
import { publishAlerts } from '../../lib/audit/publish-alerts.ts';
import { raiseAlerts } from '../../lib/audit/raise-alerts.ts';
import type { Subscriber } from '../../lib/audit/subscribers.ts';
import { tellAlerts } from '../../lib/audit/tell-alerts.ts';
import type { AlertTransition } from '../../lib/domain/alert/alert-transition.ts';
import { isClosed } from '../../lib/domain/alert/compare-alerts.ts';
import type { VpcId } from '../../lib/domain/capacity/vpc-state.ts';
import { observed } from '../../lib/domain/fact.ts';
import { nextBelow, nextChance, type Random, randomOf } from '../../lib/local/simulated-aws/build/random.ts';
import { deliverMail } from '../../lib/notify/email/deliver-mail.ts';
import { createTransitionPublisher } from '../../lib/notify/event-bus/transition-publisher.ts';
import { createChannelPace } from '../../lib/notify/slack/channel-pace.ts';
import { deliverNotification } from '../../lib/notify/slack/deliver-notification.ts';
import { createSlackClient } from '../../lib/notify/slack/slack-client.ts';
import { createAlertStore } from '../../lib/store/alert-store.ts';
import { createLeaseStore } from '../../lib/store/lease-store.ts';
import { createNotificationStore } from '../../lib/store/notification-store.ts';
import { createSilenceStore } from '../../lib/store/silence-store.ts';
import { createStoreTable, type StoreTable } from '../../lib/store/table.ts';
import { aCluster, aSubnet } from '../helpers/builders.ts';
import { memoryVpcStores } from '../helpers/memory-vpc-stores.ts';
import { REGION, someClusterFacts, someRegionFacts, withClusters } from '../helpers/region-facts-builder.ts';
import { createFakeMailTopic, type FakeMailTopic, MailFault } from '../notify/email/fake-mail-topic.ts';
import { createFakeEventBus, type FakeEventBus } from '../notify/event-bus/fake-event-bus.ts';
import { createFakeSlack, type FakeSlack } from '../notify/slack/fake-slack.ts';
import { createVirtualClock, type VirtualClock } from '../notify/slack/virtual-clock.ts';
import { createMemoryDynamodb, type MemoryDynamodb } from './memory-dynamodb.ts';

const START_MS = Date.parse('2026-11-23T08:00:00.000Z');
const MS_PER_MINUTE = 60_000;
const MS_PER_HOUR = 60 * MS_PER_MINUTE;
const HOURS = 6;
/** Faults end here, and after some sweeps all is told. */
const HEALED_AFTER_MS = HOURS * MS_PER_HOUR;
const END_MS = HEALED_AFTER_MS + 2 * MS_PER_HOUR;
const SWEEP_MS = 5 * MS_PER_MINUTE;
const INVOCATION_MS = 2 * MS_PER_MINUTE;
const RETRY_MS = 15_000;
const MAIL_MS_MAX = 200;
const CHANNELS = ['C0PLATFORM', 'C0PAYMENTS'];
const SUBSCRIBERS: readonly Subscriber[] = ['slack', 'event-bus', 'email'];
const MAIL_TOPIC_ARN = 'arn:aws:sns:us-east-1:111122223333:alerts';
const VPC_COUNT = 4;
/** All in the same hour are told as one. */
const CROWD_COUNT = 12;
const SUBNETS_PER_VPC = 2;
/** Of a /24: well, warning, at the floor, exhausted. */
const FREE_LEVELS = [200, 200, 30, 8, 0];

export class InjectedCrash extends Error {}
class TableFault extends Error {}

export interface AlertRun {
  readonly slack: FakeSlack;
  readonly bus: FakeEventBus;
  readonly topic: FakeMailTopic;
  /** Every transition that was written, and when; of each alert in its order. */
  readonly happened: readonly (AlertTransition & { readonly atMs: number })[];
  /** How many alerts anybody still has to hear of, by subscriber. */
  readonly pendingCounts: readonly number[];
  readonly crashCount: number;
  readonly tableFaultCount: number;
  readonly lostHintCount: number;
  /** What could make the bus, or the topic of mails, hear of a transition again. */
  readonly busFaultCount: number;
  readonly mailFaultCount: number;
}

interface FaultCounts {
  crashes: number;
  tableFaults: number;
  lostHints: number;
  busFaults: number;
  mailFaults: number;
}

interface World {
  readonly random: Random;
  readonly clock: VirtualClock;
  readonly dynamodb: MemoryDynamodb;
  readonly stores: ReturnType<typeof memoryVpcStores>;
  readonly slack: FakeSlack;
  readonly bus: FakeEventBus;
  readonly topic: FakeMailTopic;
  readonly chances: { crash: number; table: number; hint: number };
  readonly counts: FaultCounts;
  /** What goes on besides. */
  readonly running: Set<Promise<void>>;
}

/** One process: once it has crashed, nothing that it still tries has an effect. */
interface Process {
  readonly table: StoreTable;
  /** Does something outside the table, where the process may stop before or after it. */
  around<T>(act: () => Promise<T>): Promise<T>;
}

/** Judges VPCs for hours and tells what comes of it, with the faults of a seed, or none where it is `undefined`. */
export async function runAlerts(story: number, seed: number | undefined): Promise<AlertRun> {
  const random = randomOf(`alerts/${seed}`);
  const clock = createVirtualClock(START_MS);
  const isFaulty = seed !== undefined;
  const share = () => (isFaulty ? (nextBelow(random, 1_000) / 1_000) ** 2 : 0);
  const chances = { crash: 0.03 * share(), table: 0.03 * share(), hint: isFaulty ? 0.4 : 0 };
  const slackFaults = 0.3 * share();
  const counts: FaultCounts = { crashes: 0, tableFaults: 0, lostHints: 0, busFaults: 0, mailFaults: 0 };
  const world: World = {
    random,
    clock,
    dynamodb: createMemoryDynamodb(),
    stores: memoryVpcStores(),
    slack: createFakeSlack({
      seed: seed ?? 0,
      clock,
      canReadHistory: true,
      channels: CHANNELS,
      faultProbability: slackFaults,
    }),
    bus: createFakeEventBus(busFates(random, clock, { probability: 0.3 * share(), counts })),
    topic: createFakeMailTopic(mailFates(random, clock, { probability: 0.3 * share(), counts })),
    chances,
    counts,
    running: new Set(),
  };
  const table = createStoreTable({ client: world.dynamodb.client(), tableName: 'alerts', clock });
  const notifications = createNotificationStore(table);
  for (const channel of CHANNELS) {
    const confirmedAt = new Date(START_MS).toISOString();
    await notifications.writeConfirmation({
      channel,
      channelId: channel,
      confirmedAt,
      confirmedBy: 'ops',
      canReadHistory: true,
    });
  }
  await clock.run(simulate(world, story));
  const alerts = createAlertStore(table);
  return {
    slack: world.slack,
    bus: world.bus,
    topic: world.topic,
    happened: await happenedIn(alerts),
    pendingCounts: await Promise.all(SUBSCRIBERS.map(async (name) => (await alerts.pending(name)).length)),
    crashCount: counts.crashes,
    tableFaultCount: counts.tableFaults,
    lostHintCount: counts.lostHints,
    busFaultCount: counts.busFaults,
    mailFaultCount: counts.mailFaults,
  };
}

/** Of a request the answer is lost, or some of its entries are refused. */
function busFates(
  random: Random,
  clock: VirtualClock,
  { probability, counts }: { readonly probability: number; readonly counts: FaultCounts },
): Parameters<typeof createFakeEventBus>[0] {
  let current = 0;
  let isLost = false;
  return (_, requestNumber) => {
    const isHealed = clock.now() >= START_MS + HEALED_AFTER_MS;
    if (requestNumber !== current) {
      current = requestNumber;
      isLost = !isHealed && nextChance(random, probability / 2);
      counts.busFaults += isLost ? 1 : 0;
    }
    const isRefused = !(isHealed || isLost) && nextChance(random, probability);
    counts.busFaults += isRefused ? 1 : 0;
    return isLost ? 'answer-lost' : isRefused ? 'failed' : 'accepted';
  };
}

const MAIL_FAULTS = ['refused', 'answer-lost', 'taken-twice'] as const;

/** Each takes a while, in which others go on. */
function mailFates(
  random: Random,
  clock: VirtualClock,
  { probability, counts }: { readonly probability: number; readonly counts: FaultCounts },
): Parameters<typeof createFakeMailTopic>[0] {
  return async () => {
    await clock.sleep(1 + nextBelow(random, MAIL_MS_MAX));
    const isHealed = clock.now() >= START_MS + HEALED_AFTER_MS;
    if (isHealed || !nextChance(random, probability)) {
      return 'taken';
    }
    counts.mailFaults += 1;
    return MAIL_FAULTS[nextBelow(random, MAIL_FAULTS.length)] ?? 'refused';
  };
}

async function happenedIn(alerts: AlertStore): Promise<AlertRun['happened']> {
  const listed = await alerts.listAlerts();
  const all = await Promise.all(listed.map(({ alertId }) => alerts.transitions(alertId)));
  return all.flat().map((transition) => ({ ...transition, atMs: Date.parse(transition.at) }));
}

async function simulate(world: World, story: number): Promise<void> {
  const { clock, chances, slack, running } = world;
  const plot = plotOf(story);
  launch(world, () => judgeHours(world, plot));
  launch(world, () => answerNowAndThen(world));
  for (let nowMs = clock.now(); nowMs < START_MS + END_MS; nowMs = clock.now()) {
    if (nowMs >= START_MS + HEALED_AFTER_MS) {
      slack.heal();
      Object.assign(chances, { crash: 0, table: 0, hint: 0 });
    }
    tellEverybody(world);
    await clock.sleep(SWEEP_MS);
  }
  await Promise.all(running);
  // What is late still comes.
  await clock.sleep(SWEEP_MS);
}

/** What goes on besides ends by itself; a process that crashed has ended. */
function launch({ running }: World, act: () => Promise<unknown>): void {
  const work: Promise<void> = act().then(
    () => undefined,
    (cause: unknown) => {
      if (!isInjected(cause)) {
        throw cause;
      }
    },
  );
  running.add(work);
  void work.then(() => running.delete(work));
}

function isInjected(cause: unknown): boolean {
  if (cause instanceof AggregateError) {
    return cause.errors.every(isInjected);
  }
  return (
    cause instanceof InjectedCrash ||
    cause instanceof TableFault ||
    cause instanceof MailFault ||
    // What the bus refused comes again with the next sweep.
    (cause instanceof Error && cause.message.startsWith('Cannot publish '))
  );
}

function tellEverybody(world: World): void {
  for (const tell of [tellSlack, tellBusAndMail]) {
    launch(world, () => tell(world));
  }
}

/** A hint may be lost, late, given twice, and overtaken by others. */
async function hint(world: World): Promise<void> {
  const { random, clock, chances, counts } = world;
  if (nextChance(random, chances.hint)) {
    counts.lostHints += 1;
    return;
  }
  const times = nextChance(random, chances.hint) ? 2 : 1;
  for (let time = 0; time < times; time += 1) {
    const delayMs = nextBelow(random, MS_PER_MINUTE);
    launch(world, () => clock.sleep(delayMs).then(() => tellEverybody(world)));
  }
}

async function judgeHours(world: World, plot: Plot): Promise<void> {
  const { clock } = world;
  for (let hour = 0; hour < HOURS; hour += 1) {
    await clock.sleep(START_MS + hour * MS_PER_HOUR - clock.now());
    await Promise.all(plot.map((vpc) => judgeUntilDone(world, vpc, hour)));
  }
}

/** As a FIFO queue hands a message over: again until it succeeds, and now and then once more. */
async function judgeUntilDone(world: World, plotted: PlottedVpc, hour: number): Promise<void> {
  const { random, clock, stores, chances } = world;
  const at = new Date(START_MS + hour * MS_PER_HOUR).toISOString();
  const slot = { kind: 'scan', at } as const;
  await stores.facts.putFacts(plotted.vpc, { slot, facts: factsOf(plotted, hour, at) });
  const message = { vpc: plotted.vpc, viewerAccountId: plotted.vpc.ownerId, slot };
  const deliver = () => untilDone(clock, () => judgeVpc(message, judgePorts(world)));
  await deliver();
  if (nextChance(random, chances.hint)) {
    await deliver();
  }
}

async function untilDone(clock: VirtualClock, act: () => Promise<unknown>): Promise<void> {
  for (;;) {
    try {
      await act();
      return;
    } catch (cause) {
      if (!isInjected(cause)) {
        throw cause;
      }
      await clock.sleep(RETRY_MS);
    }
  }
}

function judgePorts(world: World): JudgePorts {
  const { table, around } = newProcess(world);
  const { facts, states, series, forecasts } = world.stores;
  const alerts = createAlertStore(table);
  return {
    facts,
    states: { ...states, writeState: (...written) => around(() => states.writeState(...written)) },
    series: { ...series, addSample: (...added) => around(() => series.addSample(...added)) },
    forecasts: { ...forecasts, writeForecasts: (...written) => around(() => forecasts.writeForecasts(...written)) },
    policy: OPEN_POLICY,
    accounts: async () => new Map(),
    raiseAlerts: (state) =>
      raiseAlerts(state, {
        alerts,
        series,
        subscribers: SUBSCRIBERS,
        hint: () => hint(world),
        accountName: async () => undefined,
      }),
  };
}

/** Somebody acknowledges what is open, half an hour after each scan. */
async function answerNowAndThen(world: World): Promise<void> {
  const { clock } = world;
  for (let hour = 1; hour < HOURS; hour += 1) {
    await clock.sleep(START_MS + (hour + 0.5) * MS_PER_HOUR - clock.now());
    await untilDone(clock, async () => {
      const alerts = createAlertStore(newProcess(world).table);
      const open = (await alerts.listAlerts()).filter((alert) => !isClosed(alert)).map(({ alertId }) => alertId);
      const alertId = open.toSorted()[hour % Math.max(1, open.length)];
      if (alertId !== undefined) {
        const now = () => new Date(clock.now()).toISOString();
        await acknowledgeAlert(
          { alertId, by: 'ana' },
          { alerts, subscribers: SUBSCRIBERS, hint: () => hint(world), now },
        );
      }
    });
  }
}

async function tellSlack(world: World): Promise<unknown> {
  const { clock, slack, random } = world;
  const { table, around } = newProcess(world);
  const claimName = String(nextBelow(random, 2 ** 31));
  let claims = 0;
  const fetch: FakeSlack['fetch'] = (url, init) => around(() => slack.fetch(url, init));
  const ports: Parameters<typeof deliverNotification>[1] = {
    clock,
    client: createSlackClient({ fetch, clock, botToken: async () => 'xoxb-test' }),
    store: createNotificationStore(table),
    pace: createChannelPace(clock),
    randomFraction: () => nextBelow(random, 1_000) / 1_000,
    newClaimId: () => {
      claims += 1;
      return `${claimName}/${claims}`;
    },
    policy: {
      channelOf: ({ alertId }) => (alertId.endsWith('1') ? CHANNELS[1] : CHANNELS[0]),
      quietUntilMs: () => undefined,
      mentionOf: () => ({ kind: 'here' }),
      webhooks: [],
      channels: CHANNELS,
    },
    fetch,
    secrets: { botToken: async () => 'xoxb-test', webhookUrl: async () => undefined },
    setting: () => ({ now: new Date(clock.now()).toISOString(), alertUrl: () => undefined }),
    preview: () => undefined,
  };
  return tellAlerts(
    {
      subscriber: 'slack',
      alerts: createAlertStore(table),
      silences: createSilenceStore(table),
      clock,
      deliver: (notification, deadlineMs) => deliverNotification(notification, ports, deadlineMs),
    },
    clock.now() + INVOCATION_MS,
  );
}

async function tellBusAndMail(world: World): Promise<unknown> {
  const { clock, bus, topic } = world;
  const { table, around } = newProcess(world);
  const publish = createTransitionPublisher({
    ...bus.ports,
    client: bus.quickClient,
    clock,
    alertUrl: () => undefined,
  });
  const kept = { alerts: createAlertStore(table), silences: createSilenceStore(table), clock };
  const setting = () => ({ now: new Date(clock.now()).toISOString(), alertUrl: () => undefined });
  return publishAlerts(
    {
      leases: createLeaseStore(table),
      clock,
      eventBus: {
        ...kept,
        subscriber: 'event-bus',
        publish: (transitions) => around(() => publish(transitions)),
      },
      email: {
        ...kept,
        subscriber: 'email',
        deliver: (notification) =>
          around(() =>
            deliverMail(notification, { client: topic.clientFor(notification), topicArn: MAIL_TOPIC_ARN, setting }),
          ),
      },
    },
    clock.now() + INVOCATION_MS,
  );
}

const TABLE_FAULTS = ['not-sent', 'answer-lost', 'sent-twice'] as const;

function newProcess({ random, clock, dynamodb, chances, counts }: World): Process {
  let isDead = false;
  const crashSometimes = () => {
    if (!isDead && nextChance(random, chances.crash)) {
      counts.crashes += 1;
      isDead = true;
    }
    if (isDead) {
      throw new InjectedCrash('the process stopped');
    }
  };
  const around = async <T>(act: () => Promise<T>): Promise<T> => {
    crashSometimes();
    const result = await act();
    crashSometimes();
    return result;
  };
  const faultyTable = async <T>(act: () => Promise<T>): Promise<T> => {
    const fault = nextChance(random, chances.table) ? TABLE_FAULTS[nextBelow(random, TABLE_FAULTS.length)] : undefined;
    counts.tableFaults += fault === undefined ? 0 : 1;
    if (fault === 'not-sent') {
      throw new TableFault('the request was not sent');
    }
    // Each takes a moment, in which others go on.
    await clock.sleep(1 + nextBelow(random, 10));
    const result = fault === 'sent-twice' ? await act().then(act) : await act();
    if (fault === 'answer-lost') {
      throw new TableFault('the answer was lost');
    }
    return result;
  };
  const table = createStoreTable({
    client: dynamodb.client((_, act) => around(() => faultyTable(act))),
    tableName: 'alerts',
    clock,
    randomFraction: () => nextBelow(random, 1_000) / 1_000,
  });
  return { table, around };
}

/** A VPC whose subnets have so many addresses free at each hour; `undefined` where one is not listed any more. */
interface PlottedVpc {
  readonly vpc: VpcId;
  readonly subnets: readonly { readonly name: string; readonly free: readonly (number | undefined)[] }[];
}
type Plot = readonly PlottedVpc[];

function plotOf(story: number): Plot {
  const random = randomOf(`plot/${story}`);
  const drawn = () => FREE_LEVELS[nextBelow(random, FREE_LEVELS.length)];
  const few = Array.from({ length: VPC_COUNT }, (_, vpc) => ({
    vpc: vpcOf(vpc),
    subnets: Array.from({ length: SUBNETS_PER_VPC }, (__, subnet) => {
      const goneFrom = nextChance(random, 0.3) ? 2 + nextBelow(random, HOURS) : HOURS;
      return {
        name: `net-${vpc * SUBNETS_PER_VPC + subnet}`,
        free: Array.from({ length: HOURS }, (___, hour) => (hour < goneFrom ? drawn() : undefined)),
      };
    }),
  }));
  const fallsAt = 2 + nextBelow(random, 2);
  const crowd = {
    vpc: vpcOf(VPC_COUNT),
    subnets: Array.from({ length: CROWD_COUNT }, (_, subnet) => ({
      name: `many-${subnet}`,
      free: Array.from({ length: HOURS }, (__, hour) => (hour < fallsAt ? 200 : 8)),
    })),
  };
  return [...few, crowd];
}

function vpcOf(index: number): VpcId {
  return { ownerId: String(111_122_223_333 + index), region: REGION, vpcId: `vpc-${index}` };
}

/** Each subnet serves a cluster of its own, so that each has an alert of its own. */
function factsOf({ vpc, subnets }: PlottedVpc, hour: number, at: string): ReturnType<typeof someRegionFacts> {
  const listed = subnets.flatMap(({ name, free }, index) => {
    const left = free[hour];
    return left === undefined ? [] : [{ name, left, index }];
  });
  const clusters = Object.fromEntries(
    listed.map(({ name }) => [
      `c-${name}`,
      someClusterFacts(
        { cluster: observed(aCluster({ name: `c-${name}`, subnetIds: [`subnet-${name}`] }), at) },
        `c-${name}`,
      ),
    ]),
  );
  return someRegionFacts({
    target: { accountId: vpc.ownerId, region: vpc.region },
    startedAt: at,
    networkInterfaces: observed([], at),
    subnets: observed(
      listed.map(({ name, left, index }) =>
        aSubnet({
          subnetId: `subnet-${name}`,
          vpcId: vpc.vpcId,
          ownerId: vpc.ownerId,
          cidrBlock: `10.0.${index}.0/24`,
          availableIpAddressCount: left,
          tags: [['Name', name]],
        }),
      ),
      at,
    ),
    ...withClusters(clusters),
  });
}
