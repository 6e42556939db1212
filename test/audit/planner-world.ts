import { setImmediate as nextTurn } from 'node:timers/promises';
import type { AccountScope } from '../../lib/audit/account-scope.ts';
import { type PlanScanPorts, type PlanScanSummary, planScan } from '../../lib/audit/plan-scan.ts';
import { OPEN_POLICY, type Policy } from '../../lib/audit/policy.ts';
import type { AccountObserver } from '../../lib/audit/ports.ts';
import type { PulseCandidate } from '../../lib/audit/pulse-plan.ts';
import type { Directory, RunStore } from '../../lib/audit/store-ports.ts';
import { targetText } from '../../lib/audit/target-text.ts';
import { type CollectError, type Instant, observed, unavailable } from '../../lib/domain/fact.ts';
import { err, ok } from '../../lib/domain/result.ts';
import {
  type MemoryDirectoryStore,
  memoryDirectoryStore,
  memoryRunStore,
  type RecordingOutbox,
  recordingOutbox,
} from '../helpers/memory-stores.ts';
import { CALLER, type FakeAccount } from './fake-organization.ts';

/** The organisation and the clock that planners find; a test moves both between two plans. */
export interface PlannedWorld {
  now: Instant;
  accounts: readonly FakeAccount[];
  callerError: CollectError | undefined;
  accountsError: CollectError | undefined;
  policy: Policy;
  requestedAccounts: AccountScope;
  requestedRegions: readonly string[] | undefined;
  pulseCandidates: readonly PulseCandidate[];
  spreadMs: number;
}

export interface PlannerWorld {
  readonly world: PlannedWorld;
  readonly ports: PlanScanPorts;
  readonly runs: RunStore;
  readonly directoryStore: MemoryDirectoryStore;
  readonly outbox: RecordingOutbox;
  /** Accounts that were entered, in order. */
  readonly entered: string[];
  /** Plans the scan of a time that the clock has just reached. */
  readonly scanAt: (at: Instant) => Promise<PlanScanSummary>;
  /** The messages sent so far, as `observe 111111111111/eu-west-1`. */
  readonly sent: () => string[];
}

export function plannerWorld(overrides: Partial<PlannedWorld> = {}, known?: Directory): PlannerWorld {
  const world: PlannedWorld = {
    now: '2026-11-23T08:00:05.000Z',
    accounts: [],
    callerError: undefined,
    accountsError: undefined,
    policy: OPEN_POLICY,
    requestedAccounts: { kind: 'organization' },
    requestedRegions: undefined,
    pulseCandidates: [],
    spreadMs: 0,
    ...overrides,
  };
  const runs = memoryRunStore();
  const directoryStore = memoryDirectoryStore(known);
  const outbox = recordingOutbox();
  const entered: string[] = [];
  const ports: PlanScanPorts = {
    get policy() {
      return world.policy;
    },
    get requestedAccounts() {
      return world.requestedAccounts;
    },
    get requestedRegions() {
      return world.requestedRegions;
    },
    get spreadMs() {
      return world.spreadMs;
    },
    now: () => world.now,
    runs,
    directoryStore,
    outbox,
    pulseCandidates: async () => world.pulseCandidates,
    directory: {
      caller: async () => (world.callerError === undefined ? ok(CALLER) : err(world.callerError)),
      organizationAccounts: async () =>
        world.accountsError === undefined
          ? observed(
              world.accounts.map(({ accountId, name, state, organizationalUnitPaths }) => ({
                accountId,
                name,
                state,
                organizationalUnitPaths,
              })),
              world.now,
            )
          : unavailable(world.accountsError),
    },
    entrance: {
      async enter(_, accountId) {
        entered.push(accountId);
        await nextTurn();
        const account = world.accounts.find((candidate) => candidate.accountId === accountId) ?? { accountId };
        const failure = reported(account.enterError);
        return failure === undefined ? ok(observerOf(account, () => world.now)) : err(failure);
      },
    },
  };
  return {
    world,
    ports,
    runs,
    directoryStore,
    outbox,
    entered,
    scanAt(at) {
      world.now = at;
      return planScanAt(at, ports);
    },
    sent: () => sentTexts(outbox),
  };
}

export function planScanAt(scheduledAt: Instant, ports: PlanScanPorts): Promise<PlanScanSummary> {
  return planScan({ kind: 'scan', scheduledAt, pulseScope: 'with-clusters' }, ports, new AbortController().signal);
}

export function sentTexts({ scans }: RecordingOutbox): string[] {
  return scans.map(({ message }) => `${message.purpose} ${targetText(message.target)}`);
}

function observerOf({ regions = [], regionsError }: FakeAccount, now: () => Instant): AccountObserver {
  const neverAsked = () => {
    throw new Error('A planner asks for regions alone');
  };
  return {
    async regions() {
      const failure = reported(regionsError);
      return failure === undefined ? observed(regions, now()) : unavailable(failure);
    },
    cadences: [],
    observeRegion: neverAsked,
    pulse: neverAsked,
    subnetCounters: neverAsked,
    reservations: neverAsked,
  };
}

/** A bug is thrown; what AWS says is reported. */
function reported(failure: CollectError | Error | undefined): CollectError | undefined {
  if (failure instanceof Error) {
    throw failure;
  }
  return failure;
}
