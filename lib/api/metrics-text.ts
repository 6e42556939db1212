import type { Fleet } from '../audit/fleet.ts';
import { at, textOf } from '../audit/fleet-columns.ts';
import { idAt } from '../audit/id-column.ts';
import { listSubnets } from '../audit/query-fleet.ts';
import { type FleetTotals, summarizeFleet } from '../audit/summarize-fleet.ts';
import { STATUSES } from '../domain/capacity/subnet-status.ts';
import type { CoverageSummaryView } from './coverage-summary-view.ts';
import type { VisibleAccounts } from './visible.ts';

/** https://prometheus.io/docs/specs/om/open_metrics_spec/ */
export const OPENMETRICS_MEDIA_TYPE = 'application/openmetrics-text; version=1.0.0; charset=utf-8';

export interface MetricsInput {
  readonly fleet: Fleet;
  readonly visible: VisibleAccounts;
  readonly coverage: CoverageSummaryView | undefined;
  /** Of so many subnets, the most urgent ones, there are gauges of their own. */
  readonly subnetsMax: number;
  readonly nowMs: number;
}

interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  /** NaN where it is not known: then there is no sample, since absent is not zero. */
  readonly value: number;
}

interface Gauge {
  readonly name: string;
  readonly help: string;
  readonly samples: readonly Sample[];
}

const PREFIX = 'elbowroom_';
const MS_PER_SECOND = 1_000;

/** Renders the fleet as gauges: of all of it and by account, region and team always, of single subnets the most urgent. */
export function metricsText(input: MetricsInput): string {
  const gauges = [...fleetGauges(input), ...coverageGauges(input), ...subnetGauges(input)];
  const lines = gauges.flatMap(({ name, help, samples }) => {
    const told = samples.filter(({ value }) => !Number.isNaN(value));
    return told.length === 0
      ? []
      : [
          `# TYPE ${PREFIX}${name} gauge`,
          `# HELP ${PREFIX}${name} ${help}`,
          ...told.map(({ labels, value }) => `${PREFIX}${name}${labelsText(labels)} ${value}`),
        ];
  });
  return `${[...lines, '# EOF'].join('\n')}\n`;
}

function fleetGauges({ fleet, visible, nowMs }: MetricsInput): Gauge[] {
  // Who sees some accounts only is told of what these own, as in the fleet's own view.
  const { totals, byAccount, byRegion, byTeam } = summarizeFleet(fleet, { accountIds: visible }, nowMs);
  const groups: readonly (readonly [Sample['labels'], FleetTotals])[] = [
    [{ by: 'fleet' }, totals],
    ...byAccount.map((one) => [{ by: 'account', name: one.name ?? '' }, one.totals] as const),
    ...byRegion.map((one) => [{ by: 'region', name: one.name ?? '' }, one.totals] as const),
    ...byTeam.map((one) => [{ by: 'team', name: one.name ?? '' }, one.totals] as const),
  ];
  const gauge = (name: string, help: string, of: (totals: FleetTotals) => number): Gauge => ({
    name,
    help,
    samples: groups.map(([labels, sums]) => ({ labels, value: of(sums) })),
  });
  const byStatus = (name: string, help: string, of: (totals: FleetTotals) => FleetTotals['subnetCountByStatus']) => ({
    name,
    help,
    samples: groups.flatMap(([labels, sums]) =>
      STATUSES.map((status) => ({ labels: { ...labels, status }, value: of(sums)[status] })),
    ),
  });
  return [
    {
      name: 'rolled_up_timestamp_seconds',
      help: 'When the fleet was rolled up last',
      samples: [{ labels: {}, value: Date.parse(fleet.rolledUpAt) / MS_PER_SECOND }],
    },
    byStatus('subnets', 'Subnets by status', ({ subnetCountByStatus }) => subnetCountByStatus),
    byStatus('clusters', 'Clusters by status', ({ clusterCountByStatus }) => clusterCountByStatus),
    gauge('vpcs', 'VPCs', ({ vpcCount }) => vpcCount),
    gauge('usable_addresses', 'Addresses but the five AWS keeps', ({ usableAddressCount }) => usableAddressCount),
    gauge('used_addresses', 'Addresses in use', ({ usedAddressCount }) => usedAddressCount),
    gauge('free_addresses', 'Unused addresses outside reservations', ({ freeAddressCount }) => freeAddressCount),
    gauge('reserved_addresses', 'Unused addresses in reservations', ({ reservedAddressCount }) => reservedAddressCount),
    gauge('free_prefixes', 'Free /28 blocks at the least', ({ freePrefixCount }) => freePrefixCount),
    gauge('uncounted_subnets', 'Subnets that add no addresses', ({ subnetsWithoutCounts }) => subnetsWithoutCounts),
    gauge('stale_subnets', 'Subnets that were not seen of late', ({ staleSubnetCount }) => staleSubnetCount),
  ];
}

function coverageGauges({ coverage }: MetricsInput): Gauge[] {
  if (coverage === undefined) {
    return [];
  }
  const { targetsFinished, targetsFailed, targetsMissed, targetsUnderWay, notSeenCount, isComplete } = coverage;
  const states = {
    finished: targetsFinished,
    failed: targetsFailed,
    missed: targetsMissed,
    'under-way': targetsUnderWay,
  };
  return [
    {
      name: 'scan_targets',
      help: 'Accounts times regions of the scan that the fleet rests on, by state',
      samples: Object.entries(states).map(([state, value]) => ({ labels: { state }, value })),
    },
    {
      name: 'scan_not_seen',
      help: 'Calls that were denied or failed in the scan that the fleet rests on',
      samples: [{ labels: {}, value: notSeenCount }],
    },
    {
      name: 'scan_complete',
      help: 'Whether the scan that the fleet rests on has seen all that it must',
      samples: [{ labels: {}, value: Number(isComplete) }],
    },
  ];
}

function subnetGauges({ fleet, visible, subnetsMax, nowMs }: MetricsInput): Gauge[] {
  const { subnets, vpcs, texts } = fleet;
  const query = { filter: { visibleAccountIds: visible }, limit: subnetsMax, after: undefined };
  const rows = listSubnets(fleet, query, nowMs).rows.map((row) => {
    const vpc = at(fleet.vpcOfSubnet, row);
    const labels = {
      subnet: idAt(subnets.subnetId, row),
      account: textOf(texts, vpcs.ownerId, vpc) ?? '',
      region: textOf(texts, vpcs.region, vpc) ?? '',
      vpc: idAt(vpcs.vpcId, vpc),
      zone: textOf(texts, subnets.availabilityZoneId, row) ?? '',
    };
    return { row, labels };
  });
  const gauge = (name: string, help: string, column: Float64Array): Gauge => ({
    name,
    help,
    samples: rows.map(({ row, labels }) => ({ labels, value: column[row] ?? Number.NaN })),
  });
  return [
    gauge('subnet_usable_addresses', 'Addresses of a subnet but the five AWS keeps', subnets.usableAddressCount),
    gauge('subnet_addresses_left', 'Addresses of a subnet that can still be taken', subnets.addressesLeft),
    gauge('subnet_free_prefixes', 'Free /28 blocks of a subnet at the least', subnets.freePrefixCount),
    gauge('subnet_fragmentation', '0 compact, 1 no free block left', subnets.fragmentation),
    {
      name: 'subnet_observed_timestamp_seconds',
      help: 'When the counter of a subnet was read',
      samples: rows.map(({ row, labels }) => ({ labels, value: at(subnets.observedMs, row) / MS_PER_SECOND })),
    },
  ];
}

/** Names of teams and zones are hostile: within quotes a backslash, a quote and a line end are escaped. */
function labelsText(labels: Sample['labels']): string {
  const pairs = Object.entries(labels).map(
    ([name, value]) => `${name}="${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`,
  );
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}
