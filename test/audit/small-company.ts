import { REQUIRED_FACTS_DEFAULT } from '../../lib/audit/coverage.ts';
import { judgeVpc } from '../../lib/audit/judge-vpc.ts';
import type { JudgeVpc, Outbox, PulseTarget, ScanTarget } from '../../lib/audit/message-ports.ts';
import { planScan } from '../../lib/audit/plan-scan.ts';
import { OPEN_POLICY } from '../../lib/audit/policy.ts';
import { pulseTarget } from '../../lib/audit/pulse-target.ts';
import { rollUpFleet } from '../../lib/audit/roll-up-fleet.ts';
import { scanTarget } from '../../lib/audit/scan-target.ts';
import type { RunStore, TargetStore } from '../../lib/audit/store-ports.ts';
import { type FleetTotals, summarizeFleet } from '../../lib/audit/summarize-fleet.ts';
import type { VpcState } from '../../lib/domain/capacity/vpc-state.ts';
import { addAccount, createSimulatedAws } from '../../lib/local/simulated-aws/build/organization.ts';
import { simulatedCredentials } from '../../lib/local/simulated-aws/credentials.ts';
import { type LiveAws, liveAws } from '../../lib/local/simulated-aws/live/live-aws.ts';
import { countSubnets, createWorld, type World } from '../../lib/local/simulated-aws/live/world.ts';
import { simulatedRequestHandler } from '../../lib/local/simulated-aws/request-handler.ts';
import { buildHealthy } from '../../lib/local/simulated-aws/scenarios/healthy.ts';
import { addCompanyRegions } from '../../lib/local/simulated-aws/scenarios/opted-out-region.ts';
import { buildSharedVpc } from '../../lib/local/simulated-aws/scenarios/shared-vpc.ts';
import type { SimulatedAccount } from '../../lib/local/simulated-aws/state.ts';
import { createAuditPorts } from '../../lib/wiring/audit-ports.ts';
import { memoryFleetStore } from '../helpers/memory-fleet-store.ts';
import { memoryDirectoryStore, memoryRunStore, memoryTargetStore } from '../helpers/memory-stores.ts';
import { type MemoryVpcStores, memoryVpcStores } from '../helpers/memory-vpc-stores.ts';

/** A company of five accounts whose service runs in the test: the use cases over the real SDK, with stores in memory. */

export const COMPANY = {
  management: '111111111111',
  shop: '222222222222',
  /** Owns the shared VPC and runs no cluster. */
  network: '666666666666',
  logistics: '131313131313',
  loyalty: '141414141414',
} as const;

export const REGIONS = ['us-east-1', 'eu-west-1'] as const;
export const START = Date.parse('2026-11-23T08:00:00.000Z');
const ROLE_NAME = 'elbowroom-scan';
const HISTORY_DAYS = 3;
const SEED = 7;
const DEADLINE_MS = 600_000;

export interface SmallCompany extends MemoryVpcStores {
  readonly live: LiveAws;
  readonly runs: RunStore;
  /** Every VPC that was judged, by the name of its id. */
  readonly states: MemoryVpcStores['states'];
  readonly stateOf: (vpcId: string) => Promise<VpcState>;
  readonly judged: () => Promise<readonly VpcState[]>;
  /** Rolls the fleet up and adds it up. */
  readonly totals: () => Promise<FleetTotals>;
  /** Moves the company's clock, and AWS with it. */
  readonly moveTo: (ms: number) => void;
  /** Plans a slot and does all that follows from it; `order` picks the next message among those waiting. */
  readonly run: (kind: 'scan' | 'pulse', order?: (waiting: number) => number) => Promise<void>;
  /** Does what one message asks, and what follows from it. */
  readonly deliver: (message: ScanTarget) => Promise<void>;
  readonly account: (id: string) => SimulatedAccount;
  /** Requests that AWS answered since last asked, as `account action`. */
  readonly requests: () => string[];
  /** How often what is known of a target was written. */
  readonly memoryWrites: () => number;
  /** How many interfaces each target was taken for that was scanned since last asked. */
  readonly interfacesInMemory: () => number[];
}

type Task =
  | { readonly kind: 'scan'; readonly message: ScanTarget }
  | { readonly kind: 'pulse'; readonly message: PulseTarget }
  | { readonly kind: 'judge'; readonly message: JudgeVpc };

/** Judgements of one VPC are made one after the other, in the order sent. */
function isReady(task: Task, before: readonly Task[]): boolean {
  return (
    task.kind !== 'judge' ||
    !before.some((other) => other.kind === 'judge' && other.message.vpc.vpcId === task.message.vpc.vpcId)
  );
}

function companyWorld(withoutRole: readonly string[], clock: () => Date): World {
  const aws = createSimulatedAws({
    partition: 'aws',
    organizationId: 'o-test123456',
    managementAccountId: COMPANY.management,
    now: clock,
  });
  const world = createWorld(aws, { seed: SEED, startAt: new Date(START), historyDays: HISTORY_DAYS });
  const member = (id: string, name: string, zoneShift: number): SimulatedAccount => {
    const account = addAccount(aws, { id, name });
    if (!withoutRole.includes(id)) {
      account.roles.set(ROLE_NAME, { externalId: undefined });
    }
    addCompanyRegions(account, zoneShift);
    return account;
  };
  member(COMPANY.management, 'Management', 0);
  buildHealthy(world, member(COMPANY.shop, 'Shop', 0));
  const owner = member(COMPANY.network, 'Network', 0);
  const participants = [member(COMPANY.logistics, 'Logistics', 1), member(COMPANY.loyalty, 'Loyalty', 2)] as const;
  buildSharedVpc(world, { owner, participants });
  countSubnets(world);
  return world;
}

/** `withoutRole`: accounts that let nobody in. */
export function smallCompany({ withoutRole = [] }: { readonly withoutRole?: readonly string[] } = {}): SmallCompany {
  let nowMs = START;
  const live = liveAws(() => companyWorld(withoutRole, () => new Date(nowMs)));
  live.advanceTo(new Date(nowMs));
  const answered: string[] = [];
  live.aws.onRequest = ({ accountId, service, action }) => void answered.push(`${accountId} ${service}:${action}`);
  const aws = createAuditPorts({
    credentials: simulatedCredentials(COMPANY.management),
    homeRegion: 'us-east-1',
    clock: { now: () => nowMs, sleep: () => Promise.resolve() },
    limiter: { take: () => Promise.resolve() },
    clients: { requestHandler: simulatedRequestHandler(live.aws), attemptsMax: 1 },
    role: { roleName: ROLE_NAME, externalId: undefined, roleSessionName: 'elbowroom-test', deadlineMs: DEADLINE_MS },
  });
  const stores = memoryVpcStores();
  const directoryStore = memoryDirectoryStore();
  const targetStore = memoryTargetStore();
  let memoryWrites = 0;
  const weights: number[] = [];
  const targets: TargetStore = {
    ...targetStore,
    writeTarget(memory) {
      memoryWrites += 1;
      return targetStore.writeTarget(memory);
    },
  };
  const runs = memoryRunStore();
  const fleets = memoryFleetStore();
  const waiting: Task[] = [];
  const outbox: Outbox = {
    scanTargets: async (messages) =>
      void waiting.push(...messages.map(({ message }): Task => ({ kind: 'scan', message }))),
    pulseTargets: async (messages) =>
      void waiting.push(...messages.map(({ message }): Task => ({ kind: 'pulse', message }))),
    judgeVpcs: async (messages) => void waiting.push(...messages.map((message): Task => ({ kind: 'judge', message }))),
  };
  const signal = new AbortController().signal;
  const now = () => new Date(nowMs).toISOString();
  const caller = () => aws.directory.caller(signal);
  const accounts = async () => new Map((directoryStore.current()?.accounts ?? []).map((one) => [one.accountId, one]));

  const pulseCandidates = async () =>
    (await Promise.all((await stores.states.judgedVpcs()).map(({ vpc }) => stores.states.readState(vpc)))).flatMap(
      (stored) =>
        (stored?.state.judgedFrom ?? []).map(({ viewerAccountId }) => ({
          target: { accountId: viewerAccountId, region: stored?.state.vpc.region ?? '' },
          vpcId: stored?.state.vpc.vpcId ?? '',
          isAtRisk: false,
          firstObservedAt: stored?.state.firstObservedAt ?? '',
        })),
    );

  const targetPorts = {
    caller,
    entrance: aws.entrance,
    facts: stores.facts,
    targets,
    directory: directoryStore,
    outbox,
    inMemory: <T>(weight: number, act: () => Promise<T>) => {
      weights.push(weight);
      return act();
    },
    requiredFacts: REQUIRED_FACTS_DEFAULT,
    now,
  };
  const deliver = async (task: Task) => {
    switch (task.kind) {
      case 'judge':
        await judgeVpc(task.message, { ...stores, policy: OPEN_POLICY, accounts });
        return;
      case 'scan': {
        const { outcome, judge, afterSending } = await scanTarget(task.message, targetPorts, signal);
        await outbox.judgeVpcs(judge);
        await afterSending?.();
        return runs.recordOutcomes(task.message.slot, [outcome]);
      }
      case 'pulse': {
        const { outcome, judge } = await pulseTarget(task.message, targetPorts, signal);
        await outbox.judgeVpcs(judge);
        return runs.recordOutcomes(task.message.slot, [outcome]);
      }
    }
  };
  const drain = async (order: (waiting: number) => number) => {
    for (;;) {
      const ready = waiting.filter((task, index) => isReady(task, waiting.slice(0, index)));
      const task = ready[order(ready.length)];
      if (task === undefined) {
        return;
      }
      waiting.splice(waiting.indexOf(task), 1);
      await deliver(task);
    }
  };
  const run: SmallCompany['run'] = async (kind, order = () => 0) => {
    await planScan(
      { kind, scheduledAt: now(), pulseScope: 'with-clusters' },
      {
        ...aws,
        requestedAccounts: { kind: 'organization' },
        requestedRegions: undefined,
        directoryStore,
        runs,
        outbox,
        spreadMs: 0,
        pulseCandidates,
      },
      signal,
    );
    await drain(order);
  };
  return {
    ...stores,
    live,
    runs,
    async stateOf(vpcId) {
      const found = (await stores.states.judgedVpcs()).find(({ vpc }) => vpc.vpcId === vpcId);
      const stored = found === undefined ? undefined : await stores.states.readState(found.vpc);
      if (stored === undefined) {
        throw new Error(`${vpcId} was not judged`);
      }
      return stored.state;
    },
    async judged() {
      const stored = await Promise.all(
        (await stores.states.judgedVpcs()).map(({ vpc }) => stores.states.readState(vpc)),
      );
      return stored.flatMap((one) => (one === undefined ? [] : [one.state]));
    },
    async totals() {
      const leases = { acquireLease: async () => 'lease', releaseLease: async () => undefined };
      await rollUpFleet({ states: stores.states, fleet: fleets, runs, leases, clock: { now: () => nowMs } });
      const fleet = await fleets.readFleet();
      if (fleet === undefined) {
        throw new Error('The fleet was not rolled up');
      }
      return summarizeFleet(fleet, {}, nowMs).totals;
    },
    moveTo(ms) {
      nowMs = ms;
      live.advanceTo(new Date(ms));
    },
    run,
    async deliver(message) {
      waiting.push({ kind: 'scan', message });
      await drain(() => 0);
    },
    account(id) {
      const found = live.aws.accounts.get(id);
      if (found === undefined) {
        throw new Error(`The company has no account ${id}`);
      }
      return found;
    },
    requests: () => answered.splice(0),
    memoryWrites: () => memoryWrites,
    interfacesInMemory: () => weights.splice(0),
  };
}
