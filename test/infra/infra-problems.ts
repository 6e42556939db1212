import * as z from 'zod';
import type { EvaluatedResource } from './evaluated-infra.ts';
import { actionsSentBy } from './sent-actions.ts';

/** What must hold of everything that is deployed. Each problem says which resource, what it is and what is wanted. */

const Statement = z.looseObject({ actions: z.array(z.string()), resources: z.array(z.string()) });
const Statements = z.looseObject({ statements: z.array(Statement) });

/** AWS knows no resource for these. */
const UNSCOPED_ACTIONS: ReadonlySet<string> = new Set(['organizations:ListAccounts']);
/** Of any words in it, what a variable that holds a secret is called. */
const SECRET_NAME = /TOKEN|SECRET(?!S_PATH$)|PASSWORD|WEBHOOK|PRIVATE|CREDENTIAL/i;
/** Slack's tokens and webhooks, and AWS's keys. */
const SECRET_VALUE = /xox[a-z]-|hooks\.slack\.com|AKIA[0-9A-Z]{16}|BEGIN [A-Z ]*PRIVATE KEY/;
const PAGES = 'PagesFunction';
/** The two of the API: what reads, and what changes something. */
const READS = 'ApiFunction';
const WRITES = 'ApiWritesFunction';
const OPEN_ROUTES: ReadonlySet<string> = new Set(['GET /healthz', 'POST /slack/actions']);
/** https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html */
const VISIBILITY_FACTOR = 6;
/** The longest that SQS keeps a message: 14 days. */
const DEAD_LETTER_SECONDS = 1_209_600;
/** The longest that Lambda keeps an event that there is no room for: 6 hours. */
const EVENT_AGE_SECONDS = 21_600;
/** What a trigger asks of a function's role, and its code never names: the queue it is fed from, its logs, its dead letters. */
const OF_THE_PLATFORM: readonly string[] = [
  'sqs:ReceiveMessage',
  'sqs:DeleteMessage',
  'sqs:GetQueueAttributes',
  'logs:CreateLogStream',
  'logs:PutLogEvents',
];
/** In its bundle and never sent: who enters accounts is composed with who lists them, which only plan-scan does. */
const COMPOSED_ONLY: Readonly<Record<string, readonly string[]>> = {
  'scan-target': ['organizations:ListAccounts'],
  'pulse-target': ['organizations:ListAccounts'],
};
/** They look at what others keep. */
const LOOKING: ReadonlySet<string> = new Set([PAGES, READS]);
const LOOKING_ACTIONS: readonly string[] = [
  'dynamodb:GetItem',
  'dynamodb:Query',
  'dynamodb:BatchGetItem',
  'ssm:GetParameters',
  's3:GetObject',
  's3:GetObjectVersion',
  's3:ListBucketVersions',
  'logs:CreateLogStream',
  'logs:PutLogEvents',
];

export function infraProblems(resources: readonly EvaluatedResource[]): readonly string[] {
  return [
    ...rolesOf(resources).flatMap(roleProblems),
    ...rolesOf(resources).flatMap((role) => grantProblems(role, resources)),
    ...secretReaders(resources),
    ...pagesProblems(resources),
    ...rolesOf(resources).flatMap(lookingProblems),
    ...unusedBuckets(resources),
    ...ofType(resources, 'aws:sqs/queue:Queue').flatMap((queue) => queueProblems(queue, resources)),
    ...ofType(resources, 'aws:sns/topic:Topic').flatMap((topic) => topicProblems(topic, resources)),
    ...ofType(resources, 'aws:cloudwatch/metricAlarm:MetricAlarm').flatMap(alarmProblems),
    ...ofType(resources, 'aws:lambda/eventSourceMapping:EventSourceMapping').flatMap((mapping) =>
      mappingProblems(mapping, resources),
    ),
    ...ofType(resources, 'aws:scheduler/schedule:Schedule').flatMap(scheduleProblems),
    ...ofType(resources, 'aws:cloudwatch/eventTarget:EventTarget').flatMap((target) => ruleProblems(target, resources)),
    ...ofType(resources, 'aws:lambda/function:Function').flatMap((one) => functionProblems(one, resources)),
    ...ofType(resources, 'aws:lambda/functionUrl:FunctionUrl').map(
      ({ name }) => `${name}: a function has a URL of its own`,
    ),
    ...ofType(resources, 'aws:lambda/permission:Permission').flatMap(({ name, inputs }) =>
      inputs['principal'] === '*' || inputs['sourceArn'] === undefined
        ? [`${name}: anybody of "${inputs['principal']}" may call, expected one source`]
        : [],
    ),
    ...ofType(resources, 'aws:dynamodb/table:Table').flatMap(tableProblems),
    ...ofType(resources, BUCKET).flatMap((bucket) => bucketProblems(bucket, resources)),
    ...ofType(resources, 'aws:cloudwatch/logGroup:LogGroup').flatMap(({ name, inputs }) =>
      typeof inputs['retentionInDays'] === 'number' && inputs['retentionInDays'] > 0
        ? []
        : [`${name}: logs are kept for ever`],
    ),
    ...ofType(resources, 'aws:apigatewayv2/route:Route').flatMap((route) => routeProblems(route, resources)),
    ...ofType(resources, 'aws:apigatewayv2/stage:Stage').flatMap((stage) =>
      Number(at(stage, ['defaultRouteSettings', 'throttlingRateLimit'])) > 0 ? [] : [`${stage.name}: takes any flood`],
    ),
    ...ofType(resources, 'aws:apigatewayv2/api:Api').flatMap(({ name, inputs }) =>
      JSON.stringify(inputs['corsConfiguration'] ?? {}) === '{}' ? [] : [`${name}: other origins may ask`],
    ),
  ];
}

export interface Role {
  readonly name: string;
  /** The function, by its name in `infra/functions.ts`; `undefined` where the role is the Scheduler's. */
  readonly functionName: string | undefined;
  readonly inputs: EvaluatedResource['inputs'];
  readonly statements: readonly z.infer<typeof Statement>[];
}

export function rolesOf(resources: readonly EvaluatedResource[]): readonly Role[] {
  const functions = new Set(ofType(resources, 'aws:lambda/function:Function').map(({ name }) => name));
  return ofType(resources, 'aws:iam/role:Role').map(({ name, inputs }) => {
    const functionName = name.replace(/Role$/, '');
    const inline = z.array(z.looseObject({ policy: z.string() })).parse(inputs['inlinePolicies']);
    return {
      name,
      functionName: functions.has(`${functionName}Function`) ? functionName : undefined,
      inputs,
      statements: inline.flatMap(({ policy }) => Statements.parse(JSON.parse(policy)).statements),
    };
  });
}

export function ofType(resources: readonly EvaluatedResource[], type: string): readonly EvaluatedResource[] {
  return resources.filter((resource) => resource.type === type);
}

function roleProblems({ name, functionName, inputs, statements }: Role): string[] {
  const trusted = JSON.stringify(inputs['assumeRolePolicy']);
  const service = functionName === undefined ? 'scheduler.amazonaws.com' : 'lambda.amazonaws.com';
  const managed = z.array(z.string()).optional().parse(inputs['managedPolicyArns']);
  return [
    ...(managed === undefined || managed.length === 0
      ? []
      : [`${name}: has the managed policies ${managed.join(', ')}`]),
    ...(trusted.includes(service) && !trusted.includes(':root') && !trusted.includes('"AWS"')
      ? []
      : [`${name}: trusts ${trusted}, expected ${service} alone`]),
    ...statements.flatMap(({ actions, resources }) => [
      ...actions
        .filter((action) => action.includes('*'))
        .map((action) => `${name}: may do "${action}", expected actions by name`),
      ...(resources.includes('*') && !actions.every((action) => UNSCOPED_ACTIONS.has(action))
        ? [`${name}: may ${actions.join(', ')} on everything, expected resources by name`]
        : []),
    ]),
  ];
}

/** A function may do just what its code sends. */
function grantProblems({ functionName, statements }: Role, resources: readonly EvaluatedResource[]): string[] {
  const handler = ofType(resources, 'aws:lambda/function:Function').find(
    ({ name }) => name === `${functionName}Function`,
  )?.inputs['handler'];
  if (functionName === undefined || handler === undefined) {
    return [];
  }
  const entry = String(handler).replace(/\.handler$/, '');
  const name = entry.replace('functions/', '');
  const sent = actionsSentBy(`${entry}.ts`).filter((action) => !COMPOSED_ONLY[name]?.includes(action));
  const granted = new Set(
    statements
      .filter(({ resources: on }) => !on.every((arn) => arn.endsWith(':EventDeadLettersQueue')))
      .flatMap(({ actions }) => actions)
      .filter((action) => !OF_THE_PLATFORM.includes(action)),
  );
  return [
    ...sent.filter((action) => !granted.has(action)).map((action) => `${functionName}: sends ${action} and may not`),
    ...[...granted]
      .filter((action) => !sent.includes(action))
      .map((action) => `${functionName}: may ${action} and never sends it`),
  ];
}

/** Their routes are open, since a browser brings no token: they are there only for who can log in, and to look. */
function pagesProblems(resources: readonly EvaluatedResource[]): string[] {
  const pages = ofType(resources, 'aws:lambda/function:Function').filter(({ name }) => name === PAGES);
  const variables = ['OIDC_ISSUER', 'OIDC_AUDIENCE', 'OIDC_CLIENT_ID'];
  return pages.flatMap((one) =>
    variables
      .filter((variable) => (at(one, ['environment', 'variables', variable]) || undefined) === undefined)
      .map((variable) => `${PAGES}: ${variable} is not set, so nobody has to log in with the issuer`),
  );
}

/** Whoever answers what only reads can change nothing, whatever is asked of it. */
function lookingProblems({ functionName, statements }: Role): string[] {
  const name = `${functionName}Function`;
  return statements
    .filter(({ resources: on }) => LOOKING.has(name) && !on.every((arn) => arn.endsWith(':EventDeadLettersQueue')))
    .flatMap(({ actions }) => actions)
    .filter((action) => !LOOKING_ACTIONS.includes(action))
    .map((action) => `${name}: may ${action}, expected to look only`);
}

/** Nothing writes reports yet. */
function unusedBuckets(resources: readonly EvaluatedResource[]): string[] {
  return rolesOf(resources)
    .filter(({ statements }) =>
      statements.some(({ resources: on }) => on.some((arn) => arn.includes(':ReportsBucket'))),
    )
    .map(({ name }) => `${name}: may use the bucket of reports, which nothing writes`);
}

/** Each secret has one reader. */
function secretReaders(resources: readonly EvaluatedResource[]): string[] {
  const readings = rolesOf(resources).flatMap(({ name, statements }) =>
    statements.flatMap((statement) =>
      statement.resources.filter((arn) => arn.includes(':parameter/')).map((arn) => ({ name, arn })),
    ),
  );
  return [...Map.groupBy(readings, ({ arn }) => arn)].flatMap(([arn, readers]) =>
    readers.length === 1 ? [] : [`${arn}: read by ${readers.map(({ name }) => name).join(', ')}, expected one reader`],
  );
}

function queueProblems(queue: EvaluatedResource, resources: readonly EvaluatedResource[]): string[] {
  const isForDeadLetters = queue.name.includes('DeadLetters');
  const alarms = ofType(resources, 'aws:cloudwatch/metricAlarm:MetricAlarm').map(({ inputs }) =>
    JSON.stringify(inputs),
  );
  const queueName = String(queue.inputs['name'] ?? queue.name);
  const kept = Number(queue.inputs['messageRetentionSeconds']);
  return [
    ...(isForDeadLetters && kept !== DEAD_LETTER_SECONDS
      ? [`${queue.name}: keeps dead letters for ${kept} s, expected ${DEAD_LETTER_SECONDS} s`]
      : []),
    ...(isTlsOnly('aws:sqs/queuePolicy:QueuePolicy', queue.name, resources)
      ? []
      : [`${queue.name}: answers without TLS`]),
    ...(queue.inputs['sqsManagedSseEnabled'] === true ? [] : [`${queue.name}: is not encrypted`]),
    ...(isForDeadLetters || typeof queue.inputs['redrivePolicy'] === 'string'
      ? []
      : [`${queue.name}: has no dead letters`]),
    ...(alarms.some((alarm) => alarm.includes(`"${queueName}"`)) ? [] : [`${queue.name}: no alarm watches it`]),
  ];
}

/** AWS's key lets CloudWatch not encrypt: https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html */
function topicProblems({ name, inputs }: EvaluatedResource, resources: readonly EvaluatedResource[]): string[] {
  const policy = policyText('aws:sns/topicPolicy:TopicPolicy', name, resources);
  const isEncrypted = typeof inputs['kmsMasterKeyId'] === 'string';
  const isOfAlarms = policy.includes('cloudwatch.amazonaws.com');
  return [
    ...(isTlsOnly('aws:sns/topicPolicy:TopicPolicy', name, resources) ? [] : [`${name}: answers without TLS`]),
    ...(isEncrypted || isOfAlarms ? [] : [`${name}: is not encrypted`]),
    ...(isEncrypted && isOfAlarms ? [`${name}: CloudWatch cannot encrypt with its key`] : []),
  ];
}

/** The policy of a queue or topic, which names its ARN. */
function policyText(type: string, name: string, resources: readonly EvaluatedResource[]): string {
  const texts = ofType(resources, type).map(({ inputs }) => String(inputs['policy']));
  return texts.find((text) => text.includes(`:${name}"`)) ?? '';
}

function isTlsOnly(type: string, name: string, resources: readonly EvaluatedResource[]): boolean {
  return /"values":\["false"\],"variable":"aws:SecureTransport"\}\],"effect":"Deny"/.test(
    policyText(type, name, resources),
  );
}

function alarmProblems({ name, inputs }: EvaluatedResource): string[] {
  const isTold = ['alarmActions', 'okActions'].every((actions) =>
    JSON.stringify(inputs[actions] ?? []).includes(':AlarmsTopic'),
  );
  const wanted = inputs['comparisonOperator'] === 'LessThanThreshold' ? 'breaching' : 'notBreaching';
  return [
    ...(inputs['name'] === `elbowroom-production-${name}`
      ? []
      : [`${name}: is called "${inputs['name']}", which names no stage`]),
    ...(isTold ? [] : [`${name}: nobody is told`]),
    ...(inputs['treatMissingData'] === wanted
      ? []
      : [`${name}: takes silence as "${inputs['treatMissingData']}", expected "${wanted}"`]),
  ];
}

/** What is started by hints comes in crowds. */
function ruleProblems(target: EvaluatedResource, resources: readonly EvaluatedResource[]): string[] {
  const started = ofType(resources, 'aws:lambda/function:Function').find(({ name }) =>
    String(target.inputs['arn']).endsWith(`:${name}`),
  );
  return [
    ...(has(target, ['deadLetterConfig', 'arn']) ? [] : [`${target.name}: the rule has no dead letters`]),
    ...(Number(started?.inputs['reservedConcurrentExecutions']) > 0
      ? []
      : [`${target.name}: starts any number of ${started?.name} at once`]),
  ];
}

function mappingProblems(mapping: EvaluatedResource, resources: readonly EvaluatedResource[]): string[] {
  const arn = String(mapping.inputs['eventSourceArn']);
  const queue = ofType(resources, 'aws:sqs/queue:Queue').find(({ name }) => arn.endsWith(`:${name}`));
  const taker = ofType(resources, 'aws:lambda/function:Function').find(({ name }) =>
    String(mapping.inputs['functionName']).endsWith(`:${name}`),
  );
  const seconds = Number(taker?.inputs['timeout']);
  const wanted = VISIBILITY_FACTOR * seconds;
  return [
    ...(JSON.stringify(mapping.inputs['functionResponseTypes']) === '["ReportBatchItemFailures"]'
      ? []
      : [`${mapping.name}: one failed message brings its whole batch back`]),
    ...(Number(queue?.inputs['visibilityTimeoutSeconds']) >= wanted
      ? []
      : [
          `${mapping.name}: messages come back after ${queue?.inputs['visibilityTimeoutSeconds']} s, expected ${wanted} s`,
        ]),
  ];
}

function scheduleProblems(schedule: EvaluatedResource): string[] {
  return [
    ...(has(schedule, ['target', 'deadLetterConfig', 'arn']) ? [] : [`${schedule.name}: has no dead letters`]),
    ...(Number(at(schedule, ['target', 'retryPolicy', 'maximumRetryAttempts'])) > 0
      ? []
      : [`${schedule.name}: never tries again`]),
  ];
}

function functionProblems({ name, inputs }: EvaluatedResource, resources: readonly EvaluatedResource[]): string[] {
  const variables = z.record(z.string(), z.string()).parse(at({ inputs }, ['environment', 'variables']));
  const config = ofType(resources, 'aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig').find(
    (one) => one.name === name.replace(/Function$/, 'EventInvokeConfig'),
  );
  return [
    ...(inputs['runtime'] === 'nodejs24.x' && JSON.stringify(inputs['architectures']) === '["arm64"]'
      ? []
      : [
          `${name}: runs ${inputs['runtime']} on ${JSON.stringify(inputs['architectures'])}, expected nodejs24.x on arm64`,
        ]),
    ...(config !== undefined && has(config, ['destinationConfig', 'onFailure', 'destination'])
      ? []
      : [`${name}: events that it fails on are lost`]),
    ...(config?.inputs['maximumEventAgeInSeconds'] === EVENT_AGE_SECONDS
      ? []
      : [`${name}: events that it has no room for are lost early`]),
    ...(has({ inputs }, ['loggingConfig', 'logGroup']) ? [] : [`${name}: its log is nobody's`]),
    ...Object.entries(variables).flatMap(([variable, value]) =>
      SECRET_NAME.test(variable) || SECRET_VALUE.test(value)
        ? [`${name}: the variable ${variable} may hold a secret`]
        : [],
    ),
  ];
}

const BUCKET = 'aws:s3/bucket:Bucket';

/** What a bucket is beside its name is a resource for each. */
function bucketProblems({ name }: EvaluatedResource, resources: readonly EvaluatedResource[]): string[] {
  const textOf = (suffix: string): string =>
    resources
      .filter((one) => one.name === `${name.replace(/Bucket$/, '')}${suffix}`)
      .map(({ inputs }) => JSON.stringify(inputs))
      .join();
  const isPrivate = ['blockPublicAcls', 'blockPublicPolicy', 'ignorePublicAcls', 'restrictPublicBuckets'].every(
    (rule) => textOf('PublicAccessBlock').includes(`"${rule}":true`),
  );
  return [
    ...(isPrivate ? [] : [`${name}: it can be made public`]),
    ...(textOf('Cors') === '' ? [] : [`${name}: other origins may ask`]),
    ...(textOf('Policy').includes('aws:SecureTransport') ? [] : [`${name}: answers without TLS`]),
    ...(textOf('Versioning').includes('"Enabled"') ? [] : [`${name}: what is overwritten is lost`]),
    ...(textOf('Encryption').includes('sseAlgorithm') ? [] : [`${name}: is not encrypted`]),
    ...(textOf('Lifecycle').includes('noncurrentDays') ? [] : [`${name}: old versions are kept for ever`]),
  ];
}

function tableProblems(table: EvaluatedResource): string[] {
  return [
    ...(at(table, ['pointInTimeRecovery', 'enabled']) === true ? [] : [`${table.name}: cannot be recovered`]),
    ...(at(table, ['serverSideEncryption', 'enabled']) === true
      ? []
      : [`${table.name}: is not encrypted by a key of the account`]),
    ...(at(table, ['ttl', 'attributeName']) === 'expiresAt' ? [] : [`${table.name}: nothing expires`]),
    ...(table.inputs['billingMode'] === 'PAY_PER_REQUEST' ? [] : [`${table.name}: is not on demand`]),
  ];
}

function routeProblems({ name, inputs }: EvaluatedResource, resources: readonly EvaluatedResource[]): string[] {
  const route = String(inputs['routeKey']);
  const integration = ofType(resources, 'aws:apigatewayv2/integration:Integration').find(
    (one) => inputs['target'] === `integrations/${one.name}-id`,
  );
  const target = String(integration?.inputs['integrationUri']).split(':').at(-1);
  const wanted = route.startsWith('GET ') ? READS : WRITES;
  const isOpen = inputs['authorizationType'] !== 'JWT' && inputs['authorizationType'] !== 'AWS_IAM';
  return [
    ...(isOpen === (OPEN_ROUTES.has(route) || target === PAGES)
      ? []
      : [`${name}: "${route}" is ${isOpen ? 'open to anybody' : 'closed'}`]),
    ...(target === PAGES || target === wanted ? [] : [`${name}: "${route}" leads to ${target}, expected ${wanted}`]),
  ];
}

function has(resource: Pick<EvaluatedResource, 'inputs'>, path: readonly string[]): boolean {
  return typeof at(resource, path) === 'string';
}

function at({ inputs }: Pick<EvaluatedResource, 'inputs'>, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, key) => z.record(z.string(), z.unknown()).safeParse(value).data?.[key], inputs);
}
