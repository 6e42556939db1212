import { DescribeInstances$, DescribeNetworkInterfaces$, DescribeSubnets$ } from '@aws-sdk/client-ec2';
import { AwsEc2QueryProtocol } from '@aws-sdk/core/protocols';
import { collectBody } from '@smithy/core/protocols';
import { createEc2XmlReader, type Ec2XmlReader, type WantedMembers } from './ec2-xml-reader.ts';
import { UnexpectedResponseError } from './errors.ts';

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
    if (response.statusCode >= 300) {
      return super.deserializeResponse<Output>(operation, context, response);
    }
    const action = operation.name.split('#').at(-1) ?? '';
    const body = await collectBody(response.body, context);
    const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
    refuseOtherDocument(bytes, action);
    const output = readers.get(action)?.(bytes);
    if (output === undefined) {
      response.body = body;
      return super.deserializeResponse<Output>(operation, context, response);
    }
    // The reader is compiled from this operation's own output schema, and every member of an output is optional.
    return { ...output, $metadata: this.deserializeMetadata(response) } as Output;
  }
}

/** More than enough for an XML declaration and the name of the root element. */
const ROOT_SEARCHED_BYTES = 512;
const ROOT_NAME = /^\ufeff?\s*(?:<\?[^>]*\?>\s*)?<([^\s/>]+)/;

/**
 * Every member of an output is optional, so a decoder reads any other document, such as the page of a proxy that answers 200,
 * as an empty listing. EC2's answers stand in one element that is named after the action.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/Query-Requests.html
 */
function refuseOtherDocument(bytes: Buffer, action: string): void {
  const root = ROOT_NAME.exec(bytes.toString('utf8', 0, ROOT_SEARCHED_BYTES))?.[1];
  if (root !== `${action}Response`) {
    throw new UnexpectedResponseError(
      `Cannot read the answer to ${action}: it is ${root === undefined ? 'no XML' : `a document "${root}"`}, expected "${action}Response"`,
    );
  }
}
