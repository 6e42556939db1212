import type { SubnetView } from '../api/subnet-view.ts';

/** Says why a subnet has a number less: what its counts rest on, or why there are none. For a value that is null. */
export function whyNotCounted({ cidrBlock, countedFrom }: Pick<SubnetView, 'cidrBlock' | 'countedFrom'>): string {
  if (cidrBlock === null) {
    return 'no IPv4 block';
  }
  return countedFrom === null ? 'CIDR block cannot be read' : 'interfaces not listed';
}

/** Says why a subnet has no interfaces to show, for a list that is empty though they were not, or not surely, listed. */
export function whyNoInterfaces({ countedFrom }: Pick<SubnetView, 'countedFrom'>): string {
  return countedFrom === null ? 'none known of' : 'interfaces not listed';
}
