import { describe, expect, it } from 'vitest';
import { parseReservation, parseSubnet } from '../../lib/collect/subnets.ts';
import { describeParseContract } from './parse-contract.ts';

const SUBNET = {
  SubnetId: 'subnet-1',
  SubnetArn: 'arn:aws:ec2:us-east-1:111122223333:subnet/subnet-1',
  VpcId: 'vpc-1',
  OwnerId: '111122223333',
  AvailabilityZone: 'us-east-1a',
  AvailabilityZoneId: 'use1-az1',
  CidrBlock: '10.0.0.0/24',
  AvailableIpAddressCount: 251,
  Ipv6Native: true,
  MapPublicIpOnLaunch: true,
  State: 'available' as const,
  Tags: [{ Key: 'Name', Value: 'nodes' }],
};

describeParseContract('a subnet', {
  parse: parseSubnet,
  resource: 'subnet "subnet-1"',
  idField: 'SubnetId',
  required: ['VpcId', 'OwnerId', 'AvailabilityZone', 'AvailableIpAddressCount'],
  full: SUBNET,
});

describeParseContract('a CIDR reservation', {
  parse: parseReservation,
  resource: 'subnet CIDR reservation "scr-1"',
  idField: 'SubnetCidrReservationId',
  required: ['SubnetId', 'Cidr', 'ReservationType'],
  full: {
    SubnetCidrReservationId: 'scr-1',
    SubnetId: 'subnet-1',
    Cidr: '10.0.0.16/28',
    ReservationType: 'prefix',
    OwnerId: '111122223333',
    Description: 'for pods',
    Tags: [{ Key: 'Name', Value: 'pods' }],
  },
});

describe('parseSubnet', () => {
  it('takes over each field', () => {
    expect(parseSubnet(SUBNET)).toEqual({
      ok: true,
      value: {
        subnetId: 'subnet-1',
        subnetArn: 'arn:aws:ec2:us-east-1:111122223333:subnet/subnet-1',
        vpcId: 'vpc-1',
        ownerId: '111122223333',
        availabilityZone: 'us-east-1a',
        availabilityZoneId: 'use1-az1',
        cidrBlock: '10.0.0.0/24',
        availableIpAddressCount: 251,
        ipv6Native: true,
        mapPublicIpOnLaunch: true,
        state: 'available',
        tags: [['Name', 'nodes']],
      },
    });
  });

  it('keeps a counter of zero apart from one that is absent', () => {
    expect(parseSubnet({ ...SUBNET, AvailableIpAddressCount: 0 })).toMatchObject({
      ok: true,
      value: { availableIpAddressCount: 0 },
    });
  });

  it('reads the empty block of an IPv6-only subnet as none', () => {
    expect(parseSubnet({ ...SUBNET, CidrBlock: '' })).toMatchObject({ ok: true, value: { cidrBlock: undefined } });
  });
});
