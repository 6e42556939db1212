import type { Subnet } from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { addressesOfCidr } from '../../../lib/local/simulated-aws/build/cidr-addresses.ts';
import { addressesInUse } from '../../../lib/local/simulated-aws/build/settle-counts.ts';
import { DEMO_ACCOUNT_IDS, demoOrganization } from '../../../lib/local/simulated-aws/demo-organization.ts';
import type { SimulatedRegion } from '../../../lib/local/simulated-aws/state.ts';

const now = new Date('2026-11-20T00:00:00Z');
const aws = demoOrganization(now);
const regions = [...aws.accounts.values()].flatMap((account) => [...account.regions.values()]);

function subnetNamed(name: string): { region: SimulatedRegion; subnet: Subnet } {
  for (const region of regions) {
    const subnet = region.subnets.find((each) => each.Tags?.some((tag) => tag.Key === 'Name' && tag.Value === name));
    if (subnet !== undefined) {
      return { region, subnet };
    }
  }
  throw new Error(`The demo has no subnet "${name}"`);
}

describe('the demo organisation', () => {
  it('is the same each time', () => {
    expect(demoOrganization(now).accounts).toEqual(aws.accounts);
  });

  it('gives no address twice in any subnet', () => {
    for (const region of regions) {
      for (const subnet of region.subnets) {
        const used = addressesInUse(region, subnet);
        expect(new Set(used).size).toBe(used.length);
        const own = new Set(subnet.CidrBlock === undefined ? [] : addressesOfCidr(subnet.CidrBlock));
        expect(used.filter((address) => !own.has(address))).toEqual([]);
      }
    }
  });

  it('refers only to subnets that exist, in the zone they are in', () => {
    const known = new Map(regions.flatMap((region) => region.subnets).map((each) => [each.SubnetId, each]));
    const interfaces = regions.flatMap((region) => region.networkInterfaces);
    expect(interfaces.length).toBeGreaterThan(60);
    for (const each of interfaces) {
      expect(known.get(each.SubnetId)).toMatchObject({ VpcId: each.VpcId, AvailabilityZone: each.AvailabilityZone });
    }
  });

  it('has a subnet without a free /28 although about a hundred addresses are free', () => {
    const { region, subnet } = subnetNamed('shop-eu-shattered');
    const used = new Set(addressesInUse(region, subnet));
    const all = addressesOfCidr(subnet.CidrBlock ?? '');
    const blocks = Array.from({ length: 16 }, (_, block) => all.slice(block * 16, block * 16 + 16));
    // The first and the last block hold addresses that AWS keeps.
    const free = blocks.slice(1, -1).filter((block) => block.every((address) => !used.has(address)));
    expect(free).toEqual([]);
    expect(subnet.AvailableIpAddressCount).toBe(104);
  });

  it('has nearly exhausted subnets, an IPv6-only one and reservations', () => {
    expect(subnetNamed('shop-edge-a').subnet.AvailableIpAddressCount).toBe(3);
    expect(subnetNamed('shop-edge-b').subnet.AvailableIpAddressCount).toBe(3);
    expect(subnetNamed('data-ipv6-only').subnet).toMatchObject({ Ipv6Native: true, AvailableIpAddressCount: 0 });
    expect(subnetNamed('shop-eu-reserved').region.subnetCidrReservations.map((each) => each.ReservationType)).toEqual([
      'prefix',
      'explicit',
    ]);
  });

  it('has six leaked interfaces, five branches of one trunk and four hidden nodes', () => {
    const interfaces = regions.flatMap((region) => region.networkInterfaces);
    expect(interfaces.filter((each) => each.Status === 'available')).toHaveLength(6);
    expect(interfaces.filter((each) => each.InterfaceType === 'trunk')).toHaveLength(1);
    expect(interfaces.filter((each) => each.InterfaceType === 'branch')).toHaveLength(5);
    expect(interfaces.filter((each) => each.Operator?.HiddenByDefault)).toHaveLength(4);
  });

  it('has a flow log that works, one of rejected traffic, one that fails, and a VPC without', () => {
    const states = regions.flatMap((region) =>
      region.vpcs.map((vpc) => {
        const flowLog = region.flowLogs.find((each) => each.ResourceId === vpc.VpcId);
        return `${flowLog?.TrafficType} ${flowLog?.DeliverLogsStatus}`;
      }),
    );
    expect(new Set(states)).toEqual(new Set(['ALL SUCCESS', 'REJECT SUCCESS', 'ALL FAILED', 'undefined undefined']));
  });

  it('has an account without a role, a suspended one and one that denies ListAddons', () => {
    expect(aws.accounts.get(DEMO_ACCOUNT_IDS.sandbox)?.roles.size).toBe(0);
    expect(aws.accounts.get(DEMO_ACCOUNT_IDS.formerAcquisition)).toMatchObject({ state: 'SUSPENDED' });
    expect(aws.accounts.get(DEMO_ACCOUNT_IDS.dataPlatform)?.deniedActions).toEqual(new Set(['eks:ListAddons']));
  });
});
