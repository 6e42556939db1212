import type { AuditView } from '../../api/audit-view.ts';
import { type ClusterView, toClusterView } from '../../api/cluster-view.ts';
import { toCoverageView } from '../../api/coverage-view.ts';
import { type FleetView, type HistoryView, toFleetView } from '../../api/fleet-view.ts';
import { type RunView, toRunView } from '../../api/run-view.ts';
import { type SubnetView, toSubnetView } from '../../api/subnet-view.ts';
import type { Fleet } from '../../audit/fleet.ts';
import type { FleetStore } from '../../audit/fleet-ports.ts';
import type { Account } from '../../audit/ports.ts';
import type { ListQuery } from '../../audit/query-fleet.ts';
import { listClusters, listSubnets } from '../../audit/query-fleet.ts';
import { runCoverage } from '../../audit/run-coverage.ts';
import type { DirectoryStore, Run, RunStore } from '../../audit/store-ports.ts';
import type { Instant } from '../../domain/fact.ts';
import type { FactName } from '../../domain/region-facts.ts';
import type { ListParameters } from './list-parameters.ts';

/** What the service answers from. */
export interface ReaderPorts {
  readonly fleets: Pick<FleetStore, 'readFleet' | 'subnetStates' | 'clusterStates'>;
  readonly runs: Pick<RunStore, 'listRuns' | 'readRun'>;
  readonly directory: Pick<DirectoryStore, 'readDirectory'>;
  /** The facts without which a scan is incomplete. */
  readonly requiredFacts: readonly FactName[];
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly history: () => HistoryView;
}

/** Reads views of what is stored. `undefined` before the first roll-up. */
export interface ServiceReader {
  fleet(): Promise<FleetView | undefined>;
  subnets(parameters: ListParameters): Promise<ListView<SubnetView> | undefined>;
  clusters(parameters: ListParameters): Promise<ListView<ClusterView> | undefined>;
  /** Everything on one page, most urgent first, with what the reader has to know of it. */
  page(): Promise<{ readonly view: AuditView; readonly notices: readonly string[] } | undefined>;
  /** Newest first. */
  runs(limit: number): Promise<readonly RunView[]>;
}

/** The most urgent rows that match. */
export interface ListView<T> {
  readonly rolledUpAt: string;
  /** All that match, listed or not. */
  readonly matchCount: number;
  readonly items: readonly T[];
}

const MOST_URGENT_MAX = 10;
/** Among so many runs there is a scan: pulses come four times as often. */
const RUNS_TO_NEWEST_SCAN = 24;

/** Returns a reader over the stores. */
export function createServiceReader(ports: ReaderPorts): ServiceReader {
  const { fleets, runs, now, history } = ports;
  return {
    async fleet() {
      const fleet = await fleets.readFleet();
      if (fleet === undefined) {
        return undefined;
      }
      const [urgent, coverage] = await Promise.all([
        subnetsOf(ports, fleet, {
          filter: { statuses: ['exhausted', 'critical', 'warning', 'unknown'] },
          limit: MOST_URGENT_MAX,
          after: undefined,
        }),
        newestScan(runs),
      ]);
      return toFleetView({
        fleet,
        nowMs: now(),
        mostUrgentSubnets: urgent.items,
        coverage: coverage === undefined ? undefined : toRunView(coverage),
        history: history(),
      });
    },
    async subnets({ filter, limit }) {
      const fleet = await fleets.readFleet();
      return fleet === undefined ? undefined : subnetsOf(ports, fleet, { filter, limit, after: undefined });
    },
    async clusters({ filter, limit }) {
      const fleet = await fleets.readFleet();
      return fleet === undefined ? undefined : clustersOf(ports, fleet, { filter, limit, after: undefined });
    },
    page: () => pageOf(ports),
    async runs(limit) {
      const slots = await runs.listRuns({ limit });
      const read = await Promise.all(slots.map((slot) => runs.readRun(slot)));
      return read.filter((run) => run !== undefined).map(toRunView);
    },
  };
}

async function subnetsOf(ports: ReaderPorts, fleet: Fleet, query: ListQuery): Promise<ListView<SubnetView>> {
  const nowMs = ports.now();
  const { rows, matchCount } = listSubnets(fleet, query, nowMs);
  const [states, accounts] = await Promise.all([ports.fleets.subnetStates(fleet, rows), accountsOf(ports)]);
  const now = new Date(nowMs).toISOString();
  return { rolledUpAt: fleet.rolledUpAt, matchCount, items: states.map((state) => toSubnetView(state, accounts, now)) };
}

async function clustersOf(ports: ReaderPorts, fleet: Fleet, query: ListQuery): Promise<ListView<ClusterView>> {
  const nowMs = ports.now();
  const { rows, matchCount } = listClusters(fleet, query, nowMs);
  const [states, accounts] = await Promise.all([ports.fleets.clusterStates(fleet, rows), accountsOf(ports)]);
  const now = new Date(nowMs).toISOString();
  return {
    rolledUpAt: fleet.rolledUpAt,
    matchCount,
    items: states.map((state) => toClusterView(state, accounts, now)),
  };
}

/** The page is one document; a longer one would not be read. */
const PAGE_ROWS_MAX = 1_000;

async function pageOf(ports: ReaderPorts): Promise<Awaited<ReturnType<ServiceReader['page']>>> {
  const fleet = await ports.fleets.readFleet();
  const scan = await newestScan(ports.runs);
  if (fleet === undefined || scan === undefined) {
    return undefined;
  }
  const all = { filter: {}, limit: PAGE_ROWS_MAX, after: undefined };
  const [subnets, clusters, accounts] = await Promise.all([
    subnetsOf(ports, fleet, all),
    clustersOf(ports, fleet, all),
    accountsOf(ports),
  ]);
  const { message } = ports.history();
  const isCut = subnets.matchCount > subnets.items.length || clusters.matchCount > clusters.items.length;
  const cut = `The most urgent ${subnets.items.length} of ${subnets.matchCount} subnets and ${clusters.items.length} of ${clusters.matchCount} clusters; /v1/subnets and /v1/clusters answer for the others.`;
  return {
    view: {
      coverage: toCoverageView(runCoverage(scan, ports.requiredFacts), accounts),
      subnets: [...subnets.items],
      clusters: [...clusters.items],
    },
    notices: [
      `Added up at ${shortTime(fleet.rolledUpAt)}; what was not seen is that of the newest scan. ${message}.`,
      ...(isCut ? [cut] : []),
    ],
  };
}

/** As the rest of the page writes times. */
function shortTime(instant: Instant): string {
  return `${instant.slice(0, 'YYYY-MM-DDTHH:MM:SS'.length).replace('T', ' ')} UTC`;
}

/** Names that are not known yet are `null` in the views. */
async function accountsOf({ directory }: ReaderPorts): Promise<ReadonlyMap<string, Account>> {
  const stored = await directory.readDirectory();
  return new Map((stored?.directory.accounts ?? []).map((account) => [account.accountId, account]));
}

async function newestScan(runs: ReaderPorts['runs']): Promise<Run | undefined> {
  const slots = await runs.listRuns({ limit: RUNS_TO_NEWEST_SCAN });
  const slot = slots.find(({ kind }) => kind === 'scan');
  return slot === undefined ? undefined : runs.readRun(slot);
}
