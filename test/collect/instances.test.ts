import type { InstanceTypeInfo } from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { parseInstance, parseInstanceType } from '../../lib/collect/instances.ts';
import { describeParseContract } from './parse-contract.ts';

describeParseContract('an instance', {
  parse: parseInstance,
  resource: 'instance "i-1"',
  idField: 'InstanceId',
  required: ['InstanceType'],
  full: {
    InstanceId: 'i-1',
    InstanceType: 'm5.large',
    State: { Name: 'running' },
    SubnetId: 'subnet-1',
    VpcId: 'vpc-1',
    Operator: { Managed: true, Principal: 'eks.amazonaws.com', HiddenByDefault: true },
    Tags: [{ Key: 'eks:cluster-name', Value: 'prod' }],
  },
});

const TWO_CARDS = {
  InstanceType: 'p4d.24xlarge',
  BareMetal: true,
  Hypervisor: 'nitro',
  VCpuInfo: { DefaultVCpus: 96 },
  NetworkInfo: {
    MaximumNetworkInterfaces: 60,
    DefaultNetworkCardIndex: 1,
    NetworkCards: [
      { NetworkCardIndex: 2, MaximumNetworkInterfaces: 30 },
      { NetworkCardIndex: 1, MaximumNetworkInterfaces: 15 },
    ],
    Ipv4AddressesPerInterface: 50,
  },
} satisfies InstanceTypeInfo;

describeParseContract('an instance type', {
  parse: parseInstanceType,
  resource: 'instance type "p4d.24xlarge"',
  idField: 'InstanceType',
  full: TWO_CARDS,
  readDifferently: ['MaximumNetworkInterfaces', 'NetworkCardIndex', 'DefaultNetworkCardIndex'],
});

describe('the most network interfaces of an instance type', () => {
  function defaultCardMax(network: InstanceTypeInfo['NetworkInfo']): number | undefined {
    const parsed = parseInstanceType({ ...TWO_CARDS, NetworkInfo: network });
    return parsed.ok ? parsed.value.defaultCardNetworkInterfacesMax : undefined;
  }
  const cards = [
    { NetworkCardIndex: 0, MaximumNetworkInterfaces: 15 },
    { NetworkCardIndex: 1, MaximumNetworkInterfaces: 7 },
  ];

  it.each([
    { index: 0, max: 15 },
    { index: 1, max: 7 },
    { index: 2, max: undefined },
  ])('are those of the default card, $index: $max', ({ index, max }) => {
    expect(defaultCardMax({ MaximumNetworkInterfaces: 22, DefaultNetworkCardIndex: index, NetworkCards: cards })).toBe(
      max,
    );
  });

  it('are those of the only card where EC2 does not say which is the default', () => {
    expect(defaultCardMax({ NetworkCards: cards.slice(0, 1) })).toBe(15);
    expect(defaultCardMax({ NetworkCards: cards })).toBeUndefined();
  });

  it('are unknown without cards, however many the type has in all', () => {
    expect(defaultCardMax({ MaximumNetworkInterfaces: 4, DefaultNetworkCardIndex: 0 })).toBeUndefined();
    expect(defaultCardMax(undefined)).toBeUndefined();
  });
});
