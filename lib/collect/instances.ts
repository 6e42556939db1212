import {
  DescribeInstancesCommand,
  DescribeInstanceTypesCommand,
  type EC2Client,
  type InstanceTypeInfo,
  type NetworkCardInfo,
  type NetworkInfo,
  type Instance as SdkInstance,
} from '@aws-sdk/client-ec2';
import { type Fact, observed } from '../domain/fact.ts';
import type { Instance, InstanceType } from '../domain/network/network.ts';
import { ok, type Result } from '../domain/result.ts';
import { type Collection, collectListing, instantOf } from './collection.ts';
import { FACT_TABLE } from './fact-table.ts';
import { parseOperator } from './network-interfaces.ts';
import { absentFields, createInterner, type Interner, parseTagList } from './parsing.ts';

/** Reads every instance of the region, those that EKS Auto Mode manages included. */
export function collectInstances(ec2: EC2Client, collection: Collection): Promise<Fact<readonly Instance[]>> {
  const { action, pageSize } = FACT_TABLE.instances;
  const interner = createInterner();
  return collectListing(collection, {
    action,
    fetch: (NextToken) =>
      ec2.send(new DescribeInstancesCommand({ MaxResults: pageSize, NextToken, IncludeManagedResources: true }), {
        abortSignal: collection.signal,
      }),
    nextToken: (page) => page.NextToken,
    // EC2 leaves empty lists out, so here absent does mean none.
    items: (page) => (page.Reservations ?? []).flatMap(({ Instances }) => Instances ?? []),
    parse: (raw) => parseInstance(raw, interner),
  });
}

export function parseInstance(raw: SdkInstance, interner: Interner = createInterner()): Result<Instance> {
  const { InstanceId, InstanceType: instanceType } = raw;
  if (InstanceId === undefined || instanceType === undefined) {
    return absentFields('instance', InstanceId, { InstanceId, InstanceType: instanceType });
  }
  return ok({
    instanceId: InstanceId,
    instanceType: interner.text(instanceType),
    state: interner.optionalText(raw.State?.Name),
    subnetId: interner.optionalText(raw.SubnetId),
    vpcId: interner.optionalText(raw.VpcId),
    operator: parseOperator(raw.Operator),
    tags: interner.tags(parseTagList(raw.Tags)),
  });
}

/** Reads the limits of the given instance types. No types are no request. */
export async function collectInstanceTypes(
  ec2: EC2Client,
  instanceTypes: readonly string[],
  collection: Collection,
): Promise<Fact<readonly InstanceType[]>> {
  const { action, pageSize } = FACT_TABLE.instanceTypes;
  const values: InstanceType[] = [];
  for (let start = 0; start < instanceTypes.length; start += pageSize) {
    // A filter rather than the list parameter: the list cannot be combined with a page size.
    const Filters = [{ Name: 'instance-type', Values: instanceTypes.slice(start, start + pageSize) }];
    const fact = await collectListing(collection, {
      action,
      fetch: (NextToken) =>
        ec2.send(new DescribeInstanceTypesCommand({ MaxResults: pageSize, NextToken, Filters }), {
          abortSignal: collection.signal,
        }),
      nextToken: (page) => page.NextToken,
      // EC2 leaves an empty list out, so here absent does mean none.
      items: (page) => page.InstanceTypes ?? [],
      parse: parseInstanceType,
    });
    if (fact.state === 'unavailable') {
      return fact;
    }
    values.push(...fact.value);
  }
  return observed(values, instantOf(collection.clock));
}

export function parseInstanceType(raw: InstanceTypeInfo): Result<InstanceType> {
  const { InstanceType: instanceType } = raw;
  if (instanceType === undefined) {
    return absentFields('instance type', instanceType, { InstanceType: instanceType });
  }
  const network = raw.NetworkInfo;
  return ok({
    instanceType,
    defaultCardNetworkInterfacesMax: defaultCard(network)?.MaximumNetworkInterfaces,
    ipv4AddressesPerInterface: network?.Ipv4AddressesPerInterface,
    hypervisor: raw.Hypervisor,
    bareMetal: raw.BareMetal,
    vcpuCount: raw.VCpuInfo?.DefaultVCpus,
  });
}

/** Where EC2 does not say which card is the default one, only a single card can be it. */
function defaultCard(network: NetworkInfo | undefined): NetworkCardInfo | undefined {
  const { NetworkCards: cards, DefaultNetworkCardIndex: defaultIndex } = network ?? {};
  return defaultIndex === undefined && cards?.length === 1
    ? cards[0]
    : cards?.find(({ NetworkCardIndex }) => NetworkCardIndex !== undefined && NetworkCardIndex === defaultIndex);
}
