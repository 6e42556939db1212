import type { RegionFacts } from '../../lib/domain/region-facts.ts';
import { aNetworkInterface, anAttachment, anInstance, aSubnet } from '../helpers/builders.ts';
import { seen, someRegionFacts } from '../helpers/region-facts-builder.ts';
import { incompressible } from './incompressible.ts';

const BYTES_PER_ID = 8;
const ADDRESSES_PER_SUBNET = 16_384;
const TEN_SLASH_EIGHT = 0x0a000000;
const INTERFACES_PER_NODE = 3;
const RANDOM = incompressible(17, BYTES_PER_ID * 20_000);
const BYTES_PER_CHOICE = 4;
/** The addresses of a subnet in the order in which EC2 gives them out: none that can be foretold. */
const OFFSETS = shuffled(ADDRESSES_PER_SUBNET);

function shuffled(count: number): number[] {
  const choices = Buffer.from(incompressible(18, BYTES_PER_CHOICE * count));
  return Array.from({ length: count }, (_, index) => index)
    .map((offset, index) => ({ offset, choice: choices.readUInt32LE(BYTES_PER_CHOICE * index) }))
    .toSorted((a, b) => a.choice - b.choice)
    .map(({ offset }) => offset);
}

/** An id as EC2 makes them: seventeen hexadecimal digits that nothing predicts. */
export function idOf(prefix: string, number: number): string {
  const start = BYTES_PER_ID * number;
  return `${prefix}-0${Buffer.from(RANDOM.subarray(start, start + BYTES_PER_ID)).toString('hex')}`;
}

export interface Size {
  readonly subnetCount: number;
  readonly networkInterfaceCount: number;
  readonly addressesPerInterface: number;
  /** Interfaces that have come and gone: as many of the oldest nodes' are no longer there. */
  readonly goneCount?: number;
  readonly observedAt?: string;
}

/** Interfaces of the VPC CNI with its tags, on nodes of three interfaces, whose addresses lie all over their subnet. */
export function vpcOf({
  subnetCount,
  networkInterfaceCount,
  addressesPerInterface,
  goneCount = 0,
  observedAt,
}: Size): RegionFacts {
  const subnetIds = Array.from({ length: subnetCount }, (_, index) => idOf('subnet', 19_000 + index));
  const networkInterfaces = Array.from({ length: networkInterfaceCount }, (_, position) => {
    const index = position + goneCount;
    const instanceId = idOf('i', 14_000 + Math.floor(index / INTERFACES_PER_NODE));
    const base = TEN_SLASH_EIGHT + (index % subnetCount) * ADDRESSES_PER_SUBNET;
    return aNetworkInterface({
      networkInterfaceId: idOf('eni', index),
      subnetId: subnetIds[index % subnetCount] ?? '',
      description: `aws-K8S-${instanceId}`,
      attachment: anAttachment(instanceId),
      privateIpAddresses: Array.from({ length: addressesPerInterface }, (_, address) => {
        const ordinal = Math.floor(index / subnetCount) * addressesPerInterface + address;
        return base + (OFFSETS[ordinal % ADDRESSES_PER_SUBNET] ?? 0);
      }),
      tags: [
        ['cluster.k8s.amazonaws.com/name', 'prod'],
        ['node.k8s.amazonaws.com/instance_id', instanceId],
      ],
    });
  });
  const instanceIds = new Map(
    networkInterfaces.map(({ attachment, subnetId }) => [attachment?.instanceId ?? '', subnetId] as const),
  );
  const facts = someRegionFacts({
    subnets: seen(
      subnetIds.map((subnetId, index) =>
        aSubnet({
          subnetId,
          subnetArn: `arn:aws:ec2:eu-west-1:1:${subnetId}`,
          availableIpAddressCount: ADDRESSES_PER_SUBNET - index - goneCount,
        }),
      ),
    ),
    networkInterfaces: seen(networkInterfaces),
    instances: seen([...instanceIds].map(([instanceId, subnetId]) => anInstance({ instanceId, subnetId }))),
  });
  return observedAt === undefined ? facts : movedTo(facts, observedAt);
}

/** The facts as they would be had they been observed at another time. */
function movedTo(facts: RegionFacts, observedAt: string): RegionFacts {
  return {
    ...facts,
    startedAt: observedAt,
    subnets: at(facts.subnets, observedAt),
    networkInterfaces: at(facts.networkInterfaces, observedAt),
    instances: at(facts.instances, observedAt),
  };
}

function at<T extends RegionFacts['subnets' | 'networkInterfaces' | 'instances']>(fact: T, observedAt: string): T {
  return fact.state === 'observed' ? { ...fact, observedAt } : fact;
}
