import type { FleetView } from '../../api/fleet-view.ts';
import { printable } from '../printable.ts';

const SUBNETS_SHOWN = 3;
const NOT_SEEN_SHOWN = 3;

/** What the service says of its first scan: what is most urgent, what was not seen, where to look. */
export function startSummary({ totals, mostUrgentSubnets, coverage }: FleetView, url: string): string {
  const notSeen = coverage?.notSeen ?? [];
  const required = notSeen.filter(({ isRequired }) => isRequired);
  const lines = [
    `${totals.subnetCount} subnets, ${totals.clusterCount} clusters; subnets: ${statusText(totals.subnetCountByStatus)}`,
    ...mostUrgentSubnets.slice(0, SUBNETS_SHOWN).map(subnetLine),
    notSeen.length === 0
      ? 'Everything asked for was seen.'
      : `NOT SEEN: ${required.length} required, ${notSeen.length - required.length} optional`,
    ...[...required, ...notSeen.filter(({ isRequired }) => !isRequired)].slice(0, NOT_SEEN_SHOWN).map(notSeenLine),
    `Look at ${url}/; JSON at /v1/fleet, /v1/subnets, /v1/clusters, /v1/runs`,
  ];
  return `${lines.join('\n')}\n`;
}

function statusText(counts: FleetView['totals']['subnetCountByStatus']): string {
  const present = Object.entries(counts).filter(([, count]) => count > 0);
  return present.length === 0 ? 'none' : present.map(([status, count]) => `${count} ${status}`).join(', ');
}

function subnetLine(subnet: FleetView['mostUrgentSubnets'][number]): string {
  const { status, subnetId, accountId, region, addressesLeft, freePrefixCount, statusReasons } = subnet;
  const left = addressesLeft === null ? 'addresses left unknown' : `${addressesLeft} addresses left`;
  const blocks = freePrefixCount === null ? '/28 blocks unknown' : `${freePrefixCount} free /28 blocks`;
  const why = statusReasons[0]?.message;
  return `  ${status}  ${subnetId} in ${accountId} ${region}: ${left}, ${blocks}${why === undefined ? '' : `; ${printable(why)}`}`;
}

type NotSeenLine = NonNullable<FleetView['coverage']>['notSeen'][number];

function notSeenLine({ accountId, accountName, region, scope, action, code, isRequired }: NotSeenLine): string {
  const where = [accountId, accountName === null ? null : `"${printable(accountName)}"`, region];
  const what = `${where.filter((part) => part !== null).join(' ')} ${scope}: ${action} ${code}`;
  return `  ${isRequired ? 'required' : 'optional'}  ${what}`;
}
