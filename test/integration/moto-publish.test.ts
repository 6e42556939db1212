import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  CreateEventBusCommand,
  EventBridgeClient,
  PutRuleCommand,
  PutTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { AlertTransitionDetail } from '../../events/alert-transition.ts';
import { handler as publishAlerts } from '../../functions/publish-alerts.ts';
import type { AlertStore } from '../../lib/audit/alert-ports.ts';
import { systemClock } from '../../lib/aws/clock.ts';
import { stepOf } from '../../lib/domain/alert/alert-step.ts';
import { createAlertStore } from '../../lib/store/alert-store.ts';
import { createStoreTable, createTableInput } from '../../lib/store/table.ts';
import { createAwsAlertHint } from '../../lib/wiring/aws-alert-hint.ts';
import { anAlert } from '../domain/alert/an-alert.ts';
import { hasCommand } from '../helpers/commands.ts';
import { MOTO_ACCOUNT_ID, MOTO_NOTE, type MotoServer, startMoto } from '../helpers/moto.ts';
import { settingsDocument } from '../settings/settings-document-of.ts';
import { createRecordingTelemetry } from '../wiring/recording-telemetry.ts';
import { present } from './moto-fleet.ts';

const REGION = 'us-east-1';
const TABLE_NAME = 'elbowroom-publish';
const BUS_NAME = 'elbowroom-publish';
const SETTINGS_PATH = join(tmpdir(), `elbowroom-publish-${process.pid}.json`);
const START_WITHIN_MS = 60_000;
const NOW = '2026-11-23T08:00:00.000Z';
const HOSTILE_NAME = 'prod "\u202e\n🔴 https://evil.example';
const context = { awsRequestId: 'request-1', getRemainingTimeInMillis: () => 300_000 };

describe.skipIf(!hasCommand('moto_server'))(`what is published on moto (${MOTO_NOTE})`, () => {
  let moto: MotoServer | undefined;
  let sqs: SQSClient;
  let alerts: AlertStore;
  let eventsUrl: string;
  let hintsUrl: string;
  let mailsUrl: string;

  /** A queue, and its ARN. */
  async function createQueue(name: string): Promise<{ readonly url: string; readonly arn: string }> {
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: name }));
    return { url: present(QueueUrl), arn: `arn:aws:sqs:${REGION}:${MOTO_ACCOUNT_ID}:${name}` };
  }

  async function ruleTo(name: string, detailType: string): Promise<string> {
    const events = new EventBridgeClient({});
    const queue = await createQueue(name);
    const EventPattern = JSON.stringify({ source: ['elbowroom'], 'detail-type': [detailType] });
    await events.send(new PutRuleCommand({ Name: name, EventBusName: BUS_NAME, EventPattern }));
    const Targets = [{ Id: name, Arn: queue.arn }];
    await events.send(new PutTargetsCommand({ Rule: name, EventBusName: BUS_NAME, Targets }));
    return queue.url;
  }

  beforeAll(async () => {
    moto = await startMoto();
    vi.stubEnv('AWS_ENDPOINT_URL', moto.url);
    vi.stubEnv('AWS_REGION', REGION);
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'x');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'x');
    vi.stubEnv('AWS_SESSION_TOKEN', undefined);
    sqs = new SQSClient({});
    const dynamodb = new DynamoDBClient({});
    await dynamodb.send(new CreateTableCommand(createTableInput(TABLE_NAME)));
    alerts = createAlertStore(createStoreTable({ client: dynamodb, tableName: TABLE_NAME }));
    await new EventBridgeClient({}).send(new CreateEventBusCommand({ Name: BUS_NAME }));
    eventsUrl = await ruleTo('transitions', 'Elbowroom Alert Transition');
    hintsUrl = await ruleTo('hints', 'Elbowroom Alerts Changed');
    const { TopicArn } = await new SNSClient({}).send(new CreateTopicCommand({ Name: 'alerts' }));
    const mails = await createQueue('mails');
    mailsUrl = mails.url;
    await new SNSClient({}).send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: mails.arn }));
    await writeFile(
      SETTINGS_PATH,
      settingsDocument('notifications: { eventBus: true, email: true, baseUrl: "https://elbowroom.example" }\n'),
    );
    vi.stubEnv('TABLE_NAME', TABLE_NAME);
    vi.stubEnv('BUS_NAME', BUS_NAME);
    vi.stubEnv('MAIL_TOPIC_ARN', TopicArn);
    vi.stubEnv('SETTINGS_FILE', SETTINGS_PATH);
  }, START_WITHIN_MS);

  afterAll(async () => {
    vi.unstubAllEnvs();
    await rm(SETTINGS_PATH, { force: true });
    await moto?.stop();
  });

  /** Takes the bodies of everything that can be had from a queue now. */
  async function drain(queueUrl: string): Promise<Record<string, unknown>[]> {
    const taken: Record<string, unknown>[] = [];
    for (;;) {
      const ask = { QueueUrl: queueUrl, MaxNumberOfMessages: 10 };
      const { Messages = [] } = await sqs.send(new ReceiveMessageCommand(ask));
      if (Messages.length === 0) {
        return taken;
      }
      for (const { Body, ReceiptHandle } of Messages) {
        taken.push(JSON.parse(present(Body)));
        await sqs.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle }));
      }
    }
  }

  /** Without what the function writes for Lambda to pick up. */
  function publish(): Promise<unknown> {
    const spies = [process.stdout, process.stderr].map((stream) =>
      vi.spyOn(stream, 'write').mockImplementation(() => true),
    );
    return publishAlerts({ scheduledAt: NOW }, context).finally(() => spies.map((spy) => spy.mockRestore()));
  }

  it('is each transition in its order on the bus, one mail for each alert, and nothing of it twice', async () => {
    for (const index of [1, 2, 3]) {
      const home = { kind: 'vpc', vpc: { ownerId: '111122223333', region: REGION, vpcId: `vpc-${index}` } } as const;
      const alertId = `exhaustion.111122223333.${REGION}.vpc-${index}.subnet.subnet-0a`;
      const opened = stepOf(undefined, 'opened', NOW, anAlert({ alertId, home, where: { accountName: HOSTILE_NAME } }));
      const changed = stepOf(opened.alert, 'changed', NOW, { severity: 'critical' });
      await alerts.writeStep(opened, undefined, ['event-bus', 'email']);
      await alerts.writeStep(changed, await alerts.readAlert(alertId), ['event-bus', 'email']);
    }
    expect(await publish()).toEqual({ outcome: 'published', eventCount: 6, mailCount: 3 });
    const events = await drain(eventsUrl);
    const details = events.map(({ detail }) => AlertTransitionDetail.parse(detail));
    expect(events[0]).toMatchObject({ source: 'elbowroom', 'detail-type': 'Elbowroom Alert Transition' });
    expect(details.map(({ sequence }) => sequence)).toEqual([1, 1, 1, 2, 2, 2]);
    expect(new Set(details.map(({ alertId, sequence }) => `${alertId} ${sequence}`)).size).toBe(6);
    expect(details[0]?.url).toMatch(/^https:\/\/elbowroom\.example\/alerts\/exhaustion\./);
    const mails = await drain(mailsUrl);
    expect(mails).toHaveLength(3);
    expect(mails[0]).toMatchObject({
      Subject: expect.stringMatching(/^Critical: addresses run out in private-a \(prod "/),
      Message: expect.stringContaining('Changed 2026-11-23 08:00 UTC, from warning to critical'),
      MessageAttributes: { severity: { Type: 'String', Value: 'critical' } },
    });
    expect(await alerts.pending('event-bus')).toEqual([]);
    expect(await publish()).toEqual({ outcome: 'published', eventCount: 0, mailCount: 0 });
    expect(await drain(eventsUrl)).toEqual([]);
  });

  it('fails where there is no such topic, and has put everything on the bus', async () => {
    vi.stubEnv('MAIL_TOPIC_ARN', `arn:aws:sns:${REGION}:${MOTO_ACCOUNT_ID}:gone`);
    vi.resetModules();
    const { handler } = await import('../../functions/publish-alerts.ts');
    const alertId = `exhaustion.111122223333.${REGION}.vpc-1.subnet.subnet-0a`;
    const stored = present(await alerts.readAlert(alertId));
    await alerts.writeStep(stepOf(stored.alert, 'resolved', NOW, { state: 'resolved' }), stored, [
      'event-bus',
      'email',
    ]);
    const spies = [process.stdout, process.stderr].map((stream) =>
      vi.spyOn(stream, 'write').mockImplementation(() => true),
    );
    await expect(handler({ scheduledAt: NOW }, context)).rejects.toThrow('Cannot publish alerts: ');
    for (const spy of spies) {
      spy.mockRestore();
    }
    expect((await drain(eventsUrl)).map(({ detail }) => AlertTransitionDetail.parse(detail).type)).toEqual([
      'resolved',
    ]);
    expect(await alerts.pending('email')).toHaveLength(1);
  });

  it('is hinted at by an event that is nothing but a hint, and by none where nobody listens', async () => {
    const { log, lines } = createRecordingTelemetry();
    const options = { busName: BUS_NAME, clock: systemClock, log };
    await createAwsAlertHint({ ...options, subscribers: [] })();
    expect(await drain(hintsUrl)).toEqual([]);
    await createAwsAlertHint({ ...options, subscribers: ['slack'] })();
    expect(await drain(hintsUrl)).toMatchObject([{ source: 'elbowroom', detail: {}, time: expect.any(String) }]);
    expect(lines).toEqual([]);
  });

  it('is not lost with a hint: that is a line in the log', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL', 'http://127.0.0.1:9');
    const { log, lines } = createRecordingTelemetry();
    await createAwsAlertHint({ busName: BUS_NAME, clock: systemClock, log, subscribers: ['slack'] })();
    expect(lines).toMatchObject([{ level: 'warn', fields: { code: expect.any(String) } }]);
  });
});
