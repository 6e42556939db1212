import type { Cidr } from '../domain/address/cidr.ts';
import type {
  Addon,
  AddonConfiguration,
  Cluster,
  FargateProfile,
  HealthIssue,
  Nodegroup,
  ScalingConfig,
  UpdateConfig,
} from '../domain/cluster/cluster.ts';
import type { CollectError, CollectErrorCode, Fact, ObservedFact, UnavailableFact } from '../domain/fact.ts';
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
  Subnet,
  SubnetCidrReservation,
  Vpc,
  VpcEndpoint,
} from '../domain/network/network.ts';
import type { ClusterFacts, Described, FactName, RegionFacts, Target } from '../domain/region-facts.ts';
import type { Tag } from '../domain/tags.ts';
import {
  anything,
  either,
  flag,
  list,
  mapOf,
  numeric,
  oneOf,
  optional,
  pair,
  record,
  type Shape,
  text,
} from './shape.ts';

/**
 * What facts look like, version 1. A change of these types is a compile error here: it needs a new schema version of the
 * facts document, and a function that reads version 1.
 */

const optionalText = optional(text);
const optionalFlag = optional(flag);
const optionalNumber = optional(numeric);
const texts = list(text);
const tags = list<Tag>(pair(text, text));

const cidr = record<Cidr>({ base: numeric, prefixLength: numeric });

export const error = record<CollectError>({
  action: text,
  code: oneOf<CollectErrorCode>({
    'access-denied': true,
    throttled: true,
    'unsupported-by-endpoint': true,
    'not-found': true,
    credentials: true,
    'endpoint-unreachable': true,
    'unexpected-response': true,
    'service-error': true,
    'deadline-exceeded': true,
    cancelled: true,
    'not-attempted': true,
    'not-due': true,
    'internal-error': true,
  }),
  message: text,
  awsErrorName: optionalText,
});

export const factName = oneOf<FactName>({
  'availability-zones': true,
  'managed-resource-visibility': true,
  vpcs: true,
  subnets: true,
  'network-interfaces': true,
  reservations: true,
  instances: true,
  'instance-types': true,
  'route-tables': true,
  'vpc-endpoints': true,
  'flow-logs': true,
  clusters: true,
  nodegroups: true,
  'fargate-profiles': true,
  addons: true,
});

export function fact<T>(value: Shape<T>): Shape<Fact<T>> {
  return either(
    record<ObservedFact<T>>({ state: oneOf({ observed: true }), value, observedAt: text }),
    record<UnavailableFact>({ state: oneOf({ unavailable: true }), error }),
  );
}

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

export const subnet = record<Subnet>({
  subnetId: text,
  subnetArn: optionalText,
  vpcId: text,
  ownerId: text,
  availabilityZone: text,
  availabilityZoneId: optionalText,
  cidrBlock: optionalText,
  availableIpAddressCount: numeric,
  ipv6Native: optionalFlag,
  mapPublicIpOnLaunch: optionalFlag,
  state: optionalText,
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

export const cluster = record<Cluster>({
  name: text,
  arn: text,
  version: optionalText,
  platformVersion: optionalText,
  status: optionalText,
  createdAt: optionalText,
  vpcId: optionalText,
  subnetIds: texts,
  ipFamily: optionalText,
  autoMode: optionalFlag,
  tags,
});

const healthIssue = record<HealthIssue>({ code: optionalText, message: optionalText, resourceIds: texts });

export const nodegroup = record<Nodegroup>({
  nodegroupName: text,
  clusterName: text,
  status: optionalText,
  capacityType: optionalText,
  amiType: optionalText,
  releaseVersion: optionalText,
  instanceTypes: texts,
  subnetIds: texts,
  scalingConfig: optional(
    record<ScalingConfig>({ minSize: optionalNumber, maxSize: optionalNumber, desiredSize: optionalNumber }),
  ),
  updateConfig: optional(
    record<UpdateConfig>({
      maxUnavailable: optionalNumber,
      maxUnavailablePercentage: optionalNumber,
      updateStrategy: optionalText,
    }),
  ),
  launchTemplateId: optionalText,
  launchTemplateVersion: optionalText,
  autoScalingGroupNames: texts,
  healthIssues: list(healthIssue),
  tags,
});

export const fargateProfile = record<FargateProfile>({
  fargateProfileName: text,
  clusterName: text,
  status: optionalText,
  subnetIds: texts,
  tags,
});

export const addon = record<Addon>({
  addonName: text,
  clusterName: text,
  addonVersion: optionalText,
  status: optionalText,
  configurationValues: optionalText,
  configuration: record<AddonConfiguration>({ values: anything, problem: optionalText }),
  serviceAccountRoleArn: optionalText,
  healthIssues: list(healthIssue),
  modifiedAt: optionalText,
  tags,
});

export function described<T>(item: Shape<T>): Shape<Described<T>> {
  return record<Described<T>>({ names: fact(texts), items: mapOf(fact(item)) });
}

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
