import { judgeState } from '../../lib/audit/judge-state.ts';
import { OPEN_POLICY } from '../../lib/audit/policy.ts';
import type { VpcId, VpcState } from '../../lib/domain/capacity/vpc-state.ts';
import { observed } from '../../lib/domain/fact.ts';
import type { ClusterFacts } from '../../lib/domain/region-facts.ts';
import { ACCOUNT_ID, aCluster, aNetworkInterface, aNodegroup, aSubnet, VPC_ID } from '../helpers/builders.ts';
import {
  described,
  REGION,
  seen,
  someClusterFacts,
  someRegionFacts,
  withClusters,
} from '../helpers/region-facts-builder.ts';
import { idOf } from './vpc-of-size.ts';

export const VPC: VpcId = { ownerId: ACCOUNT_ID, region: REGION, vpcId: VPC_ID };

export interface StateSize {
  readonly subnetCount: number;
  readonly clusterCount: number;
  /** How many addresses each subnet has in use, by its number. */
  readonly usedAddressCount: (index: number) => number;
  readonly observedAt: string;
  readonly previous?: VpcState;
  readonly vpc?: VpcId;
}

const TEN_SLASH_EIGHT = 0x0a000000;
const ADDRESSES_PER_SUBNET = 256;
/** AWS's own. */
const FIRST_ADDRESS = 4;
const USABLE = 251;

/** The state of a VPC of /24 subnets that its clusters share evenly, as it is judged from facts. */
export function stateOf(size: StateSize): VpcState {
  const { subnetCount, clusterCount, usedAddressCount, observedAt, previous, vpc = VPC } = size;
  const subnetIds = Array.from({ length: subnetCount }, (_, index) => idOf('subnet', 19_000 + index));
  const subnets = subnetIds.map((subnetId, index) =>
    aSubnet({
      subnetId,
      subnetArn: `arn:aws:ec2:${REGION}:${ACCOUNT_ID}:subnet/${subnetId}`,
      vpcId: vpc.vpcId,
      ownerId: vpc.ownerId,
      cidrBlock: `10.0.${index}.0/24`,
      availableIpAddressCount: USABLE - usedAddressCount(index),
      tags: [['Name', `prod-private-${index}`]],
    }),
  );
  const networkInterfaces = subnetIds.map((subnetId, index) =>
    aNetworkInterface({
      networkInterfaceId: idOf('eni', index),
      subnetId,
      vpcId: vpc.vpcId,
      ownerId: vpc.ownerId,
      privateIpAddresses: Array.from(
        { length: usedAddressCount(index) },
        (_, address) => TEN_SLASH_EIGHT + index * ADDRESSES_PER_SUBNET + FIRST_ADDRESS + address,
      ),
    }),
  );
  const clusters = Object.fromEntries(
    Array.from({ length: clusterCount }, (_, index): [string, ClusterFacts] => {
      const name = `cluster-${index}`;
      const own = subnetIds.filter((__, position) => position % clusterCount === index);
      return [
        name,
        someClusterFacts(
          {
            cluster: observed(aCluster({ name, subnetIds: own.slice(0, 3), vpcId: vpc.vpcId }), observedAt),
            nodegroups: described({ workers: aNodegroup({ clusterName: name, subnetIds: own }) }),
          },
          name,
        ),
      ];
    }),
  );
  const facts = someRegionFacts({
    target: { accountId: vpc.ownerId, region: vpc.region },
    startedAt: observedAt,
    subnets: observed(subnets, observedAt),
    networkInterfaces: observed(networkInterfaces, observedAt),
    instances: seen([]),
    ...withClusters(clusters),
  });
  const slot = { kind: 'scan', at: observedAt } as const;
  const viewers = [{ viewerAccountId: vpc.ownerId, scan: { slot, facts }, pulse: undefined, hasExpired: false }];
  return judgeState({ vpc, viewers, previous, policy: OPEN_POLICY, accounts: new Map() });
}
