import { describe, expect, it } from 'vitest';
import { clusterNameOf, isClusterName } from '../../../lib/domain/cluster/cluster-name.ts';
import type { Tags } from '../../../lib/domain/tags.ts';

describe('clusterNameOf', () => {
  it.each(['aws:eks:cluster-name', 'eks:cluster-name', 'eks:eks-cluster-name', 'cluster.k8s.amazonaws.com/name'])(
    'reads the value of %s',
    (key) => {
      expect(
        clusterNameOf([
          ['Name', 'a'],
          [key, 'prod'],
        ]),
      ).toBe('prod');
    },
  );

  it.each(['owned', 'shared', ''])('reads the key of a kubernetes.io/cluster tag with the value "%s"', (value) => {
    expect(clusterNameOf([['kubernetes.io/cluster/prod', value]])).toBe('prod');
  });

  it('takes what EKS sets before what people set, in whatever order the tags are listed', () => {
    const tags: Tags = [
      ['kubernetes.io/cluster/people', 'owned'],
      ['cluster.k8s.amazonaws.com/name', 'cni'],
      ['eks:eks-cluster-name', 'auto-mode'],
      ['eks:cluster-name', 'eks'],
      ['aws:eks:cluster-name', 'ec2'],
    ];
    expect(clusterNameOf(tags)).toBe('ec2');
    expect(clusterNameOf(tags.slice(0, 4))).toBe('eks');
    expect(clusterNameOf(tags.slice(0, 3))).toBe('auto-mode');
    expect(clusterNameOf(tags.slice(0, 2))).toBe('cni');
    expect(clusterNameOf(tags.slice(0, 1))).toBe('people');
  });

  it('takes the only owned one of several kubernetes.io/cluster tags', () => {
    const tags: Tags = [
      ['kubernetes.io/cluster/a', 'shared'],
      ['kubernetes.io/cluster/b', 'owned'],
    ];
    expect(clusterNameOf(tags)).toBe('b');
  });

  it.each(['owned', 'shared'])('names none where several kubernetes.io/cluster tags are all %s', (value) => {
    const tags: Tags = [
      ['kubernetes.io/cluster/a', value],
      ['kubernetes.io/cluster/b', value],
    ];
    expect(clusterNameOf(tags)).toBeUndefined();
  });

  it.each<{ tags: Tags }>([
    { tags: [] },
    { tags: [['__proto__', 'prod']] },
    { tags: [['eks:cluster-name', '']] },
    { tags: [['EKS:cluster-name', 'prod']] },
    { tags: [['eks:cluster-name', '<script>']] },
    { tags: [['kubernetes.io/cluster/', 'owned']] },
    { tags: [['kubernetes.io/cluster/a/b', 'owned']] },
    { tags: [['kubernetes.io/clusters/prod', 'owned']] },
    { tags: [['x-kubernetes.io/cluster/prod', 'owned']] },
    { tags: [['alpha.eksctl.io/cluster-name', 'prod']] },
    { tags: [['karpenter.sh/nodepool', 'default']] },
    { tags: [['eks:nodegroup-name', 'workers']] },
  ])('names none for $tags', ({ tags }) => {
    expect(clusterNameOf(tags)).toBeUndefined();
  });

  it('reads the next tag where one holds a name that EKS would refuse', () => {
    const tags: Tags = [
      ['eks:cluster-name', 'a b'],
      ['kubernetes.io/cluster/prod', 'owned'],
    ];
    expect(clusterNameOf(tags)).toBe('prod');
  });
});

describe('isClusterName', () => {
  it.each(['a', '1', 'prod-1_B', 'a'.repeat(100)])('accepts %s', (name) => {
    expect(isClusterName(name)).toBe(true);
  });

  it.each(['', '-a', '_a', 'a.b', 'a/b', 'a b', 'a\n', 'é', 'a'.repeat(101)])('refuses %j', (name) => {
    expect(isClusterName(name)).toBe(false);
  });
});
