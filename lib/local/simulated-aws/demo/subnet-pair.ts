import { addSubnet, type BuiltVpc } from '../build/network.ts';
import type { BuiltSubnet, RegionBuilder } from '../build/region-builder.ts';

export type SubnetPair = readonly [BuiltSubnet, BuiltSubnet];

/** Adds a subnet in each of the first two zones. */
export function addPair(
  builder: RegionBuilder,
  vpc: BuiltVpc,
  name: string,
  cidrBlocks: readonly [string, string],
  tags: Readonly<Record<string, string>> = { 'kubernetes.io/role/internal-elb': '1' },
): SubnetPair {
  const add = (zoneIndex: number, cidrBlock: string): BuiltSubnet => {
    const letter = zoneIndex === 0 ? 'a' : 'b';
    return addSubnet(builder, vpc, { cidrBlock, zoneIndex, tags: { Name: `${name}-${letter}`, ...tags } });
  };
  return [add(0, cidrBlocks[0]), add(1, cidrBlocks[1])];
}
