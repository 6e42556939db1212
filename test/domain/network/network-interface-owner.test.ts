import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Instance, NetworkInterface } from '../../../lib/domain/network/network.ts';
import { networkInterfaceOwner } from '../../../lib/domain/network/network-interface-owner.ts';
import type { Tags } from '../../../lib/domain/tags.ts';
import {
  ACCOUNT_ID,
  aNetworkInterface,
  anAttachment,
  anAttachmentOfAws,
  anInstance,
  CLUSTER_NAME,
  INSTANCE_ID,
} from '../../helpers/builders.ts';
import { FIXTURES_NOTE, fixturesFolder, readFixture } from '../../helpers/fixtures.ts';

const NODE_TAGS: Tags = [['eks:cluster-name', CLUSTER_NAME]];

function instances(...known: readonly Instance[]): ReadonlyMap<string, Instance> {
  return new Map(known.map((instance) => [instance.instanceId, instance]));
}

const NODE = instances(anInstance({ tags: NODE_TAGS }));

function ownerOf(overrides: Partial<NetworkInterface>, instanceById: ReadonlyMap<string, Instance> = instances()) {
  return networkInterfaceOwner(aNetworkInterface(overrides), instanceById);
}

describe('networkInterfaceOwner, row by row', () => {
  it.each<[string, Partial<NetworkInterface>, string | undefined]>([
    ['its type', { interfaceType: 'branch' }, undefined],
    ['its description', { description: 'aws-k8s-branch-eni' }, undefined],
    ['its trunk', { tags: [['vpcresources.k8s.aws/trunk-eni-id', 'eni-0f']] }, 'eni-0f'],
  ])('knows the branch interface of a pod by %s', (_, overrides, ownerId) => {
    expect(ownerOf(overrides)).toMatchObject({ kind: 'pod-branch', ownerId, movability: 'movable' });
  });

  it('attributes a branch interface to the cluster of its own tag', () => {
    const tags: Tags = [['kubernetes.io/cluster/prod', 'owned']];
    expect(ownerOf({ interfaceType: 'branch', tags }).clusterName).toBe('prod');
  });

  it.each<[string, Partial<NetworkInterface>]>([
    ['its type', { interfaceType: 'trunk' }],
    ['its description', { description: 'aws-k8s-trunk-eni' }],
  ])('knows the trunk interface of a node by %s', (_, overrides) => {
    expect(ownerOf({ ...overrides, attachment: anAttachment() }, NODE)).toEqual({
      kind: 'node-trunk',
      ownerId: INSTANCE_ID,
      clusterName: CLUSTER_NAME,
      service: undefined,
      movability: 'movable',
      nodeInstanceId: INSTANCE_ID,
    });
  });

  it.each<[string, Partial<NetworkInterface>, string | undefined]>([
    ['its description', { description: 'aws-K8S-i-0dead' }, 'i-0dead'],
    ['the tag of its instance', { tags: [['node.k8s.amazonaws.com/instance_id', 'i-0beef']] }, 'i-0beef'],
    ['the tag of its owner', { tags: [['eks:eni:owner', 'amazon-vpc-cni']] }, undefined],
  ])('knows a secondary interface of the VPC CNI by %s', (_, overrides, ownerId) => {
    expect(ownerOf(overrides)).toMatchObject({
      kind: 'cni-secondary',
      ownerId,
      movability: 'movable',
      nodeInstanceId: undefined,
    });
  });

  it.each(['aws-K8S-', 'aws-k8s-i-0a', 'my aws-K8S-i-0a'])(
    'does not take the description "%s" for the VPC CNI',
    (description) => {
      expect(ownerOf({ description }).kind).toBe('other');
    },
  );

  it('does not take another owner for the VPC CNI', () => {
    expect(ownerOf({ tags: [['eks:eni:owner', 'eks-vpc-resource-controller']] }).kind).toBe('other');
  });

  it('attributes an interface of the VPC CNI by its instance even after it was detached', () => {
    const owner = ownerOf({ status: 'available', description: `aws-K8S-${INSTANCE_ID}` }, NODE);
    expect(owner).toMatchObject({ clusterName: CLUSTER_NAME, ownerId: INSTANCE_ID, nodeInstanceId: undefined });
  });

  it('attributes an interface of the VPC CNI by its own tag where the instance is unknown', () => {
    const tags: Tags = [['cluster.k8s.amazonaws.com/name', 'blue']];
    const owner = ownerOf({ description: 'aws-K8S-i-0dead', tags, attachment: anAttachment('i-0dead') });
    expect(owner).toMatchObject({ clusterName: 'blue', nodeInstanceId: 'i-0dead' });
  });

  const autoModeTags: Tags = [
    ['eks:eks-cluster-name', CLUSTER_NAME],
    ['eks:kubernetes-cni-node-name', INSTANCE_ID],
  ];

  it('knows an interface of EKS Auto Mode by both of its tags', () => {
    expect(ownerOf({ tags: autoModeTags })).toMatchObject({
      kind: 'auto-mode-node',
      ownerId: INSTANCE_ID,
      clusterName: CLUSTER_NAME,
      movability: 'movable',
    });
    expect(ownerOf({ tags: autoModeTags.slice(0, 1) }).kind).toBe('other');
    expect(ownerOf({ tags: autoModeTags.slice(1) }).kind).toBe('other');
  });

  it.each([
    [true, 'eks.amazonaws.com', 'auto-mode-node'],
    [true, 'eks.amazonaws.com.cn', 'auto-mode-node'],
    [true, 'ecs.amazonaws.com', 'eks-node-primary'],
    [true, 'notes.eks.example.com', 'eks-node-primary'],
    [true, undefined, 'eks-node-primary'],
    [false, 'eks.amazonaws.com', 'eks-node-primary'],
    [undefined, 'eks.amazonaws.com', 'eks-node-primary'],
  ])('reads an operator that is managed: %s, by %s, as %s', (managed, principal, kind) => {
    const operator = { managed, principal, hiddenByDefault: true };
    expect(ownerOf({ operator, attachment: anAttachment() }, NODE)).toMatchObject({
      kind,
      clusterName: CLUSTER_NAME,
      nodeInstanceId: INSTANCE_ID,
    });
  });

  it.each([true, false, undefined])('knows a control plane, requester managed: %s', (requesterManaged) => {
    const description = `Amazon EKS ${CLUSTER_NAME}`;
    expect(ownerOf({ description, requesterManaged, attachment: anAttachmentOfAws() })).toEqual({
      kind: 'eks-control-plane',
      ownerId: CLUSTER_NAME,
      clusterName: CLUSTER_NAME,
      service: undefined,
      movability: 'fixed',
      nodeInstanceId: undefined,
    });
  });

  it('knows the control plane of a name that is none, and names no cluster', () => {
    const owner = ownerOf({ description: 'Amazon EKS <b>', attachment: anAttachmentOfAws() });
    expect(owner).toMatchObject({ kind: 'eks-control-plane', clusterName: undefined });
  });

  it.each<[string, Partial<NetworkInterface>, string]>([
    ['attached to an instance of the same account', { attachment: anAttachment() }, 'ec2-instance'],
    ['left unattached by the account itself', { status: 'available', requesterManaged: false }, 'unattached'],
    ['left unattached by EKS', { status: 'available', requesterManaged: true }, 'eks-control-plane'],
  ])('judges the description of a control plane on an interface %s', (_, overrides, kind) => {
    expect(ownerOf({ description: 'Amazon EKS prod', ...overrides }).kind).toBe(kind);
  });

  it.each<[string | undefined, string, string, string | undefined]>([
    ['interface', 'ELB app/shop/50dc6c495c0c9188', 'elb-alb', 'app/shop/50dc6c495c0c9188'],
    ['load_balancer', 'ELB app/shop/50dc6c495c0c9188', 'elb-alb', 'app/shop/50dc6c495c0c9188'],
    ['load_balancer', '', 'elb-alb', undefined],
    ['network_load_balancer', 'ELB net/test-lb/725b996cb6be8fba', 'elb-nlb', 'net/test-lb/725b996cb6be8fba'],
    ['interface', 'ELB net/test-lb/725b996cb6be8fba', 'elb-nlb', 'net/test-lb/725b996cb6be8fba'],
    ['networkLoadBalancer', '', 'elb-nlb', undefined],
    ['gateway_load_balancer', '', 'elb-gwlb', undefined],
    [undefined, 'ELB gwy/fw/0123456789abcdef', 'elb-gwlb', 'gwy/fw/0123456789abcdef'],
    [undefined, 'ELB test-load-balancer', 'elb-classic', 'test-load-balancer'],
    ['load_balancer', 'ELB test-load-balancer', 'elb-classic', 'test-load-balancer'],
    ['interface', 'ELB apple', 'elb-classic', 'apple'],
    ['interface', 'ELB ', 'other', undefined],
    ['interface', 'my ELB app/shop/50dc6c495c0c9188', 'other', undefined],
  ])('reads type %s with "%s" as %s', (interfaceType, description, kind, ownerId) => {
    const owner = ownerOf({ interfaceType, description });
    expect(owner).toMatchObject({ kind, ownerId, movability: kind === 'other' ? 'unknown' : 'fixed' });
  });

  it.each<[string | undefined, string, string, string | undefined]>([
    ['nat_gateway', 'Interface for NAT Gateway nat-07ab4846da51f4612', 'nat-gateway', 'nat-07ab4846da51f4612'],
    ['natGateway', '', 'nat-gateway', undefined],
    ['NAT_GATEWAY', '', 'nat-gateway', undefined],
    [undefined, 'Interface for NAT Gateway nat-07ab4846da51f4612', 'nat-gateway', 'nat-07ab4846da51f4612'],
    ['vpc_endpoint', 'VPC Endpoint Interface vpce-083c683a6be29b889', 'vpc-endpoint', 'vpce-083c683a6be29b889'],
    ['vpcEndpoint', '', 'vpc-endpoint', undefined],
    ['gateway_load_balancer_endpoint', '', 'vpc-endpoint', undefined],
    [undefined, 'VPC Endpoint Interface vpce-083c683a6be29b889', 'vpc-endpoint', 'vpce-083c683a6be29b889'],
    ['lambda', '', 'lambda', undefined],
    [undefined, 'AWS Lambda VPC ENI-resize-8c7ac78b', 'lambda', undefined],
    [undefined, 'AWS Lambda VPC ENI: 26578289-8b35', 'lambda', undefined],
    [undefined, 'AWS Lambda VPC ENIs', 'other', undefined],
    ['transit_gateway', '', 'tgw-attachment', undefined],
    [
      undefined,
      'Network Interface for Transit Gateway Attachment tgw-attach-0068fe8d7e573c375',
      'tgw-attachment',
      'tgw-attach-0068fe8d7e573c375',
    ],
    [undefined, 'RDSNetworkInterface', 'rds', undefined],
    ['efs', '', 'efs', undefined],
    [undefined, 'EFS mount target for fs-017557a9 (fsmt-0fcbb40c)', 'efs', 'fs-017557a9'],
    [undefined, 'AWS created network interface for directory d-90677cc91c', 'directory-service', 'd-90677cc91c'],
  ])('reads type %s with "%s" as %s', (interfaceType, description, kind, ownerId) => {
    const owner = ownerOf({ interfaceType, description });
    expect(owner).toMatchObject({ kind, ownerId, movability: kind === 'other' ? 'unknown' : 'fixed' });
  });

  it('knows RDS by its requester', () => {
    expect(ownerOf({ requesterId: 'amazon-rds' })).toMatchObject({ kind: 'rds', movability: 'fixed' });
  });

  it.each(['aws', 'aws-cn', 'aws-us-gov'])('knows an ECS task in the partition %s', (partition) => {
    const description = `arn:${partition}:ecs:eu-west-1:${ACCOUNT_ID}:attachment/c8773f8d`;
    expect(ownerOf({ description })).toMatchObject({ kind: 'ecs-task', ownerId: description, movability: 'movable' });
  });

  it.each([
    ['ElastiCache shop-001', 'elasticache'],
    ['DAX shop', 'dax'],
    ['RedshiftNetworkInterface', 'redshift'],
    ['ES search-domain', 'opensearch'],
    ['Amazon OpenSearch Service', 'opensearch'],
    ['DO NOT DELETE - Amazon MSK network interface for cluster', 'msk'],
    ['Amazon FSx file system', 'fsx'],
    ['Route 53 Resolver: rslvr-in-1:rni-2', 'route-53-resolver'],
    ['DMSNetworkInterface', 'dms'],
    ['AWS CodeBuild build', 'codebuild'],
    ['CloudHSM Managed Interface', 'cloudhsm'],
  ])('reads "%s" as the AWS service %s', (description, service) => {
    expect(ownerOf({ description })).toMatchObject({ kind: 'aws-service', service, movability: 'fixed' });
  });

  it.each(['ACCESS ES', 'ESX host', 'dmsx'])('does not read "%s" as an AWS service', (description) => {
    expect(ownerOf({ description }).kind).toBe('other');
  });

  it.each<Tags>([
    [['eks:cluster-name', CLUSTER_NAME]],
    [['eks:eks-cluster-name', CLUSTER_NAME]],
    [['aws:eks:cluster-name', CLUSTER_NAME]],
    [['kubernetes.io/cluster/prod', 'owned']],
  ])('knows the primary interface of a node by its instance, tagged %s', (tag) => {
    const known = instances(anInstance({ tags: [tag] }));
    expect(ownerOf({ attachment: anAttachment() }, known)).toEqual({
      kind: 'eks-node-primary',
      ownerId: INSTANCE_ID,
      clusterName: CLUSTER_NAME,
      service: undefined,
      movability: 'movable',
      nodeInstanceId: INSTANCE_ID,
    });
  });

  it.each<[string, Partial<NetworkInterface>]>([
    ['the primary interface', {}],
    ['a secondary interface', { description: `aws-K8S-${INSTANCE_ID}` }],
  ])('lets the tags of the instance win over those of %s', (_, overrides) => {
    const tags: Tags = [['kubernetes.io/cluster/blue', 'owned']];
    const owner = ownerOf({ ...overrides, tags, attachment: anAttachment() }, NODE);
    expect(owner.clusterName).toBe(CLUSTER_NAME);
  });

  it('goes by the tags of the interface where the instance has none of a cluster', () => {
    const tags: Tags = [['kubernetes.io/cluster/blue', 'owned']];
    const owner = ownerOf({ tags, attachment: anAttachment() }, instances(anInstance()));
    expect(owner).toMatchObject({ kind: 'eks-node-primary', clusterName: 'blue' });
  });

  it.each<[string, ReadonlyMap<string, Instance>]>([
    ['without tags of a cluster', instances(anInstance({ tags: [['karpenter.sh/nodepool', 'default']] }))],
    ['that is not known', instances()],
  ])('calls an instance %s an EC2 instance', (_, known) => {
    expect(ownerOf({ attachment: anAttachment() }, known)).toEqual({
      kind: 'ec2-instance',
      ownerId: INSTANCE_ID,
      clusterName: undefined,
      service: undefined,
      movability: 'movable',
      nodeInstanceId: undefined,
    });
  });

  it('calls an available interface without an attachment unattached, and keeps the cluster of its tags', () => {
    const tags: Tags = [['kubernetes.io/cluster/prod', 'owned']];
    expect(ownerOf({ status: 'available', tags })).toMatchObject({
      kind: 'unattached',
      clusterName: 'prod',
      movability: 'movable',
    });
  });

  it.each<[string, Partial<NetworkInterface>]>([
    ['in use', { status: 'in-use' }],
    ['attaching', { status: 'attaching' }],
    ['of unknown status', { status: undefined }],
    ['attached to something of AWS', { status: 'available', attachment: anAttachmentOfAws() }],
  ])('does not call an interface unattached that is %s', (_, overrides) => {
    expect(ownerOf(overrides)).toMatchObject({ kind: 'other', movability: 'unknown' });
  });

  it.each<[string | undefined, string | undefined, string | undefined]>([
    ['evs', 'amazon-evs', 'evs'],
    ['quicksight', undefined, 'quicksight'],
    ['__proto__', undefined, '__proto__'],
    ['interface', 'amazon-workspaces', 'amazon-workspaces'],
    [undefined, 'amazon-workspaces', 'amazon-workspaces'],
    ['interface', undefined, 'interface'],
    [undefined, undefined, undefined],
  ])('names type %s requested by %s as the service %s', (interfaceType, requesterId, service) => {
    expect(ownerOf({ interfaceType, requesterId })).toEqual({
      kind: 'other',
      ownerId: undefined,
      clusterName: undefined,
      service,
      movability: 'unknown',
      nodeInstanceId: undefined,
    });
  });
});

/** One interface property per row, in the order of the table, each of which alone leads to its kind. */
const ROWS: readonly { readonly kind: string; readonly overrides: Partial<NetworkInterface> }[] = [
  { kind: 'pod-branch', overrides: { tags: [['vpcresources.k8s.aws/trunk-eni-id', 'eni-0f']] } },
  { kind: 'node-trunk', overrides: { interfaceType: 'trunk' } },
  { kind: 'cni-secondary', overrides: { tags: [['node.k8s.amazonaws.com/instance_id', INSTANCE_ID]] } },
  {
    kind: 'auto-mode-node',
    overrides: { operator: { managed: true, principal: 'eks.amazonaws.com', hiddenByDefault: true } },
  },
  {
    kind: 'eks-control-plane',
    overrides: { description: 'Amazon EKS prod', attachment: anAttachmentOfAws() },
  },
  { kind: 'elb-alb', overrides: { description: 'ELB app/shop/50dc6c495c0c9188' } },
  { kind: 'elb-nlb', overrides: { interfaceType: 'network_load_balancer' } },
  { kind: 'elb-gwlb', overrides: { description: 'ELB gwy/fw/0123456789abcdef' } },
  { kind: 'elb-classic', overrides: { description: 'ELB test-load-balancer' } },
  { kind: 'elb-alb', overrides: { interfaceType: 'load_balancer' } },
  { kind: 'nat-gateway', overrides: { description: 'Interface for NAT Gateway nat-0a' } },
  { kind: 'vpc-endpoint', overrides: { interfaceType: 'vpc_endpoint' } },
  { kind: 'lambda', overrides: { description: 'AWS Lambda VPC ENI-resize' } },
  { kind: 'tgw-attachment', overrides: { interfaceType: 'transit_gateway' } },
  { kind: 'rds', overrides: { requesterId: 'amazon-rds' } },
  { kind: 'efs', overrides: { interfaceType: 'efs' } },
  {
    kind: 'directory-service',
    overrides: { description: 'AWS created network interface for directory d-90677cc91c' },
  },
  { kind: 'ecs-task', overrides: { description: 'arn:aws:ecs:eu-west-1:1:attachment/redshift' } },
  { kind: 'aws-service', overrides: { description: 'ElastiCache shop-001' } },
  { kind: 'eks-node-primary', overrides: { attachment: anAttachment(), tags: NODE_TAGS } },
  { kind: 'ec2-instance', overrides: { attachment: anAttachment() } },
  { kind: 'unattached', overrides: { status: 'available' } },
];

/** Pairs of rows whose properties can stand on one interface: no property is set by both. */
const PAIRS = ROWS.flatMap((earlier, index) =>
  ROWS.slice(index + 1)
    .filter((later) => Object.keys(later.overrides).every((key) => !(key in earlier.overrides)))
    .map((later) => ({ earlier, later })),
);

describe('networkInterfaceOwner, order of the rows', () => {
  it.each(ROWS)('reaches $kind', ({ kind, overrides }) => {
    expect(ownerOf(overrides).kind).toBe(kind);
  });

  it.each(PAIRS)('prefers $earlier.kind to $later.kind', ({ earlier, later }) => {
    expect(ownerOf({ ...later.overrides, ...earlier.overrides }).kind).toBe(earlier.kind);
  });

  it.each<[string, Partial<NetworkInterface>, string]>([
    [
      'the tags of a trunk and of an instance',
      {
        tags: [
          ['node.k8s.amazonaws.com/instance_id', 'i-0a'],
          ['vpcresources.k8s.aws/trunk-eni-id', 'eni-0f'],
        ],
      },
      'pod-branch',
    ],
    [
      'the type of a branch and the description of a trunk',
      { interfaceType: 'branch', description: 'aws-k8s-trunk-eni' },
      'pod-branch',
    ],
    [
      'the type of a trunk and the description of a branch',
      { interfaceType: 'trunk', description: 'aws-k8s-branch-eni' },
      'pod-branch',
    ],
    [
      'the tags of the VPC CNI and of EKS Auto Mode',
      {
        tags: [
          ['eks:eks-cluster-name', 'prod'],
          ['eks:kubernetes-cni-node-name', 'i-0a'],
          ['eks:eni:owner', 'amazon-vpc-cni'],
        ],
      },
      'cni-secondary',
    ],
    [
      'the type of a gateway load balancer endpoint, not of the balancer',
      { interfaceType: 'gateway_load_balancer_endpoint' },
      'vpc-endpoint',
    ],
    [
      'the requester of RDS and the description of ElastiCache',
      { requesterId: 'amazon-rds', description: 'ElastiCache shop' },
      'rds',
    ],
    [
      'the type of EFS and the description of a directory',
      { interfaceType: 'efs', description: 'AWS created network interface for directory d-1' },
      'efs',
    ],
    ['a load balancer named like another service', { description: 'ELB redshift-lb' }, 'elb-classic'],
  ])('decides between %s', (_, overrides, kind) => {
    expect(ownerOf(overrides).kind).toBe(kind);
  });
});

const optionalText = z.string().optional();
const recordedInterface = z.object({
  NetworkInterfaceId: z.string(),
  SubnetId: z.string(),
  VpcId: z.string(),
  OwnerId: z.string(),
  InterfaceType: optionalText,
  Description: z.string(),
  RequesterId: optionalText,
  RequesterManaged: z.boolean().optional(),
  Status: optionalText,
  Attachment: z.object({ InstanceId: optionalText, InstanceOwnerId: optionalText }).optional(),
  TagSet: z.array(z.object({ Key: z.string(), Value: z.string() })),
});
const interfaceList = z.object({ NetworkInterfaces: z.array(recordedInterface) });
const recording = z.union([z.object({ data: interfaceList }).transform(({ data }) => data), interfaceList]);

function recordedKinds(path: string): readonly string[] {
  return recording.parse(readFixture(path)).NetworkInterfaces.map((recorded) => {
    const { Attachment } = recorded;
    const owner = ownerOf({
      networkInterfaceId: recorded.NetworkInterfaceId,
      ownerId: recorded.OwnerId,
      interfaceType: recorded.InterfaceType,
      description: recorded.Description,
      requesterId: recorded.RequesterId,
      requesterManaged: recorded.RequesterManaged,
      status: recorded.Status,
      attachment:
        Attachment === undefined
          ? undefined
          : { ...anAttachment(), instanceId: Attachment.InstanceId, instanceOwnerId: Attachment.InstanceOwnerId },
      tags: recorded.TagSet.map(({ Key, Value }) => [Key, Value] as const),
    });
    return owner.ownerId === undefined ? owner.kind : `${owner.kind} ${owner.ownerId}`;
  });
}

describe.skipIf(fixturesFolder() === undefined)(`fixtures: owners of recorded interfaces (${FIXTURES_NOTE})`, () => {
  it.each<[string, readonly string[]]>([
    [
      'calls/network-location-match-in-mismatch/ec2.DescribeNetworkInterfaces_1.json',
      [
        'unattached',
        'unattached',
        'ecs-task arn:aws:ecs:us-east-1:644160558196:attachment/c8773f8d-1317-457a-ba3c-b57775ac6a04',
        'efs fs-017557a9f00b1bec9',
        'directory-service d-90677cc91c',
        'rds',
        'efs fs-028d2a86fa813320a',
        'directory-service d-90677cc91c',
        'lambda',
        'efs fs-017557a9f00b1bec9',
      ],
    ],
    [
      'calls/security-group-unused/ec2.DescribeNetworkInterfaces_1.json',
      ['rds', 'rds', 'elb-classic test-load-balancer'],
    ],
    [
      'calls/security-group-used/ec2.DescribeNetworkInterfaces_1.json',
      [
        'ec2-instance i-017cf4e2a33b853fe',
        'lambda',
        'vpc-endpoint vpce-0929ee4b892d1ad5d',
        'pod-branch eni-0e769e3bf64c37e57',
      ],
    ],
  ])('reads %s', (path, kinds) => {
    expect(recordedKinds(path)).toEqual(kinds);
  });
});
