import {
  type DescribeAddonRequest,
  type DescribeAddonResponse,
  type DescribeClusterRequest,
  type DescribeClusterResponse,
  type DescribeFargateProfileRequest,
  type DescribeFargateProfileResponse,
  type DescribeNodegroupRequest,
  type DescribeNodegroupResponse,
  DescribeAddon$ as describeAddonSchema,
  DescribeCluster$ as describeClusterSchema,
  DescribeFargateProfile$ as describeFargateProfileSchema,
  DescribeNodegroup$ as describeNodegroupSchema,
  type ListAddonsRequest,
  type ListAddonsResponse,
  type ListClustersRequest,
  type ListClustersResponse,
  type ListFargateProfilesRequest,
  type ListFargateProfilesResponse,
  type ListNodegroupsRequest,
  type ListNodegroupsResponse,
  ListAddons$ as listAddonsSchema,
  ListClusters$ as listClustersSchema,
  ListFargateProfiles$ as listFargateProfilesSchema,
  ListNodegroups$ as listNodegroupsSchema,
} from '@aws-sdk/client-eks';
import { type Call, deniedMessage, type RegionalCall } from '../call.ts';
import { type Failure, failure, isFailure } from '../failure.ts';
import { type Page, pageOf } from '../page.ts';
import { restJsonProtocol } from '../protocol/rest-json-protocol.ts';
import type { OperationSchema } from '../protocol/schema.ts';
import { type Operation, operationsOf, regionalOperation, type Service } from '../service.ts';
import type { SimulatedCluster } from '../state.ts';

// https://docs.aws.amazon.com/eks/latest/APIReference/API_ListClusters.html: 1 to 100, and 100 where it is left out.
const PAGE_SIZE_MAX = 100;

// https://docs.aws.amazon.com/eks/latest/APIReference/CommonErrors.html
const invalidCredentials = failure(
  403,
  'UnrecognizedClientException',
  'The security token included in the request is invalid.',
);

interface PageInput {
  readonly maxResults?: number | undefined;
  readonly nextToken?: string | undefined;
}

const listClusters = regional<ListClustersRequest, ListClustersResponse>(listClustersSchema, (call, input) => {
  const page = namesPage(call, call.region.eks, input);
  return isFailure(page) ? page : { clusters: [...page.items], nextToken: page.nextToken };
});

const describeCluster = regional<DescribeClusterRequest, DescribeClusterResponse>(
  describeClusterSchema,
  (call, { name }) => {
    const found = clusterNamed(call, name);
    return isFailure(found) ? found : { cluster: found.cluster };
  },
);

const listNodegroups = ofCluster<ListNodegroupsRequest, ListNodegroupsResponse>(
  listNodegroupsSchema,
  (call, { nodegroups }, input) => {
    const page = namesPage(call, nodegroups, input);
    return isFailure(page) ? page : { nodegroups: [...page.items], nextToken: page.nextToken };
  },
);

const describeNodegroup = ofCluster<DescribeNodegroupRequest, DescribeNodegroupResponse>(
  describeNodegroupSchema,
  (_call, { nodegroups }, { clusterName, nodegroupName }) => {
    const nodegroup = nodegroups.get(nodegroupName ?? '');
    return nodegroup === undefined
      ? notFound(`No node group found for name: ${nodegroupName}.`, { clusterName, nodegroupName })
      : { nodegroup };
  },
);

const listFargateProfiles = ofCluster<ListFargateProfilesRequest, ListFargateProfilesResponse>(
  listFargateProfilesSchema,
  (call, { fargateProfiles }, input) => {
    const page = namesPage(call, fargateProfiles, input);
    return isFailure(page) ? page : { fargateProfileNames: [...page.items], nextToken: page.nextToken };
  },
);

const describeFargateProfile = ofCluster<DescribeFargateProfileRequest, DescribeFargateProfileResponse>(
  describeFargateProfileSchema,
  (_call, { fargateProfiles }, { clusterName, fargateProfileName }) => {
    const fargateProfile = fargateProfiles.get(fargateProfileName ?? '');
    return fargateProfile === undefined
      ? notFound(`No Fargate Profile found with name: ${fargateProfileName}.`, { clusterName, fargateProfileName })
      : { fargateProfile };
  },
);

const listAddons = ofCluster<ListAddonsRequest, ListAddonsResponse>(listAddonsSchema, (call, { addons }, input) => {
  const page = namesPage(call, addons, input);
  return isFailure(page) ? page : { addons: [...page.items], nextToken: page.nextToken };
});

const describeAddon = ofCluster<DescribeAddonRequest, DescribeAddonResponse>(
  describeAddonSchema,
  (_call, { addons }, { clusterName, addonName }) => {
    const addon = addons.get(addonName ?? '');
    return addon === undefined
      ? notFound(`No addon: ${addonName} found in cluster: ${clusterName}`, { clusterName, addonName })
      : { addon };
  },
);

/** The part of EKS that a scan reads. */
export const eksService: Service = {
  name: 'eks',
  protocol: restJsonProtocol,
  operations: operationsOf(
    describeAddon,
    describeCluster,
    describeFargateProfile,
    describeNodegroup,
    listAddons,
    listClusters,
    listFargateProfiles,
    listNodegroups,
  ),
  invalidCredentials,
  expiredCredentials: failure(403, 'ExpiredTokenException', 'The security token included in the request is expired'),
  accessDenied: (call, iamAction) => failure(403, 'AccessDeniedException', deniedMessage(call, iamAction)),
  throttled: failure(429, 'ThrottlingException', 'Rate exceeded'),
};

/** An action answered only where the account has opted in to the region. */
function regional<Input extends object, Output extends object>(
  schema: OperationSchema,
  run: (call: RegionalCall, input: Input) => Output | Failure,
): Operation {
  return regionalOperation<Input, Output>(schema, invalidCredentials, run);
}

/** An action on one cluster of the region. */
function ofCluster<Input extends { readonly clusterName: string | undefined }, Output extends object>(
  schema: OperationSchema,
  run: (call: RegionalCall, cluster: SimulatedCluster, input: Input) => Output | Failure,
): Operation {
  return regional<Input, Output>(schema, (call, input) => {
    const found = clusterNamed(call, input.clusterName);
    return isFailure(found) ? found : run(call, found, input);
  });
}

function clusterNamed(call: RegionalCall, name: string | undefined): SimulatedCluster | Failure {
  return call.region.eks.get(name ?? '') ?? notFound(`No cluster found for name: ${name}.`, { clusterName: name });
}

function notFound(message: string, names: Readonly<Record<string, string | undefined>>): Failure {
  const details = Object.entries(names).flatMap(([key, name]) => (name === undefined ? [] : [[key, name]]));
  return failure(404, 'ResourceNotFoundException', message, Object.fromEntries(details));
}

function namesPage(call: Call, named: ReadonlyMap<string, unknown>, input: PageInput): Page<string> | Failure {
  const size = input.maxResults ?? PAGE_SIZE_MAX;
  if (size < 1 || size > PAGE_SIZE_MAX) {
    return failure(400, 'InvalidParameterException', `maxResults is ${size}, expected 1 to ${PAGE_SIZE_MAX}`);
  }
  return (
    pageOf(call, [...named.keys()], size, input.nextToken) ??
    failure(400, 'InvalidParameterException', `The nextToken is not valid: ${input.nextToken}`)
  );
}
