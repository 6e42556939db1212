import { describe, expect, it } from 'vitest';
import { ScanTargetMessage } from '../../events/scan-target.ts';
import type { TargetResult } from '../../lib/audit/scan-target.ts';
import type { Slot } from '../../lib/audit/slot.ts';
import type { TargetOutcome } from '../../lib/audit/store-ports.ts';
import { targetFunction } from '../../lib/wiring/target-function.ts';
import { createFakeClock } from '../aws/fake-clock.ts';
import { createRecordingTelemetry } from './recording-telemetry.ts';

const context = { awsRequestId: 'request-1', getRemainingTimeInMillis: () => 60_000 };
const EIGHT: Slot = { kind: 'scan', at: '2026-11-23T08:00:00.000Z' };
const NINE: Slot = { kind: 'scan', at: '2026-11-23T09:00:00.000Z' };
const NOTHING = '000000000009';

function outcomeOf(accountId: string, state: TargetOutcome['state']): TargetOutcome {
  const target = { accountId, region: 'eu-central-1' };
  return { target, state, endedAt: EIGHT.at, vpcCount: 1, clusterCount: 2, notSeen: [] };
}

/** Scans by account: the last digit says what it comes to. */
async function run({ slot, target }: ScanTargetMessage, afterSending: () => Promise<void>): Promise<TargetResult> {
  const { accountId, region } = target;
  const judge = [{ vpc: { ownerId: accountId, region, vpcId: `vpc-${accountId}` }, viewerAccountId: accountId, slot }];
  switch (accountId.at(-1)) {
    case '1':
      return { outcome: outcomeOf(accountId, 'failed'), retry: true, judge: [] };
    case '2':
      return { outcome: outcomeOf(accountId, 'missed'), retry: false, judge: [] };
    case '9':
      throw new Error('no table');
    default:
      return { outcome: outcomeOf(accountId, 'finished'), retry: false, judge, afterSending };
  }
}

async function handled(messages: readonly (readonly [Slot, string])[], brokenSlot?: Slot, isQueueBroken = false) {
  const recorded: (readonly [Slot, readonly TargetOutcome[]])[] = [];
  const sent: string[][] = [];
  let afterSendingCount = 0;
  const telemetry = createRecordingTelemetry();
  const handler = targetFunction({
    name: 'scan-target',
    schema: ScanTargetMessage,
    telemetry,
    clock: createFakeClock(),
    run: (message) =>
      run(message, async () => {
        // Whatever is done after sending finds it sent.
        expect(sent.flat()).toContain(`vpc-${message.target.accountId}`);
        afterSendingCount += 1;
      }),
    outbox: {
      async judgeVpcs(judgements) {
        if (isQueueBroken) {
          throw new Error('no queue');
        }
        sent.push(judgements.map(({ vpc }) => vpc.vpcId));
      },
    },
    runs: {
      recordOutcomes: async (slot, outcomes) => {
        recorded.push([slot, outcomes]);
        if (slot.at === brokenSlot?.at) {
          throw new Error('no ledger');
        }
      },
    },
  });
  const Records = messages.map(([slot, accountId], index) => ({
    messageId: `m${index}`,
    body: JSON.stringify({ slot, target: { accountId, region: 'eu-central-1' }, purpose: 'observe' }),
    attributes: {},
  }));
  const { batchItemFailures } = await handler({ Records }, context);
  const failed = batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
  return { recorded, telemetry, failed, sent, afterSendingCount };
}

describe('a function that works on targets', () => {
  it('keeps what its targets came to in one call for each slot, those that are tried again too', async () => {
    const { recorded, failed } = await handled([
      [EIGHT, '000000000000'],
      [EIGHT, '000000000001'],
      [NINE, '000000000002'],
      [EIGHT, NOTHING],
    ]);
    expect(recorded).toEqual([
      [EIGHT, [outcomeOf('000000000000', 'finished'), outcomeOf('000000000001', 'failed')]],
      [NINE, [outcomeOf('000000000002', 'missed')]],
    ]);
    expect(failed).toEqual(['m1', 'm3']);
  });

  it('reports every message of a slot whose outcomes could not be kept, and no other', async () => {
    const { failed, telemetry } = await handled(
      [
        [EIGHT, '000000000000'],
        [NINE, '000000000000'],
        [EIGHT, '000000000002'],
      ],
      EIGHT,
    );
    expect(failed).toEqual(['m0', 'm2']);
    expect(telemetry.lines.find(({ level }) => level === 'error')).toMatchObject({
      message: 'Cannot keep what a share of the batch came to',
      fields: { requestId: 'request-1', share: 'scan/2026-11-23T08:00:00.000Z', messageIds: ['m0', 'm2'] },
    });
  });

  it('sends what is to be judged in one call for each slot, then does what waited for that', async () => {
    const { sent, afterSendingCount, failed } = await handled([
      [EIGHT, '000000000000'],
      [EIGHT, '000000000003'],
      [EIGHT, '000000000001'],
      [NINE, '000000000004'],
    ]);
    expect(sent).toEqual([['vpc-000000000000', 'vpc-000000000003'], ['vpc-000000000004']]);
    expect([afterSendingCount, failed]).toEqual([3, ['m2']]);
  });

  it('keeps nothing and remembers nothing of what could not be sent: it is delivered again', async () => {
    const { recorded, afterSendingCount, failed } = await handled([[EIGHT, '000000000000']], undefined, true);
    expect([recorded, afterSendingCount, failed]).toEqual([[], 0, ['m0']]);
  });

  it('tells in one line of all targets that came to what they should, and of each other one by itself', async () => {
    const { telemetry } = await handled([
      [EIGHT, '000000000000'],
      [NINE, '000000000003'],
      [NINE, '000000000002'],
    ]);
    expect(telemetry.lines.map(({ message, fields }) => [message, fields['handled'] ?? fields['accountId']])).toEqual([
      ['Handled a message', '000000000002'],
      [
        'Handled messages',
        [
          'scan/2026-11-23T08:00:00.000Z 000000000000 eu-central-1 finished 1 2',
          'scan/2026-11-23T09:00:00.000Z 000000000003 eu-central-1 finished 1 2',
        ],
      ],
    ]);
  });

  it('keeps nothing where nothing came to an outcome', async () => {
    const { recorded, failed } = await handled([[EIGHT, NOTHING]]);
    expect(recorded).toEqual([]);
    expect(failed).toEqual(['m0']);
  });

  it('counts targets by what they came to', async () => {
    const { telemetry } = await handled([
      [EIGHT, '000000000000'],
      [EIGHT, '000000000001'],
      [EIGHT, '000000000002'],
    ]);
    expect(telemetry.published).toEqual([
      {
        MessagesHandled: 2,
        MessagesFailed: 1,
        MessagesRefused: 0,
        TargetsFinished: 1,
        TargetsFailed: 1,
        TargetsMissed: 1,
        Duration: 0,
      },
    ]);
  });
});
