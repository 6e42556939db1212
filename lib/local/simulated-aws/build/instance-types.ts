import type { InstanceTypeInfo } from '@aws-sdk/client-ec2';
import type { SimulatedRegion } from '../state.ts';

/** What an instance type allows. */
export interface InstanceLimits {
  readonly name: NonNullable<InstanceTypeInfo['InstanceType']>;
  readonly vcpuCount: number;
  readonly memoryMib: number;
  readonly networkInterfacesMax: number;
  readonly ipv4AddressesPerInterface: number;
  /** Interfaces of pods with security groups of their own; 0 where the type has no trunk. EC2 does not tell. */
  readonly branchInterfacesMax: number;
}

const MIB_PER_GIB = 1024;

// "Network specifications" in https://docs.aws.amazon.com/ec2/latest/instancetypes/gp.html and its neighbours; branches by
// https://github.com/aws/amazon-vpc-resource-controller-k8s/blob/master/pkg/aws/vpc/limits.go.
const INSTANCE_TYPES: readonly InstanceLimits[] = [
  limits('t3.medium', { vcpus: 2, gib: 4, interfaces: 3, addresses: 6, branches: 0 }),
  limits('m5.large', { vcpus: 2, gib: 8, interfaces: 3, addresses: 10, branches: 9 }),
  limits('m5.xlarge', { vcpus: 4, gib: 16, interfaces: 4, addresses: 15, branches: 18 }),
  limits('m5.4xlarge', { vcpus: 16, gib: 64, interfaces: 8, addresses: 30, branches: 54 }),
  limits('t3.small', { vcpus: 2, gib: 2, interfaces: 3, addresses: 4, branches: 0 }),
  limits('c5.large', { vcpus: 2, gib: 4, interfaces: 3, addresses: 10, branches: 9 }),
  limits('m5.2xlarge', { vcpus: 8, gib: 32, interfaces: 4, addresses: 15, branches: 38 }),
  limits('p3dn.24xlarge', { vcpus: 96, gib: 768, interfaces: 15, addresses: 50, branches: 107 }),
];

/** Adds the instance types that the builder's nodes use. */
export function addInstanceTypes(region: SimulatedRegion): void {
  region.instanceTypes.push(...INSTANCE_TYPES.map(instanceTypeInfo));
}

/** Returns what an instance type allows; throws for one that is not simulated. */
export function instanceLimits(name: string): InstanceLimits {
  const found = INSTANCE_TYPES.find((each) => each.name === name);
  if (found === undefined) {
    const known = INSTANCE_TYPES.map((each) => each.name).join(', ');
    throw new Error(`Cannot use the instance type "${name}": expected one of ${known}`);
  }
  return found;
}

function limits(
  name: InstanceLimits['name'],
  counts: Readonly<Record<'vcpus' | 'gib' | 'interfaces' | 'addresses' | 'branches', number>>,
): InstanceLimits {
  return {
    name,
    vcpuCount: counts.vcpus,
    memoryMib: counts.gib * MIB_PER_GIB,
    networkInterfacesMax: counts.interfaces,
    ipv4AddressesPerInterface: counts.addresses,
    branchInterfacesMax: counts.branches,
  };
}

function instanceTypeInfo(type: InstanceLimits): InstanceTypeInfo {
  const { name, vcpuCount, memoryMib, networkInterfacesMax, ipv4AddressesPerInterface } = type;
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
