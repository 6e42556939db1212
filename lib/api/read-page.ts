import { type Fleet, vpcAt } from '../audit/fleet.ts';
import { at } from '../audit/fleet-columns.ts';
import { listClusters, listSubnets } from '../audit/query-fleet.ts';
import { runCoverage } from '../audit/run-coverage.ts';
import type { SubnetState } from '../domain/capacity/region-state.ts';
import type { Instant } from '../domain/fact.ts';
import type { FactName } from '../domain/region-facts.ts';
import type { ReadPorts } from './api-ports.ts';
import type { AuditView } from './audit-view.ts';
import { toCoverageView } from './coverage-view.ts';
import { readClusters, readSubnets } from './read-rows.ts';
import { readTrends } from './read-trend.ts';
import type { TrendView } from './trend-view.ts';

export interface PagePorts extends ReadPorts {
  /** The facts without which a scan is incomplete. */
  readonly requiredFacts: readonly FactName[];
}

/** Everything on one page, most urgent first, with what its reader has to know of it. */
export interface ServicePage {
  readonly view: AuditView;
  readonly notices: readonly string[];
  /** Of the most urgent subnets, by their ids. */
  readonly trends: ReadonlyMap<string, TrendView>;
}

/** The page is one document; a longer one would not be read. */
const PAGE_ROWS_MAX = 1_000;
const ALL = { filter: {}, limit: PAGE_ROWS_MAX, after: undefined };

/** Reads what the page shows, of everything; `undefined` before the first roll-up. */
export async function readPage(ports: PagePorts): Promise<ServicePage | undefined> {
  const fleet = await ports.fleets.readFleet();
  const scan = await ports.newestScan();
  if (fleet === undefined || scan === undefined) {
    return undefined;
  }
  const listed = { subnets: listSubnets(fleet, ALL, ports.now()), clusters: listClusters(fleet, ALL, ports.now()) };
  const [subnets, clusters, accounts, trends] = await Promise.all([
    readSubnets(ports, fleet, listed.subnets.rows, undefined),
    readClusters(ports, fleet, listed.clusters.rows, undefined),
    ports.accounts(),
    trendsOfPage(ports, fleet),
  ]);
  const { matchCount: subnetCount } = listed.subnets;
  const { matchCount: clusterCount } = listed.clusters;
  const isCut = subnetCount > subnets.length || clusterCount > clusters.length;
  const cut = `The most urgent ${subnets.length} of ${subnetCount} subnets and ${clusters.length} of ${clusterCount} clusters; /v1/subnets and /v1/clusters answer for the others.`;
  return {
    view: { coverage: toCoverageView(runCoverage(scan, ports.requiredFacts), accounts), subnets, clusters },
    notices: [
      `Added up at ${shortTime(fleet.rolledUpAt)}; what was not seen is that of the newest scan. ${ports.history().message}.`,
      ...(isCut ? [cut] : []),
    ],
    trends,
  };
}

/** Trends of so many of the most urgent subnets are drawn: each VPC's series are a Query. */
const PAGE_TRENDS_MAX = 60;
const PAGE_TREND_DAYS = 30;

async function trendsOfPage(ports: PagePorts, fleet: Fleet): Promise<ReadonlyMap<string, TrendView>> {
  const { rows } = listSubnets(fleet, { ...ALL, limit: PAGE_TRENDS_MAX }, ports.now());
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
