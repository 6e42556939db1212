import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { observed, unavailable } from '../../../lib/domain/fact.ts';
import { type FlowLogCoverageInput, flowLogCoverage } from '../../../lib/domain/network/flow-log-coverage.ts';
import type { FlowLog } from '../../../lib/domain/network/network.ts';
import { aFlowLog, NOW, SUBNET_ID, VPC_ID } from '../../helpers/builders.ts';
import { FIXTURES_NOTE, fixturesFolder, readFixture } from '../../helpers/fixtures.ts';

const ENI_A = 'eni-0a';
const ENI_B = 'eni-0b';
const DEFAULT_FORMAT =
  '$' + '{version} $' + '{account-id} $' + '{interface-id} $' + '{srcaddr} $' + '{dstaddr} $' + '{action}';
const DENIED = unavailable({
  action: 'ec2:DescribeFlowLogs',
  code: 'access-denied',
  message: 'not authorized',
  awsErrorName: 'UnauthorizedOperation',
});

function coverageOf(flowLogs: readonly FlowLog[], overrides: Partial<FlowLogCoverageInput> = {}) {
  return flowLogCoverage({
    subnetId: SUBNET_ID,
    vpcId: VPC_ID,
    networkInterfaceIds: [ENI_A, ENI_B],
    flowLogs: observed(flowLogs, NOW),
    ownerSeen: true,
    now: NOW,
    ...overrides,
  });
}

/** A log that has not reported a delivery yet. */
function aQuietFlowLog(createdAt: string | undefined, overrides: Partial<FlowLog> = {}): FlowLog {
  return aFlowLog({ deliverLogsStatus: undefined, createdAt, ...overrides });
}

describe('flowLogCoverage', () => {
  it.each([SUBNET_ID, VPC_ID])('is all, with no reason, where a log on %s delivers everything', (resourceId) => {
    expect(coverageOf([aFlowLog({ resourceId })])).toEqual({
      coverage: 'all',
      reasons: [],
      flowLogs: [
        { flowLogId: 'fl-0a', resourceId, trafficType: 'ALL', delivery: 'delivering', hasPacketAddresses: true },
      ],
    });
  });

  it.each(['vpc-other', 'subnet-other', 'eni-other', 'tgw-0a', 'vpc-0', ''])('ignores a log on %s', (resourceId) => {
    expect(coverageOf([aFlowLog({ resourceId })])).toEqual({
      coverage: 'none',
      reasons: ['no-flow-log'],
      flowLogs: [],
    });
  });

  it('is unknown, not none, where the logs could not be read', () => {
    expect(coverageOf([], { flowLogs: DENIED })).toEqual({ coverage: 'unknown', reasons: ['not-read'], flowLogs: [] });
  });

  it('is unknown where the owner of a shared subnet is not seen, whatever the participant sees', () => {
    const ownerSeen = false;
    expect(coverageOf([], { ownerSeen })).toMatchObject({ coverage: 'unknown', reasons: ['owner-not-seen'] });
    const seen = coverageOf([aFlowLog({ resourceId: ENI_A })], { ownerSeen });
    expect(seen).toMatchObject({ coverage: 'unknown', reasons: ['owner-not-seen'] });
    expect(seen.flowLogs).toHaveLength(1);
    expect(coverageOf([], { ownerSeen, flowLogs: DENIED }).reasons).toEqual(['owner-not-seen', 'not-read']);
  });

  it('answers in the same words where AWS changes their case', () => {
    const log = aFlowLog({ flowLogStatus: 'Active', deliverLogsStatus: 'Success', trafficType: 'all' });
    expect(coverageOf([log]).coverage).toBe('all');
  });
});

describe('flowLogCoverage, delivery', () => {
  it.each([
    ['2026-11-23T07:30:00.001Z', 'all', ['settling'], 'settling'],
    ['2026-11-23T07:30:00.000Z', 'none', ['delivery-unconfirmed'], 'unconfirmed'],
    ['2026-11-23T07:29:59.999Z', 'none', ['delivery-unconfirmed'], 'unconfirmed'],
    ['2026-11-23T08:00:01.000Z', 'all', ['settling'], 'settling'],
    [undefined, 'unknown', ['delivery-unknown'], 'unknown'],
    ['soon', 'unknown', ['delivery-unknown'], 'unknown'],
  ])('reads a log without a delivery status, made at %s, as %s', (createdAt, coverage, reasons, delivery) => {
    expect(coverageOf([aQuietFlowLog(createdAt)])).toMatchObject({ coverage, reasons, flowLogs: [{ delivery }] });
  });

  it('reads an empty delivery status like an absent one', () => {
    const log = aQuietFlowLog('2026-11-23T07:59:00Z', { deliverLogsStatus: '', deliverLogsErrorMessage: '' });
    expect(coverageOf([log])).toMatchObject({ coverage: 'all', reasons: ['settling'] });
  });

  it.each<[string, Partial<FlowLog>]>([
    ['FAILED', { deliverLogsStatus: 'FAILED', deliverLogsErrorMessage: 'Rate limited' }],
    ['FAILED without a message', { deliverLogsStatus: 'FAILED' }],
    ['nothing but an error message', { deliverLogsStatus: undefined, deliverLogsErrorMessage: 'Access error' }],
  ])('does not count a log that reports %s, however new it is', (_, overrides) => {
    const log = aFlowLog({ createdAt: NOW, ...overrides });
    expect(coverageOf([log])).toMatchObject({
      coverage: 'none',
      reasons: ['delivery-failed'],
      flowLogs: [{ delivery: 'failed' }],
    });
  });

  it('does not count a log whose delivery status is a word it does not know', () => {
    const log = aFlowLog({ deliverLogsStatus: 'PAUSED' });
    expect(coverageOf([log])).toMatchObject({ coverage: 'none', reasons: ['delivery-unconfirmed'] });
  });

  it('does not count a log that is not active, even where its last delivery succeeded', () => {
    const log = aFlowLog({ flowLogStatus: 'INACTIVE' });
    expect(coverageOf([log])).toMatchObject({
      coverage: 'none',
      reasons: ['not-active'],
      flowLogs: [{ delivery: 'not-active' }],
    });
  });

  it('does not know where the status of the log is absent, unless its delivery failed', () => {
    expect(coverageOf([aFlowLog({ flowLogStatus: undefined })])).toMatchObject({
      coverage: 'unknown',
      reasons: ['delivery-unknown'],
    });
    const failed = aFlowLog({ flowLogStatus: undefined, deliverLogsStatus: 'FAILED' });
    expect(coverageOf([failed])).toMatchObject({ coverage: 'none', reasons: ['delivery-failed'] });
  });

  it('keeps the failure of one log as a reason where another covers everything', () => {
    const failed = aFlowLog({ flowLogId: 'fl-0b', deliverLogsStatus: 'FAILED' });
    const result = coverageOf([aFlowLog(), failed]);
    expect(result).toMatchObject({ coverage: 'all', reasons: ['delivery-failed'] });
    expect(result.flowLogs.map(({ delivery }) => delivery)).toEqual(['delivering', 'failed']);
  });

  it('says settling only where the coverage rests on the new log', () => {
    const settling = aQuietFlowLog(NOW, { flowLogId: 'fl-0b' });
    expect(coverageOf([aFlowLog(), settling])).toMatchObject({ coverage: 'all', reasons: [] });
    const accepted = aFlowLog({ trafficType: 'ACCEPT' });
    expect(coverageOf([accepted, settling])).toMatchObject({ coverage: 'all', reasons: ['settling'] });
  });

  it('stays certain where a log of unknown delivery would change nothing', () => {
    const unknown = aQuietFlowLog(undefined, { flowLogId: 'fl-0b' });
    expect(coverageOf([aFlowLog(), unknown])).toMatchObject({ coverage: 'all', reasons: ['delivery-unknown'] });
  });

  it('does not know between partial and all where a log of unknown delivery could complete it', () => {
    const accepted = aFlowLog({ trafficType: 'ACCEPT' });
    const unknown = aQuietFlowLog(undefined, { flowLogId: 'fl-0b', trafficType: 'REJECT' });
    expect(coverageOf([accepted, unknown]).coverage).toBe('unknown');
  });
});

describe('flowLogCoverage, traffic', () => {
  it.each([
    ['ACCEPT', 'only-accept'],
    ['REJECT', 'only-reject'],
  ])('is partial where only %s is logged', (trafficType, reason) => {
    expect(coverageOf([aFlowLog({ trafficType })])).toMatchObject({ coverage: 'partial', reasons: [reason] });
  });

  it('is all where ACCEPT on the VPC and REJECT on the subnet come together', () => {
    const accepted = aFlowLog({ trafficType: 'ACCEPT' });
    const rejected = aFlowLog({ trafficType: 'REJECT', resourceId: SUBNET_ID });
    expect(coverageOf([accepted, rejected])).toMatchObject({ coverage: 'all', reasons: [] });
    expect(coverageOf([accepted, accepted])).toMatchObject({ coverage: 'partial', reasons: ['only-accept'] });
  });

  it.each([undefined, 'SOME'])('does not know where the traffic type is %s', (trafficType) => {
    expect(coverageOf([aFlowLog({ trafficType })])).toMatchObject({
      coverage: 'unknown',
      reasons: ['traffic-type-unknown'],
    });
    expect(coverageOf([aFlowLog({ trafficType, deliverLogsStatus: 'FAILED' })]).coverage).toBe('none');
  });
});

describe('flowLogCoverage, interfaces', () => {
  it('is partial where one of two interfaces is logged', () => {
    expect(coverageOf([aFlowLog({ resourceId: ENI_A })])).toMatchObject({
      coverage: 'partial',
      reasons: ['only-some-interfaces'],
    });
  });

  it('is all where each interface is logged, with the next one left out as a reason', () => {
    const logs = [aFlowLog({ resourceId: ENI_A }), aFlowLog({ resourceId: ENI_B })];
    expect(coverageOf(logs)).toMatchObject({ coverage: 'all', reasons: ['interface-logs-only'] });
  });

  it('adds what is logged of an interface to what is logged of its subnet and VPC', () => {
    const accepted = aFlowLog({ trafficType: 'ACCEPT' });
    const rejectedOfA = aFlowLog({ trafficType: 'REJECT', resourceId: ENI_A });
    const rejectedOfB = aFlowLog({ trafficType: 'REJECT', resourceId: ENI_B });
    expect(coverageOf([accepted, rejectedOfA])).toMatchObject({
      coverage: 'partial',
      reasons: ['only-accept', 'only-some-interfaces'],
    });
    expect(coverageOf([accepted, rejectedOfA, rejectedOfB])).toMatchObject({
      coverage: 'all',
      reasons: ['interface-logs-only'],
    });
  });

  it('is partial where interfaces are logged in half, the same or different halves', () => {
    const acceptedOfA = aFlowLog({ trafficType: 'ACCEPT', resourceId: ENI_A });
    const acceptedOfB = aFlowLog({ trafficType: 'ACCEPT', resourceId: ENI_B });
    const rejectedOfB = aFlowLog({ trafficType: 'REJECT', resourceId: ENI_B });
    expect(coverageOf([acceptedOfA, acceptedOfB])).toMatchObject({ coverage: 'partial', reasons: ['only-accept'] });
    expect(coverageOf([acceptedOfA, rejectedOfB])).toMatchObject({
      coverage: 'partial',
      reasons: ['only-accept', 'only-reject', 'only-some-interfaces'],
    });
  });

  it('judges a subnet without interfaces by what would be logged of the next one', () => {
    const networkInterfaceIds: readonly string[] = [];
    expect(coverageOf([], { networkInterfaceIds }).coverage).toBe('none');
    expect(coverageOf([aFlowLog({ resourceId: ENI_A })], { networkInterfaceIds }).coverage).toBe('none');
    expect(coverageOf([aFlowLog({ trafficType: 'ACCEPT' })], { networkInterfaceIds }).coverage).toBe('partial');
    expect(coverageOf([aFlowLog()], { networkInterfaceIds }).coverage).toBe('all');
  });
});

describe('flowLogCoverage, format', () => {
  it.each([
    [DEFAULT_FORMAT, ['default-format'], false],
    ['$' + '{pkt-srcaddr}', ['default-format'], false],
    ['$' + '{pkt-dstaddr}', ['default-format'], false],
    ['pkt-srcaddr pkt-dstaddr', ['default-format'], false],
    ['', ['default-format'], false],
    [undefined, ['format-unknown'], undefined],
    ['$' + '{pkt-dstaddr} $' + '{pkt-srcaddr}', [], true],
  ])('never changes the coverage: %s gives the reasons %j', (logFormat, reasons, hasPacketAddresses) => {
    expect(coverageOf([aFlowLog({ logFormat })])).toMatchObject({
      coverage: 'all',
      reasons,
      flowLogs: [{ hasPacketAddresses }],
    });
  });

  it('is no reason where another log has the same traffic with the packets’ addresses', () => {
    const plain = aFlowLog({ flowLogId: 'fl-0b', logFormat: DEFAULT_FORMAT });
    expect(coverageOf([aFlowLog(), plain]).reasons).toEqual([]);
    expect(coverageOf([aFlowLog({ trafficType: 'ACCEPT' }), plain]).reasons).toEqual(['default-format']);
  });

  it('is no reason in a log that does not count', () => {
    const failed = aFlowLog({ logFormat: DEFAULT_FORMAT, deliverLogsStatus: 'FAILED' });
    expect(coverageOf([failed]).reasons).toEqual(['delivery-failed']);
  });
});

const anyFlowLog = fc
  .record({
    resourceId: fc.constantFrom(VPC_ID, SUBNET_ID, ENI_A, ENI_B, 'vpc-other'),
    trafficType: fc.constantFrom('ALL', 'ACCEPT', 'REJECT'),
    deliverLogsStatus: fc.constantFrom('SUCCESS', 'FAILED', undefined),
    flowLogStatus: fc.constantFrom('ACTIVE', 'INACTIVE'),
    createdAt: fc.constantFrom('2026-11-23T07:45:00Z', '2026-11-23T07:15:00Z'),
    logFormat: fc.constantFrom(DEFAULT_FORMAT, '$' + '{pkt-srcaddr} $' + '{pkt-dstaddr}'),
  })
  .map(aFlowLog);

/** Asks of each kind of packet on each interface whether some log has it. */
function coverageByPackets(flowLogs: readonly FlowLog[], networkInterfaceIds: readonly string[]): string {
  const isLogged = (networkInterfaceId: string, action: string) =>
    flowLogs.some(
      (log) =>
        [networkInterfaceId, SUBNET_ID, VPC_ID].includes(log.resourceId) &&
        ['ALL', action].includes(log.trafficType ?? '') &&
        log.flowLogStatus === 'ACTIVE' &&
        (log.deliverLogsStatus === 'SUCCESS' ||
          (log.deliverLogsStatus === undefined && log.createdAt === '2026-11-23T07:45:00Z')),
    );
  const packets = networkInterfaceIds.flatMap((id) => [isLogged(id, 'ACCEPT'), isLogged(id, 'REJECT')]);
  if (packets.every((logged) => logged)) {
    return 'all';
  }
  return packets.some((logged) => logged) ? 'partial' : 'none';
}

describe('flowLogCoverage, properties', () => {
  it('equals asking of each packet whether it is logged', () => {
    fc.assert(
      fc.property(fc.array(anyFlowLog, { maxLength: 6 }), (logs) => {
        expect(coverageOf(logs).coverage).toBe(coverageByPackets(logs, [ENI_A, ENI_B]));
      }),
      { numRuns: 1000 },
    );
  });

  it('does not depend on the order of logs and interfaces', () => {
    fc.assert(
      fc.property(fc.array(anyFlowLog, { maxLength: 6 }), (logs) => {
        const reversed = coverageOf(logs.toReversed(), { networkInterfaceIds: [ENI_B, ENI_A] });
        const { coverage, reasons } = coverageOf(logs);
        expect(reversed).toMatchObject({ coverage, reasons });
      }),
    );
  });

  it('gives a reason whenever it is not all', () => {
    fc.assert(
      fc.property(fc.array(anyFlowLog, { maxLength: 6 }), (logs) => {
        const { coverage, reasons } = coverageOf(logs);
        return coverage === 'all' || reasons.length > 0;
      }),
    );
  });
});

const optionalText = z.string().optional();
const recording = z.object({
  data: z.object({
    FlowLogs: z.array(
      z
        .object({
          FlowLogId: z.string(),
          ResourceId: z.string(),
          TrafficType: optionalText,
          FlowLogStatus: optionalText,
          DeliverLogsStatus: optionalText,
          DeliverLogsErrorMessage: optionalText,
          LogFormat: optionalText,
          CreationTime: optionalText,
        })
        .transform((recorded) =>
          aFlowLog({
            flowLogId: recorded.FlowLogId,
            resourceId: recorded.ResourceId,
            trafficType: recorded.TrafficType,
            flowLogStatus: recorded.FlowLogStatus,
            deliverLogsStatus: recorded.DeliverLogsStatus,
            deliverLogsErrorMessage: recorded.DeliverLogsErrorMessage,
            logFormat: recorded.LogFormat,
            createdAt: recorded.CreationTime,
          }),
        ),
    ),
  }),
});

function recordedCoverage(call: string, vpcId: string) {
  const { data } = recording.parse(readFixture(`calls/${call}/ec2.DescribeFlowLogs_1.json`));
  return coverageOf(data.FlowLogs, { vpcId });
}

describe.skipIf(fixturesFolder() === undefined)(`fixtures: coverage by recorded logs (${FIXTURES_NOTE})`, () => {
  it.each(['vpc-040373ba42a66e36e', 'vpc-065087ed31e016b80'])(
    'reads good logs of %s as all, by default format',
    (vpcId) => {
      expect(recordedCoverage('vpc-flow-logs', vpcId)).toMatchObject({
        coverage: 'all',
        reasons: ['default-format'],
        flowLogs: [{ resourceId: vpcId, delivery: 'delivering', hasPacketAddresses: false }],
      });
    },
  );

  it.each([
    ['vpc-28a71f51', ['no-flow-log']],
    ['vpc-9ca119e5', ['no-flow-log']],
    ['vpc-d2d616b5', ['delivery-failed']],
  ])('reads absent logs of %s as none: %j', (vpcId, reasons) => {
    expect(recordedCoverage('vpc-flow-logs-absent', vpcId)).toMatchObject({ coverage: 'none', reasons });
  });

  it.each([
    ['vpc-4a9ff72e', ['unconfirmed', 'not-active', 'unconfirmed']],
    ['vpc-d0e386b7', ['not-active', 'unconfirmed']],
  ])('reads misconfigured logs of %s as none', (vpcId, deliveries) => {
    const result = recordedCoverage('vpc-flow-logs-misconfigured', vpcId);
    expect(result).toMatchObject({ coverage: 'none', reasons: ['not-active', 'delivery-unconfirmed'] });
    expect(result.flowLogs.map(({ delivery }) => delivery)).toEqual(deliveries);
  });
});
