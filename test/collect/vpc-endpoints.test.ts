import { describe, expect, it } from 'vitest';
import { parseVpcEndpoint } from '../../lib/collect/vpc-endpoints.ts';
import { describeParseContract } from './parse-contract.ts';

const FULL = {
  VpcEndpointId: 'vpce-1',
  VpcEndpointType: 'ServiceNetwork' as const,
  VpcId: 'vpc-1',
  ServiceName: 'com.amazonaws.us-east-1.sts',
  State: 'Available' as const,
  OwnerId: '111122223333',
  SubnetIds: ['subnet-1'],
  NetworkInterfaceIds: ['eni-1'],
  Ipv4Prefixes: [{ SubnetId: 'subnet-2', IpPrefixes: ['10.0.0.16/28'] }],
  Tags: [{ Key: 'Name', Value: 'services' }],
};

describeParseContract('a VPC endpoint', {
  parse: parseVpcEndpoint,
  resource: 'VPC endpoint "vpce-1"',
  idField: 'VpcEndpointId',
  required: ['VpcId'],
  full: FULL,
});

describe('parseVpcEndpoint', () => {
  it('keeps the prefixes with the subnets they lie in', () => {
    expect(parseVpcEndpoint(FULL)).toMatchObject({
      value: { ipv4Prefixes: [{ subnetId: 'subnet-2', cidrs: ['10.0.0.16/28'] }] },
    });
  });

  it('keeps the state as EC2 spells it, in lower case too', () => {
    // Recorded answers spell it so, whatever the SDK's list says.
    const state = 'available' as unknown as (typeof FULL)['State'];
    expect(parseVpcEndpoint({ ...FULL, State: state })).toMatchObject({ value: { state: 'available' } });
  });
});
