import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DescribeSubnetsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { CreateClusterCommand, EKSClient } from '@aws-sdk/client-eks';
import { CreateOrganizationCommand, OrganizationsClient } from '@aws-sdk/client-organizations';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { handler as judgeVpc } from '../../functions/judge-vpc.ts';
import { handler as planScan } from '../../functions/plan-scan.ts';
import { handler as pulseTarget } from '../../functions/pulse-target.ts';
import { handler as rollUpFleet } from '../../functions/roll-up-fleet.ts';
import { handler as scanTarget } from '../../functions/scan-target.ts';
import { vpcAt } from '../../lib/audit/fleet.ts';
import { scheduledSlot, slotText } from '../../lib/audit/slot.ts';
import { systemClock } from '../../lib/aws/clock.ts';
import { createFleetStore } from '../../lib/store/fleet-store.ts';
import { createRunStore } from '../../lib/store/run-store.ts';
import { createStateStore } from '../../lib/store/state-store.ts';
import { createStoreTable, createTableInput } from '../../lib/store/table.ts';
import type { LambdaHandler } from '../../lib/wiring/lambda-stack.ts';
import { judgeQueueOutbox, pulseQueueOutbox, scanQueueOutbox } from '../../lib/wiring/sqs-outbox.ts';
import type { SqsPorts } from '../../lib/wiring/sqs-sender.ts';
import { hasCommand } from '../helpers/commands.ts';
import { MOTO_ACCOUNT_ID, MOTO_NOTE, type MotoServer, startMoto } from '../helpers/moto.ts';
import { settingsDocument } from '../settings/settings-document-of.ts';
import { present } from './moto-fleet.ts';

const REGION = 'us-east-1';
const SETTINGS_PATH = join(tmpdir(), `elbowroom-settings-${process.pid}.json`);
const TABLE_NAME = 'elbowroom-moto';
const START_WITHIN_MS = 60_000;
const FIFO = { FifoQueue: 'true' };
const context = { awsRequestId: 'request-1', getRemainingTimeInMillis: () => 300_000 };
const target = { accountId: MOTO_ACCOUNT_ID, region: REGION };

describe.skipIf(!hasCommand('moto_server'))(`functions and queues on moto (${MOTO_NOTE})`, () => {
  let moto: MotoServer | undefined;
  let client: SQSClient;
  let sqs: SqsPorts;

  beforeAll(async () => {
    moto = await startMoto();
    vi.stubEnv('AWS_ENDPOINT_URL', moto.url);
    vi.stubEnv('AWS_REGION', REGION);
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'x');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'x');
    vi.stubEnv('AWS_SESSION_TOKEN', undefined);
    client = new SQSClient({});
    let calls = 0;
    sqs = { client, clock: systemClock, randomFraction: Math.random, newId: () => String(calls++) };
  }, START_WITHIN_MS);

  afterAll(() => {
    vi.unstubAllEnvs();
    return moto?.stop();
  });

  async function createQueue(name: string, attributes: Record<string, string> = {}): Promise<string> {
    const { QueueUrl } = await client.send(new CreateQueueCommand({ QueueName: name, Attributes: attributes }));
    return present(QueueUrl);
  }

  /** Takes everything that can be had from a queue now. */
  async function drain(queueUrl: string): Promise<Message[]> {
    const taken: Message[] = [];
    for (;;) {
      const { Messages = [] } = await client.send(
        new ReceiveMessageCommand({
          QueueUrl: queueUrl,
          MaxNumberOfMessages: 10,
          MessageSystemAttributeNames: ['MessageGroupId'],
        }),
      );
      if (Messages.length === 0) {
        return taken;
      }
      taken.push(...Messages);
      for (const { ReceiptHandle } of Messages) {
        await client.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle }));
      }
    }
  }

  const recordOf = (message: Message) => ({
    messageId: present(message.MessageId),
    body: present(message.Body),
    attributes: { MessageGroupId: message.Attributes?.MessageGroupId },
  });

  it('gets every target that is sent, those with a delay later', async () => {
    const queueUrl = await createQueue('spread');
    const { scanTargets } = scanQueueOutbox(sqs, queueUrl);
    const slot = { kind: 'scan', at: '2026-11-23T08:00:00.000Z' } as const;
    await scanTargets(
      Array.from({ length: 23 }, (_, index) => ({
        message: { slot, target: { ...target, accountId: String(index).padStart(12, '0') }, purpose: 'observe' },
        delayMs: index < 12 ? 0 : 900_000,
      })),
    );
    const received = (await drain(queueUrl)).map(({ Body }) => JSON.parse(present(Body)).target.accountId);
    expect(received.toSorted()).toEqual(Array.from({ length: 12 }, (_, index) => String(index).padStart(12, '0')));
    const { Attributes } = await client.send(
      new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['ApproximateNumberOfMessagesDelayed'] }),
    );
    expect(Attributes).toEqual({ ApproximateNumberOfMessagesDelayed: '11' });
  });

  it('gets the pulses that are sent', async () => {
    const queueUrl = await createQueue('pulses');
    const message = { slot: { kind: 'pulse', at: '2026-11-23T08:15:00.000Z' }, target, vpcIds: [] } as const;
    await pulseQueueOutbox(sqs, queueUrl).pulseTargets([{ message, delayMs: 0 }]);
    expect((await drain(queueUrl)).map(({ Body }) => JSON.parse(present(Body)))).toEqual([message]);
  });

  it('gets the judgements of a VPC in order, and those of a repeated call again', async () => {
    const queueUrl = await createQueue('order.fifo', FIFO);
    const { judgeVpcs } = judgeQueueOutbox(sqs, queueUrl);
    const vpc = { ownerId: MOTO_ACCOUNT_ID, region: REGION, vpcId: 'vpc-0a1b2c3d' };
    const judgements = Array.from({ length: 12 }, (_, index) => ({
      vpc,
      viewerAccountId: String(index).padStart(12, '0'),
      slot: { kind: 'scan', at: '2026-11-23T08:00:00.000Z' } as const,
    }));
    await judgeVpcs(judgements);
    await judgeVpcs(judgements);
    const received = (await drain(queueUrl)).map(({ Body }) => JSON.parse(present(Body)));
    expect(received).toEqual([...judgements, ...judgements]);
  });

  it('says how many messages a queue that is gone did not accept', async () => {
    const queueUrl = `${present(moto).url}/${MOTO_ACCOUNT_ID}/gone`;
    const message = { slot: { kind: 'pulse', at: '2026-11-23T08:15:00.000Z' }, target, vpcIds: [] } as const;
    await expect(pulseQueueOutbox(sqs, queueUrl).pulseTargets([{ message, delayMs: 0 }])).rejects.toThrow(
      /^Cannot send 1 of 1 messages to ".*\/gone": \w*Queue\w*/,
    );
  });

  describe('an organisation', () => {
    let scanQueueUrl: string;
    let pulseQueueUrl: string;
    let judgeQueueUrl: string;

    beforeAll(async () => {
      await new DynamoDBClient({}).send(new CreateTableCommand(createTableInput(TABLE_NAME)));
      scanQueueUrl = await createQueue('scan');
      pulseQueueUrl = await createQueue('pulse');
      judgeQueueUrl = await createQueue('judge.fifo', FIFO);
      vi.stubEnv('TABLE_NAME', TABLE_NAME);
      vi.stubEnv('SCAN_QUEUE_URL', scanQueueUrl);
      vi.stubEnv('PULSE_QUEUE_URL', pulseQueueUrl);
      vi.stubEnv('JUDGE_QUEUE_URL', judgeQueueUrl);
      vi.stubEnv('ROLE_NAME', 'elbowroom-scan');
      vi.stubEnv('EXTERNAL_ID', 'c7f1a4e2');
      await writeFile(SETTINGS_PATH, settingsDocument(`scope: { regions: { include: [${REGION}] } }\n`));
      vi.stubEnv('SETTINGS_FILE', SETTINGS_PATH);
      await new OrganizationsClient({}).send(new CreateOrganizationCommand({ FeatureSet: 'ALL' }));
      const { Subnets = [] } = await new EC2Client({}).send(new DescribeSubnetsCommand({}));
      const cluster = {
        name: 'prod',
        roleArn: `arn:aws:iam::${MOTO_ACCOUNT_ID}:role/eks`,
        resourcesVpcConfig: { subnetIds: Subnets.slice(0, 2).map(({ SubnetId }) => present(SubnetId)) },
      };
      await new EKSClient({}).send(new CreateClusterCommand(cluster));
    }, START_WITHIN_MS);

    afterAll(() => rm(SETTINGS_PATH, { force: true }));

    /** What the functions write for Lambda to pick up. */
    function withoutOutput<T>(run: () => Promise<T>): Promise<T> {
      const spies = [process.stdout, process.stderr].map((stream) =>
        vi.spyOn(stream, 'write').mockImplementation(() => true),
      );
      return run().finally(() => spies.map((spy) => spy.mockRestore()));
    }

    it('is planned, scanned, pulsed, judged and rolled up by the functions as Lambda calls them', async () => {
      const now = new Date().toISOString();
      const scan = scheduledSlot('scan', now);
      const pulse = scheduledSlot('pulse', now);
      const nothingFailed = { batchItemFailures: [] };
      const invoke = async (handler: LambdaHandler<unknown>, queueUrl: string, more: readonly object[] = []) =>
        withoutOutput(async () => handler({ Records: [...more, ...(await drain(queueUrl)).map(recordOf)] }, context));
      const plan = (kind: 'scan' | 'pulse') =>
        withoutOutput(() => planScan({ kind, scheduledAt: now, pulseScope: 'with-clusters' }, context));

      expect(await plan('scan')).toMatchObject({ accounts: 1, targets: 1, sent: 1, missed: 0 });
      const delayed = {
        messageId: 'scan',
        attributes: {},
        body: JSON.stringify({ slot: scan, target, purpose: 'observe' }),
      };
      const poison = { messageId: 'poison', attributes: {}, body: '{}' };
      // The planned target's own message is held back for its place in the spread: this one stands in for it.
      expect(await invoke(scanTarget, scanQueueUrl, [poison, delayed])).toEqual({
        batchItemFailures: [{ itemIdentifier: 'poison' }],
      });
      expect(await invoke(judgeVpc, judgeQueueUrl)).toEqual(nothingFailed);
      expect(await withoutOutput(() => rollUpFleet({ scheduledAt: now }, context))).toMatchObject({
        outcome: 'rolled-up',
        judgedVpcCount: 1,
      });

      expect(await plan('pulse')).toMatchObject({ targets: 1, sent: 1 });
      const table = createStoreTable({ client: new DynamoDBClient({}), tableName: TABLE_NAME });
      const fleet = present(await createFleetStore(table).readFleet());
      expect(fleet.scan).toMatchObject({ slot: scan, targets: [{ finishedCount: 1 }], underWay: [] });
      const vpc = vpcAt(fleet, 0);
      const body = JSON.stringify({ slot: pulse, target, vpcIds: [vpc.vpcId] });
      const counted = { messageId: 'pulse', attributes: {}, body };
      expect(await invoke(pulseTarget, pulseQueueUrl, [counted])).toEqual(nothingFailed);
      expect(await invoke(judgeVpc, judgeQueueUrl)).toEqual(nothingFailed);

      const stored = present(await createStateStore(table).readState(vpc));
      expect(stored.state.clusters.map(({ clusterName }) => clusterName)).toEqual(['prod']);
      expect(stored.state.subnets.filter(({ clusters }) => clusters.length > 0)).toHaveLength(2);
      expect(stored.state.judgedFrom).toEqual([
        { viewerAccountId: MOTO_ACCOUNT_ID, scanSlot: slotText(scan), pulseSlot: slotText(pulse) },
      ]);
      for (const slot of [scan, pulse]) {
        expect((await createRunStore(table).readRun(slot))?.outcomes).toMatchObject([
          { target, state: 'finished', vpcCount: 1 },
        ]);
      }
    });
  });
});
