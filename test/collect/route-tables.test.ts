import type { Route as SdkRoute } from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { parseRouteTable } from '../../lib/collect/route-tables.ts';
import { describeParseContract } from './parse-contract.ts';

const FULL = {
  RouteTableId: 'rtb-1',
  VpcId: 'vpc-1',
  OwnerId: '111122223333',
  Associations: [{ SubnetId: 'subnet-1' }, { Main: true }],
  Routes: [
    {
      DestinationCidrBlock: '0.0.0.0/0',
      NatGatewayId: 'nat-1',
      State: 'active' as const,
      Origin: 'CreateRoute' as const,
    },
  ],
  Tags: [{ Key: 'Name', Value: 'private' }],
};

describeParseContract('a route table', {
  parse: parseRouteTable,
  resource: 'route table "rtb-1"',
  idField: 'RouteTableId',
  required: ['VpcId'],
  full: FULL,
  // A table that no association calls the main one is not; a route always has a destination.
  emptyWhereAbsent: ['isMain', 'destination'],
});

function routeOf(route: SdkRoute) {
  const parsed = parseRouteTable({ ...FULL, Routes: [route] });
  return parsed.ok ? parsed.value.routes[0] : undefined;
}

describe('the target of a route', () => {
  it.each([
    { NatGatewayId: 'nat-1' },
    { TransitGatewayId: 'tgw-1' },
    { NetworkInterfaceId: 'eni-1' },
    { InstanceId: 'i-1' },
    { GatewayId: 'igw-1' },
    { VpcPeeringConnectionId: 'pcx-1' },
    { CoreNetworkArn: 'arn:aws:networkmanager::111122223333:core-network/core-network-1' },
    { EgressOnlyInternetGatewayId: 'eigw-1' },
    { CarrierGatewayId: 'cagw-1' },
    { LocalGatewayId: 'lgw-1' },
  ])('is the field that EC2 filled: %j', (target) => {
    const [[targetField, targetId] = []] = Object.entries(target);
    expect(routeOf({ DestinationCidrBlock: '0.0.0.0/0', ...target })).toMatchObject({ targetField, targetId });
  });

  it('is the interface where EC2 names its instance too', () => {
    expect(routeOf({ InstanceId: 'i-1', NetworkInterfaceId: 'eni-1', InstanceOwnerId: '111122223333' })).toMatchObject({
      targetField: 'NetworkInterfaceId',
      targetId: 'eni-1',
    });
  });

  it('is undefined where EC2 filled none that is known', () => {
    expect(routeOf({ DestinationCidrBlock: '0.0.0.0/0', State: 'blackhole' })).toEqual({
      destination: '0.0.0.0/0',
      targetField: undefined,
      targetId: undefined,
      state: 'blackhole',
      origin: undefined,
    });
  });
});

describe('the destination of a route', () => {
  it.each([
    { DestinationCidrBlock: '10.0.0.0/16' },
    { DestinationIpv6CidrBlock: '::/0' },
    { DestinationPrefixListId: 'pl-1' },
  ])('is the field that EC2 filled: %j', (destination) => {
    expect(routeOf({ GatewayId: 'local', ...destination })?.destination).toBe(Object.values(destination)[0]);
  });
});

describe('the associations of a route table', () => {
  it('name its subnets, and the main one names none', () => {
    expect(parseRouteTable(FULL)).toMatchObject({ value: { subnetIds: ['subnet-1'], isMain: true } });
    expect(parseRouteTable({ ...FULL, Associations: [{ SubnetId: 'subnet-1', Main: false }] })).toMatchObject({
      value: { subnetIds: ['subnet-1'], isMain: false },
    });
  });
});
