import fc from 'fast-check';
import { type Fact, observed, unavailable } from '../../lib/domain/fact.ts';
import type { ClusterFacts, RegionFacts } from '../../lib/domain/region-facts.ts';
import {
  aCluster,
  aFargateProfile,
  aFlowLog,
  aNetworkInterface,
  aNodegroup,
  anInstance,
  aSubnet,
  NOW,
} from './builders.ts';
import { deniedError, REGION } from './region-facts-builder.ts';

/** Random facts of two accounts in one region: the first owns every VPC, the second is a participant in some of them. */

export const OWNER_ID = '111122223333';
export const PARTICIPANT_ID = '444455556666';

const VPC_COUNT = 3;
const SUBNETS_PER_VPC = 2;
/** The first address of 10.0.0.0/8. */
const TEN_SLASH_EIGHT = 0x0a000000;
const vpcIndex = fc.nat({ max: VPC_COUNT - 1 });

const vpcIdOf = (vpc: number) => `vpc-${vpc}`;
const subnetIdOf = (vpc: number, subnet: number) => `subnet-${vpc}-${subnet}`;
/** Clusters of two VPCs never share a name, as those of one account never do. */
const clusterNameOf = (vpc: number) => `cluster-${vpc}`;

/** Records as code makes them: those of fast-check may inherit from nothing. */
function recordOf<T>(fields: { readonly [Field in keyof T]: fc.Arbitrary<T[Field]> }): fc.Arbitrary<T> {
  return fc.record<T>(fields, { noNullPrototype: true });
}

/** A fact that is mostly there. */
function maybe<T>(value: fc.Arbitrary<T>): fc.Arbitrary<Fact<T>> {
  return fc.oneof(
    { weight: 8, arbitrary: value.map((known) => observed(known, NOW)) },
    { weight: 1, arbitrary: fc.constant(unavailable(deniedError('ec2:Describe'))) },
  );
}

function subnetsOf(shared: boolean) {
  const all = Array.from({ length: VPC_COUNT * SUBNETS_PER_VPC }, (_, index) => ({
    vpc: Math.floor(index / SUBNETS_PER_VPC),
    subnet: index % SUBNETS_PER_VPC,
  }));
  const tags = fc.constantFrom('none', 'cluster', 'role');
  return fc.tuple(...all.map(({ vpc, subnet }) => fc.tuple(fc.constant({ vpc, subnet }), tags))).chain((rows) =>
    fc
      .subarray(rows)
      .map((kept) => (shared ? kept : rows))
      .map((kept) =>
        kept.map(([{ vpc, subnet }, tag]) =>
          aSubnet({
            subnetId: subnetIdOf(vpc, subnet),
            vpcId: vpcIdOf(vpc),
            ownerId: OWNER_ID,
            cidrBlock: `10.${vpc}.${subnet}.0/24`,
            availableIpAddressCount: 200,
            tags: shared || tag === 'none' ? [] : [subnetTag(tag, vpc)],
          }),
        ),
      ),
  );
}

function subnetTag(tag: string, vpc: number): readonly [string, string] {
  return tag === 'cluster'
    ? [`kubernetes.io/cluster/${clusterNameOf(vpc)}`, 'shared']
    : ['kubernetes.io/role/cni', '1'];
}

function networkInterfacesOf(accountId: string) {
  const one = recordOf({
    number: fc.nat({ max: 40 }),
    vpc: vpcIndex,
    subnet: fc.nat({ max: SUBNETS_PER_VPC - 1 }),
    addresses: fc.uniqueArray(fc.integer({ min: 4, max: 254 }), { maxLength: 5 }),
    isTagged: fc.boolean(),
    isOnNode: fc.boolean(),
  });
  return fc.uniqueArray(one, { maxLength: 12, selector: ({ number }) => number }).map((rows) =>
    rows.map(({ number, vpc, subnet, addresses, isTagged, isOnNode }) =>
      aNetworkInterface({
        networkInterfaceId: `eni-${vpc}-${number}`,
        subnetId: subnetIdOf(vpc, subnet),
        vpcId: vpcIdOf(vpc),
        ownerId: number % 2 === 0 ? accountId : PARTICIPANT_ID,
        privateIpAddresses: addresses.map((last) => TEN_SLASH_EIGHT + vpc * 65_536 + subnet * 256 + last),
        tags: isTagged ? [['cluster.k8s.amazonaws.com/name', clusterNameOf(vpc)]] : [],
        description: isTagged ? `aws-K8S-i-${vpc}` : '',
        attachment: isOnNode
          ? {
              instanceId: `i-${vpc}`,
              instanceOwnerId: accountId,
              deviceIndex: 1,
              networkCardIndex: undefined,
              status: 'attached',
            }
          : undefined,
      }),
    ),
  );
}

const instances = fc.subarray(Array.from({ length: VPC_COUNT }, (_, vpc) => vpc)).map((vpcs) =>
  vpcs.map((vpc) =>
    anInstance({
      instanceId: `i-${vpc}`,
      vpcId: vpcIdOf(vpc),
      subnetId: subnetIdOf(vpc, 0),
      tags: [['eks:cluster-name', clusterNameOf(vpc)]],
    }),
  ),
);

const flowLogs = fc.array(
  fc
    .constantFrom('vpc-0', 'vpc-1', 'subnet-1-0', 'subnet-2-1', 'eni-0-3', 'eni-2-4', 'tgw-0')
    .map((resourceId) => aFlowLog({ resourceId, flowLogId: `fl-${resourceId}` })),
  { maxLength: 4 },
);

function clusterFactsOf(vpc: number): fc.Arbitrary<ClusterFacts> {
  const name = clusterNameOf(vpc);
  const subnetIds = fc.subarray([subnetIdOf(vpc, 0), subnetIdOf(vpc, 1)]);
  const vpcId = fc.constantFrom(vpcIdOf(vpc), undefined);
  return recordOf({
    cluster: maybe(recordOf({ subnetIds, vpcId }).map((named) => aCluster({ name, ...named }))),
    nodegroups: recordOf({
      names: maybe(fc.constant(['workers'])),
      items: subnetIds.chain((ids) =>
        maybe(fc.constant(aNodegroup({ clusterName: name, subnetIds: ids }))).map((one) => new Map([['workers', one]])),
      ),
    }),
    fargateProfiles: recordOf({
      names: maybe(fc.constant(['batch'])),
      items: subnetIds.map(
        (ids) => new Map([['batch', observed(aFargateProfile({ clusterName: name, subnetIds: ids }), NOW)]]),
      ),
    }),
    addons: fc.constant({ names: observed([], NOW), items: new Map() }),
  });
}

const clusters = fc
  .tuple(...Array.from({ length: VPC_COUNT }, (_, vpc) => clusterFactsOf(vpc)))
  .chain((all) => fc.subarray(all.map((facts, vpc) => [clusterNameOf(vpc), facts] as const)))
  .map((entries) => new Map(entries));

/** What one of the two accounts saw. The owner lists every subnet, the participant those that are shared with it. */
export function arbitraryRegionFacts(accountId: string): fc.Arbitrary<RegionFacts> {
  return clusters.chain((byName) =>
    recordOf({
      target: fc.constant({ accountId, region: REGION }),
      startedAt: fc.constant(NOW),
      availabilityZones: maybe(
        fc.constant([
          {
            zoneName: 'eu-west-1a',
            zoneId: 'euw1-az1',
            zoneType: undefined,
            state: 'available',
            optInStatus: undefined,
          },
        ]),
      ),
      managedResourceVisibility: maybe(fc.constant('visible')),
      vpcs: maybe(
        fc.constant(
          Array.from({ length: VPC_COUNT }, (_, vpc) => ({
            vpcId: vpcIdOf(vpc),
            ownerId: OWNER_ID,
            cidrBlocks: [`10.${vpc}.0.0/16`],
            isDefault: undefined,
            tags: [],
          })),
        ),
      ),
      subnets: maybe(subnetsOf(accountId !== OWNER_ID)),
      subnetCounters: fc.option(maybe(fc.constant(new Map([[subnetIdOf(0, 0), 190]]))), { nil: undefined }),
      networkInterfaces: maybe(networkInterfacesOf(accountId)),
      reservations: maybe(fc.constant([])).map((fact) => new Map([[subnetIdOf(1, 1), fact]])),
      instances: maybe(instances),
      instanceTypes: maybe(fc.constant([])),
      routeTables: maybe(fc.constant([])),
      vpcEndpoints: maybe(fc.constant([])),
      flowLogs: maybe(flowLogs),
      clusterNames: maybe(fc.constant([...byName.keys()])),
      clusters: fc.constant(byName),
    }),
  );
}
