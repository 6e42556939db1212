import { DescribeFlowLogsCommand, type EC2Client, type FlowLog as SdkFlowLog } from '@aws-sdk/client-ec2';
import type { Fact } from '../domain/fact.ts';
import type { FlowLog } from '../domain/network/network.ts';
import { ok, type Result } from '../domain/result.ts';
import { type Collection, collectListing } from './collection.ts';
import { FACT_TABLE } from './fact-table.ts';
import { absentFields, parseInstant, parseTagList } from './parsing.ts';

/** Reads every flow log of the region: those of VPCs, subnets and network interfaces alike. */
export function collectFlowLogs(ec2: EC2Client, collection: Collection): Promise<Fact<readonly FlowLog[]>> {
  const { action, pageSize } = FACT_TABLE.flowLogs;
  return collectListing(collection, {
    action,
    fetch: (NextToken) =>
      ec2.send(new DescribeFlowLogsCommand({ MaxResults: pageSize, NextToken }), { abortSignal: collection.signal }),
    nextToken: (page) => page.NextToken,
    // EC2 leaves an empty list out, so here absent does mean none.
    items: (page) => page.FlowLogs ?? [],
    parse: parseFlowLog,
  });
}

export function parseFlowLog(raw: SdkFlowLog): Result<FlowLog> {
  const { FlowLogId, ResourceId } = raw;
  if (FlowLogId === undefined || ResourceId === undefined) {
    return absentFields('flow log', FlowLogId, { FlowLogId, ResourceId });
  }
  return ok({
    flowLogId: FlowLogId,
    resourceId: ResourceId,
    trafficType: raw.TrafficType,
    flowLogStatus: raw.FlowLogStatus,
    deliverLogsStatus: raw.DeliverLogsStatus,
    deliverLogsErrorMessage: raw.DeliverLogsErrorMessage,
    logDestinationType: raw.LogDestinationType,
    logDestination: raw.LogDestination,
    logGroupName: raw.LogGroupName,
    logFormat: raw.LogFormat,
    maxAggregationInterval: raw.MaxAggregationInterval,
    createdAt: parseInstant(raw.CreationTime),
    tags: parseTagList(raw.Tags),
  });
}
