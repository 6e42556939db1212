import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { idSource, nextId } from '../../../lib/local/simulated-aws/build/ids.ts';
import { addReservation, addSubnet, addVpc } from '../../../lib/local/simulated-aws/build/network.ts';
import { type AddressOptions, addNetworkInterface } from '../../../lib/local/simulated-aws/build/network-interface.ts';
import { addAccount, addRegion, createSimulatedAws } from '../../../lib/local/simulated-aws/build/organization.ts';
import {
  type BuiltSubnet,
  type RegionBuilder,
  regionBuilder,
} from '../../../lib/local/simulated-aws/build/region-builder.ts';
import { settleCounts } from '../../../lib/local/simulated-aws/build/settle-counts.ts';

const now = new Date('2026-11-20T00:00:00Z');

function aBuilder(): RegionBuilder {
  const managementAccountId = '100000000000';
  const aws = createSimulatedAws({ partition: 'aws', organizationId: 'o-test', managementAccountId, now: () => now });
  const account = addAccount(aws, { id: managementAccountId, name: 'Management' });
  addRegion(account, 'us-east-1');
  return regionBuilder(aws, account, 'us-east-1', idSource(1), now);
}

function aSubnet(builder: RegionBuilder, cidrBlock: string): BuiltSubnet {
  return addSubnet(builder, addVpc(builder, { cidrBlock: '10.0.0.0/16' }), { cidrBlock });
}

function addInterface(builder: RegionBuilder, subnet: BuiltSubnet, addresses: AddressOptions) {
  return addNetworkInterface(builder, subnet, {
    description: '',
    interfaceType: 'interface',
    status: 'in-use',
    requesterManaged: false,
    ...addresses,
  });
}

function countOf(builder: RegionBuilder, subnet: BuiltSubnet): number | undefined {
  settleCounts(builder.region);
  return subnet.AvailableIpAddressCount;
}

describe('settleCounts', () => {
  it.each([
    ['10.0.0.0/24', 251],
    ['10.0.0.0/23', 507],
    ['10.0.0.0/28', 11],
  ])('leaves an empty %s %i addresses', (cidrBlock, count) => {
    const builder = aBuilder();
    expect(countOf(builder, aSubnet(builder, cidrBlock))).toBe(count);
  });

  it('takes one for each address and sixteen for each prefix', () => {
    const builder = aBuilder();
    const subnet = aSubnet(builder, '10.0.0.0/24');
    addInterface(builder, subnet, { secondaryAddressCount: 9, prefixCount: 2 });
    expect(countOf(builder, subnet)).toBe(251 - 10 - 32);
  });

  it('takes a reservation once, whether its addresses are in use or kept by AWS or neither', () => {
    const builder = aBuilder();
    const subnet = aSubnet(builder, '10.0.0.0/24');
    addReservation(builder, subnet, { cidr: '10.0.0.0/28', type: 'explicit' });
    addReservation(builder, subnet, { cidr: '10.0.0.64/26', type: 'prefix' });
    addInterface(builder, subnet, { addressOffsets: [5] });
    const { Ipv4Prefixes: prefixes } = addInterface(builder, subnet, { prefixCount: 1 });
    expect(prefixes).toEqual([{ Ipv4Prefix: '10.0.0.64/28' }]);
    // 251 less 12 of the first reservation, 64 of the second, and the second interface's own address.
    expect(countOf(builder, subnet)).toBe(251 - 12 - 64 - 1);
  });

  it('gives an IPv6-only subnet none', () => {
    const builder = aBuilder();
    const subnet = addSubnet(builder, addVpc(builder, { cidrBlock: '10.0.0.0/16' }), {});
    expect(subnet).not.toHaveProperty('CidrBlock');
    expect(countOf(builder, subnet)).toBe(0);
  });

  it('takes exactly what interfaces were given, whatever they were given', () => {
    const wishes = fc.array(fc.record({ secondary: fc.nat(9), prefixes: fc.nat(2) }), { maxLength: 6 });
    fc.assert(
      fc.property(wishes, (interfaces) => {
        const builder = aBuilder();
        const subnet = aSubnet(builder, '10.0.0.0/22');
        for (const { secondary, prefixes } of interfaces) {
          addInterface(builder, subnet, { secondaryAddressCount: secondary, prefixCount: prefixes });
        }
        const taken = interfaces.reduce((sum, each) => sum + 1 + each.secondary + 16 * each.prefixes, 0);
        expect(countOf(builder, subnet)).toBe(1019 - taken);
      }),
    );
  });
});

describe('a network interface', () => {
  it('gets the lowest addresses that AWS does not keep', () => {
    const builder = aBuilder();
    const subnet = aSubnet(builder, '10.0.0.0/28');
    const { PrivateIpAddresses: addresses } = addInterface(builder, subnet, { secondaryAddressCount: 10 });
    expect(addresses?.map((each) => each.PrivateIpAddress)).toEqual(
      Array.from({ length: 11 }, (_, index) => `10.0.0.${index + 4}`),
    );
    expect(() => addInterface(builder, subnet, {})).toThrow('no address is free');
  });

  it('cannot be given an address twice', () => {
    const builder = aBuilder();
    const subnet = aSubnet(builder, '10.0.0.0/28');
    addInterface(builder, subnet, { addressOffsets: [7] });
    expect(() => addInterface(builder, subnet, { addressOffsets: [7] })).toThrow('10.0.0.7 is taken');
  });

  it('gets no prefix where no block is wholly free', () => {
    const builder = aBuilder();
    const subnet = aSubnet(builder, '10.0.0.0/27');
    expect(() => addInterface(builder, subnet, { prefixCount: 1 })).toThrow('no block is wholly free');
  });
});

describe('ids', () => {
  it('look like those of EC2 and are the same for the same seed only', () => {
    const first = nextId(idSource(7), 'subnet');
    expect(first).toMatch(/^subnet-[0-9a-f]{17}$/);
    expect(nextId(idSource(7), 'subnet')).toBe(first);
    expect(nextId(idSource(8), 'subnet')).not.toBe(first);
  });

  it('do not repeat', () => {
    const ids = idSource(7);
    expect(new Set(Array.from({ length: 10_000 }, () => nextId(ids, 'eni'))).size).toBe(10_000);
  });
});
