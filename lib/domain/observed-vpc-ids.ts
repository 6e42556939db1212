import type { Fact } from './fact.ts';
import type { RegionFacts } from './region-facts.ts';

/** Returns the ids of the VPCs that were listed, or in which a subnet or a network interface was. */
export function observedVpcIds({ vpcs, subnets, networkInterfaces }: RegionFacts): ReadonlySet<string> {
  return new Set([...vpcIdsOf(vpcs), ...vpcIdsOf(subnets), ...vpcIdsOf(networkInterfaces)]);
}

/** What could not be read names no VPC. */
function vpcIdsOf(fact: Fact<readonly { readonly vpcId: string }[]>): readonly string[] {
  return fact.state === 'observed' ? fact.value.map(({ vpcId }) => vpcId) : [];
}
