import { addAddon, addEksCluster, addFargateProfile, addNodegroup } from '../build/cluster.ts';
import { nextId } from '../build/ids.ts';
import { addInstance, attachPrimary } from '../build/instance.ts';
import { addInstanceTypes } from '../build/instance-types.ts';
import { addFlowLog, addInterfaceEndpoint, addRouteTable, addVpc } from '../build/network.ts';
import { addNetworkInterface } from '../build/network-interface.ts';
import {
  addAutoModeInterface,
  addLambdaInterface,
  addLoadBalancerInterface,
  addNatGatewayInterface,
} from '../build/network-interface-kinds.ts';
import type { RegionBuilder } from '../build/region-builder.ts';
import { addControlPlane, addNodes } from './nodes.ts';
import { addPair, type SubnetPair } from './subnet-pair.ts';

const VPC_CNI_VERSION = 'v1.20.4-eksbuild.1';
const AUTO_MODE_NODES = 4;
const AUTO_MODE_OPERATOR = { Managed: true, Principal: 'eks.amazonaws.com', HiddenByDefault: true };

/**
 * The shop's main region: a healthy cluster, one whose subnets are nearly exhausted, one in Auto Mode, and subnets shared
 * with the data platform, which are returned.
 */
export function buildShopVirginia(builder: RegionBuilder): SubnetPair {
  addInstanceTypes(builder.region);
  const vpc = addVpc(builder, { cidrBlock: '10.20.0.0/16', tags: { Name: 'shop' } });
  addFlowLog(builder, { resourceId: vpc.VpcId, deliverLogsStatus: 'SUCCESS' });
  const publicSubnets = addPair(builder, vpc, 'shop-public', ['10.20.0.0/26', '10.20.0.64/26'], {
    'kubernetes.io/role/elb': '1',
  });
  addRouteTable(builder, vpc, { subnets: publicSubnets, defaultRouteTo: nextId(builder.ids, 'igw') });
  const natGatewayId = nextId(builder.ids, 'nat');
  addNatGatewayInterface(builder, publicSubnets[0], { natGatewayId });
  for (const subnet of publicSubnets) {
    addLoadBalancerInterface(builder, subnet, { kind: 'app', name: 'shop-web' });
    addLoadBalancerInterface(builder, subnet, { kind: 'net', name: 'shop-ingest' });
  }

  const healthy = addPair(builder, vpc, 'shop-prod', ['10.20.2.0/24', '10.20.3.0/24']);
  const exhausted = addPair(builder, vpc, 'shop-edge', ['10.20.4.0/26', '10.20.4.64/26']);
  const auto = addPair(builder, vpc, 'shop-auto', ['10.20.6.0/24', '10.20.7.0/24']);
  const shared = addPair(builder, vpc, 'shared', ['10.20.8.0/23', '10.20.10.0/23']);
  addRouteTable(builder, vpc, {
    subnets: [...healthy, ...exhausted, ...auto, ...shared],
    defaultRouteTo: natGatewayId,
  });
  // The owner's own use of a shared subnet, which the participant does not see.
  addLambdaInterface(builder, shared[0], { functionName: 'shop-export' });
  addHealthyCluster(builder, healthy);
  addExhaustedCluster(builder, exhausted);
  addAutoModeCluster(builder, auto);
  return shared;
}

function addHealthyCluster(builder: RegionBuilder, subnets: SubnetPair): void {
  const name = 'shop-prod';
  const cluster = addEksCluster(builder, subnets, { name, tags: { team: 'shop' } });
  addControlPlane(builder, subnets, name);
  addNodegroup(builder, cluster, subnets, {
    name: 'general',
    instanceTypes: ['m5.large'],
    desiredSize: 4,
    maxSize: 8,
  });
  addNodes(builder, subnets, 4, {
    clusterName: name,
    nodegroupName: 'general',
    instanceType: 'm5.large',
    primary: { secondaryAddressCount: 9 },
    cniInterfaces: [{ secondaryAddressCount: 9 }],
  });
  addFargateProfile(builder, cluster, subnets, { name: 'batch', namespace: 'batch' });
  addAddon(builder, cluster, { name: 'vpc-cni', version: VPC_CNI_VERSION });
  addAddon(builder, cluster, { name: 'coredns', version: 'v1.12.1-eksbuild.2' });
  addInterfaceEndpoint(builder, subnets, { service: 'ecr.dkr' });
  addLambdaInterface(builder, subnets[0], { functionName: 'shop-orders' });
}

/** Both subnets have fewer free addresses left than EKS needs for an upgrade of the control plane. */
function addExhaustedCluster(builder: RegionBuilder, subnets: SubnetPair): void {
  const name = 'shop-edge';
  const cluster = addEksCluster(builder, subnets, { name, tags: { team: 'edge' } });
  addControlPlane(builder, subnets, name);
  addNodegroup(builder, cluster, subnets, { name: 'edge', instanceTypes: ['m5.large'], desiredSize: 4, maxSize: 6 });
  addNodes(builder, subnets, 4, {
    clusterName: name,
    nodegroupName: 'edge',
    instanceType: 'm5.large',
    primary: { secondaryAddressCount: 9 },
    cniInterfaces: [{ secondaryAddressCount: 9 }],
  });
  // 59 usable, 41 used so far: an appliance takes all but three.
  for (const subnet of subnets) {
    addNetworkInterface(builder, subnet, {
      description: 'edge proxy',
      interfaceType: 'interface',
      status: 'in-use',
      requesterManaged: false,
      secondaryAddressCount: 14,
    });
  }
  addAddon(builder, cluster, { name: 'vpc-cni', version: VPC_CNI_VERSION });
}

/** EC2 hides the nodes of this cluster and their interfaces unless it is asked to include them. */
function addAutoModeCluster(builder: RegionBuilder, subnets: SubnetPair): void {
  const name = 'shop-auto';
  addEksCluster(builder, subnets, { name, autoMode: true, tags: { team: 'shop' } });
  addControlPlane(builder, subnets, name);
  for (let index = 0; index < AUTO_MODE_NODES; index += 1) {
    const subnet = index % 2 === 0 ? subnets[0] : subnets[1];
    const instance = addInstance(builder, subnet, {
      instanceType: 'm5.xlarge',
      operator: AUTO_MODE_OPERATOR,
      tags: { 'eks:eks-cluster-name': name, 'karpenter.sh/nodepool': 'general-purpose' },
    });
    const instanceId = instance.InstanceId;
    const options = { instanceId, clusterName: name, nodeName: instanceId, prefixCount: 2 };
    attachPrimary(instance, addAutoModeInterface(builder, subnet, options));
  }
}
