import wrapAnsi from 'wrap-ansi';
import type { AuditView } from '../api/audit-view.ts';
import type { ClusterView } from '../api/cluster-view.ts';
import type { CoverageView, NotSeenView } from '../api/coverage-view.ts';
import type { SubnetView } from '../api/subnet-view.ts';
import { STATUSES } from '../domain/capacity/subnet-status.ts';
import { printable } from './printable.ts';

const COLUMNS = 100;
const GAP = '  ';
const STATUS_WIDTH = 9;
const DETAIL_INDENT = ' '.repeat(STATUS_WIDTH + GAP.length);
/** More ids than this are counted, not listed; JSON has all. */
const RESOURCE_IDS_MAX = 4;
const REGIONS_MAX = 4;

/** Prints an audit for a terminal of 100 columns: what was not seen first, then clusters and subnets by urgency. */
export function renderAuditTable(view: AuditView): string {
  const sections = [
    heading(view),
    notSeenSection(view.coverage),
    view.clusters.length === 0 ? 'No clusters.' : clusterSection(view.clusters),
    view.subnets.length === 0 ? 'No subnets.' : subnetSection(view.subnets),
    footer(view),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function heading({ coverage, clusters, subnets }: AuditView): string {
  const scanned = coverage.accounts.filter(({ outcome }) => outcome === 'scanned');
  const regions = new Set(scanned.flatMap(({ regions: names }) => names));
  const counts = STATUSES.map(
    (status) => [status, subnets.filter((subnet) => subnet.status === status).length] as const,
  )
    .filter(([, count]) => count > 0)
    .map(([status, count]) => `${count} ${status}`);
  return [
    `Elbowroom audit, observed ${minuteOf(coverage.startedAt)} to ${minuteOf(coverage.finishedAt)} UTC`,
    `${plural(scanned.length, 'account')} in ${plural(regions.size, 'region')}: ${plural(clusters.length, 'cluster')}, ${plural(subnets.length, 'subnet')}`,
    ...(counts.length === 0 ? [] : [`Subnets: ${counts.join(', ')}`]),
  ].join('\n');
}

function notSeenSection(coverage: CoverageView): string {
  const leftOut = coverage.accounts.filter(({ outcome }) => outcome === 'not-scanned');
  if (coverage.notSeen.length === 0 && leftOut.length === 0) {
    return 'Everything asked for was seen.';
  }
  const required = coverage.notSeen.filter(({ isRequired }) => isRequired);
  const optional = coverage.notSeen.filter(({ isRequired }) => !isRequired);
  const lines = [
    ...byCause(required).map((entries) => notSeenLine('required', entries)),
    ...byCause(optional).map((entries) => notSeenLine('optional', entries)),
    ...leftOut.map(({ accountId, accountName, state }) =>
      wrapped(
        'skipped   ',
        `account ${accountLabel(accountId, accountName)}: its state is ${state ?? 'not known'}, so it is not scanned`,
      ),
    ),
  ];
  return [`NOT SEEN: ${required.length} required, ${optional.length} optional`, ...lines].join('\n');
}

/** One line for what failed alike in several regions of an account. */
function byCause(entries: readonly NotSeenView[]): NotSeenView[][] {
  const cause = ({ accountId, scope, action, code, message }: NotSeenView) =>
    JSON.stringify([accountId, scope, action, code, message]);
  return [...Map.groupBy(entries, cause).values()];
}

function notSeenLine(kind: 'required' | 'optional', entries: readonly NotSeenView[]): string {
  const [first] = entries;
  if (first === undefined) {
    return '';
  }
  const regions = entries.flatMap(({ region }) => (region === null ? [] : [region]));
  const where = [
    first.accountId === null ? undefined : accountLabel(first.accountId, first.accountName),
    regions.length > REGIONS_MAX ? plural(regions.length, 'region') : regions.join(', ') || undefined,
    first.scope,
    resourceLabel(entries.flatMap(({ resourceIds }) => resourceIds)),
  ];
  const place = where.filter((part) => part !== undefined).join(' ');
  return wrapped(`${kind}  `, `${place}: ${first.action} ${first.code}: ${first.message}`);
}

function resourceLabel(resourceIds: readonly string[]): string | undefined {
  if (resourceIds.length === 0) {
    return undefined;
  }
  const listed = resourceIds.slice(0, RESOURCE_IDS_MAX).join(', ');
  const more = resourceIds.length - RESOURCE_IDS_MAX;
  return more > 0 ? `of ${listed} and ${more} more` : `of ${listed}`;
}

function clusterSection(clusters: readonly ClusterView[]): string {
  const rows = clusters.map((cluster) => ({
    cells: [cluster.status, cluster.clusterName, cluster.accountId, cluster.region, cluster.version ?? '?'],
    details: clusterDetails(cluster),
  }));
  return table(['STATUS', 'CLUSTER', 'ACCOUNT', 'REGION', 'VERSION'], rows);
}

function clusterDetails(cluster: ClusterView): string[] {
  const zones = cluster.zones.map(({ zone, addressesLeft, freePrefixCount }) => {
    const blocks = freePrefixCount === null ? '/28 blocks not known' : `${plural(freePrefixCount, '/28 block')}`;
    return `${zone} ${plural(addressesLeft, 'address', 'addresses')}, ${blocks}`;
  });
  const unseen = cluster.subnets.filter(({ isSeen }) => !isSeen).map(({ subnetId }) => subnetId);
  return [
    zones.length === 0 ? 'no subnet of it is known' : `free by zone: ${zones.join('; ')}`,
    ...(cluster.status === 'healthy' || cluster.bindingSubnetId === null
      ? []
      : [`decided by ${cluster.bindingSubnetId}`]),
    ...(unseen.length === 0 ? [] : [`names subnets that no scanned account lists: ${unseen.join(', ')}`]),
  ];
}

function subnetSection(subnets: readonly SubnetView[]): string {
  const rows = subnets.map((subnet) => ({
    cells: [
      subnet.status,
      subnet.subnetId,
      subnet.availabilityZoneId ?? subnet.availabilityZone,
      subnet.accountId,
      subnet.cidrBlock ?? 'IPv6 only',
      numberCell(subnet.addressesLeft),
      percentCell(subnet),
      numberCell(subnet.freePrefixCount),
    ],
    details: subnetDetails(subnet),
  }));
  return table(['STATUS', 'SUBNET', 'ZONE', 'ACCOUNT', 'CIDR', 'FREE', '%', '/28'], rows, NUMBER_COLUMNS);
}

const NUMBER_COLUMNS: ReadonlySet<string> = new Set(['FREE', '%', '/28']);

function subnetDetails(subnet: SubnetView): string[] {
  const reasons = subnet.statusReasons.filter(({ code }) => code !== 'no-forecast').map(({ message }) => message);
  const serves = subnet.clusters.map(({ clusterName, sources }) => `${clusterName} (${sources.join(', ')})`);
  const unaccounted = subnet.unaccountedAddressCount ?? 0;
  return [
    ...(reasons.length === 0 ? [] : [reasons.join('; ')]),
    ...(serves.length === 0 ? [] : [`serves ${serves.join(', ')}`]),
    ...(subnet.status === 'healthy' || subnet.holders.length === 0 ? [] : [`held by ${holdersLabel(subnet)}`]),
    ...(subnet.reconciliation === 'unexplained'
      ? [
          `EC2 counts ${plural(Math.abs(unaccounted), 'address', 'addresses')} ${unaccounted < 0 ? 'fewer' : 'more'} free than the listed interfaces explain`,
        ]
      : []),
    ...(subnet.leakedNetworkInterfaceIds.length === 0
      ? []
      : [`left behind by the VPC CNI, delete to free addresses: ${subnet.leakedNetworkInterfaceIds.join(', ')}`]),
    ...(subnet.countedFrom === 'available-ip-address-count'
      ? ['counted by EC2 alone, its interfaces were not seen']
      : []),
    ...subnet.problems,
  ];
}

const HOLDERS_MAX = 3;

function holdersLabel({ holders }: SubnetView): string {
  const labels = holders.slice(0, HOLDERS_MAX).map(({ kind, service, clusterName, addressCount }) => {
    const who = [
      service === null ? kind : `${kind} ${service}`,
      ...(clusterName === null ? [] : [`of ${clusterName}`]),
    ];
    return `${who.join(' ')} ${plural(addressCount, 'address', 'addresses')}`;
  });
  const more = holders.length - HOLDERS_MAX;
  return more > 0 ? `${labels.join(', ')} and ${more} more` : labels.join(', ');
}

function footer({ coverage, subnets }: AuditView): string {
  const notEnabled = new Set(coverage.accounts.flatMap(({ regionsNotEnabled }) => regionsNotEnabled));
  const notes = [
    ...(subnets.length === 0
      ? []
      : [
          "FREE: addresses free outside CIDR reservations, the lower one of what the listed network interfaces leave and EC2's own count; %: of the usable; /28: free blocks for prefixes, at the least as far as addresses show: EC2 may keep some ranges for itself.",
          'No forecast: this is a single look, without history.',
        ]),
    ...(notEnabled.size === 0
      ? []
      : [`Regions that accounts have not enabled, not scanned: ${[...notEnabled].sort().join(', ')}.`]),
  ];
  return notes.map((note) => wrapAnsi(note, COLUMNS)).join('\n');
}

interface Row {
  readonly cells: readonly string[];
  readonly details: readonly string[];
}

/** A table whose columns are as wide as their widest cell; details stand below their row, indented and wrapped. */
function table(header: readonly string[], rows: readonly Row[], numeric: ReadonlySet<string> = new Set()): string {
  const widths = header.map((title, column) =>
    Math.max(title.length, ...rows.map(({ cells }) => cells[column]?.length ?? 0)),
  );
  widths[0] = STATUS_WIDTH;
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return numeric.has(header[column] ?? '') ? cell.padStart(width) : cell.padEnd(width);
      })
      .join(GAP)
      .trimEnd();
  const body = rows.flatMap(({ cells, details }) => [
    line(cells.map(printable)),
    ...details.map((detail) => wrapped(DETAIL_INDENT, detail)),
  ]);
  return [line(header), ...body].join('\n');
}

/** Wraps text behind a label; following lines are indented by the label's width. */
function wrapped(label: string, text: string): string {
  const indent = ' '.repeat(label.length);
  const lines = wrapAnsi(printable(text), COLUMNS - label.length, { hard: true }).split('\n');
  return lines.map((line, index) => `${index === 0 ? label : indent}${line}`).join('\n');
}

function accountLabel(accountId: string, name: string | null): string {
  return name === null ? accountId : `${accountId} "${name}"`;
}

function numberCell(value: number | null): string {
  return value === null ? '?' : String(value);
}

/** Rounded down: a subnet with one free address never shows more than it has. */
function percentCell({ addressesLeft, usableAddressCount }: SubnetView): string {
  return addressesLeft === null || usableAddressCount === null || usableAddressCount === 0
    ? '?'
    : `${Math.floor((100 * addressesLeft) / usableAddressCount)}`;
}

function minuteOf(instant: string): string {
  return instant.slice(0, 19).replace('T', ' ');
}

function plural(count: number, singular: string, form = `${singular}s`): string {
  return `${count} ${count === 1 ? singular : form}`;
}
