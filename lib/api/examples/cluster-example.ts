import type { ClusterView } from '../cluster-view.ts';

/** A cluster. */
export const CLUSTER_EXAMPLE: ClusterView = {
  clusterId: '222222222222:us-east-1:shop-edge',
  clusterArn: 'arn:aws:eks:us-east-1:222222222222:cluster/shop-edge',
  clusterName: 'shop-edge',
  accountId: '222222222222',
  accountName: 'Shop production',
  ownerTeam: null,
  region: 'us-east-1',
  vpcId: 'vpc-1d3a4e48f6e405d2d',
  version: '1.33',
  clusterStatus: 'ACTIVE',
  ipFamily: 'ipv4',
  autoMode: false,
  tags: { team: 'edge' },
  observedAt: '2026-11-23T11:23:31.097Z',
  subnets: [
    {
      subnetId: 'subnet-47129424772650535',
      sources: ['control-plane', 'nodegroup', 'instance', 'cni-network-interface', 'control-plane-network-interface'],
      isSeen: true,
    },
  ],
  zones: [
    { zone: 'use1-az1', subnetIds: ['subnet-47129424772650535'], addressesLeft: 8, freePrefixCount: 0 },
    { zone: 'use1-az2', subnetIds: ['subnet-6b3741d92c3aa5f30'], addressesLeft: 26, freePrefixCount: 0 },
  ],
  nodegroups: [
    {
      nodegroupName: 'edge',
      instanceTypes: ['m5.large'],
      subnetIds: ['subnet-47129424772650535', 'subnet-6b3741d92c3aa5f30'],
      minSize: 5,
      desiredSize: 5,
      maxSize: 6,
      healthIssues: [],
      tags: {},
    },
  ],
  fargateProfiles: [],
  addons: [
    { addonName: 'vpc-cni', addonVersion: 'v1.20.4-eksbuild.1', status: 'ACTIVE', configurationProblem: null },
    { addonName: 'coredns', addonVersion: 'v1.12.1-eksbuild.2', status: 'ACTIVE', configurationProblem: null },
  ],
  isStale: false,
  status: 'critical',
  bindingSubnetId: 'subnet-47129424772650535',
  statusReasons: [
    {
      code: 'free-addresses-at-floor',
      observed: 8,
      needed: 14,
      message: '8 addresses free, 14 needed: 5 for a control-plane update, 8 for load balancers, and one to spare',
    },
    {
      code: 'exhaustion-likely',
      observed: null,
      needed: null,
      message: '100 % likely to run out of addresses within 7 days',
    },
    { code: 'few-free-addresses', observed: 8, needed: 9, message: '8 addresses free, 15 % of the subnet is 9' },
  ],
};
