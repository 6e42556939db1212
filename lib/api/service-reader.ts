import type { AlertStore } from '../audit/alert-ports.ts';
import { type Fleet, vpcAt } from '../audit/fleet.ts';
import { at } from '../audit/fleet-columns.ts';
import type { FleetStore } from '../audit/fleet-ports.ts';
import type { Account } from '../audit/ports.ts';
import type { ListQuery } from '../audit/query-fleet.ts';
import { listClusters, listSubnets } from '../audit/query-fleet.ts';
import { runCoverage } from '../audit/run-coverage.ts';
import type { DirectoryStore, Run, RunStore } from '../audit/store-ports.ts';
import { compareAlerts, isClosed } from '../domain/alert/compare-alerts.ts';
import type { SubnetState } from '../domain/capacity/region-state.ts';
import type { Instant } from '../domain/fact.ts';
import type { FactName } from '../domain/region-facts.ts';
import { type AlertView, toAlertView } from './alert-view.ts';
import type { AuditView } from './audit-view.ts';
import { type ClusterView, toClusterView } from './cluster-view.ts';
import { toCoverageView } from './coverage-view.ts';
import { type FleetView, type HistoryView, toFleetView } from './fleet-view.ts';
import type { ListParameters } from './list-parameters.ts';
import { readTrend, readTrends, type TrendPorts } from './read-trend.ts';
import { type RunView, toRunView } from './run-view.ts';
import { type SubnetView, toSubnetView } from './subnet-view.ts';
import type { TrendView } from './trend-view.ts';

/** What the service answers from. */
export interface ReaderPorts extends TrendPorts {
  readonly fleets: Pick<FleetStore, 'readFleet' | 'subnetStates' | 'clusterStates'>;
  readonly runs: Pick<RunStore, 'listRuns' | 'readRun'>;
  readonly directory: Pick<DirectoryStore, 'readDirectory'>;
  readonly alerts: Pick<AlertStore, 'listAlerts'>;
  /** The facts without which a scan is incomplete. */
  readonly requiredFacts: readonly FactName[];
  readonly history: () => HistoryView;
}

/** Reads views of what is stored. `undefined` before the first roll-up. */
export interface ServiceReader {
  fleet(): Promise<FleetView | undefined>;
  subnets(parameters: ListParameters): Promise<ListView<SubnetView> | undefined>;
  clusters(parameters: ListParameters): Promise<ListView<ClusterView> | undefined>;
  /** How the room of a subnet went over some days, and where it goes; `undefined` where the subnet is not known. */
  trend(subnetId: string, days: number): Promise<TrendView | undefined>;
  /** Everything on one page, most urgent first, with what the reader has to know of it. */
  page(): Promise<ServicePage | undefined>;
  /** Those that have not ended, the most urgent first. */
  alerts(limit: number): Promise<AlertListView>;
  /** Newest first. */
  runs(limit: number): Promise<readonly RunView[]>;
}

export interface ServicePage {
  readonly view: AuditView;
  readonly notices: readonly string[];
  /** Of the most urgent subnets, by their ids. */
  readonly trends: ReadonlyMap<string, TrendView>;
}

/** The most urgent rows that match. */
export interface ListView<T> {
  readonly rolledUpAt: string;
  /** All that match, listed or not. */
  readonly matchCount: number;
  readonly items: readonly T[];
}

export interface AlertListView {
  /** All that have not ended, listed or not. */
  readonly matchCount: number;
  readonly items: readonly AlertView[];
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
    trend: (subnetId, days) => readTrend(subnetId, days, ports),
    page: () => pageOf(ports),
    async alerts(limit) {
      const active = (await ports.alerts.listAlerts()).filter((alert) => !isClosed(alert));
      return {
        matchCount: active.length,
        items: active.toSorted(compareAlerts).slice(0, limit).map(toAlertView),
      };
    },
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

async function pageOf(ports: ReaderPorts): Promise<ServicePage | undefined> {
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
  const trends = await trendsOfPage(ports, fleet);
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
    trends,
  };
}

/** Trends of so many of the most urgent subnets are drawn: each VPC's series are a Query. */
const PAGE_TRENDS_MAX = 60;
const PAGE_TREND_DAYS = 30;

async function trendsOfPage(ports: ReaderPorts, fleet: Fleet): Promise<ReadonlyMap<string, TrendView>> {
  const { rows } = listSubnets(fleet, { filter: {}, limit: PAGE_TRENDS_MAX, after: undefined }, ports.now());
  const states = await ports.fleets.subnetStates(fleet, rows);
  const byVpc = new Map<number, SubnetState[]>();
  rows.forEach((row, index) => {
    const vpcRow = at(fleet.vpcOfSubnet, row);
    byVpc.set(vpcRow, [...(byVpc.get(vpcRow) ?? []), at(states, index)]);
  });
  const read = await Promise.all(
    [...byVpc].map(([vpcRow, subnets]) => readTrends(vpcAt(fleet, vpcRow), subnets, PAGE_TREND_DAYS, ports)),
  );
  return new Map(read.flat().map((trend) => [trend.subnetId, trend]));
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
