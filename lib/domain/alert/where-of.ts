import type { SubnetState } from '../capacity/region-state.ts';
import type { VpcState } from '../capacity/vpc-state.ts';
import { type Tag, tagValue } from '../tags.ts';
import type { AlertWhere } from './alert.ts';

/** Returns where subnets of a VPC are, in the words of people. */
export function whereOf(state: VpcState, subnets: readonly SubnetState[], accountName: string | undefined): AlertWhere {
  const { ownerId, region, vpcId } = state.vpc;
  const clusterNames = new Map(
    subnets.flatMap(({ clusters }) => clusters.map((one) => [one.clusterId, one.clusterName])),
  );
  const clusters = state.clusters.filter(({ clusterId }) => clusterNames.has(clusterId));
  const teams = new Set(subnets.map(({ team }) => team));
  return {
    accountId: ownerId,
    accountName,
    accountIds: unique([ownerId, ...clusters.map(({ target }) => target.accountId)]),
    region,
    vpcId,
    vpcName: state.vpcName,
    zones: uniqueBy(
      subnets.map(({ subnet, availabilityZoneId }) => ({
        availabilityZone: subnet.availabilityZone,
        availabilityZoneId,
      })),
      ({ availabilityZone, availabilityZoneId }) => availabilityZoneId ?? availabilityZone,
    ),
    clusters: [...clusterNames].map(([clusterId, clusterName]) => ({ clusterId, clusterName })),
    subnets: subnets.map(({ subnet: { subnetId, tags, cidrBlock } }) => ({
      subnetId,
      name: tagValue(tags, 'Name'),
      cidrBlock,
    })),
    team: teams.size === 1 ? [...teams][0] : undefined,
    tags: uniqueBy(
      [
        ...subnets.flatMap(({ subnet }) => subnet.tags),
        ...clusters.flatMap(({ cluster }): readonly Tag[] => (cluster.state === 'observed' ? cluster.value.tags : [])),
      ],
      (tag) => JSON.stringify(tag),
    ),
  };
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}

function uniqueBy<T>(items: readonly T[], nameOf: (item: T) => string): T[] {
  return [...new Map(items.map((item) => [nameOf(item), item])).values()];
}
