import type { VpcEndpoint } from '@aws-sdk/client-ec2';
import { idSource } from '../../lib/local/simulated-aws/build/ids.ts';
import type { BuiltVpc } from '../../lib/local/simulated-aws/build/network.ts';
import { addAccount, addRegion, createSimulatedAws } from '../../lib/local/simulated-aws/build/organization.ts';
import {
  type BuiltSubnet,
  type RegionBuilder,
  regionBuilder,
} from '../../lib/local/simulated-aws/build/region-builder.ts';
import type { SimulatedAccount, SimulatedAws, SimulatedRegion } from '../../lib/local/simulated-aws/state.ts';
import { AUDITED_AT, ROLE_NAME } from '../helpers/simulated-audit.ts';
import { enumeratedSubnet } from './enumerated-subnet.ts';

export const MANAGEMENT_ID = '111111111111';
export const MEMBER_ID = '222222222222';
export const REGION = 'us-east-1';

export interface Place {
  readonly aws: SimulatedAws;
  readonly account: SimulatedAccount;
  readonly builder: RegionBuilder;
}

/** An organisation of one account with one empty region to build in. */
export function anOrganization({ partition = 'aws', region = REGION } = {}): Place {
  const aws = createSimulatedAws({
    partition,
    organizationId: 'o-test',
    managementAccountId: MANAGEMENT_ID,
    now: () => AUDITED_AT,
  });
  return aPlace(aws, MANAGEMENT_ID, region);
}

/** Adds an account that can be entered by its role, with one empty region to build in. */
export function aPlace(aws: SimulatedAws, accountId: string, region = REGION, zoneShift = 0): Place {
  const account = addAccount(aws, { id: accountId, name: `Account ${accountId}` });
  account.roles.set(ROLE_NAME, { externalId: undefined });
  addRegion(account, region, { zoneShift });
  return {
    aws,
    account,
    builder: regionBuilder(aws, account, region, idSource(Number(accountId) % 65_521), AUDITED_AT),
  };
}

/** Adds a service-network endpoint, which takes a /28 of a subnet and has no network interface there. */
export function addServiceNetworkEndpoint(
  { region }: RegionBuilder,
  vpc: BuiltVpc,
  subnet: BuiltSubnet,
  cidr: string,
): VpcEndpoint {
  const endpoint: VpcEndpoint = {
    VpcEndpointId: `vpce-${cidr.replace(/\W/g, '')}`,
    VpcEndpointType: 'ServiceNetwork',
    VpcId: vpc.VpcId,
    SubnetIds: [subnet.SubnetId],
    Ipv4Prefixes: [{ SubnetId: subnet.SubnetId, IpPrefixes: [cidr] }],
  };
  region.vpcEndpoints.push(endpoint);
  return endpoint;
}

/** Enumerates a subnet from what its owner's region holds; `isSeen` leaves out interfaces as if EC2 hid them. */
export function figuresOf(
  region: SimulatedRegion,
  subnet: BuiltSubnet,
  isSeen: (networkInterface: SimulatedRegion['networkInterfaces'][number]) => boolean = () => true,
) {
  const inside = region.networkInterfaces.filter((each) => each.SubnetId === subnet.SubnetId && isSeen(each));
  const { AvailableIpAddressCount: available } = region.subnets.find((each) => each.SubnetId === subnet.SubnetId) ?? {};
  return enumeratedSubnet({
    cidrBlock: subnet.CidrBlock ?? '',
    availableIpAddressCount: available ?? Number.NaN,
    addresses: inside
      .flatMap(({ PrivateIpAddresses }) => PrivateIpAddresses ?? [])
      .flatMap(({ PrivateIpAddress }) => PrivateIpAddress ?? []),
    prefixes: [
      ...inside.flatMap(({ Ipv4Prefixes }) => Ipv4Prefixes ?? []).flatMap(({ Ipv4Prefix }) => Ipv4Prefix ?? []),
      ...region.vpcEndpoints
        .flatMap(({ Ipv4Prefixes }) => Ipv4Prefixes ?? [])
        .flatMap(({ SubnetId, IpPrefixes }) => (SubnetId === subnet.SubnetId ? (IpPrefixes ?? []) : [])),
    ],
    reservations: region.subnetCidrReservations
      .filter((each) => each.SubnetId === subnet.SubnetId)
      .flatMap(({ Cidr, ReservationType }) =>
        Cidr === undefined || ReservationType === undefined ? [] : [{ cidr: Cidr, type: ReservationType }],
      ),
  });
}
