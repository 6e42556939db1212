import type { _InstanceType, NetworkInterface, SubnetCidrReservation } from '@aws-sdk/client-ec2';
import type { ClusterShape } from '../../lib/collect/fact-table.ts';
import { addAccount, addRegion, createSimulatedAws } from '../../lib/local/simulated-aws/build/organization.ts';
import type {
  SimulatedAccount,
  SimulatedAws,
  SimulatedCluster,
  SimulatedRegion,
} from '../../lib/local/simulated-aws/state.ts';
import { ACCOUNT_ID } from '../helpers/builders.ts';
import { AUDITED_AT } from '../helpers/simulated-audit.ts';

/** What is put into a region: numbers of things, and subnets whose counters are told apart by why they agree or not. */
export interface RegionPlan {
  readonly vpcs: number;
  readonly plainSubnets: number;
  /** Each is one address in the first plain subnet, or in a subnet that is not listed where there is none. */
  readonly networkInterfaces: number;
  readonly instances: number;
  readonly instanceTypes: number;
  readonly routeTables: number;
  readonly vpcEndpoints: number;
  readonly flowLogs: number;
  /** For each subnet of the first cluster's control plane: how many CIDR reservations it has. */
  readonly clusterSubnetReservations: readonly number[];
  /** Subnets of no cluster whose counter is as low as their reservations make it. */
  readonly reservedSubnets: number;
  /** Subnets whose counter is lower than anything listed explains. */
  readonly hiddenUseSubnets: number;
  /** Subnets whose counter is higher than what is listed leaves. */
  readonly surplusSubnets: number;
  readonly clusters: readonly ClusterShape[];
}

export const EMPTY_PLAN: RegionPlan = {
  vpcs: 0,
  plainSubnets: 0,
  networkInterfaces: 0,
  instances: 0,
  instanceTypes: 0,
  routeTables: 0,
  vpcEndpoints: 0,
  flowLogs: 0,
  clusterSubnetReservations: [],
  reservedSubnets: 0,
  hiddenUseSubnets: 0,
  surplusSubnets: 0,
  clusters: [],
};

export const REGION = 'us-east-1';
const VPC_ID = 'vpc-0';
/** A /20 for the interfaces and a /24 for everything else; five addresses of each are AWS's. */
const WIDE_USABLE = 4091;
const NARROW_USABLE = 251;
const PREFIX_ADDRESSES = 16;

/** Returns an organisation of one account with one region that holds what the plan says. */
export function awsOfPlan(plan: RegionPlan): SimulatedAws {
  const aws = createSimulatedAws({
    partition: 'aws',
    organizationId: 'o-shape',
    managementAccountId: ACCOUNT_ID,
    now: () => AUDITED_AT,
  });
  addRegionOfPlan(addAccount(aws, { id: ACCOUNT_ID, name: 'Shape' }), REGION, plan);
  return aws;
}

/** Adds a region to an account that holds what the plan says. */
export function addRegionOfPlan(account: SimulatedAccount, regionName: string, plan: RegionPlan): SimulatedRegion {
  const region = addRegion(account, regionName);
  addNetworks(region, plan, account.id);
  addSubnets(region, plan, account.id);
  addCompute(region, plan, account.id);
  for (const [index, shape] of plan.clusters.entries()) {
    region.eks.set(
      `cluster-${index}`,
      clusterOf(`cluster-${index}`, shape, index === 0 ? plan : EMPTY_PLAN, account.id),
    );
  }
  return region;
}

function ids(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}-${index}`);
}

function addNetworks(region: SimulatedRegion, plan: RegionPlan, ownerId: string): void {
  region.vpcs.push(...ids('vpc', plan.vpcs).map((id) => ({ VpcId: id, OwnerId: ownerId, CidrBlock: '10.0.0.0/16' })));
  region.routeTables.push(
    ...ids('rtb', plan.routeTables).map((id) => ({ RouteTableId: id, VpcId: VPC_ID, OwnerId: ownerId })),
  );
  region.vpcEndpoints.push(
    ...ids('vpce', plan.vpcEndpoints).map((id) => ({ VpcEndpointId: id, VpcId: VPC_ID, OwnerId: ownerId })),
  );
  region.flowLogs.push(...ids('fl', plan.flowLogs).map((id) => ({ FlowLogId: id, ResourceId: VPC_ID })));
}

function addSubnets(region: SimulatedRegion, plan: RegionPlan, ownerId: string): void {
  const inPlain = plan.plainSubnets === 0 ? 0 : plan.networkInterfaces;
  for (const [index, id] of ids('subnet-plain', plan.plainSubnets).entries()) {
    addSubnet(region, ownerId, id, '10.0.0.0/20', WIDE_USABLE - (index === 0 ? inPlain : 0));
  }
  for (const [index, count] of plan.clusterSubnetReservations.entries()) {
    addReservedSubnet(region, ownerId, `subnet-cluster-${index}`, count);
  }
  for (const id of ids('subnet-reserved', plan.reservedSubnets)) {
    addReservedSubnet(region, ownerId, id, 1);
  }
  for (const id of ids('subnet-hidden', plan.hiddenUseSubnets)) {
    addSubnet(region, ownerId, id, '10.0.16.0/24', NARROW_USABLE - 1);
  }
  for (const id of ids('subnet-surplus', plan.surplusSubnets)) {
    addSubnet(region, ownerId, id, '10.0.16.0/24', NARROW_USABLE + 1);
  }
}

function addSubnet(
  region: SimulatedRegion,
  ownerId: string,
  id: string,
  cidrBlock: string,
  availableIpAddressCount: number,
): void {
  region.subnets.push({
    SubnetId: id,
    VpcId: VPC_ID,
    OwnerId: ownerId,
    AvailabilityZone: `${REGION}a`,
    CidrBlock: cidrBlock,
    AvailableIpAddressCount: availableIpAddressCount,
  });
}

/** The first reservation is one /28 of the subnet; the others are of IPv6, which EC2 lists in the same pages. */
function addReservedSubnet(region: SimulatedRegion, ownerId: string, subnetId: string, count: number): void {
  addSubnet(region, ownerId, subnetId, '10.0.16.0/24', NARROW_USABLE - (count === 0 ? 0 : PREFIX_ADDRESSES));
  region.subnetCidrReservations.push(
    ...Array.from(
      { length: count },
      (_, index): SubnetCidrReservation => ({
        SubnetCidrReservationId: `scr-${subnetId}-${index}`,
        SubnetId: subnetId,
        Cidr: index === 0 ? '10.0.16.32/28' : `2600:1f18::${index.toString(16)}:0/112`,
        ReservationType: 'prefix',
      }),
    ),
  );
}

function addCompute(region: SimulatedRegion, plan: RegionPlan, ownerId: string): void {
  const subnetId = plan.plainSubnets === 0 ? 'subnet-elsewhere' : 'subnet-plain-0';
  region.networkInterfaces.push(
    ...ids('eni', plan.networkInterfaces).map((id, index): NetworkInterface => {
      const address = `10.0.${Math.floor((index + 4) / 256)}.${(index + 4) % 256}`;
      return {
        NetworkInterfaceId: id,
        SubnetId: subnetId,
        VpcId: VPC_ID,
        OwnerId: ownerId,
        PrivateIpAddress: address,
        PrivateIpAddresses: [{ Primary: true, PrivateIpAddress: address }],
      };
    }),
  );
  // Names of types that do not exist, as new ones do not for an older SDK: the list of types is open.
  const types = ids('x9.size', plan.instanceTypes) as _InstanceType[];
  region.instanceTypes.push(...types.map((type) => ({ InstanceType: type })));
  region.instances.push(
    ...ids('i', plan.instances).flatMap((id, index) => {
      const type = types[index % types.length];
      return type === undefined ? [] : [{ InstanceId: id, InstanceType: type, VpcId: VPC_ID, SubnetId: subnetId }];
    }),
  );
}

function clusterOf(name: string, shape: ClusterShape, plan: RegionPlan, ownerId: string): SimulatedCluster {
  return {
    cluster: {
      name,
      arn: `arn:aws:eks:${REGION}:${ownerId}:cluster/${name}`,
      resourcesVpcConfig: { vpcId: VPC_ID, subnetIds: ids('subnet-cluster', plan.clusterSubnetReservations.length) },
    },
    nodegroups: new Map(
      ids('group', shape.nodegroups).map((each) => [each, { nodegroupName: each, clusterName: name }]),
    ),
    fargateProfiles: new Map(
      ids('profile', shape.fargateProfiles).map((each) => [each, { fargateProfileName: each, clusterName: name }]),
    ),
    addons: new Map(ids('addon', shape.addons).map((each) => [each, { addonName: each, clusterName: name }])),
  };
}
