import { lambdaFunction, type Permission, readSecrets, receiveFrom, sendTo, useTable } from './lambda-function.ts';
import type { Parameters } from './parameters.ts';
import type { Queues } from './queues.ts';

/** Seconds that an invocation may take. Its work ends before: `lib/wiring/deadline.ts`. */
export const TIMEOUT_SECONDS = { plan: 300, target: 300, judge: 120, rollUp: 300, tell: 240, api: 29 } as const;

/** What the settings are called, in their bucket and beside the bundle. */
const SETTINGS_FILE = 'elbowroom.settings.yaml';

export interface FunctionsInput {
  readonly parameters: Parameters;
  readonly table: sst.aws.Dynamo;
  readonly settings: sst.aws.Bucket;
  readonly queues: Queues;
  readonly bus: sst.aws.Bus;
  readonly mailTopic: sst.aws.SnsTopic;
  readonly externalId: $util.Output<string>;
}

export type Functions = ReturnType<typeof createFunctions>;

/** Every function that is deployed. */
export function createFunctions(input: FunctionsInput) {
  return {
    ...observingFunctions(input),
    ...judgingFunctions(input),
    ...tellingFunctions(input),
    api: apiFunction(input),
  };
}

/** What looks at accounts: only these may take on their roles. */
function observingFunctions({ parameters: { roleName }, table, settings, queues, externalId }: FunctionsInput) {
  const environment = { TABLE_NAME: table.name, ROLE_NAME: roleName, EXTERNAL_ID: externalId };
  const scanQueue = { SCAN_QUEUE_URL: queues.scan.queue.url };
  const judgeQueue = { JUDGE_QUEUE_URL: queues.judge.queue.url };
  const enterAccounts: Permission = {
    actions: ['sts:AssumeRole'],
    resources: [$interpolate`arn:${aws.getPartitionOutput().partition}:iam::*:role/${roleName}`],
  };
  const keepFacts = useTable(table, 'GetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem');
  return {
    planScan: lambdaFunction(
      'PlanScan',
      {
        handler: 'functions/plan-scan.handler',
        description: 'Plans the run of a slot and sends its targets',
        timeoutSeconds: TIMEOUT_SECONDS.plan,
        memory: '1024 MB',
        environment: {
          ...environment,
          ...scanQueue,
          PULSE_QUEUE_URL: queues.pulse.queue.url,
          ...settingsVariables(settings),
        },
        permissions: [
          useTable(table, 'GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem', 'BatchWriteItem'),
          ...readSettings(settings),
          enterAccounts,
          sendTo(queues.scan.queue, queues.pulse.queue),
          // Has no resources: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsorganizations.html
          { actions: ['organizations:ListAccounts'], resources: ['*'] },
        ],
      },
      queues.events,
    ),
    scanTarget: lambdaFunction(
      'ScanTarget',
      {
        handler: 'functions/scan-target.handler',
        description: 'Observes an account in a region',
        timeoutSeconds: TIMEOUT_SECONDS.target,
        memory: '1024 MB',
        environment: { ...environment, ...scanQueue, ...judgeQueue },
        permissions: [
          keepFacts,
          enterAccounts,
          receiveFrom(queues.scan.queue),
          sendTo(queues.scan.queue, queues.judge.queue),
        ],
      },
      queues.events,
    ),
    pulseTarget: lambdaFunction(
      'PulseTarget',
      {
        handler: 'functions/pulse-target.handler',
        description: 'Reads the counters of subnets at risk',
        timeoutSeconds: TIMEOUT_SECONDS.target,
        memory: '512 MB',
        environment: { ...environment, ...judgeQueue },
        permissions: [keepFacts, enterAccounts, receiveFrom(queues.pulse.queue), sendTo(queues.judge.queue)],
      },
      queues.events,
    ),
  };
}

/** What makes judgements of what was seen; it asks nothing of any account. */
function judgingFunctions({ table, settings, queues, bus }: FunctionsInput) {
  const environment = { TABLE_NAME: table.name, BUS_NAME: bus.name, ...settingsVariables(settings) };
  const actions = ['GetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem'];
  return {
    judgeVpc: lambdaFunction(
      'JudgeVpc',
      {
        handler: 'functions/judge-vpc.handler',
        description: 'Judges a VPC: state, series, forecasts, alerts',
        timeoutSeconds: TIMEOUT_SECONDS.judge,
        memory: '1769 MB',
        environment,
        permissions: [
          useTable(table, ...actions),
          ...readSettings(settings),
          receiveFrom(queues.judge.queue),
          putEvents(bus),
        ],
      },
      queues.events,
    ),
    rollUpFleet: lambdaFunction(
      'RollUpFleet',
      {
        handler: 'functions/roll-up-fleet.handler',
        description: 'Brings the fleet up to the states that were judged',
        timeoutSeconds: TIMEOUT_SECONDS.rollUp,
        memory: '1769 MB',
        environment,
        permissions: [useTable(table, ...actions, 'BatchGetItem'), ...readSettings(settings), putEvents(bus)],
      },
      queues.events,
    ),
  };
}

/** What tells people and other systems of alerts. */
function tellingFunctions({ table, settings, queues, bus, mailTopic }: FunctionsInput) {
  const environment = { TABLE_NAME: table.name, ...settingsVariables(settings) };
  const actions = ['GetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem'];
  const secretsPath = secretsPathOfStage();
  return {
    notifySlack: lambdaFunction(
      'NotifySlack',
      {
        handler: 'functions/notify-slack.handler',
        description: 'Tells alerts in Slack',
        timeoutSeconds: TIMEOUT_SECONDS.tell,
        memory: '512 MB',
        environment: { ...environment, SECRETS_PATH: secretsPath },
        permissions: [
          useTable(table, ...actions),
          ...readSettings(settings),
          readSecrets(secretsPath, 'slack-bot-token', 'slack-webhook-urls'),
        ],
        // What draws charts, a WebAssembly module and fonts.
        install: ['@resvg/resvg-wasm', 'dejavu-fonts-ttf'],
      },
      queues.events,
    ),
    publishAlerts: lambdaFunction(
      'PublishAlerts',
      {
        handler: 'functions/publish-alerts.handler',
        description: 'Puts transitions of alerts on the bus, and sends mails',
        timeoutSeconds: TIMEOUT_SECONDS.tell,
        memory: '512 MB',
        environment: { ...environment, BUS_NAME: bus.name, MAIL_TOPIC_ARN: mailTopic.arn },
        permissions: [
          useTable(table, ...actions),
          ...readSettings(settings),
          putEvents(bus),
          { actions: ['sns:Publish'], resources: [mailTopic.arn] },
        ],
      },
      queues.events,
    ),
  };
}

function apiFunction({ parameters: { issuer }, table, settings, queues, bus }: FunctionsInput) {
  const secretsPath = secretsPathOfStage();
  return lambdaFunction(
    'Api',
    {
      handler: 'functions/api.handler',
      description: 'The REST API',
      timeoutSeconds: TIMEOUT_SECONDS.api,
      memory: '1769 MB',
      environment: {
        TABLE_NAME: table.name,
        SCAN_QUEUE_URL: queues.scan.queue.url,
        ...settingsVariables(settings),
        SECRETS_PATH: secretsPath,
        OIDC_ISSUER: issuer?.url ?? '',
        OIDC_AUDIENCE: issuer?.audience ?? '',
        OIDC_ACCOUNTS_CLAIM: issuer?.accountsClaim ?? '',
        BUS_NAME: bus.name,
        OPENAPI_FILE: 'openapi.json',
      },
      permissions: [
        useTable(table, 'GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem'),
        ...readSettings(settings),
        sendTo(queues.scan.queue),
        putEvents(bus),
        readSecrets(secretsPath, 'slack-signing-secret', 'cursor-key'),
      ],
      files: [{ from: 'docs/openapi.json', to: 'openapi.json' }],
    },
    queues.events,
  );
}

function settingsVariables(settings: sst.aws.Bucket) {
  return { SETTINGS_BUCKET: settings.name, SETTINGS_FILE };
}

/** The newest version, and those before it where it cannot be read: no other object, and no list of what else there is. */
function readSettings(settings: sst.aws.Bucket): readonly Permission[] {
  return [
    { actions: ['s3:GetObject', 's3:GetObjectVersion'], resources: [$interpolate`${settings.arn}/${SETTINGS_FILE}`] },
    { actions: ['s3:ListBucketVersions'], resources: [settings.arn] },
  ];
}

function putEvents(bus: sst.aws.Bus): Permission {
  return { actions: ['events:PutEvents'], resources: [bus.arn] };
}

function secretsPathOfStage(): string {
  return `/elbowroom/${$app.stage}/`;
}
