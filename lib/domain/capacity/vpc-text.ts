import type { VpcId } from './vpc-state.ts';

/** Returns a VPC as one word, to tell VPCs apart by: those of an account come one after the other. */
export function vpcText({ ownerId, region, vpcId }: VpcId): string {
  return `${ownerId}/${region}/${vpcId}`;
}
