import { DescribeInstances$, DescribeNetworkInterfaces$, DescribeSubnets$ } from '@aws-sdk/client-ec2';
import { AwsEc2QueryProtocol } from '@aws-sdk/core/protocols';
import { collectBody } from '@smithy/core/protocols';
import { createEc2XmlReader, type Ec2XmlReader, type WantedMembers } from './ec2-xml-reader.ts';

const TAG: WantedMembers = { Key: true, Value: true };
const OPERATOR: WantedMembers = { Managed: true, Principal: true, HiddenByDefault: true };

/** The members that `lib/collect` reads of the three long listings. Their types stay the SDK's: what is not listed is absent. */
const NETWORK_INTERFACES: WantedMembers = {
  NextToken: true,
  NetworkInterfaces: {
    NetworkInterfaceId: true,
    SubnetId: true,
    VpcId: true,
    OwnerId: true,
    InterfaceType: true,
    Description: true,
    RequesterId: true,
    RequesterManaged: true,
    Status: true,
    Attachment: { InstanceId: true, InstanceOwnerId: true, DeviceIndex: true, NetworkCardIndex: true, Status: true },
    Operator: OPERATOR,
    PrivateIpAddress: true,
    PrivateIpAddresses: { PrivateIpAddress: true, Primary: true },
    Ipv4Prefixes: { Ipv4Prefix: true },
    TagSet: TAG,
  },
};

const SUBNETS: WantedMembers = {
  NextToken: true,
  Subnets: {
    SubnetId: true,
    SubnetArn: true,
    VpcId: true,
    OwnerId: true,
    AvailabilityZone: true,
    AvailabilityZoneId: true,
    CidrBlock: true,
    AvailableIpAddressCount: true,
    Ipv6Native: true,
    MapPublicIpOnLaunch: true,
    State: true,
    Tags: TAG,
  },
};

const INSTANCES: WantedMembers = {
  NextToken: true,
  Reservations: {
    Instances: {
      InstanceId: true,
      InstanceType: true,
      State: { Name: true },
      SubnetId: true,
      VpcId: true,
      Operator: OPERATOR,
      Tags: TAG,
    },
  },
};

/** The operations whose pages are long enough for the SDK's decoder to be most of a scan. */
export const FAST_OPERATIONS = [
  { operation: DescribeNetworkInterfaces$, wanted: NETWORK_INTERFACES },
  { operation: DescribeSubnets$, wanted: SUBNETS },
  { operation: DescribeInstances$, wanted: INSTANCES },
] as const;

/** A static operation schema of the SDK: id, namespace, name, traits, input, output. */
const OPERATION_NAME = 2;
const OPERATION_OUTPUT = 5;

const readers: ReadonlyMap<string, Ec2XmlReader> = new Map(
  FAST_OPERATIONS.map(({ operation, wanted }) => [
    operation[OPERATION_NAME],
    createEc2XmlReader(operation[OPERATION_OUTPUT], wanted),
  ]),
);

type Deserialize = AwsEc2QueryProtocol['deserializeResponse'];

/** EC2's query protocol as the SDK speaks it, with the long listings read by `ec2-xml-reader`. Errors are left to the SDK. */
export class FastEc2QueryProtocol extends AwsEc2QueryProtocol {
  override async deserializeResponse<Output extends Awaited<ReturnType<Deserialize>>>(
    operation: Parameters<Deserialize>[0],
    context: Parameters<Deserialize>[1],
    response: Parameters<Deserialize>[2],
  ): Promise<Output> {
    const reader = response.statusCode < 300 ? readers.get(operation.name.split('#').at(-1) ?? '') : undefined;
    if (reader === undefined) {
      return super.deserializeResponse<Output>(operation, context, response);
    }
    const body = await collectBody(response.body, context);
    const output = reader(Buffer.from(body.buffer, body.byteOffset, body.byteLength));
    if (output === undefined) {
      response.body = body;
      return super.deserializeResponse<Output>(operation, context, response);
    }
    // The reader is compiled from this operation's own output schema, and every member of an output is optional.
    return { ...output, $metadata: this.deserializeMetadata(response) } as Output;
  }
}
