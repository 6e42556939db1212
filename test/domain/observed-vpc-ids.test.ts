import { describe, expect, it } from 'vitest';
import { observedVpcIds } from '../../lib/domain/observed-vpc-ids.ts';
import { aNetworkInterface, aSubnet } from '../helpers/builders.ts';
import { denied, seen, someRegionFacts } from '../helpers/region-facts-builder.ts';

const VPC = { vpcId: 'vpc-listed', ownerId: undefined, cidrBlocks: [], isDefault: undefined, tags: [] };

describe('the VPCs that were observed', () => {
  it('are those listed and those that something lies in', () => {
    const facts = someRegionFacts({
      vpcs: seen([VPC]),
      subnets: seen([aSubnet({ vpcId: 'vpc-of-subnet' })]),
      networkInterfaces: seen([aNetworkInterface({ vpcId: 'vpc-of-interface' })]),
    });
    expect(observedVpcIds(facts)).toEqual(new Set(['vpc-listed', 'vpc-of-subnet', 'vpc-of-interface']));
  });

  it('are none where nothing could be read', () => {
    const facts = someRegionFacts({
      vpcs: denied('ec2:DescribeVpcs'),
      subnets: denied('ec2:DescribeSubnets'),
      networkInterfaces: denied('ec2:DescribeNetworkInterfaces'),
    });
    expect(observedVpcIds(facts).size).toBe(0);
  });
});
