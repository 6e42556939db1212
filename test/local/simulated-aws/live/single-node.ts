import { idSource } from '../../../../lib/local/simulated-aws/build/ids.ts';
import { instanceLimits } from '../../../../lib/local/simulated-aws/build/instance-types.ts';
import { addSubnet, addVpc } from '../../../../lib/local/simulated-aws/build/network.ts';
import { addAccount, addRegion, createSimulatedAws } from '../../../../lib/local/simulated-aws/build/organization.ts';
import { randomOf } from '../../../../lib/local/simulated-aws/build/random.ts';
import {
  type BuiltSubnet,
  type RegionBuilder,
  regionBuilder,
} from '../../../../lib/local/simulated-aws/build/region-builder.ts';
import { settlePool } from '../../../../lib/local/simulated-aws/live/ipamd.ts';
import {
  addPod,
  type LiveNode,
  type NodeSite,
  podInterfaces,
  startNode,
} from '../../../../lib/local/simulated-aws/live/live-node.ts';
import { type PodNetworking, SHIPPED_NETWORKING } from '../../../../lib/local/simulated-aws/live/pod-networking.ts';

export const NOW_MS = Date.parse('2026-11-20T00:00:00Z');

/** A region with one VPC, and what a node in it is made by. */
export function aRegion(): RegionBuilder {
  const now = new Date(NOW_MS);
  const managementAccountId = '100000000000';
  const aws = createSimulatedAws({ partition: 'aws', organizationId: 'o-test', managementAccountId, now: () => now });
  const account = addAccount(aws, { id: managementAccountId, name: 'Management' });
  addRegion(account, 'us-east-1');
  return regionBuilder(aws, account, 'us-east-1', idSource(1), now, randomOf(1));
}

export function aSubnetOf(builder: RegionBuilder, cidrBlock: string, tags: Record<string, string> = {}): BuiltSubnet {
  return addSubnet(builder, addVpc(builder, { cidrBlock }), { cidrBlock, tags });
}

export function aSite(
  builder: RegionBuilder,
  instanceType: string,
  networking: Partial<PodNetworking>,
  podSubnets: readonly BuiltSubnet[] = [],
): NodeSite {
  return {
    clusterName: 'test',
    nodegroupName: 'test',
    builder,
    network: builder,
    limits: instanceLimits(instanceType),
    networking: { ...SHIPPED_NETWORKING, ...networking },
    podSubnets,
    random: randomOf(2),
  };
}

export function aNode(site: NodeSite, subnet: BuiltSubnet): LiveNode {
  const node = startNode(site, subnet, { nowMs: NOW_MS, expiresAtMs: Number.MAX_SAFE_INTEGER });
  if (node === undefined) {
    throw new Error('The node found no address');
  }
  settlePool(node, NOW_MS);
  return node;
}

/** Starts pods one after the other, each after the node has settled; returns how many found an address. */
export function startPodsOn(node: LiveNode, count: number): number {
  let started = 0;
  for (; started < count && addPod(node); started += 1) {
    settlePool(node, NOW_MS);
  }
  return started;
}

/** What the interfaces that carry pods' addresses hold, read from what EC2 tells of them. */
export function heldBy(node: LiveNode) {
  const interfaces = podInterfaces(node).map(({ eni }) => eni);
  return {
    interfaceCount: interfaces.length,
    addressCount: interfaces.reduce((sum, eni) => sum + eni.PrivateIpAddresses.length - 1, 0),
    prefixCount: interfaces.reduce((sum, eni) => sum + (eni.Ipv4Prefixes?.length ?? 0), 0),
  };
}
