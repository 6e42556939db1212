import type { AuditView } from '../api/audit-view.ts';
import type { ClusterView } from '../api/cluster-view.ts';
import type { CoverageView, NotSeenView } from '../api/coverage-view.ts';
import type { SubnetView } from '../api/subnet-view.ts';
import { STATUSES } from '../domain/capacity/subnet-status.ts';
import { renderTextTable, type TextColumn } from './text-table.ts';
import { wrappedText } from './wrapped-text.ts';

/** Details stand below what follows the longest status. */
const DETAIL_INDENT_WIDTH = Math.max(...STATUSES.map(({ length }) => length)) + 2;
/** More ids than this are counted, not listed; JSON has all. */
const RESOURCE_IDS_MAX = 4;
const REGIONS_MAX = 4;

/** Prints an audit for a terminal of 100 columns: what was not seen first, then clusters and subnets by urgency. */
export function renderAuditTable(view: AuditView): string {
  const sections = [
    heading(view),
    notSeenSection(view.coverage),
    ...(isAnythingScanned(view) ? roomSections(view) : ['Nothing was scanned.']),
    footer(view),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

/** Where no account was entered nobody knows whether there are clusters. */
function isAnythingScanned({ coverage }: AuditView): boolean {
  return coverage.accounts.some(({ outcome }) => outcome === 'scanned');
}

function roomSections({ clusters, subnets }: AuditView): string[] {
  return [
    clusters.length === 0 ? 'No clusters.' : clusterSection(clusters),
    subnets.length === 0 ? 'No subnets.' : subnetSection(subnets),
  ];
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
    `Elbowroom audit, observed ${secondOf(coverage.startedAt)} to ${secondOf(coverage.finishedAt)} UTC`,
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
    ...leftOut.map(({ accountId, accountName, notScannedReason }) =>
      wrappedText(
        'skipped   ',
        `account ${accountLabel(accountId, accountName)}: ${notScannedReason ?? 'not scanned'}`,
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
  const label = `${kind}  `;
  const what = wrappedText(label, `${place}: ${first.action} ${first.code}: ${first.message}`);
  return first.advice === null
    ? what
    : `${what}\n${wrappedText(' '.repeat(label.length), `what helps: ${first.advice}`)}`;
}

function resourceLabel(resourceIds: readonly string[]): string | undefined {
  if (resourceIds.length === 0) {
    return undefined;
  }
  const listed = resourceIds.slice(0, RESOURCE_IDS_MAX).join(', ');
  const more = resourceIds.length - RESOURCE_IDS_MAX;
  return more > 0 ? `of ${listed} and ${more} more` : `of ${listed}`;
}

const CLUSTER_COLUMNS: readonly TextColumn[] = [
  { title: 'STATUS', align: 'left', narrowed: 5 },
  { title: 'CLUSTER', align: 'left', narrowed: 1 },
  { title: 'ACCOUNT', align: 'left', narrowed: 4 },
  { title: 'REGION', align: 'left', narrowed: 2 },
  { title: 'VERSION', align: 'left', narrowed: 3 },
];

function clusterSection(clusters: readonly ClusterView[]): string {
  const rows = clusters.map((cluster) => ({
    cells: [cluster.status, cluster.clusterName, cluster.accountId, cluster.region, cluster.version ?? '?'],
    details: clusterDetails(cluster),
  }));
  return renderTextTable(CLUSTER_COLUMNS, rows, DETAIL_INDENT_WIDTH);
}

function clusterDetails(cluster: ClusterView): string[] {
  const zones = cluster.zones.map(({ zone, addressesLeft, freePrefixCount }) => {
    const blocks = freePrefixCount === null ? '/28 blocks not known' : `${plural(freePrefixCount, '/28 block')}`;
    return `${zone} ${plural(addressesLeft, 'address', 'addresses')}, ${blocks}`;
  });
  const unseen = cluster.subnets.filter(({ isSeen }) => !isSeen).map(({ subnetId }) => subnetId);
  return [
    ...(cluster.ownerTeam === null ? [] : [`team ${cluster.ownerTeam}`]),
    zones.length === 0 ? 'no subnet of it is known' : `free by zone: ${zones.join('; ')}`,
    ...(cluster.status === 'healthy' || cluster.bindingSubnetId === null
      ? []
      : [`decided by ${cluster.bindingSubnetId}`]),
    ...(unseen.length === 0 ? [] : [`names subnets that no scanned account lists: ${unseen.join(', ')}`]),
  ];
}

/** An id is narrowed last: broken in two it cannot be copied. */
const SUBNET_COLUMNS: readonly TextColumn[] = [
  { title: 'STATUS', align: 'left', narrowed: 7 },
  { title: 'SUBNET', align: 'left', narrowed: 8 },
  { title: 'ZONE', align: 'left', narrowed: 1 },
  { title: 'ACCOUNT', align: 'left', narrowed: 6 },
  { title: 'CIDR', align: 'left', narrowed: 5 },
  { title: 'FREE', align: 'right', narrowed: 3 },
  { title: '%', align: 'right', narrowed: 4 },
  { title: '/28', align: 'right', narrowed: 2 },
];

function subnetSection(subnets: readonly SubnetView[]): string {
  const rows = subnets.map((subnet) => ({
    cells: [
      subnet.status,
      subnet.subnetId,
      subnet.availabilityZoneId ?? subnet.availabilityZone,
      subnet.accountId,
      subnet.cidrBlock ?? 'IPv6 only',
      ...(subnet.cidrBlock === null ? [NOT_APPLICABLE, NOT_APPLICABLE, NOT_APPLICABLE] : numberCells(subnet)),
    ],
    details: subnetDetails(subnet),
  }));
  return renderTextTable(SUBNET_COLUMNS, rows, DETAIL_INDENT_WIDTH);
}

const NOT_APPLICABLE = '-';

function numberCells(subnet: SubnetView): string[] {
  const { addressesLeft, freePrefixCount, maxPrefixCount } = subnet;
  const blocks = maxPrefixCount === null ? '?' : `${freePrefixCount ?? '?'}/${maxPrefixCount}`;
  return [addressesLeft === null ? '?' : String(addressesLeft), percentCell(subnet), blocks];
}

function subnetDetails(subnet: SubnetView): string[] {
  const reasons = subnet.statusReasons.filter(({ code }) => code !== 'no-forecast').map(({ message }) => message);
  const serves = subnet.clusters.map(({ clusterName }) => clusterName).join(', ');
  const identity = [
    ...(subnet.name === null ? [] : [`"${subnet.name}"`]),
    ...(serves === '' ? [] : [`serves ${serves}`]),
    ...(subnet.ownerTeam === null ? [] : [`team ${subnet.ownerTeam}`]),
  ];
  const unaccounted = subnet.unaccountedAddressCount ?? 0;
  return [
    ...(identity.length === 0 ? [] : [identity.join(' · ')]),
    ...(reasons.length === 0 ? [] : [reasons.join('; ')]),
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
  const notEnabled = coverage.accounts.flatMap(({ regionsNotEnabled }) => regionsNotEnabled);
  const leftOut = coverage.accounts.flatMap(({ regionsLeftOut }) => regionsLeftOut);
  const notes = [
    ...(subnets.length === 0
      ? []
      : [
          "FREE: addresses free outside CIDR reservations, the lower one of what the listed network interfaces leave and EC2's own count; %: of the usable; /28: free blocks for prefixes of those that an empty subnet has, at the least as far as addresses show: EC2 may keep some ranges for itself.",
          'No forecast: this is a single look, without history.',
        ]),
    ...regionNote('Regions that accounts have not enabled, not scanned', notEnabled),
    ...regionNote('Regions that the settings leave out', leftOut),
  ];
  return notes.map((note) => wrappedText('', note)).join('\n');
}

function regionNote(title: string, regions: readonly string[]): string[] {
  return regions.length === 0 ? [] : [`${title}: ${[...new Set(regions)].sort().join(', ')}.`];
}

function accountLabel(accountId: string, name: string | null): string {
  return name === null ? accountId : `${accountId} "${name}"`;
}

/** Rounded down: a subnet with one free address never shows more than it has. */
function percentCell({ addressesLeft, usableAddressCount }: SubnetView): string {
  return addressesLeft === null || usableAddressCount === null || usableAddressCount === 0
    ? '?'
    : `${Math.floor((100 * addressesLeft) / usableAddressCount)}`;
}

function secondOf(instant: string): string {
  return instant.slice(0, 19).replace('T', ' ');
}

function plural(count: number, singular: string, form = `${singular}s`): string {
  return `${count} ${count === 1 ? singular : form}`;
}
