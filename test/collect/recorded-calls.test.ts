import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type {
  DescribeFlowLogsResult,
  DescribeNetworkInterfacesResult,
  DescribeRouteTablesResult,
  DescribeSubnetsResult,
  DescribeVpcEndpointsResult,
  DescribeVpcsResult,
  FlowLog as SdkFlowLog,
  Vpc as SdkVpc,
} from '@aws-sdk/client-ec2';
import type { DescribeAddonResponse, DescribeClusterResponse } from '@aws-sdk/client-eks';
import { describe, expect, it } from 'vitest';
import type { SubnetView } from '../../lib/api/subnet-view.ts';
import { parseAddon, parseCluster } from '../../lib/collect/clusters.ts';
import { FACT_TABLE } from '../../lib/collect/fact-table.ts';
import { parseFlowLog } from '../../lib/collect/flow-logs.ts';
import { parseNetworkInterface } from '../../lib/collect/network-interfaces.ts';
import { parseVpc } from '../../lib/collect/networks.ts';
import { parseRouteTable } from '../../lib/collect/route-tables.ts';
import { parseSubnet } from '../../lib/collect/subnets.ts';
import { parseVpcEndpoint } from '../../lib/collect/vpc-endpoints.ts';
import { ok, type Result } from '../../lib/domain/result.ts';
import { addAccount, addRegion, createSimulatedAws } from '../../lib/local/simulated-aws/build/organization.ts';
import { FIXTURES_NOTE, fixturesFolder, readFixture } from '../helpers/fixtures.ts';
import { recordedAnswer } from '../helpers/recorded-answer.ts';
import { AUDITED_AT, auditOverHttp } from '../helpers/simulated-audit.ts';

const FOLDER = fixturesFolder();
const FILES =
  FOLDER === undefined
    ? []
    : readdirSync(join(FOLDER, 'calls'), { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.json'))
        .sort();

/** What the recordings hold and Elbowroom never asks: the reason why they are not parsed is that they are not collected. */
const NOT_COLLECTED = [
  'autoscaling:DescribeLaunchConfigurations',
  'batch:DescribeComputeEnvironments',
  'codebuild:ListProjects',
  'ec2:CreateNetworkInterface',
  'ec2:CreateSecurityGroup',
  'ec2:CreateSubnet',
  'ec2:CreateTags',
  'ec2:CreateVpc',
  'ec2:DeleteNetworkInterface',
  'ec2:DeleteSecurityGroup',
  'ec2:DeleteSubnet',
  'ec2:DeleteVpc',
  'ec2:DescribeNatGateways',
  'ec2:DescribeSecurityGroupReferences',
  'ec2:DescribeSecurityGroups',
  'ec2:DescribeVpcAttribute',
  'ec2:ModifyVpcAttribute',
  'ecs:DescribeTasks',
  'ecs:ListClusters',
  'ecs:ListTasks',
  'events:ListEventBuses',
  'events:ListRules',
  'lambda:ListFunctions',
  'tagging:GetResources',
];

type Parse = (data: unknown) => readonly Result<unknown>[];

/** The parse function of each collected action that is recorded. Lists of names are taken as they are. */
const PARSE: Readonly<Record<string, Parse>> = {
  'ec2:DescribeFlowLogs': (data) => (recordedAnswer<DescribeFlowLogsResult>(data).FlowLogs ?? []).map(parseFlowLog),
  'ec2:DescribeNetworkInterfaces': (data) =>
    (recordedAnswer<DescribeNetworkInterfacesResult>(data).NetworkInterfaces ?? []).map((raw) =>
      parseNetworkInterface(raw),
    ),
  'ec2:DescribeRouteTables': (data) =>
    (recordedAnswer<DescribeRouteTablesResult>(data).RouteTables ?? []).map(parseRouteTable),
  'ec2:DescribeSubnets': (data) => (recordedAnswer<DescribeSubnetsResult>(data).Subnets ?? []).map(parseSubnet),
  'ec2:DescribeVpcEndpoints': (data) =>
    (recordedAnswer<DescribeVpcEndpointsResult>(data).VpcEndpoints ?? []).map(parseVpcEndpoint),
  'ec2:DescribeVpcs': (data) => (recordedAnswer<DescribeVpcsResult>(data).Vpcs ?? []).map(parseVpc),
  'eks:DescribeAddon': (data) => [parseAddon(recordedAnswer<DescribeAddonResponse>(data).addon ?? {}, 'unnamed')],
  'eks:DescribeCluster': (data) => [parseCluster(recordedAnswer<DescribeClusterResponse>(data).cluster ?? {})],
  'eks:ListAddons': (data) => [ok(data)],
  'eks:ListClusters': (data) => [ok(data)],
};

function actionOf(file: string): string {
  const [, service = '', action = ''] = /([^/]+)\.([^/._]+)_\d+\.json$/.exec(file) ?? [];
  return `${service}:${action}`;
}

function dataOf(file: string): unknown {
  const recorded = readFixture(`calls/${file}`);
  if (typeof recorded !== 'object' || recorded === null || !('data' in recorded)) {
    throw new Error(`Cannot read fixture "${file}": it has no data`);
  }
  return recorded.data;
}

function networkInterfacesOf(file: string) {
  const { NetworkInterfaces } = recordedAnswer<DescribeNetworkInterfacesResult>(dataOf(file));
  return (NetworkInterfaces ?? []).map((raw) => {
    const parsed = parseNetworkInterface(raw);
    if (!parsed.ok) {
      throw new Error(parsed.error);
    }
    return parsed.value;
  });
}

describe.skipIf(FOLDER === undefined)(`fixtures: recorded calls (${FIXTURES_NOTE})`, () => {
  it('are of actions that are collected and parsed, or named as not collected', () => {
    const others = new Set(FILES.map(actionOf).filter((action) => PARSE[action] === undefined));
    expect([...others].sort()).toEqual(NOT_COLLECTED);
    const collected = new Set<string>(Object.values(FACT_TABLE).map(({ action }) => action));
    expect(NOT_COLLECTED.filter((action) => collected.has(action))).toEqual([]);
    expect(Object.keys(PARSE).filter((action) => !collected.has(action))).toEqual([]);
  });

  it('hold something of each action that is parsed', () => {
    expect(new Set(FILES.map(actionOf))).toEqual(new Set([...NOT_COLLECTED, ...Object.keys(PARSE)]));
  });

  it.each(FILES.filter((file) => PARSE[actionOf(file)] !== undefined))('%s parses whole', (file) => {
    const parsed = PARSE[actionOf(file)]?.(dataOf(file)) ?? [];
    expect(parsed.length).toBeGreaterThan(0);
    expect(parsed.flatMap((result) => (result.ok ? [] : [result.error]))).toEqual([]);
  });

  it('has the tags of a branch interface, from which its trunk is known', () => {
    const branch = networkInterfacesOf('security-group-used/ec2.DescribeNetworkInterfaces_1.json').find(
      ({ interfaceType }) => interfaceType === 'branch',
    );
    expect(branch).toMatchObject({
      networkInterfaceId: 'eni-05f8e0f783bfe84f0',
      description: 'aws-k8s-branch-eni',
      privateIpAddresses: [0x64_47_24_e5],
      ipv4Prefixes: [],
    });
    expect(branch?.tags).toContainEqual(['vpcresources.k8s.aws/trunk-eni-id', 'eni-0e769e3bf64c37e57']);
    expect(branch?.tags).toContainEqual(['eks:eni:owner', 'eks-vpc-resource-controller']);
  });

  it('has interface types that the SDK does not list, and none where an old answer has none', () => {
    const types = networkInterfacesOf('network-location-match-in-mismatch/ec2.DescribeNetworkInterfaces_1.json').map(
      ({ interfaceType }) => interfaceType,
    );
    expect(types.filter((type) => type === 'efs')).toHaveLength(3);
    expect(types).toContain('lambda');
    const old = networkInterfacesOf('security-group-unused/ec2.DescribeNetworkInterfaces_1.json');
    expect(old.map(({ interfaceType, requesterId }) => [interfaceType, requesterId])).toEqual([
      [undefined, 'amazon-rds'],
      [undefined, 'amazon-rds'],
      [undefined, '760845874091'],
    ]);
  });

  it('has the configuration that a user wrote as YAML, and none for an add-on without', () => {
    const [first, second] = [1, 2].map((index) => {
      const file = `eks-addon-health/eks.DescribeAddon_${index}.json`;
      return parseAddon(recordedAnswer<DescribeAddonResponse>(dataOf(file)).addon ?? {}, 'unnamed');
    });
    expect(first).toMatchObject({
      value: {
        addonName: 'amazon-cloudwatch-observability',
        configurationValues: undefined,
        configuration: { values: undefined, problem: undefined },
        modifiedAt: '2026-03-30T14:02:33.000Z',
      },
    });
    expect(second).toMatchObject({
      value: {
        addonName: 'metrics-server',
        clusterName: 'serious-bluegrass-ladybug',
        configuration: { values: { nodeSelector: { 'karpenter.sh/nodepool': 'system' } }, problem: undefined },
      },
    });
  });

  it('has a cluster in Auto Mode and one without a word of it', () => {
    const clusters = [1, 2].map((index) => {
      const data = dataOf(`eks-addon-health/eks.DescribeCluster_${index}.json`);
      return parseCluster(recordedAnswer<DescribeClusterResponse>(data).cluster ?? {});
    });
    expect(clusters).toMatchObject([
      {
        value: {
          name: 'serious-bluegrass-ladybug',
          version: '1.35',
          vpcId: 'vpc-036aee1d9a0ab841c',
          subnetIds: ['subnet-06a9b0f5ed8997c47', 'subnet-0b5ccc0c1409c0d07'],
          ipFamily: 'ipv4',
          autoMode: true,
        },
      },
      { value: { name: 'seriously-dangerous-rabbit', autoMode: undefined } },
    ]);
  });

  it('has a VPC from before there were several blocks, with its one block', () => {
    const { Vpcs } = recordedAnswer<DescribeVpcsResult>(dataOf('vpc-flow-logs-absent/ec2.DescribeVpcs_1.json'));
    expect(Vpcs?.map((raw) => raw.CidrBlockAssociationSet)).toEqual([undefined, undefined, undefined]);
    expect(Vpcs?.map(parseVpc)).toMatchObject([
      { value: { cidrBlocks: ['10.4.0.0/24'], ownerId: undefined, isDefault: false } },
      { value: { cidrBlocks: ['172.31.0.0/16'], isDefault: true } },
      { value: { cidrBlocks: ['10.0.10.0/24'], tags: [['Name', 'no-flow-logs']] } },
    ]);
  });

  it('has the cluster tags of a subnet and the counters of a full and an empty one', () => {
    const tagged = recordedAnswer<DescribeSubnetsResult>(dataOf('subnet-endpoint-filter/ec2.DescribeSubnets_1.json'));
    const [first] = (tagged.Subnets ?? []).map(parseSubnet);
    expect(first).toMatchObject({ value: { availabilityZoneId: 'use1-az4', availableIpAddressCount: 249 } });
    expect(first?.ok && first.value.tags).toContainEqual(['kubernetes.io/cluster/test', 'shared']);
    const counted = recordedAnswer<DescribeSubnetsResult>(
      dataOf('subnet-ip-address-usage-filter/ec2.DescribeSubnets_1.json'),
    );
    expect((counted.Subnets ?? []).map(parseSubnet)).toMatchObject([
      { value: { cidrBlock: '10.0.2.0/23', availableIpAddressCount: 507 } },
      { value: { cidrBlock: '10.0.103.0/24', availableIpAddressCount: 212 } },
      { value: { cidrBlock: '10.0.4.0/23', availableIpAddressCount: 20 } },
      { value: { cidrBlock: '10.0.102.0/24', availableIpAddressCount: 251 } },
    ]);
  });

  it('has a route to a NAT gateway, one to an endpoint and one to an internet gateway', () => {
    const data = dataOf('cross-az-nat-gateway-route-filter/ec2.DescribeRouteTables_1.json');
    const tables = (recordedAnswer<DescribeRouteTablesResult>(data).RouteTables ?? []).map(parseRouteTable);
    const [first, second] = tables.map((table) => (table.ok ? table.value : undefined));
    expect(first).toMatchObject({ routeTableId: 'rtb-02dab232d4d3e7062', subnetIds: ['subnet-0b5bd0c426f2d2833'] });
    expect(first?.routes).toContainEqual({
      destination: '0.0.0.0/0',
      targetField: 'GatewayId',
      targetId: 'igw-047f2ff9f61175a8e',
      state: 'active',
      origin: 'CreateRoute',
    });
    expect(second?.routes.slice(1, 3)).toMatchObject([
      { destination: '0.0.0.0/0', targetField: 'NatGatewayId', targetId: 'nat-06e9acaa9c0ab8799' },
      { destination: 'pl-00a54069', targetField: 'GatewayId', targetId: 'vpce-00cf599081019f56d' },
    ]);
  });
});

const ACCOUNT_ID = '644160558196';
const REGION = 'us-east-1';

/** Loads recorded VPCs and flow logs as they are, with one empty subnet in each VPC, audits them, and sorts by VPC. */
async function subnetsWithFlowLogs(vpcs: readonly SdkVpc[], flowLogs: readonly SdkFlowLog[]): Promise<SubnetView[]> {
  const aws = createSimulatedAws({
    partition: 'aws',
    organizationId: 'o-recorded',
    managementAccountId: ACCOUNT_ID,
    now: () => AUDITED_AT,
  });
  const region = addRegion(addAccount(aws, { id: ACCOUNT_ID, name: 'Recorded' }), REGION);
  region.vpcs.push(...vpcs);
  region.flowLogs.push(...flowLogs);
  region.subnets.push(
    ...vpcs.map(({ VpcId }, index) => ({
      SubnetId: `subnet-${index}`,
      VpcId,
      OwnerId: ACCOUNT_ID,
      AvailabilityZone: `${REGION}a`,
      CidrBlock: '10.0.0.0/24',
      AvailableIpAddressCount: 251,
    })),
  );
  const { subnets } = await auditOverHttp(aws, { callerId: ACCOUNT_ID });
  return subnets.toSorted((a, b) => (a.vpcId < b.vpcId ? -1 : 1));
}

describe.skipIf(FOLDER === undefined)(`fixtures: recorded flow logs, audited (${FIXTURES_NOTE})`, () => {
  async function coverageOf(recording: string): Promise<Record<string, { coverage: string; reasons: string[] }>> {
    const vpcs = recordedAnswer<DescribeVpcsResult>(dataOf(`${recording}/ec2.DescribeVpcs_1.json`)).Vpcs ?? [];
    const logs = recordedAnswer<DescribeFlowLogsResult>(dataOf(`${recording}/ec2.DescribeFlowLogs_1.json`)).FlowLogs;
    const subnets = await subnetsWithFlowLogs(vpcs, logs ?? []);
    expect(subnets).toHaveLength(vpcs.length);
    return Object.fromEntries(
      subnets.map(({ vpcId, flowLogCoverage, flowLogCoverageReasons }) => [
        vpcId,
        { coverage: flowLogCoverage, reasons: flowLogCoverageReasons },
      ]),
    );
  }

  it('that deliver everything cover their VPC, in a format that hides pods; the other VPC has none', async () => {
    expect(await coverageOf('vpc-flow-logs')).toEqual({
      'vpc-065087ed31e016b80': { coverage: 'all', reasons: ['default-format'] },
      'vpc-0d2f08cdd14782e56': { coverage: 'none', reasons: ['no-flow-log'] },
    });
  });

  it('that may not write to their destination cover nothing', async () => {
    expect(await coverageOf('vpc-flow-logs-absent')).toEqual({
      'vpc-d2d616b5': { coverage: 'none', reasons: ['delivery-failed'] },
      'vpc-28a71f51': { coverage: 'none', reasons: ['no-flow-log'] },
      'vpc-9ca119e5': { coverage: 'none', reasons: ['no-flow-log'] },
    });
  });

  it('that are not active or never delivered cover nothing, whatever traffic they name', async () => {
    expect(await coverageOf('vpc-flow-logs-misconfigured')).toEqual({
      'vpc-4a9ff72e': { coverage: 'none', reasons: ['not-active', 'delivery-unconfirmed'] },
      'vpc-d0e386b7': { coverage: 'none', reasons: ['not-active', 'delivery-unconfirmed'] },
    });
  });
});
