import { execFile } from 'node:child_process';
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateOrganizationCommand, OrganizationsClient } from '@aws-sdk/client-organizations';
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSeal } from '../../lib/dashboard/login/seal.ts';
import { createTableInput } from '../../lib/store/table.ts';
import { hasCommand } from '../helpers/commands.ts';
import { bundleFunction } from '../helpers/function-bundles.ts';
import { MOTO_ACCOUNT_ID, MOTO_NOTE, type MotoServer, startMoto } from '../helpers/moto.ts';
import { settingsDocument } from '../settings/settings-document-of.ts';

const run = promisify(execFile);
const TABLE_NAME = 'elbowroom-bundles';
const REGION = 'us-east-1';
const SETTINGS_FILE = 'elbowroom.settings.json';
const START_WITHIN_MS = 60_000;
const INVOKED_WITHIN_MS = 60_000;

/** Loads a bundle as Lambda does, calls its handler with an event and prints what it answers last. */
const INVOKE = `
  const { handler } = require(process.argv[1]);
  handler(JSON.parse(process.argv[2]), { awsRequestId: 'r1', getRemainingTimeInMillis: () => 60000 }).then(
    (answer) => process.stdout.write('\\nANSWER ' + JSON.stringify(answer)),
  );
`;

const NOTHING_FAILED = { batchItemFailures: [] };
const example = (name: string): unknown => JSON.parse(readFileSync(`events/${name}.json`, 'utf8'));
const batchOf = (name: string) => ({
  Records: [{ messageId: 'm1', attributes: { MessageGroupId: 'g1' }, body: JSON.stringify(example(name)) }],
});
const requestFor = (method: string, path: string, headers: Readonly<Record<string, string>> = {}) => ({
  version: '2.0',
  routeKey: '$default',
  rawPath: path,
  rawQueryString: '',
  headers: { host: 'api.example.com', ...headers },
  requestContext: { http: { method, path, sourceIp: '192.0.2.1' }, domainName: 'api.example.com' },
  isBase64Encoded: false,
});

/** As API Gateway hands it over where callers are IAM identities. */
function signedBy(request: ReturnType<typeof requestFor>) {
  const authorizer = { iam: { userArn: 'arn:aws:iam::123456789012:user/ana' } };
  return { ...request, requestContext: { ...request.requestContext, authorizer } };
}
const HOUR_FROM_NOW = new Date(Date.now() + 3_600_000).toISOString();

/** Somebody who is logged in, by a secret of the store of parameters. */
const SESSION_KEY = 'a-session-key-of-32-characters-1';
const LOGIN = {
  OIDC_ISSUER: 'https://issuer.example',
  OIDC_AUDIENCE: 'elbowroom',
  OIDC_CLIENT_ID: 'elbowroom-pages',
  PAGES_URL: 'https://api.example.com',
};
const session = await createSeal({
  secrets: async () => [SESSION_KEY],
  policy: [LOGIN.OIDC_ISSUER, LOGIN.OIDC_AUDIENCE, LOGIN.OIDC_CLIENT_ID, undefined],
  now: Date.now,
}).seal(
  'session',
  { name: 'ana', scopes: ['read'], accountIds: null, csrfToken: 'token' },
  Date.now() + INVOKED_WITHIN_MS * 10,
);

/** Of each function: an event as AWS sends it, made of the example in `events/`, and what it answers. */
const CASES: Readonly<Record<string, Case>> = {
  'plan-scan': { event: example('plan-scan'), answer: { targets: expect.any(Number), sent: expect.any(Number) } },
  // The slots of the examples are over: they become missed targets of their runs.
  'scan-target': { event: batchOf('scan-target'), answer: NOTHING_FAILED },
  'pulse-target': { event: batchOf('pulse-target'), answer: NOTHING_FAILED },
  'judge-vpc': { event: batchOf('judge-vpc'), answer: NOTHING_FAILED },
  'roll-up-fleet': { event: example('roll-up-fleet'), answer: { outcome: expect.any(String) } },
  'notify-slack': { event: example('tell-alerts'), answer: {} },
  'publish-alerts': { event: example('tell-alerts'), answer: {} },
  api: {
    event: signedBy(requestFor('GET', '/v1/silences')),
    answer: { statusCode: 200, body: expect.stringContaining('"items":[') },
  },
  'api-writes': {
    event: {
      ...signedBy(requestFor('POST', '/v1/silences', { 'content-type': 'application/json' })),
      body: JSON.stringify({ match: { by: 'team', team: 'platform' }, until: HOUR_FROM_NOW, reason: 'Upgrade' }),
    },
    answer: { statusCode: 201, body: expect.stringContaining('"author":"arn:aws:iam::') },
  },
  // Who is logged in is told what the table holds: a fleet where the cases before were run, else that there is none yet.
  pages: {
    event: { ...requestFor('GET', '/'), cookies: [`__Host-elbowroom-session=${session}`] },
    answer: { statusCode: expect.toBeOneOf([200, 503]), body: expect.stringMatching(/IP headroom|Nothing seen yet/) },
    environment: LOGIN,
  },
};

interface Case {
  readonly event: unknown;
  readonly answer: object;
  readonly environment?: Readonly<Record<string, string>>;
}

describe.skipIf(!hasCommand('moto_server'))(`moto: functions as they are deployed (${MOTO_NOTE})`, () => {
  let moto: MotoServer;
  let environment: Record<string, string>;

  beforeAll(async () => {
    moto = await startMoto();
    const client = { endpoint: moto.url, region: REGION, credentials: { accessKeyId: 'x', secretAccessKey: 'x' } };
    await new DynamoDBClient(client).send(new CreateTableCommand(createTableInput(TABLE_NAME)));
    await new OrganizationsClient(client).send(new CreateOrganizationCommand({ FeatureSet: 'ALL' }));
    await new SSMClient(client).send(
      new PutParameterCommand({ Name: '/elbowroom/production/session-key', Value: SESSION_KEY, Type: 'SecureString' }),
    );
    const sqs = new SQSClient(client);
    const queueUrl = async (name: string, attributes = {}) =>
      (await sqs.send(new CreateQueueCommand({ QueueName: name, Attributes: attributes }))).QueueUrl ?? '';
    environment = {
      AWS_ENDPOINT_URL: moto.url,
      AWS_REGION: REGION,
      AWS_ACCESS_KEY_ID: 'x',
      AWS_SECRET_ACCESS_KEY: 'x',
      TABLE_NAME,
      SCAN_QUEUE_URL: await queueUrl('scan'),
      PULSE_QUEUE_URL: await queueUrl('pulse'),
      JUDGE_QUEUE_URL: await queueUrl('judge.fifo', { FifoQueue: 'true' }),
      ROLE_NAME: 'elbowroom-audit',
      EXTERNAL_ID: '0123456789abcdef',
      SETTINGS_FILE,
      SECRETS_PATH: '/elbowroom/production/',
      BUS_NAME: 'default',
      MAIL_TOPIC_ARN: `arn:aws:sns:${REGION}:${MOTO_ACCOUNT_ID}:alerts`,
      OIDC_ISSUER: '',
      OIDC_AUDIENCE: '',
    };
  }, START_WITHIN_MS);

  afterAll(() => moto?.stop());

  it('are all here', () => {
    const names = globSync('functions/*.ts').map((entry) => basename(entry, '.ts'));
    expect(names.toSorted()).toEqual(Object.keys(CASES).toSorted());
  });

  it.each(Object.entries(CASES))(
    '%s answers an event from its bundle',
    async (name, { event, answer, environment: own }) => {
      const bundle = await bundleFunction(`functions/${name}.ts`);
      const folder = dirname(bundle.path);
      // Nothing of the project is in reach of a bundle but the settings beside it.
      writeFileSync(join(folder, SETTINGS_FILE), settingsDocument(readFileSync('elbowroom.settings.yaml', 'utf8')));
      const { stdout } = await run(process.execPath, ['-e', INVOKE, bundle.path, JSON.stringify(event)], {
        cwd: folder,
        env: { ...environment, ...own },
      });
      const [, text] = stdout.split('\nANSWER ');
      expect(JSON.parse(text ?? 'null')).toMatchObject(answer);
    },
    INVOKED_WITHIN_MS,
  );
});
