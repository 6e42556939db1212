import { type Fact, observed } from '../../lib/domain/fact.ts';
import type { SubnetCidrReservation } from '../../lib/domain/network/network.ts';
import type { RegionFacts } from '../../lib/domain/region-facts.ts';
import {
  aCluster,
  aFargateProfile,
  aFlowLog,
  aNetworkInterface,
  aNodegroup,
  anAttachment,
  anInstance,
  aSubnet,
  CLUSTER_NAME,
  NOW,
  SUBNET_ID,
  VPC_ID,
} from '../helpers/builders.ts';
import { denied, described, seen, someClusterFacts, someRegionFacts } from '../helpers/region-facts-builder.ts';

const OPERATOR = { managed: true, principal: 'eks.amazonaws.com', hiddenByDefault: undefined };

/** Facts in which every field of every type has a value somewhere, and what may be absent is absent somewhere. */
export const FULL_REGION_FACTS: RegionFacts = someRegionFacts({
  availabilityZones: seen([
    { zoneName: 'eu-west-1a', zoneId: 'euw1-az1', zoneType: 'availability-zone', state: undefined, optInStatus: 'x' },
  ]),
  vpcs: seen([
    { vpcId: VPC_ID, ownerId: undefined, cidrBlocks: ['10.0.0.0/16'], isDefault: false, tags: [['a', 'b']] },
  ]),
  subnets: seen([aSubnet(), aSubnet({ subnetId: 'subnet-0six', cidrBlock: undefined, ipv6Native: true })]),
  subnetCounters: observed(new Map([[SUBNET_ID, 251]]), NOW),
  networkInterfaces: seen([
    aNetworkInterface({
      privateIpAddresses: [0, 0x0a000004, 0xffffffff],
      ipv4Prefixes: [{ base: 0x0a000010, prefixLength: 28 }],
      malformedAddresses: ['10.0.0.256'],
      attachment: anAttachment(),
      operator: OPERATOR,
      tags: [
        ['__proto__', 'hostile'],
        ['', '\u{1F600} \uD800 \u0000'],
      ],
    }),
    aNetworkInterface({ networkInterfaceId: 'eni-0b', interfaceType: undefined, requesterManaged: undefined }),
  ]),
  reservations: new Map<string, Fact<readonly SubnetCidrReservation[]>>([
    [
      SUBNET_ID,
      seen([
        {
          subnetCidrReservationId: 'scr-0a',
          subnetId: SUBNET_ID,
          cidr: '10.0.0.64/28',
          reservationType: 'prefix',
          ownerId: undefined,
          description: 'pods',
          tags: [],
        },
      ]),
    ],
    ['subnet-0six', denied('ec2:GetSubnetCidrReservations')],
  ]),
  instances: seen([anInstance({ operator: OPERATOR }), anInstance({ instanceId: 'i-0gone', vpcId: undefined })]),
  instanceTypes: seen([
    {
      instanceType: 'm5.large',
      defaultCardNetworkInterfacesMax: 3,
      ipv4AddressesPerInterface: 10,
      hypervisor: 'nitro',
      bareMetal: false,
      vcpuCount: undefined,
    },
  ]),
  routeTables: seen([
    {
      routeTableId: 'rtb-0a',
      vpcId: VPC_ID,
      ownerId: undefined,
      subnetIds: [SUBNET_ID],
      isMain: true,
      routes: [
        {
          destination: '0.0.0.0/0',
          targetField: 'natGatewayId',
          targetId: 'nat-0a',
          state: 'active',
          origin: undefined,
        },
      ],
      tags: [],
    },
  ]),
  vpcEndpoints: seen([
    {
      vpcEndpointId: 'vpce-0a',
      vpcEndpointType: 'ServiceNetwork',
      vpcId: VPC_ID,
      serviceName: undefined,
      state: 'available',
      ownerId: undefined,
      subnetIds: [SUBNET_ID],
      networkInterfaceIds: [],
      ipv4Prefixes: [{ subnetId: SUBNET_ID, cidrs: ['10.0.0.32/28'] }],
      tags: [],
    },
  ]),
  flowLogs: seen([aFlowLog()]),
  clusterNames: seen([CLUSTER_NAME, 'closed']),
  clusters: new Map([
    [
      CLUSTER_NAME,
      someClusterFacts({
        cluster: observed(aCluster(), NOW),
        nodegroups: described({
          workers: aNodegroup({ healthIssues: [{ code: 'X', message: undefined, resourceIds: ['i-0a'] }] }),
        }),
        fargateProfiles: described({ batch: aFargateProfile() }),
        addons: described({
          'vpc-cni': {
            addonName: 'vpc-cni',
            clusterName: CLUSTER_NAME,
            addonVersion: 'v1.20.0',
            status: 'ACTIVE',
            configurationValues: '{"env":{"WARM_IP_TARGET":"2"},"list":[1,null,-0.5,true]}',
            configuration: {
              values: { env: { WARM_IP_TARGET: '2' }, list: [1, null, -0.5, true] },
              problem: undefined,
            },
            serviceAccountRoleArn: undefined,
            healthIssues: [],
            modifiedAt: NOW,
            tags: [],
          },
        }),
      }),
    ],
    ['closed', someClusterFacts({ cluster: denied('eks:DescribeCluster') })],
  ]),
});
