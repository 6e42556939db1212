import {
  DescribeAddonCommand,
  DescribeClusterCommand,
  DescribeFargateProfileCommand,
  DescribeNodegroupCommand,
  type EKSClient,
  ListAddonsCommand,
  ListClustersCommand,
  ListFargateProfilesCommand,
  ListNodegroupsCommand,
  type Addon as SdkAddon,
  type Cluster as SdkCluster,
  type FargateProfile as SdkFargateProfile,
  type Nodegroup as SdkNodegroup,
} from '@aws-sdk/client-eks';
import { parse as parseYaml } from 'yaml';
import type { Ask } from '../audit/ports.ts';
import { UnexpectedResponseError } from '../aws/errors.ts';
import type { Addon, AddonConfiguration, Cluster, FargateProfile, Nodegroup } from '../domain/cluster/cluster.ts';
import type { Fact } from '../domain/fact.ts';
import type { ClusterFacts, Described } from '../domain/region-facts.ts';
import { ok, type Result } from '../domain/result.ts';
import { accepted, type Collection, collectFact, collectListing } from './collection.ts';
import { isDue, notDue, whereDue } from './due.ts';
import { FACT_TABLE } from './fact-table.ts';
import { absentFields, parseInstant, parseTagMap } from './parsing.ts';

/** Reads the names of the region's clusters. */
export function collectClusterNames(eks: EKSClient, collection: Collection): Promise<Fact<readonly string[]>> {
  const { action, pageSize } = FACT_TABLE.clusterNames;
  return collectNames(action, collection, async (nextToken) => {
    const input = { maxResults: pageSize, nextToken };
    const page = await eks.send(new ListClustersCommand(input), { abortSignal: collection.signal });
    return { names: page.clusters, nextToken: page.nextToken };
  });
}

/** What is due of a cluster, and what is known of it. */
export interface ClusterAsk {
  readonly due: Ask['due'];
  readonly known: ClusterFacts | undefined;
}

/**
 * Reads a cluster with its node groups, Fargate profiles and add-ons, as far as they are due. Each part that cannot be seen is
 * unavailable by itself.
 */
export async function collectCluster(
  eks: EKSClient,
  clusterName: string,
  { due, known }: ClusterAsk,
  collection: Collection,
): Promise<ClusterFacts> {
  const options = { abortSignal: collection.signal };
  const [cluster, nodegroups, fargateProfiles, addons] = await Promise.all([
    whereDue(FACT_TABLE.clusters, known?.cluster, due, () =>
      collectFact(FACT_TABLE.clusters.action, collection, async () => {
        const { cluster } = await eks.send(new DescribeClusterCommand({ name: clusterName }), options);
        return accepted(parseCluster(present(cluster, `cluster "${clusterName}"`)));
      }),
    ),
    collectDescribed(collection, due, known?.nodegroups, {
      listAction: FACT_TABLE.nodegroupNames.action,
      list: async (nextToken) => {
        const input = { clusterName, nextToken, maxResults: FACT_TABLE.nodegroupNames.pageSize };
        const page = await eks.send(new ListNodegroupsCommand(input), options);
        return { names: page.nodegroups, nextToken: page.nextToken };
      },
      describeAction: FACT_TABLE.nodegroups.action,
      describe: async (nodegroupName) => {
        const { nodegroup } = await eks.send(new DescribeNodegroupCommand({ clusterName, nodegroupName }), options);
        return accepted(parseNodegroup(present(nodegroup, `node group "${nodegroupName}"`)));
      },
    }),
    collectDescribed(collection, due, known?.fargateProfiles, {
      listAction: FACT_TABLE.fargateProfileNames.action,
      list: async (nextToken) => {
        const input = { clusterName, nextToken, maxResults: FACT_TABLE.fargateProfileNames.pageSize };
        const page = await eks.send(new ListFargateProfilesCommand(input), options);
        return { names: page.fargateProfileNames, nextToken: page.nextToken };
      },
      describeAction: FACT_TABLE.fargateProfiles.action,
      describe: async (fargateProfileName) => {
        const input = { clusterName, fargateProfileName };
        const { fargateProfile } = await eks.send(new DescribeFargateProfileCommand(input), options);
        return accepted(parseFargateProfile(present(fargateProfile, `Fargate profile "${fargateProfileName}"`)));
      },
    }),
    collectDescribed(collection, due, known?.addons, {
      listAction: FACT_TABLE.addonNames.action,
      list: async (nextToken) => {
        const input = { clusterName, nextToken, maxResults: FACT_TABLE.addonNames.pageSize };
        const page = await eks.send(new ListAddonsCommand(input), options);
        return { names: page.addons, nextToken: page.nextToken };
      },
      describeAction: FACT_TABLE.addons.action,
      describe: async (addonName) => {
        const { addon } = await eks.send(new DescribeAddonCommand({ clusterName, addonName }), options);
        return accepted(parseAddon(present(addon, `add-on "${addonName}"`), clusterName));
      },
    }),
  ]);
  return { cluster, nodegroups, fargateProfiles, addons };
}

interface NamesPage {
  readonly names: readonly string[] | undefined;
  readonly nextToken: string | undefined;
}

interface DescribedListing<T> {
  readonly listAction: string;
  readonly list: (nextToken: string | undefined) => Promise<NamesPage>;
  readonly describeAction: string;
  readonly describe: (name: string) => Promise<T>;
}

/**
 * EKS lists names and describes one thing a call: what cannot be described does not hide the others. Names are read again
 * before anything is described, or what was deleted since would read as not seen.
 */
async function collectDescribed<T>(
  collection: Collection,
  due: Ask['due'],
  known: Described<T> | undefined,
  listing: DescribedListing<T>,
): Promise<Described<T>> {
  const { listAction, describeAction } = listing;
  const isItemDue = (name: string) => isDue(describeAction, known?.items.get(name), due);
  const isAnyItemDue = known?.names.state === 'observed' && known.names.value.some(isItemDue);
  if (!isAnyItemDue && !isDue(listAction, known?.names, due)) {
    return { names: notDue(listAction), items: new Map() };
  }
  const names = await collectNames(listAction, collection, listing.list);
  const items = new Map<string, Fact<T>>();
  if (names.state === 'observed') {
    const facts = names.value.map((name) =>
      isItemDue(name) ? collectFact(describeAction, collection, () => listing.describe(name)) : notDue(describeAction),
    );
    for (const [index, fact] of (await Promise.all(facts)).entries()) {
      items.set(String(names.value[index]), fact);
    }
  }
  return { names, items };
}

function collectNames(action: string, collection: Collection, list: DescribedListing<unknown>['list']) {
  return collectListing<NamesPage, string, string>(collection, {
    action,
    fetch: list,
    nextToken: (page) => page.nextToken,
    // EKS leaves an empty list out, so here absent does mean none.
    items: (page) => page.names ?? [],
    parse: ok,
  });
}

function present<T>(answer: T | undefined, what: string): T {
  if (answer === undefined) {
    throw new UnexpectedResponseError(`Cannot read ${what}: the answer is empty`);
  }
  return answer;
}

export function parseCluster(raw: SdkCluster): Result<Cluster> {
  const { name, arn } = raw;
  if (name === undefined || arn === undefined) {
    return absentFields('cluster', name, { name, arn });
  }
  return ok({
    name,
    arn,
    version: raw.version,
    platformVersion: raw.platformVersion,
    status: raw.status,
    createdAt: parseInstant(raw.createdAt),
    vpcId: raw.resourcesVpcConfig?.vpcId,
    // A cluster that is still being created has no subnets yet.
    subnetIds: raw.resourcesVpcConfig?.subnetIds ?? [],
    ipFamily: raw.kubernetesNetworkConfig?.ipFamily,
    autoMode: raw.computeConfig?.enabled,
    tags: parseTagMap(raw.tags),
  });
}

export function parseNodegroup(raw: SdkNodegroup): Result<Nodegroup> {
  const { nodegroupName, clusterName } = raw;
  if (nodegroupName === undefined || clusterName === undefined) {
    return absentFields('node group', nodegroupName, { nodegroupName, clusterName });
  }
  return ok({
    nodegroupName,
    clusterName,
    status: raw.status,
    capacityType: raw.capacityType,
    amiType: raw.amiType,
    releaseVersion: raw.releaseVersion,
    // EKS leaves these lists out where they do not apply: a launch template may name the instance type instead.
    instanceTypes: raw.instanceTypes ?? [],
    subnetIds: raw.subnets ?? [],
    scalingConfig: raw.scalingConfig && {
      minSize: raw.scalingConfig.minSize,
      maxSize: raw.scalingConfig.maxSize,
      desiredSize: raw.scalingConfig.desiredSize,
    },
    updateConfig: raw.updateConfig && {
      maxUnavailable: raw.updateConfig.maxUnavailable,
      maxUnavailablePercentage: raw.updateConfig.maxUnavailablePercentage,
      updateStrategy: raw.updateConfig.updateStrategy,
    },
    launchTemplateId: raw.launchTemplate?.id,
    launchTemplateVersion: raw.launchTemplate?.version,
    autoScalingGroupNames: (raw.resources?.autoScalingGroups ?? []).flatMap(({ name }) =>
      name === undefined ? [] : [name],
    ),
    healthIssues: (raw.health?.issues ?? []).map(({ code, message, resourceIds }) => ({
      code,
      message,
      resourceIds: resourceIds ?? [],
    })),
    tags: parseTagMap(raw.tags),
  });
}

export function parseFargateProfile(raw: SdkFargateProfile): Result<FargateProfile> {
  const { fargateProfileName, clusterName } = raw;
  if (fargateProfileName === undefined || clusterName === undefined) {
    return absentFields('Fargate profile', fargateProfileName, { fargateProfileName, clusterName });
  }
  return ok({
    fargateProfileName,
    clusterName,
    status: raw.status,
    // A profile always names subnets; one that is being deleted may not.
    subnetIds: raw.subnets ?? [],
    tags: parseTagMap(raw.tags),
  });
}

export function parseAddon(raw: SdkAddon, clusterName: string): Result<Addon> {
  const { addonName } = raw;
  if (addonName === undefined) {
    return absentFields('add-on', addonName, { addonName });
  }
  return ok({
    addonName,
    clusterName: raw.clusterName ?? clusterName,
    addonVersion: raw.addonVersion,
    status: raw.status,
    configurationValues: raw.configurationValues,
    configuration: parseConfiguration(raw.configurationValues),
    serviceAccountRoleArn: raw.serviceAccountRoleArn,
    // EKS leaves the list out of an add-on without issues.
    healthIssues: (raw.health?.issues ?? []).map(({ code, message, resourceIds }) => ({
      code,
      message,
      resourceIds: resourceIds ?? [],
    })),
    modifiedAt: parseInstant(raw.modifiedAt),
    tags: parseTagMap(raw.tags),
  });
}

/**
 * The longest YAML that is read, in characters. A parser's worst case grows with the square of the keys and anchors: a
 * megabyte of either takes it half a minute. JSON is read whatever its length.
 */
const YAML_CHARACTERS_MAX = 32_768;

/** EKS hands back what the user wrote, as JSON or as YAML. Absent or empty means the add-on's defaults. */
function parseConfiguration(text: string | undefined): AddonConfiguration {
  if (text === undefined || text.trim() === '') {
    return { values: undefined, problem: undefined };
  }
  try {
    const values = parseJsonOrYaml(text);
    // Throws for what has no end: an alias of what it stands in, or lists in lists beyond what a stack can walk.
    JSON.stringify(values);
    return { values: values ?? undefined, problem: undefined };
  } catch (cause) {
    // Whatever the parsers throw is about the user's text, not about us.
    return {
      values: undefined,
      problem: cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause),
    };
  }
}

function parseJsonOrYaml(text: string): unknown {
  const json = parseJson(text);
  if (json !== undefined) {
    return json;
  }
  if (text.length > YAML_CHARACTERS_MAX) {
    throw new RangeError(
      `Cannot read the configuration: it is YAML of ${text.length} characters, expected at most ${YAML_CHARACTERS_MAX}`,
    );
  }
  // Only errors: the parser prints its warnings, and what a user wrote is no news to whoever runs the audit.
  return parseYaml(text, { logLevel: 'error' });
}

/** Returns `undefined` where the text is not JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    if (cause instanceof SyntaxError) {
      return undefined;
    }
    throw cause;
  }
}
