import type { NetworkInterface as SdkNetworkInterface } from '@aws-sdk/client-ec2';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseNetworkInterface } from '../../lib/collect/network-interfaces.ts';
import { createInterner } from '../../lib/collect/parsing.ts';
import type { NetworkInterface } from '../../lib/domain/network/network.ts';
import { describeParseContract } from './parse-contract.ts';

const FULL = {
  NetworkInterfaceId: 'eni-1',
  SubnetId: 'subnet-1',
  VpcId: 'vpc-1',
  OwnerId: '111122223333',
  InterfaceType: 'trunk',
  Description: 'aws-k8s-trunk-eni',
  RequesterId: '444455556666',
  RequesterManaged: true,
  Status: 'in-use',
  Attachment: {
    InstanceId: 'i-1',
    InstanceOwnerId: '777788889999',
    DeviceIndex: 1,
    NetworkCardIndex: 2,
    Status: 'attached',
  },
  Operator: { Managed: true, Principal: 'eks.amazonaws.com', HiddenByDefault: true },
  PrivateIpAddress: '10.0.0.5',
  PrivateIpAddresses: [
    { Primary: true, PrivateIpAddress: '10.0.0.5' },
    { Primary: false, PrivateIpAddress: '10.0.0.6' },
  ],
  Ipv4Prefixes: [{ Ipv4Prefix: '10.0.0.16/28' }],
  TagSet: [{ Key: 'cluster.k8s.amazonaws.com/name', Value: 'prod' }],
} satisfies SdkNetworkInterface;

describeParseContract('a network interface', {
  parse: parseNetworkInterface,
  resource: 'network interface "eni-1"',
  idField: 'NetworkInterfaceId',
  required: ['SubnetId', 'VpcId', 'OwnerId'],
  full: FULL,
  readDifferently: ['PrivateIpAddress', 'Primary', 'Ipv4Prefix'],
  // An interface without a description has the empty one; a prefix without its text is reported as that.
  emptyWhereAbsent: ['description', 'malformedAddresses'],
});

function parsed(overrides: Partial<SdkNetworkInterface>): NetworkInterface {
  const result = parseNetworkInterface({ ...FULL, ...overrides });
  if (!result.ok) {
    throw new Error(result.error);
  }
  return result.value;
}

const TEN_NET = 0x0a_00_00_00;

describe('parseNetworkInterface', () => {
  it('keeps addresses as numbers and every other field as it came', () => {
    expect(parsed({})).toEqual({
      networkInterfaceId: 'eni-1',
      subnetId: 'subnet-1',
      vpcId: 'vpc-1',
      ownerId: '111122223333',
      interfaceType: 'trunk',
      description: 'aws-k8s-trunk-eni',
      requesterId: '444455556666',
      requesterManaged: true,
      status: 'in-use',
      attachment: {
        instanceId: 'i-1',
        instanceOwnerId: '777788889999',
        deviceIndex: 1,
        networkCardIndex: 2,
        status: 'attached',
      },
      operator: { managed: true, principal: 'eks.amazonaws.com', hiddenByDefault: true },
      privateIpAddresses: [TEN_NET + 5, TEN_NET + 6],
      ipv4Prefixes: [{ base: TEN_NET + 16, prefixLength: 28 }],
      malformedAddresses: [],
      tags: [['cluster.k8s.amazonaws.com/name', 'prod']],
    });
  });

  it('puts the primary address first, wherever EC2 lists it, and keeps the order of the others', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), fc.nat(), (count, seed) => {
        const primary = seed % count;
        const listed = Array.from({ length: count }, (_, index) => ({
          Primary: index === primary,
          PrivateIpAddress: `10.0.0.${index + 4}`,
        }));
        const others = listed.map((_, index) => TEN_NET + 4 + index).filter((_, index) => index !== primary);
        const { privateIpAddresses } = parsed({ PrivateIpAddresses: listed });
        expect(privateIpAddresses).toEqual([TEN_NET + 4 + primary, ...others]);
      }),
    );
  });

  it.each([{ PrivateIpAddresses: [] }, { PrivateIpAddresses: undefined }])(
    'takes the primary address alone where there is no list: %j',
    (overrides) => {
      expect(parsed(overrides).privateIpAddresses).toEqual([TEN_NET + 5]);
    },
  );

  it('has no address where EC2 names none', () => {
    expect(parsed({ PrivateIpAddress: undefined, PrivateIpAddresses: [] }).privateIpAddresses).toEqual([]);
  });

  it.each(['10.0.0.256', '10.0.0', '10.0.0.05', '', '2600:1f18::1', ' 10.0.0.5'])(
    'keeps the malformed address "%s" to be reported',
    (text) => {
      const { privateIpAddresses, malformedAddresses } = parsed({
        PrivateIpAddresses: [
          { Primary: false, PrivateIpAddress: text },
          { Primary: true, PrivateIpAddress: '10.0.0.5' },
        ],
      });
      expect(privateIpAddresses).toEqual([TEN_NET + 5]);
      expect(malformedAddresses).toEqual([text]);
    },
  );

  it.each(['10.0.0.17/28', '10.0.0.16', '10.0.0.16/33', 'x/28'])(
    'keeps the malformed prefix "%s" to be reported',
    (text) => {
      const { ipv4Prefixes, malformedAddresses } = parsed({
        Ipv4Prefixes: [{ Ipv4Prefix: '10.0.0.32/28' }, { Ipv4Prefix: text }],
      });
      expect(ipv4Prefixes).toEqual([{ base: TEN_NET + 32, prefixLength: 28 }]);
      expect(malformedAddresses).toEqual([text]);
    },
  );

  it('takes types that the SDK does not list', () => {
    expect(parsed({ InterfaceType: 'nat_gateway' as NonNullable<SdkNetworkInterface['InterfaceType']> })).toMatchObject(
      { interfaceType: 'nat_gateway' },
    );
  });

  it('shares tags between interfaces that are read with one interner', () => {
    const intern = createInterner();
    const [first, second] = ['eni-1', 'eni-2'].map((NetworkInterfaceId) =>
      parseNetworkInterface({ ...structuredClone(FULL), NetworkInterfaceId }, intern),
    );
    expect(first?.ok && second?.ok && first.value.tags[0] === second.value.tags[0]).toBe(true);
  });
});
