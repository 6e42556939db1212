import type { FunctionName } from './grants.ts';
import { type FunctionPlan, lambdaFunction } from './lambda-function.ts';
import type { Parameters } from './parameters.ts';
import type { Queues } from './queues.ts';
import { resourceArns, SETTINGS_FILE, secretsPath } from './resource-arns.ts';

/** Seconds that an invocation may take. Its work ends before: `lib/wiring/deadline.ts`. */
export const TIMEOUT_SECONDS = { plan: 300, target: 300, judge: 120, rollUp: 300, tell: 240, api: 29 } as const;

/**
 * How many of a function that hints or the clock start run at once, reserved for it. Judgements hint in crowds: what has no room waits
 * with Lambda for up to 6 hours, and finds its work done. One rolls up; one publishes, and one more says that it is busy; Slack has a
 * place besides for the test message of a channel.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 */
const AT_ONCE = { rollUp: 1, publish: 2, slack: 3 } as const;

export interface FunctionsInput {
  readonly parameters: Parameters;
  readonly table: sst.aws.Dynamo;
  readonly settings: sst.aws.Bucket;
  readonly queues: Queues;
  readonly bus: sst.aws.Bus;
  readonly mailTopic: sst.aws.SnsTopic;
  readonly externalId: $util.Output<string>;
  readonly api: sst.aws.ApiGatewayV2;
}

export type Functions = ReturnType<typeof createFunctions>;

type Make = (name: FunctionName, plan: FunctionPlan) => sst.aws.Function;

/** Every function that is deployed. What each may do is in `grants.ts`. */
export function createFunctions(input: FunctionsInput) {
  const arnOf = resourceArns(input);
  const make: Make = (name, plan) => lambdaFunction(name, plan, arnOf);
  return {
    ...observingFunctions(input, make),
    ...judgingFunctions(input, make),
    ...tellingFunctions(input, make),
    ...apiFunctions(input, make),
    ...pagesFunction(input, make),
  };
}

/** What looks at accounts: only these may take on their roles. */
function observingFunctions(
  { parameters: { roleName }, table, settings, queues, externalId }: FunctionsInput,
  make: Make,
) {
  const environment = { TABLE_NAME: table.name, ROLE_NAME: roleName, EXTERNAL_ID: externalId };
  const scanQueue = { SCAN_QUEUE_URL: queues.scan.queue.url };
  const judgeQueue = { JUDGE_QUEUE_URL: queues.judge.queue.url };
  return {
    planScan: make('PlanScan', {
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
    }),
    scanTarget: make('ScanTarget', {
      handler: 'functions/scan-target.handler',
      description: 'Observes an account in a region',
      timeoutSeconds: TIMEOUT_SECONDS.target,
      memory: '1024 MB',
      environment: { ...environment, ...scanQueue, ...judgeQueue },
    }),
    pulseTarget: make('PulseTarget', {
      handler: 'functions/pulse-target.handler',
      description: 'Reads the counters of subnets at risk',
      timeoutSeconds: TIMEOUT_SECONDS.target,
      memory: '512 MB',
      environment: { ...environment, ...judgeQueue },
    }),
  };
}

/** What makes judgements of what was seen; it asks nothing of any account. */
function judgingFunctions({ table, settings, bus }: FunctionsInput, make: Make) {
  const environment = { TABLE_NAME: table.name, BUS_NAME: bus.name, ...settingsVariables(settings) };
  return {
    judgeVpc: make('JudgeVpc', {
      handler: 'functions/judge-vpc.handler',
      description: 'Judges a VPC: state, series, forecasts, alerts',
      timeoutSeconds: TIMEOUT_SECONDS.judge,
      memory: '1769 MB',
      environment,
    }),
    rollUpFleet: make('RollUpFleet', {
      handler: 'functions/roll-up-fleet.handler',
      description: 'Brings the fleet up to the states that were judged',
      timeoutSeconds: TIMEOUT_SECONDS.rollUp,
      concurrency: AT_ONCE.rollUp,
      memory: '1769 MB',
      environment,
    }),
  };
}

/** What tells people and other systems of alerts. */
function tellingFunctions({ table, settings, bus, mailTopic }: FunctionsInput, make: Make) {
  const environment = { TABLE_NAME: table.name, ...settingsVariables(settings) };
  return {
    notifySlack: make('NotifySlack', {
      handler: 'functions/notify-slack.handler',
      description: 'Tells alerts in Slack',
      timeoutSeconds: TIMEOUT_SECONDS.tell,
      concurrency: AT_ONCE.slack,
      memory: '512 MB',
      environment: { ...environment, SECRETS_PATH: secretsPath() },
      // What draws charts, a WebAssembly module and fonts.
      install: ['@resvg/resvg-wasm', 'dejavu-fonts-ttf'],
    }),
    publishAlerts: make('PublishAlerts', {
      handler: 'functions/publish-alerts.handler',
      description: 'Puts transitions of alerts on the bus, and sends mails',
      timeoutSeconds: TIMEOUT_SECONDS.tell,
      concurrency: AT_ONCE.publish,
      memory: '512 MB',
      environment: { ...environment, BUS_NAME: bus.name, MAIL_TOPIC_ARN: mailTopic.arn },
    }),
  };
}

/** The API in two: most requests only read, and what answers these can change nothing. */
function apiFunctions({ parameters: { issuer }, table, settings, queues, bus }: FunctionsInput, make: Make) {
  const plan = { timeoutSeconds: TIMEOUT_SECONDS.api, memory: '1769 MB' } as const;
  const environment = {
    TABLE_NAME: table.name,
    ...settingsVariables(settings),
    SECRETS_PATH: secretsPath(),
    OIDC_ISSUER: issuer?.url ?? '',
    OIDC_AUDIENCE: issuer?.audience ?? '',
    OIDC_ACCOUNTS_CLAIM: issuer?.accountsClaim ?? '',
  };
  return {
    api: make('Api', {
      ...plan,
      handler: 'functions/api.handler',
      description: 'The REST API: what reads',
      environment: { ...environment, OPENAPI_FILE: 'openapi.json', REFERENCE_FILE: 'api-reference.html' },
      files: [
        { from: 'docs/openapi.json', to: 'openapi.json' },
        { from: 'docs/api-reference.html', to: 'api-reference.html' },
      ],
    }),
    apiWrites: make('ApiWrites', {
      ...plan,
      handler: 'functions/api-writes.handler',
      description: 'The REST API: what changes something, and the actions of Slack',
      environment: { ...environment, SCAN_QUEUE_URL: queues.scan.queue.url, BUS_NAME: bus.name },
    }),
  };
}

/** Only where people can log in. */
function pagesFunction(
  { parameters: { issuer }, table, api }: FunctionsInput,
  make: Make,
): { readonly pages?: sst.aws.Function } {
  if (issuer?.login === undefined) {
    return {};
  }
  const pages = make('Pages', {
    handler: 'functions/pages.handler',
    description: 'The dashboard, for who logs in',
    timeoutSeconds: TIMEOUT_SECONDS.api,
    memory: '1769 MB',
    environment: {
      TABLE_NAME: table.name,
      SECRETS_PATH: secretsPath(),
      OIDC_ISSUER: issuer.url,
      OIDC_AUDIENCE: issuer.audience,
      OIDC_ACCOUNTS_CLAIM: issuer.accountsClaim ?? '',
      OIDC_CLIENT_ID: issuer.login.clientId,
      OIDC_SCOPE: issuer.login.scope ?? '',
      PAGES_URL: api.url,
    },
  });
  return { pages };
}

function settingsVariables(settings: sst.aws.Bucket) {
  return { SETTINGS_BUCKET: settings.name, SETTINGS_FILE };
}
