import type { Instant } from '../fact.ts';
import type { Tags } from '../tags.ts';

/** What EKS says of a cluster and its parts, in EKS's words. A field that EKS left out is `undefined`. */

export interface Cluster {
  readonly name: string;
  readonly arn: string;
  readonly version: string | undefined;
  readonly platformVersion: string | undefined;
  readonly status: string | undefined;
  readonly createdAt: Instant | undefined;
  readonly vpcId: string | undefined;
  /** Subnets in which EKS puts the control plane's network interfaces. */
  readonly subnetIds: readonly string[];
  readonly ipFamily: string | undefined;
  /** Whether EKS Auto Mode runs nodes for this cluster (`computeConfig.enabled`). */
  readonly autoMode: boolean | undefined;
  readonly tags: Tags;
}

export interface Nodegroup {
  readonly nodegroupName: string;
  readonly clusterName: string;
  readonly status: string | undefined;
  readonly capacityType: string | undefined;
  readonly amiType: string | undefined;
  readonly releaseVersion: string | undefined;
  readonly instanceTypes: readonly string[];
  readonly subnetIds: readonly string[];
  readonly scalingConfig: ScalingConfig | undefined;
  readonly updateConfig: UpdateConfig | undefined;
  readonly launchTemplateId: string | undefined;
  readonly launchTemplateVersion: string | undefined;
  readonly autoScalingGroupNames: readonly string[];
  readonly healthIssues: readonly HealthIssue[];
  readonly tags: Tags;
}

export interface ScalingConfig {
  readonly minSize: number | undefined;
  readonly maxSize: number | undefined;
  readonly desiredSize: number | undefined;
}

export interface UpdateConfig {
  readonly maxUnavailable: number | undefined;
  readonly maxUnavailablePercentage: number | undefined;
  readonly updateStrategy: string | undefined;
}

export interface HealthIssue {
  readonly code: string | undefined;
  readonly message: string | undefined;
  readonly resourceIds: readonly string[];
}

export interface FargateProfile {
  readonly fargateProfileName: string;
  readonly clusterName: string;
  readonly status: string | undefined;
  readonly subnetIds: readonly string[];
  readonly tags: Tags;
}

export interface Addon {
  readonly addonName: string;
  readonly clusterName: string;
  readonly addonVersion: string | undefined;
  readonly status: string | undefined;
  /** The user's own JSON or YAML text, verbatim; `undefined` means defaults. */
  readonly configurationValues: string | undefined;
  readonly configuration: AddonConfiguration;
  readonly serviceAccountRoleArn: string | undefined;
  readonly healthIssues: readonly HealthIssue[];
  readonly modifiedAt: Instant | undefined;
  readonly tags: Tags;
}

/** The configuration as values; `problem` says why its text could not be parsed. */
export interface AddonConfiguration {
  readonly values: unknown;
  readonly problem: string | undefined;
}
