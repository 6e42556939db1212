import { describe, expect, it } from 'vitest';
import type { RegionFacts } from '../../lib/domain/region-facts.ts';
import { CHUNK_BYTES_MAX } from '../../lib/store/chunks.ts';
import { compress } from '../../lib/store/compression.ts';
import { FACTS_DOCUMENT } from '../../lib/store/facts-codec.ts';
import { aNetworkInterface, anAttachment, anInstance, aSubnet } from '../helpers/builders.ts';
import { seen, someRegionFacts } from '../helpers/region-facts-builder.ts';
import { incompressible } from './incompressible.ts';

const BYTES_PER_ID = 8;
const ADDRESSES_PER_SUBNET = 16_384;
const TEN_SLASH_EIGHT = 0x0a000000;

/** An id as EC2 makes them: seventeen hexadecimal digits that nothing predicts. */
function idOf(prefix: string, number: number): string {
  const start = BYTES_PER_ID * number;
  return `${prefix}-0${Buffer.from(RANDOM.subarray(start, start + BYTES_PER_ID)).toString('hex')}`;
}
const RANDOM = incompressible(17, BYTES_PER_ID * 10_000);

interface Size {
  readonly subnetCount: number;
  readonly networkInterfaceCount: number;
  readonly addressesPerInterface: number;
}

/** Interfaces of the VPC CNI with its tags, on nodes of three interfaces, with every other address in use. */
function vpcOf({ subnetCount, networkInterfaceCount, addressesPerInterface }: Size): RegionFacts {
  const subnetIds = Array.from({ length: subnetCount }, (_, index) => idOf('subnet', 9_000 + index));
  const networkInterfaces = Array.from({ length: networkInterfaceCount }, (_, index) => {
    const instanceId = idOf('i', 5_000 + Math.floor(index / 3));
    const base = TEN_SLASH_EIGHT + (index % subnetCount) * ADDRESSES_PER_SUBNET;
    return aNetworkInterface({
      networkInterfaceId: idOf('eni', index),
      subnetId: subnetIds[index % subnetCount] ?? '',
      description: `aws-K8S-${instanceId}`,
      attachment: anAttachment(instanceId),
      privateIpAddresses: Array.from(
        { length: addressesPerInterface },
        (_, address) =>
          base + Math.floor(index / subnetCount) * 2 * addressesPerInterface + 2 * address + ((RANDOM[index] ?? 0) % 2),
      ),
      tags: [
        ['cluster.k8s.amazonaws.com/name', 'prod'],
        ['node.k8s.amazonaws.com/instance_id', instanceId],
      ],
    });
  });
  return someRegionFacts({
    subnets: seen(subnetIds.map((subnetId) => aSubnet({ subnetId, subnetArn: `arn:aws:ec2:eu-west-1:1:${subnetId}` }))),
    networkInterfaces: seen(networkInterfaces),
    instances: seen(
      networkInterfaces.flatMap(({ attachment, subnetId }, index) =>
        index % 3 === 0 ? [anInstance({ instanceId: attachment?.instanceId ?? '', subnetId })] : [],
      ),
    ),
  });
}

describe('the facts of a VPC', () => {
  it.each([
    ['25 empty subnets', { subnetCount: 25, networkInterfaceCount: 0, addressesPerInterface: 0 }, 1_500],
    [
      '500 interfaces of 10 addresses',
      { subnetCount: 6, networkInterfaceCount: 500, addressesPerInterface: 10 },
      11_000,
    ],
    [
      '4,000 interfaces of 15 addresses',
      { subnetCount: 8, networkInterfaceCount: 4_000, addressesPerInterface: 15 },
      70_000,
    ],
  ])('with %s fit an item, in few bytes', (_, size, bytesMax) => {
    const stored = compress(FACTS_DOCUMENT.encode(vpcOf(size)));
    expect(stored.bytes.byteLength).toBeLessThan(bytesMax);
    expect(bytesMax).toBeLessThan(CHUNK_BYTES_MAX);
  });
});
