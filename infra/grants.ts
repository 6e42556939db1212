/** What policies name; `createFunctions` says which ARN each has. */
export type GrantedResource =
  | 'table'
  | 'settings-object'
  | 'settings-bucket'
  | 'scan-queue'
  | 'pulse-queue'
  | 'judge-queue'
  | 'event-dead-letters'
  | 'bus'
  | 'mail-topic'
  | 'member-role'
  | 'organization'
  | 'own-log'
  | `secret:${string}`;

/** Actions that a function may send, and only to these. */
export interface Grant {
  readonly actions: readonly string[];
  readonly on: readonly GrantedResource[];
  /** What it does with them, and what is lost where they are denied: `docs/permissions.md`. */
  readonly why: string;
  readonly lostWithoutIt: string;
}

/** The names that DynamoDB gives them: `link` would grant `dynamodb:*`. */
const TABLE_READS = ['dynamodb:GetItem', 'dynamodb:Query'];
const TABLE_READS_IN_BATCHES = [...TABLE_READS, 'dynamodb:BatchGetItem'];
const TABLE_ADDS = ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:BatchWriteItem'];
const TABLE_WRITES = [...TABLE_ADDS, 'dynamodb:DeleteItem'];

/** The newest version, and those before it where it cannot be read: no other object, and no list of what else there is. */
const SETTINGS: readonly Grant[] = [
  {
    actions: ['s3:GetObject', 's3:GetObjectVersion'],
    on: ['settings-object'],
    why: 'The settings in force',
    lostWithoutIt: 'Its work: under which settings is not to be guessed',
  },
  {
    actions: ['s3:ListBucketVersions'],
    on: ['settings-bucket'],
    why: 'Which version came before one that is wrong',
    lostWithoutIt: 'Its work, until settings that are right are put, or where none ever were',
  },
];

const ENTER_ACCOUNTS = {
  actions: ['sts:AssumeRole'],
  on: ['member-role'],
} as const satisfies Partial<Grant>;

const HINT: Grant = {
  actions: ['events:PutEvents'],
  on: ['bus'],
  why: 'Hints that an alert changed, so that it is told at once',
  lostWithoutIt: 'Up to five minutes: the next sweep tells it',
};

/** What an event source mapping needs: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html */
function receiveFrom(queue: GrantedResource, lostWithoutIt: string): Grant {
  const actions = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];
  return { actions, on: [queue], why: 'Lambda takes its messages from there', lostWithoutIt };
}

/** SecureStrings of Parameter Store: each has one reader. */
function readSecret(name: string, why: string, lostWithoutIt: string): Grant {
  return { actions: ['ssm:GetParameters'], on: [`secret:${name}`], why, lostWithoutIt };
}

/** What the role of each function allows, besides what is every function's. Only the first three may enter accounts. */
export const FUNCTION_GRANTS = {
  PlanScan: [
    {
      ...ENTER_ACCOUNTS,
      why: 'Asks each account once a day which regions it has opted in to',
      lostWithoutIt: 'Regions opted in to since; an account that was never entered is not scanned',
    },
    {
      actions: ['organizations:ListAccounts'],
      on: ['organization'],
      why: 'The accounts that there are',
      lostWithoutIt: 'New accounts, and which have left: the run goes on with those that were known',
    },
    {
      actions: TABLE_READS_IN_BATCHES,
      on: ['table'],
      why: 'Accounts and regions as they are known, the run of the slot, the subnets at risk',
      lostWithoutIt: 'New runs',
    },
    {
      actions: TABLE_ADDS,
      on: ['table'],
      why: 'Keeps the plan of a run, and the accounts and regions that it found',
      lostWithoutIt: 'New runs: nothing is sent whose plan is not kept',
    },
    {
      actions: ['sqs:SendMessage'],
      on: ['scan-queue', 'pulse-queue'],
      why: 'Sends the targets of a run',
      lostWithoutIt: 'Every scan, or every pulse',
    },
    ...SETTINGS,
  ],
  ScanTarget: [
    { ...ENTER_ACCOUNTS, why: 'Observes an account in a region', lostWithoutIt: 'Every scan' },
    receiveFrom('scan-queue', 'Every scan'),
    {
      actions: TABLE_READS,
      on: ['table'],
      why: 'What was seen before, which facts are due',
      lostWithoutIt: 'Every scan',
    },
    { actions: TABLE_WRITES, on: ['table'], why: 'Keeps facts and outcomes', lostWithoutIt: 'Every scan' },
    {
      actions: ['sqs:SendMessage'],
      on: ['judge-queue'],
      why: 'Asks for a judgement of each VPC that was seen',
      lostWithoutIt: 'Every judgement: what was seen is kept, and nothing comes of it',
    },
    {
      actions: ['sqs:SendMessage'],
      on: ['scan-queue'],
      why: "Asks for a scan of a shared VPC's owner when the VPC is seen first",
      lostWithoutIt: 'An hour: the owner is scanned with the next run',
    },
  ],
  PulseTarget: [
    { ...ENTER_ACCOUNTS, why: 'Reads the counters of subnets at risk', lostWithoutIt: 'Every pulse' },
    receiveFrom('pulse-queue', 'Every pulse'),
    { actions: TABLE_READS, on: ['table'], why: 'What the last scan saw', lostWithoutIt: 'Every pulse' },
    { actions: TABLE_WRITES, on: ['table'], why: 'Keeps facts and outcomes', lostWithoutIt: 'Every pulse' },
    {
      actions: ['sqs:SendMessage'],
      on: ['judge-queue'],
      why: 'Asks for a judgement of each VPC that was seen',
      lostWithoutIt: 'What is seen between two scans',
    },
  ],
  JudgeVpc: [
    receiveFrom('judge-queue', 'Every judgement: states and alerts stay as they are, and get old'),
    {
      actions: TABLE_READS,
      on: ['table'],
      why: "A VPC's facts, state, series, forecasts and alerts",
      lostWithoutIt: 'Every judgement',
    },
    {
      actions: TABLE_WRITES,
      on: ['table'],
      why: 'Keeps states, series, forecasts and alerts',
      lostWithoutIt: 'Every judgement',
    },
    HINT,
    ...SETTINGS,
  ],
  RollUpFleet: [
    {
      actions: TABLE_READS_IN_BATCHES,
      on: ['table'],
      why: 'States that moved, the fleet before, runs, series and alerts',
      lostWithoutIt: 'The fleet as API and pages show it gets old',
    },
    {
      actions: TABLE_WRITES,
      on: ['table'],
      why: 'Keeps the fleet, its history, and alerts of accounts that are not seen',
      lostWithoutIt: 'The fleet as API and pages show it gets old',
    },
    HINT,
    ...SETTINGS,
  ],
  NotifySlack: [
    {
      actions: TABLE_READS,
      on: ['table'],
      why: 'Alerts, silences, what was told already, and series for charts',
      lostWithoutIt: 'Every message in Slack',
    },
    {
      actions: TABLE_WRITES,
      on: ['table'],
      why: 'Keeps what was told, so that it is not told twice',
      lostWithoutIt: 'Every message in Slack',
    },
    readSecret('slack-bot-token', 'Posts to channels by the app', 'Messages in Slack by the app'),
    readSecret(
      'slack-webhook-urls',
      'Posts to channels that have an incoming webhook',
      'Messages in Slack to these channels',
    ),
    ...SETTINGS,
  ],
  PublishAlerts: [
    {
      actions: TABLE_READS,
      on: ['table'],
      why: 'Alerts, silences, and who publishes',
      lostWithoutIt: 'Events on the bus, and mails',
    },
    {
      actions: TABLE_WRITES,
      on: ['table'],
      why: 'Keeps what was told, and that one publishes at a time',
      lostWithoutIt: 'Events on the bus, and mails',
    },
    {
      actions: ['events:PutEvents'],
      on: ['bus'],
      why: 'Tells programs each transition of an alert',
      lostWithoutIt: 'Events on the bus',
    },
    { actions: ['sns:Publish'], on: ['mail-topic'], why: 'Sends alerts by mail', lostWithoutIt: 'Mails' },
    ...SETTINGS,
  ],
  Api: [
    {
      actions: TABLE_READS_IN_BATCHES,
      on: ['table'],
      why: 'Everything that it answers with',
      lostWithoutIt: 'Every answer but `GET /healthz`',
    },
    readSecret('cursor-key', 'Seals the cursors of pages', 'Lists longer than a page'),
    ...SETTINGS,
  ],
  ApiWrites: [
    {
      actions: TABLE_READS,
      on: ['table'],
      why: 'What is to be changed, as it is',
      lostWithoutIt: 'Everything that is no reading',
    },
    {
      actions: TABLE_WRITES,
      on: ['table'],
      why: 'Keeps acknowledgements, snoozes, silences, requested scans and the audit trail of them',
      lostWithoutIt: 'Everything that is no reading',
    },
    {
      actions: ['sqs:SendMessage'],
      on: ['scan-queue'],
      why: 'Sends a scan that somebody requests',
      lostWithoutIt: '`POST /v1/scans`',
    },
    HINT,
    readSecret('slack-signing-secret', 'Proves that a request is of Slack', '`POST /slack/actions`'),
    ...SETTINGS,
  ],
  Pages: [
    {
      actions: TABLE_READS_IN_BATCHES,
      on: ['table'],
      why: 'Everything that it shows',
      lostWithoutIt: 'The dashboard',
    },
    readSecret('session-key', 'Seals the cookies of sessions and logins', 'The dashboard'),
    readSecret('oidc-client-secret', 'Proves to the issuer that a login is of this client', 'Logins; sessions go on'),
  ],
} as const satisfies Record<string, readonly Grant[]>;

export type FunctionName = keyof typeof FUNCTION_GRANTS;

export const EVERY_FUNCTION_GRANTS: readonly Grant[] = [
  {
    actions: ['sqs:SendMessage'],
    on: ['event-dead-letters'],
    why: 'Lambda keeps an event there that the function failed on',
    lostWithoutIt: 'The event itself; the function goes on',
  },
  {
    actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    on: ['own-log'],
    why: 'Writes its log, and the metrics in it',
    lostWithoutIt: 'Its log, and the alarms that rest on its metrics',
  },
];
