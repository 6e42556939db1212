import type { ReadPorts } from '../api/api-ports.ts';
import type { AuditView } from '../api/audit-view.ts';
import { readClusters, readSubnets } from '../api/read-rows.ts';
import { readTrends } from '../api/read-trend.ts';
import { toCoverageView } from '../api/to-coverage-view.ts';
import type { TrendView } from '../api/trend-view.ts';
import { type VisibleAccounts, visibleRun } from '../api/visible.ts';
import { type Fleet, vpcAt } from '../audit/fleet.ts';
import { fleetAccounts } from '../audit/fleet-accounts.ts';
import { at } from '../audit/fleet-columns.ts';
import { listClusters, listSubnets } from '../audit/query-fleet.ts';
import { runCoverage } from '../audit/run-coverage.ts';
import type { SubnetState } from '../domain/capacity/region-state.ts';
import type { Instant } from '../domain/fact.ts';
import type { FactName } from '../domain/region-facts.ts';
import { err, ok, type Result } from '../domain/result.ts';

/** What pages are read from: nothing of it writes. */
export interface PageReadPorts extends Pick<ReadPorts, 'fleets' | 'series' | 'forecasts' | 'history' | 'now'> {
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

/** Why there is no page: no fleet was added up yet, or none of the accounts that somebody may see was to be scanned. */
export type NoPage = 'nothing-seen-yet' | 'nothing-to-see';

/**
 * The page is one document; a longer one would not be read. Of subnets and clusters in equal parts it has 3.5 MB then, and Lambda
 * answers with 6 MB at the most: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
const PAGE_ROWS_MAX = 500;

/** Reads what the page shows, as far as it may be seen. */
export async function readPage(ports: PageReadPorts, visible: VisibleAccounts): Promise<Result<ServicePage, NoPage>> {
  const fleet = await ports.fleets.readFleet();
  if (fleet?.scan === undefined) {
    return err('nothing-seen-yet');
  }
  const run = visibleRun(fleet.scan, visible);
  if (run === undefined) {
    return err('nothing-to-see');
  }
  const query = { filter: { visibleAccountIds: visible }, limit: PAGE_ROWS_MAX, after: undefined };
  const listed = { subnets: listSubnets(fleet, query, ports.now()), clusters: listClusters(fleet, query, ports.now()) };
  const [subnets, clusters, trends] = await Promise.all([
    readSubnets(ports, fleet, listed.subnets.rows, visible),
    readClusters(ports, fleet, listed.clusters.rows, visible),
    readPageTrends(ports, fleet, listed.subnets.rows.slice(0, PAGE_TRENDS_MAX)),
  ]);
  const { matchCount: subnetCount } = listed.subnets;
  const { matchCount: clusterCount } = listed.clusters;
  const isCut = subnetCount > subnets.length || clusterCount > clusters.length;
  const cut = `The most urgent ${subnets.length} of ${subnetCount} subnets and ${clusters.length} of ${clusterCount} clusters; /v1/subnets and /v1/clusters answer for the others.`;
  const coverage = toCoverageView(runCoverage(run, ports.requiredFacts), fleetAccounts(fleet));
  return ok({
    view: { coverage, subnets, clusters },
    notices: [
      `Added up at ${shortTime(fleet.rolledUpAt)}; what was not seen is that of the scan that it rests on. ${ports.history().message}.`,
      ...(isCut ? [cut] : []),
    ],
    trends,
  });
}

/** Trends of so many of the most urgent subnets are drawn: each VPC's series are a Query. */
const PAGE_TRENDS_MAX = 60;
const PAGE_TREND_DAYS = 30;

async function readPageTrends(
  ports: PageReadPorts,
  fleet: Fleet,
  rows: readonly number[],
): Promise<ReadonlyMap<string, TrendView>> {
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
