import { PREFIX_ADDRESSES } from '../build/cidr-addresses.ts';
import { addAddon, addEksCluster, addNodegroup } from '../build/cluster.ts';
import { addInstanceTypes } from '../build/instance-types.ts';
import { addFlowLog, addReservation, addSubnet, addVpc } from '../build/network.ts';
import { addNetworkInterface } from '../build/network-interface.ts';
import { addBranchInterface, addTrunkInterface } from '../build/network-interface-kinds.ts';
import type { BuiltSubnet, RegionBuilder } from '../build/region-builder.ts';
import { addControlPlane, addNode, addNodes } from './nodes.ts';

const CLUSTER_NAME = 'shop-eu';
const PREFIXES = JSON.stringify({ env: { ENABLE_PREFIX_DELEGATION: 'true', WARM_PREFIX_TARGET: '1' } });
const BRANCH_INTERFACES = 5;
const SHATTERED_BLOCKS = 16;
const SCATTERED_PER_BLOCK = 6;
/** The first address of a block and every third one after it. */
const SCATTER_STEP = 3;

/**
 * The shop's second region, where pods get prefixes: a subnet without one free /28 although about a hundred addresses are
 * free, one with CIDR reservations, and one with security groups for pods. Its flow log records rejected traffic only.
 */
export function buildShopEurope(builder: RegionBuilder): void {
  addInstanceTypes(builder.region);
  const vpc = addVpc(builder, { cidrBlock: '10.21.0.0/16', tags: { Name: 'shop-eu' } });
  addFlowLog(builder, { resourceId: vpc.VpcId, trafficType: 'REJECT', deliverLogsStatus: 'SUCCESS' });
  const shattered = addSubnet(builder, vpc, { cidrBlock: '10.21.0.0/24', tags: { Name: 'shop-eu-shattered' } });
  const reserved = addSubnet(builder, vpc, {
    cidrBlock: '10.21.1.0/24',
    zoneIndex: 1,
    tags: { Name: 'shop-eu-reserved' },
  });
  const podSecurity = addSubnet(builder, vpc, {
    cidrBlock: '10.21.2.0/24',
    zoneIndex: 2,
    tags: { Name: 'shop-eu-pod-security' },
  });
  const subnets = [shattered, reserved, podSecurity] as const;
  const cluster = addEksCluster(builder, subnets, { name: CLUSTER_NAME, tags: { team: 'shop' } });
  addAddon(builder, cluster, { name: 'vpc-cni', version: 'v1.20.4-eksbuild.1', configurationValues: PREFIXES });
  addNodegroup(builder, cluster, subnets, {
    name: 'prefixes',
    instanceTypes: ['m5.xlarge'],
    desiredSize: 6,
    maxSize: 12,
  });
  addReservation(builder, reserved, { cidr: '10.21.1.64/26', type: 'prefix', description: 'pods' });
  addReservation(builder, reserved, { cidr: '10.21.1.192/27', type: 'explicit', description: 'appliances' });
  addControlPlane(builder, [reserved, podSecurity], CLUSTER_NAME);
  shatter(builder, shattered);
  addNodes(builder, [reserved], 2, {
    clusterName: CLUSTER_NAME,
    nodegroupName: 'prefixes',
    instanceType: 'm5.xlarge',
    primary: { prefixCount: 1 },
  });
  addPodSecurity(builder, podSecurity);
}

/** Six blocks become prefixes; in each of the others some addresses are taken. */
function shatter(builder: RegionBuilder, subnet: BuiltSubnet): void {
  addNodes(builder, [subnet], 3, {
    clusterName: CLUSTER_NAME,
    nodegroupName: 'prefixes',
    instanceType: 'm5.xlarge',
    primary: { prefixCount: 2 },
  });
  // The nodes' own addresses lie in block 0 and their prefixes in blocks 1 to 6.
  for (let block = 7; block < SHATTERED_BLOCKS - 1; block += 1) {
    const first = block * PREFIX_ADDRESSES;
    const others = Array.from({ length: SCATTERED_PER_BLOCK - 1 }, (_, index) => first + (index + 1) * SCATTER_STEP);
    addNetworkInterface(builder, subnet, {
      description: `virtual appliance ${block}`,
      interfaceType: 'interface',
      status: 'in-use',
      requesterManaged: false,
      addressOffsets: [first, ...others],
    });
  }
}

function addPodSecurity(builder: RegionBuilder, subnet: BuiltSubnet): void {
  const { InstanceId: instanceId } = addNode(builder, subnet, {
    clusterName: CLUSTER_NAME,
    nodegroupName: 'prefixes',
    instanceType: 'm5.xlarge',
    primary: { prefixCount: 1 },
  });
  const trunk = addTrunkInterface(builder, subnet, { instanceId, deviceIndex: 1 });
  for (let vlanId = 1; vlanId <= BRANCH_INTERFACES; vlanId += 1) {
    addBranchInterface(builder, subnet, { trunkId: trunk.NetworkInterfaceId, vlanId, clusterName: CLUSTER_NAME });
  }
}
