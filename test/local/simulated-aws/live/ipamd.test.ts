import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addReservation, addSubnet, addVpc } from '../../../../lib/local/simulated-aws/build/network.ts';
import { addNetworkInterface } from '../../../../lib/local/simulated-aws/build/network-interface.ts';
import {
  addressPoolOf,
  type BuiltSubnet,
  type RegionBuilder,
} from '../../../../lib/local/simulated-aws/build/region-builder.ts';
import { settleCounts } from '../../../../lib/local/simulated-aws/build/settle-counts.ts';
import { settlePool } from '../../../../lib/local/simulated-aws/live/ipamd.ts';
import {
  addBranch,
  type LiveNode,
  nodePodCount,
  removePod,
  startNode,
  stopNode,
} from '../../../../lib/local/simulated-aws/live/live-node.ts';
import {
  type PodNetworking,
  podsMax,
  SHIPPED_NETWORKING,
} from '../../../../lib/local/simulated-aws/live/pod-networking.ts';
import { settledNode } from './closed-form.ts';
import { aNode, aRegion, aSite, aSubnetOf, heldBy, NOW_MS, startPodsOn } from './single-node.ts';

function nodeWith(instanceType: string, networking: Partial<PodNetworking>, pods: number): LiveNode {
  const builder = aRegion();
  const node = aNode(aSite(builder, instanceType, networking), aSubnetOf(builder, '10.0.0.0/20'));
  expect(startPodsOn(node, pods)).toBe(pods);
  return node;
}

function endPods(node: LiveNode, count: number): void {
  for (let ended = 0; ended < count; ended += 1) {
    removePod(node, 0);
  }
  settlePool(node, NOW_MS);
}

/** Takes addresses of a subnet until this many are free. */
function fill(builder: RegionBuilder, subnet: BuiltSubnet, freeCount: number): void {
  const taken = addressPoolOf(builder, subnet).freeCount - freeCount;
  addNetworkInterface(builder, subnet, {
    description: 'appliance',
    interfaceType: 'interface',
    status: 'in-use',
    requesterManaged: false,
    secondaryAddressCount: taken - 1,
  });
}

describe('a node with single addresses holds what the tables of the VPC CNI say', () => {
  // https://github.com/aws/amazon-vpc-cni-k8s/blob/master/docs/eni-and-ip-target.md
  it.each([
    ['t3.small', {}, 0, 1, 3],
    ['t3.small', {}, 5, 3, 9],
    ['t3.small', {}, 9, 3, 9],
    ['t3.small', { warmIpTarget: 1, minimumIpTarget: 1 }, 0, 1, 1],
    ['t3.small', { warmIpTarget: 1, minimumIpTarget: 1 }, 5, 2, 6],
    ['t3.small', { warmIpTarget: 1, minimumIpTarget: 1 }, 9, 3, 9],
    ['t3.small', { warmIpTarget: 2, minimumIpTarget: 5 }, 0, 2, 5],
    ['t3.small', { warmIpTarget: 2, minimumIpTarget: 5 }, 5, 3, 7],
    ['t3.small', { warmIpTarget: 2, minimumIpTarget: 5 }, 9, 3, 9],
    ['p3dn.24xlarge', {}, 0, 1, 49],
    ['p3dn.24xlarge', {}, 3, 2, 98],
    ['p3dn.24xlarge', {}, 95, 3, 147],
    ['p3dn.24xlarge', { warmIpTarget: 5, minimumIpTarget: 10 }, 0, 1, 10],
    ['p3dn.24xlarge', { warmIpTarget: 5, minimumIpTarget: 10 }, 7, 1, 12],
    ['p3dn.24xlarge', { warmIpTarget: 5, minimumIpTarget: 10 }, 15, 1, 20],
    ['p3dn.24xlarge', { warmIpTarget: 5, minimumIpTarget: 10 }, 45, 2, 50],
  ] as const)('%s %j with %i pods: %i interfaces, %i addresses', (type, networking, pods, interfaces, addresses) => {
    expect(heldBy(nodeWith(type, networking, pods))).toEqual({
      interfaceCount: interfaces,
      addressCount: addresses,
      prefixCount: 0,
    });
  });
});

describe('a node with prefixes holds what the tables of the VPC CNI say', () => {
  // https://github.com/aws/amazon-vpc-cni-k8s/blob/master/docs/prefix-and-ip-target.md
  it.each([
    ['t3.small', {}, 0, 1, 1],
    ['t3.small', {}, 5, 2, 1],
    ['t3.small', {}, 16, 2, 1],
    ['t3.small', {}, 17, 3, 1],
    ['t3.small', {}, 58, 5, 2],
    ['t3.small', { warmIpTarget: 1, minimumIpTarget: 1 }, 0, 1, 1],
    ['t3.small', { warmIpTarget: 1, minimumIpTarget: 1 }, 5, 1, 1],
    ['t3.small', { warmIpTarget: 1, minimumIpTarget: 1 }, 17, 2, 1],
    ['t3.small', { warmIpTarget: 1, minimumIpTarget: 1 }, 58, 4, 2],
    ['t3.small', { warmIpTarget: 7, minimumIpTarget: 20 }, 0, 2, 1],
    ['t3.small', { warmIpTarget: 7, minimumIpTarget: 20 }, 5, 2, 1],
    ['t3.small', { warmIpTarget: 7, minimumIpTarget: 20 }, 17, 2, 1],
    ['t3.small', { warmIpTarget: 7, minimumIpTarget: 20 }, 58, 5, 2],
    ['p3dn.24xlarge', {}, 95, 7, 1],
    ['p3dn.24xlarge', { warmIpTarget: 5, minimumIpTarget: 10 }, 45, 4, 1],
  ] as const)('%s %j with %i pods: %i prefixes on %i interfaces', (type, targets, pods, prefixes, interfaces) => {
    expect(heldBy(nodeWith(type, { mode: 'prefixes', ...targets }, pods))).toEqual({
      interfaceCount: interfaces,
      addressCount: 0,
      prefixCount: prefixes,
    });
  });
});

describe('a settled node', () => {
  const networkings: fc.Arbitrary<PodNetworking> = fc
    .record({
      mode: fc.constantFrom('addresses' as const, 'prefixes' as const),
      warmEniTarget: fc.nat(2),
      warmPrefixTarget: fc.nat(2),
      warmIpTarget: fc.option(fc.nat(12), { nil: undefined }),
      minimumIpTarget: fc.option(fc.nat(24), { nil: undefined }),
      customNetworking: fc.boolean(),
      podEni: fc.boolean(),
    })
    .map((settings) => ({ ...SHIPPED_NETWORKING, ...settings }))
    // A target of nothing would leave a node without a single address.
    .filter(({ warmIpTarget, minimumIpTarget }) => warmIpTarget !== 0 || (minimumIpTarget ?? 0) > 24)
    .filter(({ warmIpTarget, minimumIpTarget }) => minimumIpTarget === undefined || warmIpTarget !== undefined);
  const types = fc.constantFrom('t3.medium', 'm5.large', 'm5.xlarge', 'm5.4xlarge');

  it('holds what the closed form says, for every type, setting and number of pods', () => {
    fc.assert(
      fc.property(types, networkings, fc.nat(60), (type, networking, wanted) => {
        const builder = aRegion();
        const podSubnet = aSubnetOf(builder, '100.64.0.0/20');
        const site = aSite(builder, type, networking, networking.customNetworking ? [podSubnet] : []);
        const node = aNode(site, aSubnetOf(builder, '10.0.0.0/20'));
        const pods = startPodsOn(node, Math.min(wanted, podsMax(site.limits, networking) - 2));
        const { interfaceCount, addressCount, prefixCount } = heldBy(node);
        const slotCount = networking.mode === 'prefixes' ? prefixCount : addressCount;
        expect({ slotCount, interfaceCount }).toEqual(
          settledNode(site.limits, networking, pods, podsMax(site.limits, networking)),
        );
        expect(networking.mode === 'prefixes' ? addressCount : prefixCount).toBe(0);
      }),
    );
  });

  it('keeps warm what it should and nothing moves when it settles again, whatever pods came and went', () => {
    const changes = fc.array(fc.integer({ min: -12, max: 12 }), { maxLength: 25 });
    fc.assert(
      fc.property(types, networkings, changes, (type, networking, sequence) => {
        const builder = aRegion();
        const podSubnet = aSubnetOf(builder, '100.64.0.0/20');
        const ownSubnet = aSubnetOf(builder, '10.0.0.0/20');
        const site = aSite(builder, type, networking, networking.customNetworking ? [podSubnet] : []);
        const node = aNode(site, ownSubnet);
        const most = podsMax(site.limits, networking);
        for (const change of sequence) {
          const pods = nodePodCount(node);
          startPodsOn(node, Math.min(change, most - 2 - pods));
          endPods(node, Math.min(-change, pods));
        }
        const held = heldBy(node);
        const { slotCount } = settledNode(site.limits, networking, nodePodCount(node), most);
        // Pods that ended leave gaps, so more may be held than by a node without a past, never less.
        expect(networking.mode === 'prefixes' ? held.prefixCount : held.addressCount).toBeGreaterThanOrEqual(slotCount);
        expect(settlePool(node, NOW_MS)).toBe(true);
        expect(heldBy(node)).toEqual(held);
        settleCounts(builder.region);
        const subnets = [podSubnet, ownSubnet];
        expect(subnets.map((subnet) => addressPoolOf(builder, subnet).freeCount)).toEqual(
          subnets.map((subnet) => subnet.AvailableIpAddressCount),
        );
      }),
    );
  });

  it('gives back what pods leave behind, beyond what is to be kept warm', () => {
    const targets = nodeWith('m5.large', { warmIpTarget: 2, minimumIpTarget: 5 }, 20);
    expect(heldBy(targets)).toMatchObject({ addressCount: 22, interfaceCount: 3 });
    endPods(targets, 19);
    expect(heldBy(targets).addressCount).toBe(5);
    const whole = nodeWith('m5.large', {}, 18);
    expect(heldBy(whole)).toMatchObject({ addressCount: 27, interfaceCount: 3 });
    endPods(whole, 18);
    expect(heldBy(whole)).toMatchObject({ addressCount: 9, interfaceCount: 1 });
  });

  it('keeps a prefix as long as one pod uses it', () => {
    const node = nodeWith('m5.large', { mode: 'prefixes' }, 48);
    expect(heldBy(node).prefixCount).toBe(4);
    // The first pod of each of the first two prefixes ends fifteen times.
    endPods(node, 15);
    expect(heldBy(node).prefixCount).toBe(4);
    endPods(node, 1);
    expect(heldBy(node).prefixCount).toBe(3);
  });

  it('leaves nothing behind when it ends', () => {
    const builder = aRegion();
    const subnet = aSubnetOf(builder, '10.0.0.0/24');
    const node = aNode(aSite(builder, 'm5.large', { podEni: true }), subnet);
    startPodsOn(node, 12);
    expect(addBranch(node, NOW_MS)).toBe(true);
    stopNode(node, () => false);
    expect(builder.region.networkInterfaces).toEqual([]);
    expect(builder.region.instances).toEqual([]);
    expect(addressPoolOf(builder, subnet).freeCount).toBe(251);
  });

  it('leaves its further interfaces behind where it is told to, unattached and with their addresses', () => {
    const builder = aRegion();
    const subnet = aSubnetOf(builder, '10.0.0.0/24');
    const node = aNode(aSite(builder, 'm5.large', {}), subnet);
    startPodsOn(node, 1);
    stopNode(node, () => true);
    const [leaked, ...others] = builder.region.networkInterfaces;
    expect(others).toEqual([]);
    expect(leaked).toMatchObject({ Status: 'available', Description: `aws-K8S-${node.instance.InstanceId}` });
    expect(leaked).not.toHaveProperty('Attachment');
    settleCounts(builder.region);
    expect(subnet.AvailableIpAddressCount).toBe(241);
  });
});

describe('what does not fit', () => {
  it('keeps a node from starting', () => {
    const builder = aRegion();
    const subnet = aSubnetOf(builder, '10.0.0.0/26');
    fill(builder, subnet, 0);
    const site = aSite(builder, 'm5.large', {});
    expect(startNode(site, subnet, { nowMs: NOW_MS, expiresAtMs: NOW_MS })).toBeUndefined();
    expect(builder.region.instances).toEqual([]);
  });

  it('is taken one address at a time on an interface that is there', () => {
    const builder = aRegion();
    const subnet = aSubnetOf(builder, '10.0.0.0/26');
    fill(builder, subnet, 4);
    const node = aNode(aSite(builder, 'm5.large', {}), subnet);
    expect(heldBy(node)).toMatchObject({ addressCount: 3, interfaceCount: 1 });
    expect(startPodsOn(node, 5)).toBe(3);
  });

  it('is refused as a whole for a new interface', () => {
    const builder = aRegion();
    const subnet = aSubnetOf(builder, '10.0.0.0/26');
    fill(builder, subnet, 10 + 9);
    const node = aNode(aSite(builder, 'm5.large', {}), subnet);
    expect(startPodsOn(node, 9)).toBe(9);
    // Nine are left; an interface with nine addresses beside its own needs ten.
    expect(heldBy(node)).toMatchObject({ addressCount: 9, interfaceCount: 1 });
    expect(addressPoolOf(builder, subnet).freeCount).toBe(9);
    expect(settlePool(node, NOW_MS)).toBe(false);
  });

  it('leaves a node with prefixes without any where no block is whole, and Auto Mode with single addresses', () => {
    const builder = aRegion();
    const subnet = aSubnetOf(builder, '10.0.0.0/26');
    // The subnet's two blocks that may become prefixes.
    addNetworkInterface(builder, subnet, {
      description: 'appliance',
      interfaceType: 'interface',
      status: 'in-use',
      requesterManaged: false,
      addressOffsets: [16, 32],
    });
    const cni = aNode(aSite(builder, 'm5.large', { mode: 'prefixes' }), subnet);
    expect(heldBy(cni)).toEqual({ interfaceCount: 1, addressCount: 0, prefixCount: 0 });
    expect(startPodsOn(cni, 1)).toBe(0);
    const auto = aNode(aSite(builder, 'm5.large', { mode: 'prefixes', autoMode: true }), subnet);
    expect(heldBy(auto)).toMatchObject({ prefixCount: 0 });
    expect(startPodsOn(auto, 5)).toBe(5);
  });

  it('is looked for in another subnet of the zone that is tagged for the CNI', () => {
    const builder = aRegion();
    const vpc = addVpc(builder, { cidrBlock: '10.0.0.0/16' });
    const own = addSubnet(builder, vpc, { cidrBlock: '10.0.0.0/26' });
    const sameZone = addSubnet(builder, vpc, { cidrBlock: '10.0.1.0/24' });
    const otherZone = addSubnet(builder, vpc, { cidrBlock: '10.0.2.0/24', zoneIndex: 1 });
    fill(builder, own, 10);
    const node = aNode(aSite(builder, 'm5.large', {}, [otherZone, sameZone]), own);
    expect(startPodsOn(node, 12)).toBe(12);
    expect(node.interfaces.map(({ eni }) => eni.SubnetId)).toEqual([
      own.SubnetId,
      sameZone.SubnetId,
      sameZone.SubnetId,
    ]);
  });

  it('includes a branch more than the type can have', () => {
    const builder = aRegion();
    const node = aNode(aSite(builder, 'm5.large', { podEni: true }), aSubnetOf(builder, '10.0.0.0/24'));
    const added = Array.from({ length: 10 }, () => addBranch(node, NOW_MS));
    expect(added).toEqual([...Array.from({ length: 9 }, () => true), false]);
    expect(node.interfaces).toHaveLength(1);
  });
});

describe('CIDR reservations', () => {
  function reservedSubnet(builder: RegionBuilder): BuiltSubnet {
    const subnet = aSubnetOf(builder, '10.0.0.0/24');
    addReservation(builder, subnet, { cidr: '10.0.0.64/26', type: 'prefix' });
    addReservation(builder, subnet, { cidr: '10.0.0.128/25', type: 'explicit' });
    return subnet;
  }

  it('give prefixes first, then free blocks outside, and never those for explicit addresses', () => {
    const builder = aRegion();
    const node = aNode(aSite(builder, 'm5.xlarge', { mode: 'prefixes' }), reservedSubnet(builder));
    startPodsOn(node, 108);
    const starts = node.interfaces.flatMap(({ eni }) => eni.Ipv4Prefixes ?? []).map((each) => each.Ipv4Prefix);
    expect(starts.slice(0, 4).sort()).toEqual(['10.0.0.112/28', '10.0.0.64/28', '10.0.0.80/28', '10.0.0.96/28']);
    expect(starts.length).toBeGreaterThan(4);
    for (const start of starts.slice(4)) {
      expect(['10.0.0.16/28', '10.0.0.32/28', '10.0.0.48/28']).toContain(start);
    }
  });

  it('are kept free of single addresses', () => {
    const builder = aRegion();
    const subnet = reservedSubnet(builder);
    fill(builder, subnet, 0);
    const last = builder.region.networkInterfaces
      .at(-1)
      ?.PrivateIpAddresses?.map((each) => Number(each.PrivateIpAddress?.split('.')[3]));
    expect(Math.max(...(last ?? []))).toBeLessThan(64);
    expect(last).toHaveLength(60);
  });
});
