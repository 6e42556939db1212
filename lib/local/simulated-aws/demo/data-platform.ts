import { addAddon, addEksCluster, addNodegroup } from '../build/cluster.ts';
import { addInstanceTypes } from '../build/instance-types.ts';
import { addFlowLog, addSubnet, addVpc, shareSubnets } from '../build/network.ts';
import { addLeakedCniInterface } from '../build/network-interface-kinds.ts';
import type { RegionBuilder } from '../build/region-builder.ts';
import { addControlPlane, addNodes } from './nodes.ts';
import { addPair, type SubnetPair } from './subnet-pair.ts';

const LEAKED_INTERFACES = 6;

/**
 * The data platform: a cluster with leaked interfaces beside an IPv6-only subnet, in a VPC whose flow log is not delivered;
 * and a cluster in the subnets that the shop's `network` shares with it.
 */
export function buildDataPlatform(builder: RegionBuilder, network: RegionBuilder, shared: SubnetPair): void {
  addInstanceTypes(builder.region);
  addLeakingCluster(builder);
  shareSubnets(network, builder, shared);
  const name = 'data-stream';
  const cluster = addEksCluster(builder, shared, { name, tags: { team: 'data' } });
  addControlPlane(builder, shared, name, network);
  addNodegroup(builder, cluster, shared, { name: 'stream', instanceTypes: ['m5.4xlarge'], desiredSize: 4, maxSize: 6 });
  const node = {
    clusterName: name,
    nodegroupName: 'stream',
    instanceType: 'm5.4xlarge',
    primary: { secondaryAddressCount: 29 },
  } as const;
  addNodes(builder, shared, 4, node, network);
  addAddon(builder, cluster, { name: 'vpc-cni', version: 'v1.19.0-eksbuild.1' });
}

function addLeakingCluster(builder: RegionBuilder): void {
  const vpc = addVpc(builder, { cidrBlock: '10.30.0.0/16', tags: { Name: 'data' } });
  addFlowLog(builder, {
    resourceId: vpc.VpcId,
    deliverLogsStatus: 'FAILED',
    deliverLogsErrorMessage: 'Access error',
  });
  const subnets = addPair(builder, vpc, 'data', ['10.30.0.0/24', '10.30.1.0/24']);
  addSubnet(builder, vpc, { zoneIndex: 2, tags: { Name: 'data-ipv6-only' } });
  const name = 'data-lake';
  const cluster = addEksCluster(builder, subnets, { name, tags: { team: 'data' } });
  addControlPlane(builder, subnets, name);
  addNodegroup(builder, cluster, subnets, { name: 'lake', instanceTypes: ['t3.medium'], desiredSize: 2, maxSize: 4 });
  addNodes(builder, subnets, 2, {
    clusterName: name,
    nodegroupName: 'lake',
    instanceType: 't3.medium',
    primary: { secondaryAddressCount: 5 },
  });
  for (let index = 0; index < LEAKED_INTERFACES; index += 1) {
    addLeakedCniInterface(builder, subnets[0], { clusterName: name, secondaryAddressCount: 5 });
  }
  addAddon(builder, cluster, { name: 'vpc-cni', version: 'v1.18.0-eksbuild.1' });
}
