import type { InstanceTypeInfo } from '@aws-sdk/client-ec2';
import type { SimulatedRegion } from '../state.ts';

interface Limits {
  readonly name: NonNullable<InstanceTypeInfo['InstanceType']>;
  readonly vcpuCount: number;
  readonly memoryMib: number;
  readonly networkInterfacesMax: number;
  readonly ipv4AddressesPerInterface: number;
}

// "Network specifications" in https://docs.aws.amazon.com/ec2/latest/instancetypes/gp.html.
const INSTANCE_TYPES: readonly Limits[] = [
  { name: 't3.medium', vcpuCount: 2, memoryMib: 4096, networkInterfacesMax: 3, ipv4AddressesPerInterface: 6 },
  { name: 'm5.large', vcpuCount: 2, memoryMib: 8192, networkInterfacesMax: 3, ipv4AddressesPerInterface: 10 },
  { name: 'm5.xlarge', vcpuCount: 4, memoryMib: 16_384, networkInterfacesMax: 4, ipv4AddressesPerInterface: 15 },
  { name: 'm5.4xlarge', vcpuCount: 16, memoryMib: 65_536, networkInterfacesMax: 8, ipv4AddressesPerInterface: 30 },
];

/** Adds the instance types that the builder's nodes use. */
export function addInstanceTypes(region: SimulatedRegion): void {
  region.instanceTypes.push(...INSTANCE_TYPES.map(instanceTypeInfo));
}

function instanceTypeInfo(limits: Limits): InstanceTypeInfo {
  const { name, vcpuCount, memoryMib, networkInterfacesMax, ipv4AddressesPerInterface } = limits;
  return {
    InstanceType: name,
    CurrentGeneration: true,
    BareMetal: false,
    Hypervisor: 'nitro',
    ProcessorInfo: { SupportedArchitectures: ['x86_64'] },
    VCpuInfo: { DefaultVCpus: vcpuCount },
    MemoryInfo: { SizeInMiB: memoryMib },
    NetworkInfo: {
      MaximumNetworkInterfaces: networkInterfacesMax,
      MaximumNetworkCards: 1,
      DefaultNetworkCardIndex: 0,
      NetworkCards: [{ NetworkCardIndex: 0, MaximumNetworkInterfaces: networkInterfacesMax }],
      Ipv4AddressesPerInterface: ipv4AddressesPerInterface,
      Ipv6AddressesPerInterface: ipv4AddressesPerInterface,
      Ipv6Supported: true,
    },
  };
}
