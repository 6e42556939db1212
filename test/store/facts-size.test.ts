import { describe, expect, it } from 'vitest';
import { CHUNK_BYTES_MAX } from '../../lib/store/chunks.ts';
import { encodeColumns } from '../../lib/store/column-codec.ts';
import { compress } from '../../lib/store/compression.ts';
import { vpcOf } from './vpc-of-size.ts';

describe('the facts of a VPC', () => {
  it.each([
    ['25 empty subnets', { subnetCount: 25, networkInterfaceCount: 0, addressesPerInterface: 0 }, 1_500],
    [
      '500 interfaces of 10 addresses',
      { subnetCount: 6, networkInterfaceCount: 500, addressesPerInterface: 10 },
      24_000,
    ],
    [
      '4,000 interfaces of 15 addresses',
      { subnetCount: 8, networkInterfaceCount: 4_000, addressesPerInterface: 15 },
      150_000,
    ],
  ])('with %s fit an item, in few bytes', (_, size, bytesMax) => {
    const stored = compress(encodeColumns(vpcOf(size)));
    expect(stored.bytes.byteLength).toBeLessThan(bytesMax);
    expect(bytesMax).toBeLessThan(CHUNK_BYTES_MAX);
  });
});
