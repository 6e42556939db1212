import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ClusterSubnetEvidence,
  type ClusterWithSubnets,
  clusterSubnetIndex,
  clusterSubnets,
  indexedClusterSubnets,
  type OwnedNetworkInterface,
} from '../../../lib/domain/cluster/cluster-subnets.ts';
import type { Instance } from '../../../lib/domain/network/network.ts';
import { networkInterfaceOwner, type OwnerKind } from '../../../lib/domain/network/network-interface-owner.ts';
import { type Tags, tagValue } from '../../../lib/domain/tags.ts';
import {
  aCluster,
  aFargateProfile,
  aNetworkInterface,
  aNodegroup,
  anAttachment,
  anInstance,
  aSubnet,
  CLUSTER_NAME,
  INSTANCE_ID,
  VPC_ID,
} from '../../helpers/builders.ts';

const NOTHING: ClusterSubnetEvidence = {
  nodegroups: [],
  fargateProfiles: [],
  subnets: [],
  networkInterfaces: [],
  instances: [],
};

function subnetsOf(evidence: Partial<ClusterSubnetEvidence>, cluster: Partial<ClusterWithSubnets> = {}) {
  return clusterSubnets({ ...NOTHING, ...evidence, cluster: aCluster({ subnetIds: [], ...cluster }) });
}

function anOwned(subnetId: string, kind: OwnerKind, clusterName: string | undefined): OwnedNetworkInterface {
  return { networkInterface: { subnetId }, owner: { kind, clusterName } };
}

function tagged(...tags: Tags): Pick<ClusterSubnetEvidence, 'subnets'> {
  return { subnets: [aSubnet({ subnetId: 'subnet-t', tags })] };
}

describe('clusterSubnets', () => {
  it('has the subnets of the control plane', () => {
    expect(subnetsOf({}, { subnetIds: ['subnet-b', 'subnet-a'] })).toEqual([
      { subnetId: 'subnet-a', sources: ['control-plane'] },
      { subnetId: 'subnet-b', sources: ['control-plane'] },
    ]);
  });

  it('has none where nothing names one', () => {
    expect(subnetsOf({ subnets: [aSubnet()], instances: [anInstance()] })).toEqual([]);
  });

  it('has the subnets of its own node groups and Fargate profiles', () => {
    const nodegroups = [
      aNodegroup({ subnetIds: ['subnet-a', 'subnet-b'] }),
      aNodegroup({ clusterName: 'other', subnetIds: ['subnet-c'] }),
    ];
    const fargateProfiles = [
      aFargateProfile({ subnetIds: ['subnet-b'] }),
      aFargateProfile({ clusterName: 'other', subnetIds: ['subnet-d'] }),
    ];
    expect(subnetsOf({ nodegroups, fargateProfiles })).toEqual([
      { subnetId: 'subnet-a', sources: ['nodegroup'] },
      { subnetId: 'subnet-b', sources: ['nodegroup', 'fargate-profile'] },
    ]);
  });

  const tags: Tags = [['eks:cluster-name', CLUSTER_NAME]];
  it.each<[string, Partial<Instance>, number]>([
    ['running and tagged for it', { tags }, 1],
    ['stopped', { tags, state: 'stopped' }, 0],
    ['terminated', { tags, state: 'terminated' }, 0],
    ['in a state that is not known', { tags, state: undefined }, 0],
    ['without a subnet', { tags, subnetId: undefined }, 0],
    ['tagged for another cluster', { tags: [['eks:cluster-name', 'other']] }, 0],
    ['not tagged', {}, 0],
  ])('counts an instance that is %s', (_, overrides, count) => {
    const found = subnetsOf({ instances: [anInstance(overrides)] });
    expect(found.flatMap(({ sources }) => sources)).toEqual(Array(count).fill('instance'));
  });

  it.each<[OwnerKind, readonly string[]]>([
    ['cni-secondary', ['cni-network-interface']],
    ['pod-branch', ['cni-network-interface']],
    ['auto-mode-node', ['cni-network-interface']],
    ['eks-control-plane', ['control-plane-network-interface']],
    ['node-trunk', []],
    ['eks-node-primary', []],
    ['unattached', []],
    ['elb-nlb', []],
    ['other', []],
  ])('reads an interface of kind %s as %j', (kind, sources) => {
    const own = subnetsOf({ networkInterfaces: [anOwned('subnet-a', kind, CLUSTER_NAME)] });
    expect(own.flatMap((subnet) => subnet.sources)).toEqual(sources);
    expect(subnetsOf({ networkInterfaces: [anOwned('subnet-a', kind, 'other')] })).toEqual([]);
    expect(subnetsOf({ networkInterfaces: [anOwned('subnet-a', kind, undefined)] })).toEqual([]);
  });

  it('takes owners as networkInterfaceOwner finds them', () => {
    const networkInterface = aNetworkInterface({
      description: `aws-K8S-${INSTANCE_ID}`,
      attachment: anAttachment(),
    });
    const instance = anInstance({ tags: [['kubernetes.io/cluster/prod', 'owned']], subnetId: 'subnet-nodes' });
    const owner = networkInterfaceOwner(networkInterface, new Map([[INSTANCE_ID, instance]]));
    expect(subnetsOf({ networkInterfaces: [{ networkInterface, owner }], instances: [instance] })).toEqual([
      { subnetId: networkInterface.subnetId, sources: ['cni-network-interface'] },
      { subnetId: 'subnet-nodes', sources: ['instance'] },
    ]);
  });

  it('lists every source of a subnet once, in a fixed order', () => {
    const evidence: ClusterSubnetEvidence = {
      nodegroups: [aNodegroup({ subnetIds: ['subnet-t'] }), aNodegroup({ subnetIds: ['subnet-t'] })],
      fargateProfiles: [aFargateProfile({ subnetIds: ['subnet-t'] })],
      networkInterfaces: [
        anOwned('subnet-t', 'eks-control-plane', CLUSTER_NAME),
        anOwned('subnet-t', 'pod-branch', CLUSTER_NAME),
        anOwned('subnet-t', 'cni-secondary', CLUSTER_NAME),
      ],
      instances: [anInstance({ tags, subnetId: 'subnet-t' })],
      ...tagged(
        ['cni.networking.k8s.aws/cluster/prod', 'shared'],
        ['kubernetes.io/role/cni', '1'],
        ['karpenter.sh/discovery', 'prod'],
        ['kubernetes.io/cluster/prod', 'shared'],
      ),
    };
    expect(subnetsOf(evidence, { subnetIds: ['subnet-t'] })).toEqual([
      {
        subnetId: 'subnet-t',
        sources: [
          'control-plane',
          'nodegroup',
          'fargate-profile',
          'instance',
          'cni-network-interface',
          'control-plane-network-interface',
          'cluster-tag',
          'karpenter-discovery-tag',
          'cni-role-tag',
          'cni-cluster-tag',
        ],
      },
    ]);
  });
});

describe('clusterSubnets, tags', () => {
  it.each<[string, Tags, readonly string[]]>([
    ['owned', [['kubernetes.io/cluster/prod', 'owned']], ['cluster-tag']],
    ['shared', [['kubernetes.io/cluster/prod', 'shared']], ['cluster-tag']],
    ['a cluster tag without a value', [['kubernetes.io/cluster/prod', '']], []],
    ['a cluster tag with another value', [['kubernetes.io/cluster/prod', 'Owned']], []],
    ['a longer name', [['kubernetes.io/cluster/prod-2', 'owned']], []],
    ['a shorter name', [['kubernetes.io/cluster/pro', 'owned']], []],
    ['a path below the name', [['kubernetes.io/cluster/prod/x', 'owned']], []],
    ['Karpenter', [['karpenter.sh/discovery', 'prod']], ['karpenter-discovery-tag']],
    ['Karpenter for another cluster', [['karpenter.sh/discovery', 'other']], []],
    ['Karpenter for any', [['karpenter.sh/discovery', '*']], []],
    ['role 1', [['kubernetes.io/role/cni', '1']], ['cni-role-tag']],
    ['role of any other value', [['kubernetes.io/role/cni', '']], ['cni-role-tag']],
    ['role 0', [['kubernetes.io/role/cni', '0']], []],
    ['role 00, which is not 0', [['kubernetes.io/role/cni', '00']], ['cni-role-tag']],
    ['a CNI cluster tag', [['cni.networking.k8s.aws/cluster/prod', 'shared']], ['cni-cluster-tag']],
    ['a CNI cluster tag of another', [['cni.networking.k8s.aws/cluster/other', 'shared']], []],
    [
      'role 1, limited to it',
      [
        ['kubernetes.io/role/cni', '1'],
        ['cni.networking.k8s.aws/cluster/prod', 'shared'],
      ],
      ['cni-role-tag', 'cni-cluster-tag'],
    ],
    [
      'role 1, limited to another',
      [
        ['kubernetes.io/role/cni', '1'],
        ['cni.networking.k8s.aws/cluster/other', 'shared'],
      ],
      [],
    ],
    [
      'role 1, limited to both',
      [
        ['kubernetes.io/role/cni', '1'],
        ['cni.networking.k8s.aws/cluster/other', 'shared'],
        ['cni.networking.k8s.aws/cluster/prod', 'shared'],
      ],
      ['cni-role-tag', 'cni-cluster-tag'],
    ],
    [
      'role 0 beside a CNI cluster tag',
      [
        ['kubernetes.io/role/cni', '0'],
        ['cni.networking.k8s.aws/cluster/prod', 'shared'],
      ],
      [],
    ],
    [
      'role 0 beside a cluster tag, which it does not weaken',
      [
        ['kubernetes.io/role/cni', '0'],
        ['kubernetes.io/cluster/prod', 'shared'],
      ],
      ['cluster-tag'],
    ],
    ['a hostile key', [['__proto__', 'prod']], []],
  ])('reads %s', (_, tags, sources) => {
    expect(subnetsOf(tagged(...tags)).flatMap((subnet) => subnet.sources)).toEqual(sources);
  });

  const everyTag: Tags = [
    ['kubernetes.io/cluster/prod', 'owned'],
    ['karpenter.sh/discovery', 'prod'],
    ['kubernetes.io/role/cni', '1'],
    ['cni.networking.k8s.aws/cluster/prod', 'shared'],
  ];

  it.each(['vpc-other', undefined])('counts no tag of a subnet where the cluster’s VPC is %s', (vpcId) => {
    expect(subnetsOf(tagged(...everyTag), { vpcId })).toEqual([]);
    expect(subnetsOf(tagged(...everyTag), { vpcId: VPC_ID })).toHaveLength(1);
  });

  it('gives one subnet to several clusters, each with its own sources', () => {
    const index = clusterSubnetIndex({
      ...NOTHING,
      ...tagged(
        ['kubernetes.io/cluster/blue', 'shared'],
        ['kubernetes.io/cluster/green', 'shared'],
        ['karpenter.sh/discovery', 'green'],
      ),
    });
    const sourcesFor = (name: string) =>
      indexedClusterSubnets(aCluster({ name, subnetIds: [] }), index).flatMap(({ sources }) => sources);
    expect(sourcesFor('blue')).toEqual(['cluster-tag']);
    expect(sourcesFor('green')).toEqual(['cluster-tag', 'karpenter-discovery-tag']);
    expect(sourcesFor('red')).toEqual([]);
  });
});

const SUBNET_IDS = ['subnet-1', 'subnet-2', 'subnet-3'];
const anyName = fc.constantFrom('blue', 'green');
const anySubnetId = fc.constantFrom(...SUBNET_IDS);
const anyTag = fc.tuple(
  fc.constantFrom(
    'kubernetes.io/cluster/blue',
    'kubernetes.io/cluster/green',
    'karpenter.sh/discovery',
    'kubernetes.io/role/cni',
    'cni.networking.k8s.aws/cluster/blue',
    'cni.networking.k8s.aws/cluster/green',
  ),
  fc.constantFrom('owned', 'shared', 'blue', '0', '1'),
);
const anyEvidence = fc.record({
  nodegroups: fc.array(fc.record({ clusterName: anyName, subnetIds: fc.array(anySubnetId, { maxLength: 2 }) }), {
    maxLength: 3,
  }),
  fargateProfiles: fc.array(fc.record({ clusterName: anyName, subnetIds: fc.array(anySubnetId, { maxLength: 2 }) }), {
    maxLength: 3,
  }),
  subnets: fc
    .tuple(
      ...SUBNET_IDS.map((subnetId) =>
        fc.record({
          subnetId: fc.constant(subnetId),
          vpcId: fc.constantFrom(VPC_ID, 'vpc-other'),
          tags: fc.uniqueArray(anyTag, { maxLength: 4, selector: ([key]) => key }),
        }),
      ),
    )
    .map((subnets) => [...subnets]),
  networkInterfaces: fc.array(
    fc
      .tuple(anySubnetId, fc.constantFrom<OwnerKind>('cni-secondary', 'eks-control-plane', 'elb-alb'), anyName)
      .map(([subnetId, kind, name]) => anOwned(subnetId, kind, name)),
    { maxLength: 3 },
  ),
  instances: fc.array(
    fc.record({
      state: fc.constantFrom('running', 'stopped'),
      subnetId: anySubnetId,
      tags: anyName.map((name): Tags => [['eks:cluster-name', name]]),
    }),
    { maxLength: 3 },
  ),
});

/** Asks of one subnet and one source at a time, over all the evidence. */
function sourcesByScan(evidence: ClusterSubnetEvidence, cluster: ClusterWithSubnets, subnetId: string): string[] {
  const { name } = cluster;
  const tags = evidence.subnets.find((subnet) => subnet.subnetId === subnetId && subnet.vpcId === cluster.vpcId)?.tags;
  const role = tagValue(tags ?? [], 'kubernetes.io/role/cni');
  const cniClusters = (tags ?? []).map(([key]) => key).filter((key) => key.startsWith('cni.networking.k8s.aws/'));
  const isOfCniCluster = cniClusters.includes(`cni.networking.k8s.aws/cluster/${name}`);
  const hasInterface = (kind: OwnerKind) =>
    evidence.networkInterfaces.some(
      ({ networkInterface, owner }) =>
        networkInterface.subnetId === subnetId && owner.kind === kind && owner.clusterName === name,
    );
  const isNamedBy = (parts: ClusterSubnetEvidence['nodegroups']) =>
    parts.some(({ clusterName, subnetIds }) => clusterName === name && subnetIds.includes(subnetId));
  const answers: readonly (readonly [string, boolean])[] = [
    ['control-plane', cluster.subnetIds.includes(subnetId)],
    ['nodegroup', isNamedBy(evidence.nodegroups)],
    ['fargate-profile', isNamedBy(evidence.fargateProfiles)],
    [
      'instance',
      evidence.instances.some(
        (instance) =>
          instance.state === 'running' &&
          instance.subnetId === subnetId &&
          tagValue(instance.tags, 'eks:cluster-name') === name,
      ),
    ],
    ['cni-network-interface', hasInterface('cni-secondary')],
    ['control-plane-network-interface', hasInterface('eks-control-plane')],
    ['cluster-tag', ['owned', 'shared'].includes(tagValue(tags ?? [], `kubernetes.io/cluster/${name}`) ?? '')],
    ['karpenter-discovery-tag', tagValue(tags ?? [], 'karpenter.sh/discovery') === name],
    ['cni-role-tag', role !== undefined && role !== '0' && (cniClusters.length === 0 || isOfCniCluster)],
    ['cni-cluster-tag', role !== '0' && isOfCniCluster],
  ];
  return answers.filter(([, holds]) => holds).map(([source]) => source);
}

describe('clusterSubnets, properties', () => {
  it('equals asking of each subnet and source in turn', () => {
    fc.assert(
      fc.property(anyEvidence, anyName, fc.array(anySubnetId, { maxLength: 2 }), (evidence, name, subnetIds) => {
        const cluster = aCluster({ name, subnetIds });
        const expected = SUBNET_IDS.map((subnetId) => ({
          subnetId,
          sources: sourcesByScan(evidence, cluster, subnetId),
        })).filter(({ sources }) => sources.length > 0);
        expect(clusterSubnets({ ...evidence, cluster })).toEqual(expected);
      }),
      { numRuns: 1000 },
    );
  });

  it('does not let one cluster’s question change the answer to the next', () => {
    fc.assert(
      fc.property(anyEvidence, (evidence) => {
        const index = clusterSubnetIndex(evidence);
        const blue = aCluster({ name: 'blue' });
        const green = aCluster({ name: 'green', subnetIds: ['subnet-3'] });
        const first = indexedClusterSubnets(blue, index);
        indexedClusterSubnets(green, index);
        expect(indexedClusterSubnets(blue, index)).toEqual(first);
        expect(first).toEqual(clusterSubnets({ ...evidence, cluster: blue }));
      }),
    );
  });
});
