import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { simulatedCredentials } from '../../../lib/local/simulated-aws/credentials.ts';
import { DEMO_ACCOUNT_IDS, demoOrganization } from '../../../lib/local/simulated-aws/demo-organization.ts';
import { type SimulatedAwsServer, serveSimulatedAws } from '../../../lib/local/simulated-aws/serve-simulated-aws.ts';
import { commandOutput, hasCommand } from '../../helpers/commands.ts';

const aws = demoOrganization(new Date('2026-11-20T00:00:00Z'));
const { shop, management, network, mobile, search, payments } = DEMO_ACCOUNT_IDS;
const virginia = aws.accounts.get(shop)?.regions.get('us-east-1');
const ireland = aws.accounts.get(shop)?.regions.get('eu-west-1');
const sharedVpc = aws.accounts.get(network)?.regions.get('us-east-1');
const mobileVirginia = aws.accounts.get(mobile)?.regions.get('us-east-1');
const mobileIreland = aws.accounts.get(mobile)?.regions.get('eu-west-1');
const searchVirginia = aws.accounts.get(search)?.regions.get('us-east-1');
const searchIreland = aws.accounts.get(search)?.regions.get('eu-west-1');
const paymentsIreland = aws.accounts.get(payments)?.regions.get('eu-west-1');
const reservedSubnetId = searchVirginia?.subnetCidrReservations[0]?.SubnetId;
const tooling = aws.accounts.get(management)?.regions.get('eu-west-1');
const shopProd = virginia?.eks.get('shop-prod');
const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)$/;
const EKS_TIMES = new Set(['createdAt', 'modifiedAt']);
const MILLISECONDS_PER_SECOND = 1000;

/** The CLI writes times as the service sent them or in another notation: both sides are brought to one. */
function sameTimes(key: string, value: unknown): unknown {
  if (typeof value === 'number' && EKS_TIMES.has(key)) {
    return new Date(value * MILLISECONDS_PER_SECOND).toISOString();
  }
  return typeof value === 'string' && ISO_TIME.test(value) ? new Date(value).toISOString() : value;
}

function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), sameTimes);
}

const note = 'skipped where the command aws is not on the PATH';

describe.skipIf(!hasCommand('aws'))(`aws-cli (${note})`, () => {
  let server: SimulatedAwsServer;
  beforeAll(async () => {
    server = await serveSimulatedAws(aws, { port: 0 });
  });
  afterAll(() => server.close());

  async function cli(accountId: string, region: string, command: string): Promise<unknown> {
    const { accessKeyId, secretAccessKey } = simulatedCredentials(accountId);
    const args = [...command.split(' '), '--endpoint-url', server.url, '--output', 'json', '--region', region];
    const printed = await commandOutput('aws', args, {
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
      AWS_PAGER: '',
      PYTHONIOENCODING: 'utf-8',
    });
    return JSON.parse(printed, sameTimes);
  }

  it.each([
    { account: shop, region: 'us-east-1', command: 'ec2 describe-subnets', expected: { Subnets: virginia?.subnets } },
    {
      account: shop,
      region: 'us-east-1',
      command: 'ec2 describe-subnets --page-size 5',
      expected: { Subnets: virginia?.subnets },
    },
    { account: management, region: 'eu-west-1', command: 'ec2 describe-vpcs', expected: { Vpcs: tooling?.vpcs } },
    {
      account: shop,
      region: 'eu-west-1',
      command: 'ec2 describe-network-interfaces',
      expected: { NetworkInterfaces: ireland?.networkInterfaces },
    },
    {
      account: network,
      region: 'us-east-1',
      command: 'ec2 describe-network-interfaces',
      expected: {
        NetworkInterfaces: sharedVpc?.networkInterfaces.map((each) =>
          each.OwnerId === network ? each : { ...each, TagSet: [] },
        ),
      },
    },
    {
      account: mobile,
      region: 'us-east-1',
      command: 'ec2 describe-network-interfaces --include-managed-resources',
      expected: { NetworkInterfaces: mobileVirginia?.networkInterfaces },
    },
    {
      account: mobile,
      region: 'eu-west-1',
      command: 'ec2 describe-network-interfaces',
      expected: { NetworkInterfaces: mobileIreland?.networkInterfaces },
    },
    {
      account: mobile,
      region: 'eu-west-1',
      command: 'ec2 describe-subnets',
      expected: { Subnets: mobileIreland?.subnets },
    },
    {
      account: payments,
      region: 'eu-west-1',
      command: 'ec2 describe-network-interfaces',
      expected: { NetworkInterfaces: paymentsIreland?.networkInterfaces },
    },
    {
      account: shop,
      region: 'eu-west-1',
      command: 'ec2 describe-instances',
      expected: {
        Reservations: ireland?.instances.map((each) => ({
          ReservationId: each.InstanceId?.replace('i-', 'r-'),
          OwnerId: shop,
          Instances: [each],
        })),
      },
    },
    {
      account: shop,
      region: 'us-east-1',
      command: 'ec2 describe-instance-types --instance-types m5.large',
      expected: { InstanceTypes: virginia?.instanceTypes.filter((each) => each.InstanceType === 'm5.large') },
    },
    {
      account: search,
      region: 'eu-west-1',
      command: 'ec2 describe-flow-logs --filter Name=traffic-type,Values=REJECT',
      expected: { FlowLogs: searchIreland?.flowLogs },
    },
    {
      account: search,
      region: 'us-east-1',
      command: `ec2 get-subnet-cidr-reservations --subnet-id ${reservedSubnetId}`,
      expected: {
        SubnetIpv4CidrReservations: searchVirginia?.subnetCidrReservations.filter(
          (each) => each.SubnetId === reservedSubnetId,
        ),
        SubnetIpv6CidrReservations: [],
      },
    },
    {
      account: shop,
      region: 'us-east-1',
      command: 'ec2 describe-route-tables',
      expected: { RouteTables: virginia?.routeTables },
    },
    {
      account: shop,
      region: 'us-east-1',
      command: 'ec2 describe-vpc-endpoints',
      expected: { VpcEndpoints: virginia?.vpcEndpoints },
    },
    {
      account: shop,
      region: 'us-east-1',
      command: 'eks list-clusters',
      expected: { clusters: ['shop-prod', 'shop-edge'] },
    },
    {
      account: management,
      region: 'eu-west-1',
      command: 'eks describe-cluster --name tooling',
      expected: { cluster: tooling?.eks.get('tooling')?.cluster },
    },
    {
      account: shop,
      region: 'us-east-1',
      command: 'eks describe-nodegroup --cluster-name shop-prod --nodegroup-name general',
      expected: { nodegroup: shopProd?.nodegroups.get('general') },
    },
    {
      account: shop,
      region: 'us-east-1',
      command: 'eks describe-addon --cluster-name shop-prod --addon-name vpc-cni',
      expected: { addon: shopProd?.addons.get('vpc-cni') },
    },
    {
      account: shop,
      region: 'us-east-1',
      command: 'sts get-caller-identity',
      expected: { Account: shop, Arn: `arn:aws:iam::${shop}:user/simulated`, UserId: `AIDASIM${shop}XX` },
    },
    {
      account: management,
      region: 'us-east-1',
      command: 'organizations list-accounts',
      expected: {
        Accounts: [...aws.accounts.values()].map(({ id, arn, email, name, status, state }) => ({
          Id: id,
          Arn: arn,
          Email: email,
          Name: name,
          Status: status,
          State: state,
          JoinedMethod: 'CREATED',
        })),
      },
    },
  ])('aws $command reads the state back', async ({ account, region, command, expected }) => {
    expect(await cli(account, region, command)).toEqual(plain(expected));
  });

  it('aws names the error of EC2 and of EKS', async () => {
    await expect(cli(shop, 'us-east-1', 'ec2 describe-subnets --subnet-ids subnet-0')).rejects.toThrow(
      'An error occurred (InvalidSubnetID.NotFound) when calling the DescribeSubnets operation',
    );
    await expect(cli(shop, 'us-east-1', 'eks describe-cluster --name none')).rejects.toThrow(
      'An error occurred (ResourceNotFoundException) when calling the DescribeCluster operation: No cluster found for name: none.',
    );
  });
});
