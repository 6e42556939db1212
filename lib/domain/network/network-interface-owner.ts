import { clusterNameOf, isClusterName } from '../cluster/cluster-name.ts';
import { tagValue } from '../tags.ts';
import type { Instance, NetworkInterface } from './network.ts';

export type OwnerKind =
  | 'pod-branch'
  | 'node-trunk'
  | 'cni-secondary'
  | 'auto-mode-node'
  | 'eks-control-plane'
  | 'elb-alb'
  | 'elb-nlb'
  | 'elb-gwlb'
  | 'elb-classic'
  | 'nat-gateway'
  | 'vpc-endpoint'
  | 'lambda'
  | 'tgw-attachment'
  | 'rds'
  | 'efs'
  | 'directory-service'
  | 'ecs-task'
  | 'aws-service'
  | 'eks-node-primary'
  | 'ec2-instance'
  | 'unattached'
  | 'other';

/** Whether a person can recycle the interface, and so free its addresses, without changing the architecture. */
export type Movability = 'movable' | 'fixed' | 'unknown';

export interface NetworkInterfaceOwner {
  readonly kind: OwnerKind;
  /**
   * The id or name of what holds the interface: an instance, `app/<name>/<hash>` of a load balancer, a NAT gateway, an
   * endpoint, … For a branch interface it is the trunk interface, by which its node can be found.
   */
  readonly ownerId: string | undefined;
  /** The EKS cluster it serves, for interfaces of nodes, pods and control planes, and for unattached ones that carry its tag. */
  readonly clusterName: string | undefined;
  /** The AWS service of an `aws-service`; the interface type or the requester of an `other`. */
  readonly service: string | undefined;
  readonly movability: Movability;
  /** The EKS node that the interface is attached to now. Draining it frees the interface. */
  readonly nodeInstanceId: string | undefined;
}

interface Subject {
  readonly networkInterface: NetworkInterface;
  readonly description: string;
  /** Lower case, without separators: the SDK's `natGateway` and the recorded `nat_gateway` are one type. */
  readonly interfaceType: string;
  readonly instanceId: string | undefined;
  readonly clusterName: string | undefined;
}

/** What a rule found out about the owner besides its kind. */
interface OwnerDetails {
  readonly ownerId?: string | undefined;
  readonly clusterName?: string | undefined;
  readonly service?: string | undefined;
  readonly nodeInstanceId?: string | undefined;
}

interface OwnerRule {
  readonly kind: OwnerKind;
  readonly movability: Movability;
  readonly match: (subject: Subject) => OwnerDetails | undefined;
}

/** Tags and descriptions of the VPC CNI. https://github.com/aws/amazon-vpc-cni-k8s/blob/master/pkg/awsutils/awsutils.go */
export const CNI_INSTANCE_TAG = 'node.k8s.amazonaws.com/instance_id';
const CNI_DESCRIPTION = /^aws-K8S-(i-[0-9a-f]+)/;
const ENI_OWNER_TAG = 'eks:eni:owner';
const ENI_OWNER_CNI = 'amazon-vpc-cni';

/** Tags of the controller of security groups for pods. https://github.com/aws/amazon-vpc-resource-controller-k8s */
const TRUNK_ENI_TAG = 'vpcresources.k8s.aws/trunk-eni-id';

/** Tags that EKS Auto Mode must set on its interfaces. https://docs.aws.amazon.com/eks/latest/userguide/auto-learn-iam.html */
const AUTO_MODE_CLUSTER_TAG = 'eks:eks-cluster-name';
const AUTO_MODE_NODE_TAG = 'eks:kubernetes-cni-node-name';
/** EKS as the principal of an operator, `eks.amazonaws.com`; the partition may change what follows the service's name. */
const EKS_PRINCIPAL = /^eks\b/i;

const CONTROL_PLANE_DESCRIPTION = /^Amazon EKS (.+)$/;

/** What the descriptions of AWS services mention, in the order they are looked for. OpenSearch still writes its old name. */
const SERVICE_MENTIONS: readonly (readonly [service: string, mention: RegExp])[] = [
  ['elasticache', /ElastiCache/i],
  ['dax', /\bDAX/],
  ['redshift', /Redshift/i],
  ['opensearch', /^ES |OpenSearch/],
  ['msk', /\bMSK/],
  ['fsx', /\bFSx/i],
  ['route-53-resolver', /Route ?53 Resolver/i],
  ['dms', /\bDMS/],
  ['codebuild', /CodeBuild/i],
  ['cloudhsm', /CloudHSM/i],
];

/**
 * Who holds an interface: the first rule that matches decides. The order is part of the rule: what EKS and AWS services
 * write on their interfaces comes before the attachment to an instance, which all interfaces of a node share.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NetworkInterface.html
 */
const OWNER_RULES: readonly OwnerRule[] = [
  { kind: 'pod-branch', movability: 'movable', match: podBranch },
  { kind: 'node-trunk', movability: 'movable', match: nodeTrunk },
  { kind: 'cni-secondary', movability: 'movable', match: cniSecondary },
  { kind: 'auto-mode-node', movability: 'movable', match: autoModeNode },
  { kind: 'eks-control-plane', movability: 'fixed', match: controlPlane },
  { kind: 'elb-alb', movability: 'fixed', match: described(/^ELB (app\/[^/]+\/[0-9a-f]+)/) },
  { kind: 'elb-nlb', movability: 'fixed', match: described(/^ELB (net\/[^/]+\/[0-9a-f]+)/, 'networkloadbalancer') },
  { kind: 'elb-gwlb', movability: 'fixed', match: described(/^ELB (gwy\/[^/]+\/[0-9a-f]+)/, 'gatewayloadbalancer') },
  { kind: 'elb-classic', movability: 'fixed', match: described(/^ELB (.+)$/) },
  // Network and Gateway Load Balancers have types of their own, and a Classic one was recorded without any.
  { kind: 'elb-alb', movability: 'fixed', match: typed('loadbalancer') },
  { kind: 'nat-gateway', movability: 'fixed', match: described(/^Interface for NAT Gateway (nat-\S+)/, 'natgateway') },
  {
    kind: 'vpc-endpoint',
    movability: 'fixed',
    match: described(/^VPC Endpoint Interface (vpce-\S+)/, 'vpcendpoint', 'gatewayloadbalancerendpoint'),
  },
  // Functions share these interfaces, so the function named in a description is not the owner. The colon is recorded too.
  { kind: 'lambda', movability: 'fixed', match: described(/^AWS Lambda VPC ENI[-:]/, 'lambda') },
  {
    kind: 'tgw-attachment',
    movability: 'fixed',
    match: described(/^Network Interface for Transit Gateway Attachment (tgw-attach-\S+)/, 'transitgateway'),
  },
  { kind: 'rds', movability: 'fixed', match: rds },
  { kind: 'efs', movability: 'fixed', match: described(/^EFS mount target for (fs-\S+)/, 'efs') },
  {
    kind: 'directory-service',
    movability: 'fixed',
    match: described(/^AWS created network interface for directory (d-\S+)/),
  },
  { kind: 'ecs-task', movability: 'movable', match: described(/^(arn:aws[^:]*:ecs:.*:attachment\/.*)/) },
  { kind: 'aws-service', movability: 'fixed', match: awsService },
  { kind: 'eks-node-primary', movability: 'movable', match: eksNode },
  { kind: 'ec2-instance', movability: 'movable', match: ec2Instance },
  { kind: 'unattached', movability: 'movable', match: unattached },
];

/**
 * Takes a network interface and the instances that are known, by id, and returns who holds the interface. Where its
 * instance and the interface itself are tagged for different clusters, the instance's tags win.
 * The interface of a Fargate pod carries no mark that tells it apart, so it is an `other`.
 */
export function networkInterfaceOwner(
  networkInterface: NetworkInterface,
  instanceById: ReadonlyMap<string, Instance>,
): NetworkInterfaceOwner {
  const subject = subjectOf(networkInterface, instanceById);
  for (const rule of OWNER_RULES) {
    const details = rule.match(subject);
    if (details !== undefined) {
      return {
        kind: rule.kind,
        ownerId: details.ownerId,
        clusterName: details.clusterName,
        service: details.service,
        movability: rule.movability,
        nodeInstanceId: details.nodeInstanceId,
      };
    }
  }
  return {
    kind: 'other',
    ownerId: undefined,
    clusterName: undefined,
    service: serviceOfOther(networkInterface),
    movability: 'unknown',
    nodeInstanceId: undefined,
  };
}

function subjectOf(networkInterface: NetworkInterface, instanceById: ReadonlyMap<string, Instance>): Subject {
  const instanceId = networkInterface.attachment?.instanceId;
  const instance = instanceById.get(instanceId ?? cniInstanceId(networkInterface) ?? '');
  const ofInstance = instance === undefined ? undefined : clusterNameOf(instance.tags);
  return {
    networkInterface,
    description: networkInterface.description,
    // An interface without a type matches no rule about types, as an empty text does.
    interfaceType: (networkInterface.interfaceType ?? '').toLowerCase().replaceAll(/[_-]/g, ''),
    instanceId,
    clusterName: ofInstance ?? clusterNameOf(networkInterface.tags),
  };
}

/** Returns the instance that the VPC CNI made the interface for, by the interface's own tag or description. */
function cniInstanceId(networkInterface: NetworkInterface): string | undefined {
  return tagValue(networkInterface.tags, CNI_INSTANCE_TAG) ?? CNI_DESCRIPTION.exec(networkInterface.description)?.[1];
}

/** A rule that holds for any of these types, or for a description; what the description captures is the owner's id. */
function described(description: RegExp, ...interfaceTypes: readonly string[]): OwnerRule['match'] {
  return (subject) => {
    const match = description.exec(subject.description);
    return match !== null || interfaceTypes.includes(subject.interfaceType) ? { ownerId: match?.[1] } : undefined;
  };
}

function typed(interfaceType: string): OwnerRule['match'] {
  return (subject) => (subject.interfaceType === interfaceType ? {} : undefined);
}

function onNode(subject: Subject, ownerId: string | undefined): OwnerDetails {
  return { ownerId, clusterName: subject.clusterName, nodeInstanceId: subject.instanceId };
}

function podBranch(subject: Subject): OwnerDetails | undefined {
  const trunkEniId = tagValue(subject.networkInterface.tags, TRUNK_ENI_TAG);
  const isBranch =
    subject.interfaceType === 'branch' || subject.description === 'aws-k8s-branch-eni' || trunkEniId !== undefined;
  return isBranch ? onNode(subject, trunkEniId) : undefined;
}

function nodeTrunk(subject: Subject): OwnerDetails | undefined {
  const isTrunk = subject.interfaceType === 'trunk' || subject.description === 'aws-k8s-trunk-eni';
  return isTrunk ? onNode(subject, subject.instanceId) : undefined;
}

function cniSecondary(subject: Subject): OwnerDetails | undefined {
  const instanceId = cniInstanceId(subject.networkInterface);
  const isOfCni = instanceId !== undefined || tagValue(subject.networkInterface.tags, ENI_OWNER_TAG) === ENI_OWNER_CNI;
  return isOfCni ? onNode(subject, instanceId ?? subject.instanceId) : undefined;
}

function autoModeNode(subject: Subject): OwnerDetails | undefined {
  const { tags, operator } = subject.networkInterface;
  const nodeName = tagValue(tags, AUTO_MODE_NODE_TAG);
  const isTagged = nodeName !== undefined && tagValue(tags, AUTO_MODE_CLUSTER_TAG) !== undefined;
  const isOperatedByEks =
    operator?.managed === true && operator.principal !== undefined && EKS_PRINCIPAL.test(operator.principal);
  return isTagged || isOperatedByEks ? onNode(subject, subject.instanceId ?? nodeName) : undefined;
}

/**
 * Anyone can write this description, so interfaces that are attached to an instance of their own account, and unattached
 * ones that the account made itself, are left to the later rules.
 */
function controlPlane(subject: Subject): OwnerDetails | undefined {
  const name = CONTROL_PLANE_DESCRIPTION.exec(subject.description)?.[1];
  const { attachment, ownerId, requesterManaged } = subject.networkInterface;
  const isOurs = attachment === undefined ? requesterManaged === false : attachment.instanceOwnerId === ownerId;
  if (name === undefined || isOurs) {
    return undefined;
  }
  const clusterName = isClusterName(name) ? name : undefined;
  return { ownerId: clusterName, clusterName };
}

function rds(subject: Subject): OwnerDetails | undefined {
  const isRds =
    subject.networkInterface.requesterId === 'amazon-rds' || subject.description.startsWith('RDSNetworkInterface');
  return isRds ? {} : undefined;
}

function awsService(subject: Subject): OwnerDetails | undefined {
  const service = SERVICE_MENTIONS.find(([, mention]) => mention.test(subject.description))?.[0];
  return service === undefined ? undefined : { service };
}

function eksNode(subject: Subject): OwnerDetails | undefined {
  const isNode = subject.instanceId !== undefined && subject.clusterName !== undefined;
  return isNode ? onNode(subject, subject.instanceId) : undefined;
}

function ec2Instance(subject: Subject): OwnerDetails | undefined {
  return subject.instanceId === undefined ? undefined : { ownerId: subject.instanceId };
}

function unattached(subject: Subject): OwnerDetails | undefined {
  const { status, attachment } = subject.networkInterface;
  return status?.toLowerCase() === 'available' && attachment === undefined
    ? { clusterName: subject.clusterName }
    : undefined;
}

/** The type `interface` is said of most interfaces and tells nothing, so the requester is named before it. */
function serviceOfOther({ interfaceType, requesterId }: NetworkInterface): string | undefined {
  return interfaceType === undefined || interfaceType === 'interface' ? (requesterId ?? interfaceType) : interfaceType;
}
