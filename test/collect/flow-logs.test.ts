import { describe, expect, it } from 'vitest';
import { parseFlowLog } from '../../lib/collect/flow-logs.ts';
import { describeParseContract } from './parse-contract.ts';

const FULL = {
  FlowLogId: 'fl-1',
  ResourceId: 'vpc-1',
  TrafficType: 'ALL' as const,
  FlowLogStatus: 'ACTIVE',
  DeliverLogsStatus: 'FAILED',
  DeliverLogsErrorMessage: 'Access error',
  LogDestinationType: 'cloud-watch-logs' as const,
  LogDestination: 'arn:aws:logs:us-east-1:111122223333:log-group:flow',
  LogGroupName: 'flow',
  LogFormat: '$' + '{version}',
  MaxAggregationInterval: 600,
  CreationTime: new Date('2026-01-02T03:04:05Z'),
  Tags: [{ Key: 'Name', Value: 'audit' }],
};

describeParseContract('a flow log', {
  parse: parseFlowLog,
  resource: 'flow log "fl-1"',
  idField: 'FlowLogId',
  required: ['ResourceId'],
  full: FULL,
});

describe('parseFlowLog', () => {
  it('keeps the time of creation as text', () => {
    expect(parseFlowLog(FULL)).toMatchObject({ value: { createdAt: '2026-01-02T03:04:05.000Z' } });
  });

  it('has no time where the answer holds none that can be read', () => {
    expect(parseFlowLog({ ...FULL, CreationTime: new Date('yesterday') })).toMatchObject({
      ok: true,
      value: { createdAt: undefined },
    });
  });
});
