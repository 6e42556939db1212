import {
  DescribeNetworkInterfacesCommand,
  DescribeSubnetsCommand,
  GetSubnetCidrReservationsCommand,
} from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AuditView } from '../../lib/api/audit-view.ts';
import type { SubnetView } from '../../lib/api/subnet-view.ts';
import { toSubnetView } from '../../lib/api/to-subnet-view.ts';
import { hasCommand } from '../helpers/commands.ts';
import { MOTO_NOTE, type MotoServer, startMoto } from '../helpers/moto.ts';
import { type NodeRun, runNode } from '../helpers/run-node.ts';
import { enumeratedFigures } from './enumerated-subnet.ts';
import {
  buildMotoFleet,
  EDGE_CLUSTER_NAME,
  MEMBER_ROLE_NAME,
  type MotoFleet,
  type MotoNetwork,
  present,
  REGIONS,
  SHARED_CLUSTER_NAME,
  type SubnetRole,
} from './moto-fleet.ts';
import { type MotoService, startMotoService } from './moto-service.ts';

const BUILD_WITHIN_MS = 120_000;

describe.skipIf(!hasCommand('moto_server'))(`moto: an audit of an organisation (${MOTO_NOTE})`, () => {
  let moto: MotoServer | undefined;
  let fleet: MotoFleet;
  let listed: ReadonlyMap<string, RawSubnet>;
  let run: NodeRun;
  let requiringRun: NodeRun;
  let view: AuditView;

  beforeAll(async () => {
    moto = await startMoto();
    fleet = await buildMotoFleet(moto.url);
    listed = await rawListing(fleet);
    const scope = ['--accounts', 'organization', '--regions', REGIONS.join(','), '--role-name', MEMBER_ROLE_NAME];
    run = await audit(moto, [...scope, '--format', 'json']);
    requiringRun = await audit(moto, ['--regions', 'us-east-1', '--require', 'addons', '--format', 'json']);
    view = AuditView.parse(JSON.parse(run.stdout));
  }, BUILD_WITHIN_MS);

  afterAll(() => moto?.stop());

  it('ends with 0, prints one JSON object and nothing else', () => {
    expect(run).toMatchObject({ exitCode: 0, stderr: '' });
    expect(Object.keys(JSON.parse(run.stdout))).toEqual(['coverage', 'subnets', 'clusters']);
  });

  it('prints no field that its contract does not name', () => {
    expect(view).toEqual(JSON.parse(run.stdout));
  });

  it('lists every subnet of every active account once', () => {
    const listedIds = [...listed.keys()].sort();
    expect(view.subnets.map(({ subnetId }) => subnetId).sort()).toEqual(listedIds);
    expect(
      view.subnets.map(({ subnetId, accountId, region, vpcId, cidrBlock }) => [
        subnetId,
        { accountId, region, vpcId, cidrBlock },
      ]),
    ).toEqual(
      view.subnets.map(({ subnetId }) => {
        const { accountId, region, vpcId, cidrBlock } = present(listed.get(subnetId));
        return [subnetId, { accountId, region, vpcId, cidrBlock }];
      }),
    );
  });

  it('sees thousands of interfaces', () => {
    const interfaceCount = [...listed.values()].reduce((total, { interfaceCount: count }) => total + count, 0);
    const heldCount = view.subnets
      .flatMap(({ holders }) => holders)
      .reduce((total, holder) => total + holder.networkInterfaceCount, 0);
    expect(interfaceCount).toBeGreaterThan(2_000);
    expect(heldCount).toBe(interfaceCount);
  });

  it('counts every subnet as looking at each of its addresses does', () => {
    const counted = new Map(view.subnets.map((subnet) => [subnet.subnetId, figuresOf(subnet)]));
    const enumerated = new Map([...listed].map(([subnetId, raw]) => [subnetId, enumeratedFigures(raw)]));
    expect(counted).toEqual(enumerated);
  });

  it.each<[SubnetRole, Partial<SubnetView>]>([
    [
      'empty',
      {
        usedAddressCount: 0,
        freeAddressCount: 251,
        freePrefixCount: 14,
        largestFreeBlockPrefixLength: 26,
        fragmentation: 0,
      },
    ],
    ['scattered', { usedAddressCount: 64, freeAddressCount: 955, freePrefixCount: 0, fragmentation: 1 }],
    [
      'full',
      {
        freeAddressCount: 0,
        freePrefixCount: 0,
        largestFreeBlockPrefixLength: null,
        fragmentation: null,
        status: 'exhausted',
      },
    ],
    [
      'smallest',
      { usableAddressCount: 11, usedAddressCount: 2, maxPrefixCount: 0, freePrefixCount: 0, fragmentation: null },
    ],
    ['nodes', { usedAddressCount: 4 }],
  ])('finds the subnets made %s so', (role, expected) => {
    for (const { subnetIds } of fleet.networks) {
      expect(subnetOf(view, subnetIds[role])).toMatchObject(expected);
    }
  });

  // moto takes a prefix reservation off its counter whole, in use or not, and an explicit one not at all: unlike EC2, which
  // takes off what is unused of both. The difference must show as unaccounted, to the address.
  it('takes what is unused of reservations out of the free addresses', () => {
    for (const { subnetIds } of fleet.networks) {
      const subnet = subnetOf(view, subnetIds.reserved);
      const { addresses, cidrBlock } = present(listed.get(subnetIds.reserved));
      const offsets = addresses.map((address) => Number(address.split('.')[3]));
      const usedForPrefixes = offsets.filter((offset) => offset >= 64 && offset < 128).length;
      const usedExplicit = offsets.filter((offset) => offset >= 160 && offset < 176).length;
      expect(cidrBlock).toMatch(/\.8\.0\/24$/);
      expect(subnet.reservedAddressCount).toBe(64 + 16 - usedForPrefixes - usedExplicit);
      expect(subnet.unaccountedAddressCount).toBe(16 - usedExplicit - usedForPrefixes);
    }
  });

  it('finds each cluster once and never mixes clusters of one name', () => {
    const expected = fleet.networks.map(({ accountId, region }) => `${accountId}:${region}:${clusterNameIn(region)}`);
    expect(view.clusters.map(({ clusterId }) => clusterId).sort()).toEqual(expected.sort());
  });

  it('says of each subnet which cluster it serves, and from where that is known', () => {
    for (const network of fleet.networks) {
      const clusterId = `${network.accountId}:${network.region}:${clusterNameIn(network.region)}`;
      const sources = sourcesIn(network);
      for (const subnetId of Object.values(network.subnetIds)) {
        const serving = sources.get(subnetId);
        const clusters =
          serving === undefined ? [] : [{ clusterId, clusterName: clusterNameIn(network.region), sources: serving }];
        expect(subnetOf(view, subnetId).clusters).toEqual(clusters);
      }
      const cluster = view.clusters.find((candidate) => candidate.clusterId === clusterId);
      expect(new Map(cluster?.subnets.map(({ subnetId, sources: found }) => [subnetId, found]))).toEqual(sources);
    }
  });

  it('describes node groups and Fargate profiles', () => {
    const cluster = view.clusters.find(({ clusterName }) => clusterName === SHARED_CLUSTER_NAME);
    expect(cluster).toMatchObject({
      version: '1.33',
      nodegroups: [{ nodegroupName: 'workers', minSize: 1, desiredSize: 4, maxSize: 9 }],
      fargateProfiles: [{ fargateProfileName: 'batch' }],
      addons: null,
    });
  });

  it('judges a cluster by its worst subnet', () => {
    for (const { accountId, region, subnetIds } of fleet.networks) {
      const cluster = view.clusters.find(
        ({ clusterId }) => clusterId === `${accountId}:${region}:${clusterNameIn(region)}`,
      );
      expect(cluster).toMatchObject({ status: 'exhausted', bindingSubnetId: subnetIds.full });
    }
  });

  it('reads tags and the flow logs of a VPC and of a subnet', () => {
    const [first, second] = fleet.networks;
    const covered = subnetOf(view, present(first).subnetIds.empty);
    expect(covered).toMatchObject({ name: `empty of ${present(first).accountId}`, flowLogCoverage: 'all' });
    const failing = subnetOf(view, present(second).subnetIds.partly);
    expect(failing).toMatchObject({ flowLogCoverage: 'none', flowLogCoverageReasons: ['delivery-failed'] });
    const bare = subnetOf(view, present(second).subnetIds.empty);
    expect(bare).toMatchObject({ flowLogCoverage: 'none', flowLogCoverageReasons: ['no-flow-log'] });
  });

  it('scans the active accounts and leaves the closed one alone, saying so', () => {
    const byId = new Map(view.coverage.accounts.map((account) => [account.accountId, account]));
    expect([...byId.keys()].sort()).toEqual([...fleet.accountIds, fleet.closedAccountId].sort());
    for (const accountId of fleet.accountIds) {
      expect(byId.get(accountId)).toMatchObject({ outcome: 'scanned', state: 'ACTIVE', regions: [...REGIONS] });
    }
    expect(byId.get(fleet.closedAccountId)).toMatchObject({ outcome: 'not-scanned', state: 'SUSPENDED', regions: [] });
    expect(view.coverage).toMatchObject({ isComplete: true, targetsExpected: 6, targetsFinished: 6 });
  });

  it('lists what moto does not know as not seen and not required', () => {
    const missing = view.coverage.notSeen.map(({ accountId, region, scope, code, isRequired }) =>
      [accountId, region, scope, code, isRequired].join(' '),
    );
    const expected = fleet.networks.flatMap(({ accountId, region }) => [
      `${accountId} ${region} managed-resource-visibility unsupported-by-endpoint false`,
      `${accountId} ${region} addons unsupported-by-endpoint false`,
    ]);
    expect(missing.sort()).toEqual(expected.sort());
  });

  it('ends with 2 where one of them is required, and still prints the result', () => {
    expect(requiringRun).toMatchObject({ exitCode: 2, stderr: '' });
    const requiring = AuditView.parse(JSON.parse(requiringRun.stdout));
    expect(requiring.coverage).toMatchObject({ isComplete: false, requiredFacts: ['addons'] });
    expect(requiring.coverage.notSeen.filter(({ isRequired }) => isRequired)).toMatchObject([
      { scope: 'addons', resourceIds: [SHARED_CLUSTER_NAME] },
    ]);
    const home = fleet.networks.find(
      ({ accountId, region }) => accountId === fleet.accountIds[0] && region === 'us-east-1',
    );
    expect(figuresOf(subnetOf(requiring, present(home).subnetIds.partly))).toEqual(
      figuresOf(subnetOf(view, present(home).subnetIds.partly)),
    );
  });

  describe('the service, function by function', () => {
    let service: MotoService | undefined;

    beforeAll(async () => {
      service = await startMotoService(present(moto).url);
      await service.run({ kind: 'scan', scheduledAt: new Date().toISOString(), pulseScope: 'with-clusters' });
    }, BUILD_WITHIN_MS);

    afterAll(() => service?.stop());

    it('ends with every target of every active account in its ledger, and no dead letter', async () => {
      const { runs } = present(service).stores;
      const [slot] = await runs.listRuns({ limit: 1 });
      const { plan, outcomes } = present(await runs.readRun(present(slot)));
      const expected = fleet.networks.map(({ accountId, region }) => `${accountId} ${region} finished`);
      expect(outcomes.map(({ target, state }) => `${target.accountId} ${target.region} ${state}`)).toEqual(
        expected.sort(),
      );
      expect(plan.targets).toHaveLength(expected.length);
      expect(plan.accounts.filter(({ outcome }) => outcome === 'not-scanned')).toHaveLength(1);
      expect(present(service).deadLetterCount()).toBe(0);
    });

    it('knows every subnet as looking at each of its addresses does, and its clusters', async () => {
      const { states } = present(service).stores;
      const stored = await Promise.all((await states.judgedVpcs()).map(({ vpc }) => states.readState(vpc)));
      const judged = stored.flatMap((one) => (one === undefined ? [] : [one.state]));
      const known = judged.flatMap(({ subnets }) => subnets.map((subnet) => toSubnetView(subnet, new Map())));
      const enumerated = new Map([...listed].map(([subnetId, raw]) => [subnetId, enumeratedFigures(raw)]));
      expect(new Map(known.map((subnet) => [subnet.subnetId, figuresOf(subnet)]))).toEqual(enumerated);
      const clusterIds = judged.flatMap(({ clusters }) => clusters.map(({ clusterId }) => clusterId));
      expect(clusterIds.sort()).toEqual(view.clusters.map(({ clusterId }) => clusterId).sort());
    });

    it('has all of them in the fleet, with the status that the audit gives them', async () => {
      const { fleets } = present(service).stores;
      const rolledUp = present(await fleets.readFleet());
      const rows = [...rolledUp.subnets.status.keys()];
      const subnets = await fleets.subnetStates(rolledUp, rows);
      const statuses = (some: readonly { readonly subnetId: string; readonly status: string }[]) =>
        some.map(({ subnetId, status }) => `${subnetId} ${status}`).sort();
      expect(statuses(subnets.map((subnet) => toSubnetView(subnet, new Map())))).toEqual(statuses(view.subnets));
    });
  });
});

function audit(moto: MotoServer, args: readonly string[]): Promise<NodeRun> {
  const variables = { AWS_ENDPOINT_URL: moto.url, AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'x' };
  return runNode('lib/local/audit.ts', args, { variables });
}

interface RawSubnet {
  readonly accountId: string;
  readonly region: string;
  readonly vpcId: string;
  readonly cidrBlock: string;
  readonly availableIpAddressCount: number;
  readonly addresses: readonly string[];
  readonly interfaceCount: number;
  readonly reservations: readonly { readonly cidr: string; readonly type: string }[];
}

/** What moto itself says, by the SDK as it comes. */
async function rawListing({ networks }: MotoFleet): Promise<ReadonlyMap<string, RawSubnet>> {
  const subnets = new Map<string, RawSubnet>();
  for (const network of networks) {
    const { accountId, region, ec2 } = network;
    const { Subnets = [] } = await ec2.send(new DescribeSubnetsCommand({}));
    const { NetworkInterfaces = [] } = await ec2.send(new DescribeNetworkInterfacesCommand({}));
    for (const raw of Subnets) {
      const own = NetworkInterfaces.filter(({ SubnetId }) => SubnetId === raw.SubnetId);
      subnets.set(present(raw.SubnetId), {
        accountId,
        region,
        vpcId: present(raw.VpcId),
        cidrBlock: present(raw.CidrBlock),
        availableIpAddressCount: present(raw.AvailableIpAddressCount),
        addresses: own.flatMap(({ PrivateIpAddresses }) =>
          present(PrivateIpAddresses).map(({ PrivateIpAddress }) => present(PrivateIpAddress)),
        ),
        interfaceCount: own.length,
        reservations: await rawReservations(network, present(raw.SubnetId)),
      });
    }
  }
  return subnets;
}

async function rawReservations({ ec2 }: MotoNetwork, subnetId: string): Promise<RawSubnet['reservations']> {
  const { SubnetIpv4CidrReservations = [] } = await ec2.send(
    new GetSubnetCidrReservationsCommand({ SubnetId: subnetId }),
  );
  return SubnetIpv4CidrReservations.map(({ Cidr, ReservationType }) => ({
    cidr: present(Cidr),
    type: present(ReservationType),
  }));
}

function clusterNameIn(region: string): string {
  return region === 'us-east-1' ? SHARED_CLUSTER_NAME : EDGE_CLUSTER_NAME;
}

/** What the fleet was built with. */
function sourcesIn({ region, subnetIds }: MotoNetwork): ReadonlyMap<string, readonly string[]> {
  return region === 'us-east-1'
    ? new Map([
        [subnetIds.empty, ['control-plane', 'fargate-profile']],
        [subnetIds.partly, ['control-plane']],
        [subnetIds.reserved, ['control-plane']],
        [subnetIds.scattered, ['fargate-profile']],
        [subnetIds.nodes, ['nodegroup', 'instance']],
        [subnetIds.large, ['cni-network-interface']],
        [subnetIds.full, ['cluster-tag']],
      ])
    : new Map([
        [subnetIds.scattered, ['control-plane']],
        [subnetIds.full, ['control-plane']],
      ]);
}

function subnetOf({ subnets }: AuditView, subnetId: string): SubnetView {
  return present(subnets.find((subnet) => subnet.subnetId === subnetId));
}

function figuresOf(subnet: SubnetView) {
  return {
    usableAddressCount: subnet.usableAddressCount,
    usedAddressCount: subnet.usedAddressCount,
    freeAddressCount: subnet.freeAddressCount,
    reservedAddressCount: subnet.reservedAddressCount,
    availableIpAddressCount: subnet.availableIpAddressCount,
    unaccountedAddressCount: subnet.unaccountedAddressCount,
    addressesLeft: subnet.addressesLeft,
    maxPrefixCount: subnet.maxPrefixCount,
    freePrefixCountMost: subnet.freePrefixCountMost,
    freePrefixCountReserved: subnet.freePrefixCountReserved,
    freePrefixCount: subnet.freePrefixCount,
    largestFreeBlockPrefixLength: subnet.largestFreeBlockPrefixLength,
    strandedAddressCount: subnet.strandedAddressCount,
    fragmentation: subnet.fragmentation,
  };
}
