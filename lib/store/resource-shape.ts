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
import type { Subnet } from '../domain/network/network.ts';
import type { Described, FactName } from '../domain/region-facts.ts';
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
 * What facts and states both hold, version 1. A change of these types is a compile error here: it needs a new schema version of
 * each document that holds them.
 */

const optionalText = optional(text);
const optionalFlag = optional(flag);
const optionalNumber = optional(numeric);
const texts = list(text);
export const tags = list<Tag>(pair(text, text));

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
