import * as z from 'zod';
import { STATUSES } from '../domain/capacity/subnet-status.ts';
import { SUBNET_SOURCES } from '../domain/cluster/cluster-subnets.ts';
import { StatusReasonView } from './status-reason-view.ts';

const count = z.int().nonnegative();

/** A cluster as the API, the audit command and the pages show it. */
export const ClusterView = z.object({
  clusterId: z.string().describe('{accountId}:{region}:{clusterName}'),
  clusterArn: z.string().nullable(),
  clusterName: z.string(),
  accountId: z.string(),
  accountName: z.string().nullable(),
  ownerTeam: z.string().nullable().describe('Whom the settings name; null where no rule matches'),
  region: z.string(),
  vpcId: z.string().nullable(),
  version: z.string().nullable(),
  clusterStatus: z.string().nullable().describe('What EKS says of the cluster: ACTIVE, UPDATING, …'),
  ipFamily: z.string().nullable(),
  autoMode: z.boolean().nullable(),
  tags: z.record(z.string(), z.string()),
  observedAt: z.iso.datetime(),
  subnets: z.array(z.object({ subnetId: z.string(), sources: z.array(z.enum(SUBNET_SOURCES)), isSeen: z.boolean() })),
  zones: z
    .array(
      z.object({
        zone: z.string(),
        subnetIds: z.array(z.string()),
        addressesLeft: count,
        freePrefixCount: count.nullable(),
      }),
    )
    .describe('Room by zone: pods of one zone cannot use the addresses of another'),
  nodegroups: z
    .array(
      z.object({
        nodegroupName: z.string(),
        instanceTypes: z.array(z.string()),
        subnetIds: z.array(z.string()),
        minSize: count.nullable(),
        desiredSize: count.nullable(),
        maxSize: count.nullable(),
        healthIssues: z.array(z.string()),
        tags: z.record(z.string(), z.string()),
      }),
    )
    .nullable()
    .describe('Null where the node groups could not be listed; those that could not be described are left out'),
  fargateProfiles: z.array(z.object({ fargateProfileName: z.string(), subnetIds: z.array(z.string()) })).nullable(),
  addons: z
    .array(
      z.object({
        addonName: z.string(),
        addonVersion: z.string().nullable(),
        status: z.string().nullable(),
        configurationProblem: z.string().nullable().describe('Why its configuration cannot be read, where it cannot'),
      }),
    )
    .nullable(),
  isStale: z.boolean().describe('Whether the numbers of its subnets are older than two scans'),
  status: z.enum(STATUSES).describe('That of the worst subnet; never better than unknown while something is not seen'),
  bindingSubnetId: z.string().nullable().describe('The subnet that decides the status'),
  statusReasons: z.array(StatusReasonView).describe('Those of the binding subnet'),
});
export type ClusterView = z.infer<typeof ClusterView>;
