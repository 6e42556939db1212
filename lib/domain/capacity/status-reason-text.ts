import { missingHistoryText } from '../trend/exhaustion.ts';
import type { StatusReason } from './subnet-status.ts';

/** Says a reason in one sentence without a full stop, with what was measured and what was needed. */
export function statusReasonText(reason: StatusReason): string {
  switch (reason.code) {
    case 'no-free-address':
      return 'no free address';
    case 'no-free-prefix':
      return 'prefixes are in use and no /28 block is free';
    case 'free-addresses-at-floor':
      return `${addresses(reason.observed)} free, ${reason.needed} needed: ${floorText(reason.floor)}, and one to spare`;
    case 'few-free-addresses':
      return `${addresses(reason.observed)} free, ${percent(reason.ratio)} of the subnet is ${reason.needed}`;
    case 'few-free-prefixes':
      return `${reason.observed} /28 ${reason.observed === 1 ? 'block' : 'blocks'} free while prefixes are in use, ${percent(reason.ratio)} of the most the subnet can have is ${reason.needed}`;
    case 'fact-not-seen':
      return `${reason.fact} not seen: ${reason.error.action} ${reason.error.code}`;
    case 'fact-stale':
      return `${reason.fact} last seen at ${reason.observedAt}, too long ago to rely on`;
    case 'owner-not-seen':
      return `the owner account ${reason.ownerId} is not scanned, so who uses the addresses is not known`;
    case 'cidr-unreadable':
      return `the CIDR block "${reason.cidrBlock}" cannot be read`;
    case 'ipv6-only':
      return 'the subnet has no IPv4 addresses';
    case 'exhaustion-likely':
      return `${percent(reason.probability)} likely to run out of ${reason.kind === 'addresses' ? 'addresses' : '/28 blocks'} within ${reason.withinDays} days`;
    case 'no-forecast':
      return reason.why === 'no-history'
        ? 'no forecast: this is a single look, without history'
        : missingHistoryText(reason);
  }
}

/** At most two decimals: thresholds are written by people. */
function percent(ratio: number): string {
  return `${Number((ratio * 100).toFixed(2))} %`;
}

function addresses(count: number): string {
  return count === 1 ? '1 address' : `${count} addresses`;
}

function floorText({
  controlPlaneUpdateAddresses,
  loadBalancerAddresses,
}: {
  controlPlaneUpdateAddresses: number;
  loadBalancerAddresses: number;
}): string {
  const parts: string[] = [];
  if (controlPlaneUpdateAddresses > 0) {
    parts.push(`${controlPlaneUpdateAddresses} for a control-plane update`);
  }
  if (loadBalancerAddresses > 0) {
    parts.push(`${loadBalancerAddresses} for load balancers`);
  }
  return parts.join(', ');
}
