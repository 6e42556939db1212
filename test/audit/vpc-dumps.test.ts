import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { AuditView } from '../../lib/api/audit-view.ts';
import type { SubnetView } from '../../lib/api/subnet-view.ts';
import { addAccount, addRegion, createSimulatedAws } from '../../lib/local/simulated-aws/build/organization.ts';
import { simulatedCredentials } from '../../lib/local/simulated-aws/credentials.ts';
import { serveSimulatedAws } from '../../lib/local/simulated-aws/serve-simulated-aws.ts';
import type { SimulatedAws } from '../../lib/local/simulated-aws/state.ts';
import { commandOutput } from '../helpers/commands.ts';
import { FIXTURES_NOTE, fixturesFolder } from '../helpers/fixtures.ts';
import { AUDITED_AT, auditOverHttp, ROLE_NAME } from '../helpers/simulated-audit.ts';
import { loadVpcDump, readVpcDump, type VpcDump } from '../helpers/vpc-dump.ts';
import { enumeratedSubnet } from './enumerated-subnet.ts';

const FOLDER = fixturesFolder();
const PARTIAL = 'direct-connect-gateway-partial';

/** Where each dump was taken. Those of one organisation stand together. */
const DUMPS: readonly { readonly name: string; readonly parts: readonly DumpPart[]; readonly subnetCount: number }[] = [
  { name: 'hybrid-cloud-us-west-2', parts: [{ accountId: '028403472736', region: 'us-west-2' }], subnetCount: 10 },
  { name: 'load-balancer', parts: [{ accountId: '554773406868', region: 'us-east-2' }], subnetCount: 3 },
  { name: 'nat-gateway', parts: [{ accountId: '554773406868', region: 'us-east-2' }], subnetCount: 3 },
  {
    name: 'transit-gateway-peering',
    parts: [
      { accountId: '732168539940', region: 'us-east-1', folder: 'accounts/732168539940/us-east-1' },
      { accountId: '804819755326', region: 'us-west-1', folder: 'accounts/804819755326/us-west-1' },
    ],
    subnetCount: 3,
  },
  {
    name: 'vpc-endpoint-interface',
    parts: [{ accountId: '554773406868', region: 'us-east-1', folder: 'us-east-1' }],
    subnetCount: 2,
  },
  { name: PARTIAL, parts: [{ accountId: '123456789012', region: 'us-east-1' }], subnetCount: 2 },
];

interface DumpPart {
  readonly accountId: string;
  readonly region: string;
  /** Below the dump's own folder. */
  readonly folder?: string;
}

interface LoadedDump {
  readonly aws: SimulatedAws;
  readonly callerId: string;
  readonly dump: VpcDump;
}

/** Loads every part of a dump; accounts beside the first are entered by their role. */
function loaded({ name, parts }: { readonly name: string; readonly parts: readonly DumpPart[] }): LoadedDump {
  const callerId = parts[0]?.accountId ?? '';
  const aws = createSimulatedAws({
    partition: 'aws',
    organizationId: 'o-dump',
    managementAccountId: callerId,
    now: () => AUDITED_AT,
  });
  const dumps = parts.map(({ accountId, region, folder = '' }) => {
    const account = addAccount(aws, { id: accountId, name: accountId });
    account.roles.set(ROLE_NAME, { externalId: undefined });
    // Whether a region is enabled is asked in the home region, which every account has.
    addRegion(account, 'us-east-1');
    const dump = readVpcDump(join(name, folder));
    loadVpcDump(addRegion(account, region), dump);
    return dump;
  });
  return {
    aws,
    callerId,
    dump: {
      vpcs: dumps.flatMap(({ vpcs }) => vpcs),
      subnets: dumps.flatMap(({ subnets }) => subnets),
      networkInterfaces: dumps.flatMap(({ networkInterfaces }) => networkInterfaces),
      instances: dumps.flatMap(({ instances }) => instances),
      routeTables: dumps.flatMap(({ routeTables }) => routeTables),
      vpcEndpoints: dumps.flatMap(({ vpcEndpoints }) => vpcEndpoints),
    },
  };
}

/** Enumerates each subnet of the dump from its JSON. */
function expectedFigures({ subnets, networkInterfaces, vpcEndpoints }: VpcDump) {
  return new Map(
    subnets.map(({ SubnetId, CidrBlock = '', AvailableIpAddressCount = Number.NaN }) => {
      const inside = networkInterfaces.filter((each) => each.SubnetId === SubnetId);
      const addresses = inside.flatMap(({ PrivateIpAddresses }) => PrivateIpAddresses ?? []);
      const figures = enumeratedSubnet({
        cidrBlock: CidrBlock,
        availableIpAddressCount: AvailableIpAddressCount,
        addresses: addresses.flatMap(({ PrivateIpAddress }) => PrivateIpAddress ?? []),
        prefixes: [
          ...inside.flatMap(({ Ipv4Prefixes }) => Ipv4Prefixes ?? []).flatMap(({ Ipv4Prefix }) => Ipv4Prefix ?? []),
          ...vpcEndpoints
            .flatMap(({ Ipv4Prefixes }) => Ipv4Prefixes ?? [])
            .flatMap((prefix) => (prefix.SubnetId === SubnetId ? (prefix.IpPrefixes ?? []) : [])),
        ],
      });
      return [SubnetId, figures] as const;
    }),
  );
}

function expectEnumerated(subnets: readonly SubnetView[], dump: VpcDump): void {
  const expected = expectedFigures(dump);
  expect(new Set(subnets.map(({ subnetId }) => subnetId))).toEqual(new Set(expected.keys()));
  for (const subnet of subnets) {
    expect(subnet).toMatchObject(expected.get(subnet.subnetId) ?? {});
    const { usedAddressCount, freeAddressCount, reservedAddressCount } = subnet;
    expect(subnet.usableAddressCount).toBe(
      (usedAddressCount ?? 0) + (freeAddressCount ?? 0) + (reservedAddressCount ?? 0),
    );
  }
}

const WHOLE = DUMPS.filter(({ name }) => name !== PARTIAL);

describe.skipIf(FOLDER === undefined)(`fixtures: whole-VPC dumps (${FIXTURES_NOTE})`, () => {
  it('are all audited here', () => {
    const folders = readdirSync(join(FOLDER ?? '', 'vpc-dumps'));
    expect(DUMPS.map(({ name }) => name).sort()).toEqual(folders.sort());
    for (const { name, parts } of DUMPS) {
      for (const { folder = '' } of parts) {
        expect(existsSync(join(FOLDER ?? '', 'vpc-dumps', name, folder, 'Subnets.json'))).toBe(true);
      }
    }
  });

  it.each(WHOLE)('add up to the last address in each subnet of $name', async (source) => {
    const { aws, callerId, dump } = loaded(source);
    const view = await auditOverHttp(aws, { callerId, accounts: { kind: 'organization' } });
    expect(AuditView.parse(view)).toEqual(view);
    expect(view.coverage.notSeen).toEqual([]);
    expect(view.subnets).toHaveLength(source.subnetCount);
    expectEnumerated(view.subnets, dump);
    for (const subnet of view.subnets) {
      expect(subnet).toMatchObject({
        countedFrom: 'network-interfaces',
        unaccountedAddressCount: 0,
        reconciliation: 'exact',
        problems: [],
      });
    }
  });

  it('tell what the interfaces are of', async () => {
    const counts: Record<string, number> = {};
    for (const source of WHOLE) {
      const { aws, callerId } = loaded(source);
      const { subnets } = await auditOverHttp(aws, { callerId, accounts: { kind: 'organization' } });
      for (const { kind, networkInterfaceCount } of subnets.flatMap(({ holders }) => holders)) {
        counts[kind] = (counts[kind] ?? 0) + networkInterfaceCount;
      }
    }
    // Counted in the dumps by hand.
    expect(counts).toEqual({
      'ec2-instance': 18,
      'elb-nlb': 2,
      'nat-gateway': 1,
      'tgw-attachment': 3,
      unattached: 2,
      'vpc-endpoint': 1,
    });
  });

  it('show what a partial one leaves unexplained', async () => {
    const source = DUMPS.find(({ name }) => name === PARTIAL) ?? { name: PARTIAL, parts: [] };
    const { aws, callerId, dump } = loaded(source);
    const view = await auditOverHttp(aws, { callerId });
    expectEnumerated(view.subnets, dump);
    const byId = new Map(view.subnets.map((subnet) => [subnet.subnetId, subnet]));
    // An interface is listed and EC2 still counts an empty subnet: one address more than can be.
    expect(byId.get('subnet-dx01')).toMatchObject({
      usedAddressCount: 1,
      freeAddressCount: 250,
      availableIpAddressCount: 251,
      unaccountedAddressCount: 1,
      reconciliation: 'settling',
      addressesLeft: 250,
    });
    expect(byId.get('subnet-iso01')).toMatchObject({ unaccountedAddressCount: 0, reconciliation: 'exact' });
  });

  it('are printed by the command as the audit sees them', async () => {
    const source = WHOLE.find(({ name }) => name === 'nat-gateway') ?? { name: '', parts: [] };
    const { aws, callerId, dump } = loaded(source);
    const server = await serveSimulatedAws(aws, { port: 0 });
    const { accessKeyId, secretAccessKey } = simulatedCredentials(callerId);
    try {
      const command = fileURLToPath(new URL('../../lib/local/audit.ts', import.meta.url));
      const output = await commandOutput(process.execPath, ['--import', 'tsx', command, '--format', 'json'], {
        AWS_ENDPOINT_URL: server.url,
        AWS_ACCESS_KEY_ID: accessKeyId,
        AWS_SECRET_ACCESS_KEY: secretAccessKey,
        AWS_REGION: 'us-east-1',
        AWS_EC2_METADATA_DISABLED: 'true',
      });
      const view = AuditView.parse(JSON.parse(output));
      expect(view.coverage).toMatchObject({ callerAccountId: callerId, isComplete: true, notSeen: [] });
      expectEnumerated(view.subnets, dump);
    } finally {
      await server.close();
    }
  });
});
