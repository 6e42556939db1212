import type { Cidr } from '../domain/address/cidr.ts';
import type {
  AvailabilityZone,
  EndpointPrefix,
  FlowLog,
  Instance,
  InstanceType,
  NetworkInterface,
  NetworkInterfaceAttachment,
  Operator,
  Route,
  RouteTable,
  SubnetCidrReservation,
  Vpc,
  VpcEndpoint,
} from '../domain/network/network.ts';
import type { ClusterFacts, RegionFacts, Target } from '../domain/region-facts.ts';
import { addon, cluster, described, fact, fargateProfile, nodegroup, subnet, tags } from './resource-shape.ts';
import { flag, list, mapOf, numeric, optional, record, type Shape, text } from './shape.ts';

/**
 * What facts look like, version 1. A change of these types is a compile error here: it needs a new schema version of the
 * facts document, and a function that reads version 1.
 */

const optionalText = optional(text);
const optionalFlag = optional(flag);
const optionalNumber = optional(numeric);
const texts = list(text);

const cidr = record<Cidr>({ base: numeric, prefixLength: numeric });

const zone = record<AvailabilityZone>({
  zoneName: text,
  zoneId: text,
  zoneType: optionalText,
  state: optionalText,
  optInStatus: optionalText,
});

const vpc = record<Vpc>({
  vpcId: text,
  ownerId: optionalText,
  cidrBlocks: texts,
  isDefault: optionalFlag,
  tags,
});

const reservation = record<SubnetCidrReservation>({
  subnetCidrReservationId: text,
  subnetId: text,
  cidr: text,
  reservationType: text,
  ownerId: optionalText,
  description: optionalText,
  tags,
});

const attachment = record<NetworkInterfaceAttachment>({
  instanceId: optionalText,
  instanceOwnerId: optionalText,
  deviceIndex: optionalNumber,
  networkCardIndex: optionalNumber,
  status: optionalText,
});

const operator = record<Operator>({ managed: optionalFlag, principal: optionalText, hiddenByDefault: optionalFlag });

const networkInterface = record<NetworkInterface>({
  networkInterfaceId: text,
  subnetId: text,
  vpcId: text,
  ownerId: text,
  interfaceType: optionalText,
  description: text,
  requesterId: optionalText,
  requesterManaged: optionalFlag,
  status: optionalText,
  attachment: optional(attachment),
  operator: optional(operator),
  privateIpAddresses: list(numeric),
  ipv4Prefixes: list(cidr),
  malformedAddresses: texts,
  tags,
});

const instance = record<Instance>({
  instanceId: text,
  instanceType: text,
  state: optionalText,
  subnetId: optionalText,
  vpcId: optionalText,
  operator: optional(operator),
  tags,
});

const instanceType = record<InstanceType>({
  instanceType: text,
  defaultCardNetworkInterfacesMax: optionalNumber,
  ipv4AddressesPerInterface: optionalNumber,
  hypervisor: optionalText,
  bareMetal: optionalFlag,
  vcpuCount: optionalNumber,
});

const route = record<Route>({
  destination: text,
  targetField: optionalText,
  targetId: optionalText,
  state: optionalText,
  origin: optionalText,
});

const routeTable = record<RouteTable>({
  routeTableId: text,
  vpcId: text,
  ownerId: optionalText,
  subnetIds: texts,
  isMain: flag,
  routes: list(route),
  tags,
});

const vpcEndpoint = record<VpcEndpoint>({
  vpcEndpointId: text,
  vpcEndpointType: optionalText,
  vpcId: text,
  serviceName: optionalText,
  state: optionalText,
  ownerId: optionalText,
  subnetIds: texts,
  networkInterfaceIds: texts,
  ipv4Prefixes: list(record<EndpointPrefix>({ subnetId: text, cidrs: texts })),
  tags,
});

const flowLog = record<FlowLog>({
  flowLogId: text,
  resourceId: text,
  trafficType: optionalText,
  flowLogStatus: optionalText,
  deliverLogsStatus: optionalText,
  deliverLogsErrorMessage: optionalText,
  logDestinationType: optionalText,
  logDestination: optionalText,
  logGroupName: optionalText,
  logFormat: optionalText,
  maxAggregationInterval: optionalNumber,
  createdAt: optionalText,
  tags,
});

const clusterFacts = record<ClusterFacts>({
  cluster: fact(cluster),
  nodegroups: described(nodegroup),
  fargateProfiles: described(fargateProfile),
  addons: described(addon),
});

export const regionFactsShape: Shape<RegionFacts> = record<RegionFacts>({
  target: record<Target>({ accountId: text, region: text }),
  startedAt: text,
  availabilityZones: fact(list(zone)),
  managedResourceVisibility: fact(text),
  vpcs: fact(list(vpc)),
  subnets: fact(list(subnet)),
  subnetCounters: optional(fact(mapOf(numeric))),
  networkInterfaces: fact(list(networkInterface)),
  reservations: mapOf(fact(list(reservation))),
  instances: fact(list(instance)),
  instanceTypes: fact(list(instanceType)),
  routeTables: fact(list(routeTable)),
  vpcEndpoints: fact(list(vpcEndpoint)),
  flowLogs: fact(list(flowLog)),
  clusterNames: fact(texts),
  clusters: mapOf(clusterFacts),
});
