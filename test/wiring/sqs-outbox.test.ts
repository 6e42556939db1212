import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JudgeVpcMessage } from '../../events/judge-vpc.ts';
import { PulseTargetMessage } from '../../events/pulse-target.ts';
import { ScanTargetMessage } from '../../events/scan-target.ts';
import type { JudgeVpc, ScanTarget } from '../../lib/audit/message-ports.ts';
import { parseMessage } from '../../lib/wiring/parse-message.ts';
import { judgeQueueOutbox, pulseQueueOutbox, scanQueueOutbox } from '../../lib/wiring/sqs-outbox.ts';
import { type OutgoingMessage, type SqsPorts, sendToSqs } from '../../lib/wiring/sqs-sender.ts';
import { createFakeSqs, type EntryFate, type FakeSqs } from './fake-sqs.ts';

const QUEUE_URL = 'https://sqs.eu-central-1.amazonaws.com/111122223333/scan';

/** Time that passes as fast as it is slept. */
function portsOf({ client }: FakeSqs) {
  const sleptMs: number[] = [];
  let id = 0;
  const ports: SqsPorts = {
    client,
    clock: {
      now: () => 0,
      sleep: async (durationMs) => {
        sleptMs.push(durationMs);
      },
    },
    randomFraction: () => 0.5,
    newId: () => {
      id += 1;
      return `call-${id}`;
    },
  };
  return { ports, sleptMs };
}

const slot = { kind: 'scan', at: '2026-11-23T08:00:00.000Z' } as const;

function scanOf(index: number, delayMs = 0): { readonly message: ScanTarget; readonly delayMs: number } {
  const target = { accountId: String(index).padStart(12, '0'), region: 'eu-central-1' };
  return { message: { slot, target, purpose: 'observe' }, delayMs };
}

function judgeOf(vpcNumber: number, at: string = slot.at): JudgeVpc {
  const vpc = { ownerId: '444455556666', region: 'eu-central-1', vpcId: `vpc-${vpcNumber}` };
  return { vpc, viewerAccountId: '111122223333', slot: { kind: 'scan', at } };
}

const bodiesOf = (entries: readonly { readonly MessageBody?: string | undefined }[]) =>
  entries.map(({ MessageBody }) => MessageBody ?? '');

describe('what is sent to the scan queue', () => {
  it('is what its receiver takes, in batches of ten', async () => {
    const sqs = createFakeSqs(() => 'accepted');
    const messages = Array.from({ length: 21 }, (_, index) => scanOf(index));
    await scanQueueOutbox(portsOf(sqs).ports, QUEUE_URL).scanTargets(messages);
    expect(sqs.calls.map(({ length }) => length)).toEqual([10, 10, 1]);
    const received = bodiesOf(sqs.accepted).map((body) => parseMessage(ScanTargetMessage, JSON.parse(body)));
    expect(received).toEqual(messages.map(({ message }) => ({ ok: true, value: message })));
  });

  it.each([
    [0, 0],
    [-1, 0],
    [999, 0],
    [1_000, 1],
    [900_000, 900],
    [901_000, 900],
  ])('waits for a delay of %i ms %i seconds', async (delayMs, delaySeconds) => {
    const sqs = createFakeSqs(() => 'accepted');
    const { ports } = portsOf(sqs);
    await scanQueueOutbox(ports, QUEUE_URL).scanTargets([scanOf(1, delayMs)]);
    await pulseQueueOutbox(ports, QUEUE_URL).pulseTargets([
      { message: { slot, target: scanOf(2).message.target, vpcIds: ['vpc-1'] }, delayMs },
    ]);
    expect(sqs.accepted.map(({ DelaySeconds }) => DelaySeconds)).toEqual([delaySeconds, delaySeconds]);
  });

  it('is nothing where there is nothing to send', async () => {
    const sqs = createFakeSqs(() => 'accepted');
    await scanQueueOutbox(portsOf(sqs).ports, QUEUE_URL).scanTargets([]);
    expect(sqs.calls).toEqual([]);
  });

  it('has no field that the contract does not name, whatever a sender holds', async () => {
    const sqs = createFakeSqs(() => 'accepted');
    const { ports } = portsOf(sqs);
    const more = { note: 'x' };
    const target = { ...scanOf(1).message.target, ...more };
    const request = { kind: 'request', at: slot.at, requestId: 'r', ...more } as const;
    await scanQueueOutbox(ports, QUEUE_URL).scanTargets([
      { message: { slot: request, target, purpose: 'retire', ...more }, delayMs: 0 },
    ]);
    await pulseQueueOutbox(ports, QUEUE_URL).pulseTargets([
      { message: { slot: { ...slot, ...more }, target, vpcIds: ['vpc-1'], ...more }, delayMs: 0 },
    ]);
    await judgeQueueOutbox(ports, QUEUE_URL).judgeVpcs([
      { ...judgeOf(1), vpc: { ...judgeOf(1).vpc, ...more }, ...more },
    ]);
    const [scan = '', pulse = '', judge = ''] = bodiesOf(sqs.accepted);
    expect(parseMessage(ScanTargetMessage, JSON.parse(scan)).ok).toBe(true);
    expect(parseMessage(PulseTargetMessage, JSON.parse(pulse)).ok).toBe(true);
    expect(parseMessage(JudgeVpcMessage, JSON.parse(judge)).ok).toBe(true);
  });
});

describe('what is sent to the judge queue', () => {
  it('has a group for each VPC, by owner, region and id', async () => {
    const sqs = createFakeSqs(() => 'accepted');
    const other = judgeOf(1);
    await judgeQueueOutbox(portsOf(sqs).ports, QUEUE_URL).judgeVpcs([
      judgeOf(1),
      { ...other, viewerAccountId: '777788889999' },
      judgeOf(2),
      { ...other, vpc: { ...other.vpc, region: 'eu-west-1' } },
      { ...other, vpc: { ...other.vpc, ownerId: '000000000000' } },
    ]);
    const groups = sqs.accepted.map(({ MessageGroupId }) => MessageGroupId);
    expect(groups[0]).toBe(groups[1]);
    expect(new Set(groups).size).toBe(4);
    for (const id of sqs.accepted.flatMap((entry) => [entry.MessageGroupId, entry.MessageDeduplicationId])) {
      expect(id).toMatch(/^[0-9a-f]{64}$/);
    }
  });

  it('is told apart from the same message of an earlier call, and not from itself', async () => {
    const sqs = createFakeSqs(() => 'accepted');
    const outbox = judgeQueueOutbox(portsOf(sqs).ports, QUEUE_URL);
    await outbox.judgeVpcs([judgeOf(1), judgeOf(1)]);
    await outbox.judgeVpcs([judgeOf(1)]);
    const [first, second, third] = sqs.accepted.map(({ MessageDeduplicationId }) => MessageDeduplicationId);
    expect(first).toBe(second);
    expect(third).not.toBe(first);
  });

  it('keeps its id when it is sent again', async () => {
    const sqs = createFakeSqs((_, earlier) => (earlier === 0 ? 'failed' : 'accepted'));
    await judgeQueueOutbox(portsOf(sqs).ports, QUEUE_URL).judgeVpcs([judgeOf(1)]);
    const ids = sqs.calls.flat().map(({ MessageDeduplicationId }) => MessageDeduplicationId);
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(1);
  });

  it('is accepted in order within a VPC, whatever fails for a while', async () => {
    const sent = fc.array(fc.record({ vpc: fc.nat({ max: 3 }), failures: fc.nat({ max: 4 }) }), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(sent, async (messages) => {
        const judged = messages.map(({ vpc }, index) => judgeOf(vpc, new Date(index).toISOString()));
        const failuresOf = new Map(
          judged.map((message, index) => [JSON.stringify(message), messages[index]?.failures ?? 0]),
        );
        const sqs = createFakeSqs((body, earlier) => (earlier < (failuresOf.get(body) ?? 0) ? 'failed' : 'accepted'));
        await judgeQueueOutbox(portsOf(sqs).ports, QUEUE_URL).judgeVpcs(judged);
        const accepted = bodiesOf(sqs.accepted).map((body) => JSON.parse(body));
        for (const vpcNumber of [0, 1, 2, 3]) {
          const ofVpc = ({ vpc }: JudgeVpc) => vpc.vpcId === `vpc-${vpcNumber}`;
          expect(accepted.filter(ofVpc)).toEqual(judged.filter(ofVpc));
        }
        expect(sqs.calls.every(({ length }) => length <= 10)).toBe(true);
      }),
    );
  });

  it('leaves what comes after a batch that failed for good, and counts it', async () => {
    const sqs = createFakeSqs((body) => (body.includes('00:00:00.001Z') ? 'failed' : 'accepted'));
    const judged = [0, 1, 2].map((index) => judgeOf(1, new Date(index).toISOString()));
    await expect(judgeQueueOutbox(portsOf(sqs).ports, QUEUE_URL).judgeVpcs(judged)).rejects.toThrow(
      `Cannot send 2 of 3 messages to "${QUEUE_URL}": InternalError, not sent after that`,
    );
    expect(sqs.accepted).toHaveLength(1);
  });
});

const FATES: readonly EntryFate[] = ['accepted', 'failed', 'sender-fault', 'unmentioned'];

describe('a queue that does not accept everything', () => {
  it('is sent what failed again, five times at the most, and gets each message once', async () => {
    const plans = fc.array(fc.array(fc.constantFrom(...FATES), { minLength: 5, maxLength: 5 }), { maxLength: 25 });
    await fc.assert(
      fc.asyncProperty(plans, async (fates) => {
        const sqs = createFakeSqs((body, earlier) => fates[Number(body)]?.[earlier] ?? 'accepted');
        const { ports } = portsOf(sqs);
        const settled = await Promise.allSettled([
          sendToSqs(
            ports,
            QUEUE_URL,
            fates.map((_, index) => ({ body: String(index) })),
          ),
        ]);
        const ends = fates.map((fate) => fate.find((one) => one === 'accepted' || one === 'sender-fault'));
        const lost = ends.filter((end) => end !== 'accepted').length;
        expect(
          bodiesOf(sqs.accepted)
            .map(Number)
            .toSorted((a, b) => a - b),
        ).toEqual(ends.flatMap((end, index) => (end === 'accepted' ? [index] : [])));
        const reason = settled[0].status === 'rejected' ? String(settled[0].reason) : '';
        expect(reason).toContain(lost === 0 ? '' : `Cannot send ${lost} of ${fates.length} messages`);
        expect(settled[0].status).toBe(lost === 0 ? 'fulfilled' : 'rejected');
      }),
    );
  });

  it('is given longer each time, by half of a chance', async () => {
    const sqs = createFakeSqs(() => 'failed');
    const { ports, sleptMs } = portsOf(sqs);
    await expect(sendToSqs(ports, QUEUE_URL, [{ body: 'x' }])).rejects.toThrow('Cannot send 1 of 1 messages');
    expect(sqs.calls).toHaveLength(5);
    expect(sleptMs).toEqual([75, 150, 300, 600]);
  });

  it('is not sent again what is wrong in itself', async () => {
    const sqs = createFakeSqs((body) => (body === 'wrong' ? 'sender-fault' : 'accepted'));
    const { ports, sleptMs } = portsOf(sqs);
    await expect(sendToSqs(ports, QUEUE_URL, [{ body: 'right' }, { body: 'wrong' }])).rejects.toThrow(
      `Cannot send 1 of 2 messages to "${QUEUE_URL}": InvalidMessageContents`,
    );
    expect(sqs.calls).toHaveLength(1);
    expect(sleptMs).toEqual([]);
  });

  it('loses no other batch where a call fails, and says why it did', async () => {
    const down = new Error('connection lost');
    const sqs = createFakeSqs((body) => {
      if (body === '0') {
        throw down;
      }
      return 'accepted';
    });
    const messages = Array.from({ length: 12 }, (_, index) => ({ body: String(index) }));
    await expect(sendToSqs(portsOf(sqs).ports, QUEUE_URL, messages)).rejects.toMatchObject({
      message: `Cannot send 10 of 12 messages to "${QUEUE_URL}": Error`,
      cause: down,
    });
    expect(bodiesOf(sqs.accepted)).toEqual(['10', '11']);
  });

  it('gets as much at once as it takes, and never more', async () => {
    const sizes = fc.array(fc.constantFrom(1, 26_214, 26_215, 131_072, 131_073, 262_144), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(sizes, async (lengths) => {
        const sqs = createFakeSqs(() => 'accepted');
        const messages = lengths.map((length): OutgoingMessage => ({ body: 'x'.repeat(length) }));
        await sendToSqs(portsOf(sqs).ports, QUEUE_URL, messages);
        expect(sqs.accepted).toHaveLength(lengths.length);
        const bytesOf = (bodies: readonly string[]) => bodies.reduce((total, body) => total + body.length, 0);
        for (const [index, call] of sqs.calls.entries()) {
          const bytes = bytesOf(bodiesOf(call));
          const [following = 'x'.repeat(262_144)] = bodiesOf(sqs.calls[index + 1] ?? []);
          expect(call.length === 10 || bytes + following.length > 262_144).toBe(true);
          expect(bytes).toBeLessThanOrEqual(262_144);
          expect(call.length).toBeGreaterThan(0);
          expect(call.length).toBeLessThanOrEqual(10);
        }
      }),
      { numRuns: 30 },
    );
  });
});
