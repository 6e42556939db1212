import * as z from 'zod';
import type { EvaluatedResource } from './evaluated-infra.ts';

/** What must hold of everything that is deployed. Each problem says which resource, what it is and what is wanted. */

const Statement = z.looseObject({ actions: z.array(z.string()), resources: z.array(z.string()) });
const Statements = z.looseObject({ statements: z.array(Statement) });

/** AWS knows no resource for these. */
const UNSCOPED_ACTIONS: ReadonlySet<string> = new Set(['organizations:ListAccounts']);
/** Of any words in it, what a variable that holds a secret is called. */
const SECRET_NAME = /TOKEN|SECRET(?!S_PATH$)|PASSWORD|WEBHOOK|PRIVATE|CREDENTIAL/i;
/** Slack's tokens and webhooks, and AWS's keys. */
const SECRET_VALUE = /xox[a-z]-|hooks\.slack\.com|AKIA[0-9A-Z]{16}|BEGIN [A-Z ]*PRIVATE KEY/;
const OPEN_ROUTES: ReadonlySet<string> = new Set(['GET /healthz', 'POST /slack/actions']);
/** https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html */
const VISIBILITY_FACTOR = 6;

export function infraProblems(resources: readonly EvaluatedResource[]): readonly string[] {
  return [
    ...rolesOf(resources).flatMap(roleProblems),
    ...secretReaders(resources),
    ...ofType(resources, 'aws:sqs/queue:Queue').flatMap((queue) => queueProblems(queue, resources)),
    ...ofType(resources, 'aws:lambda/eventSourceMapping:EventSourceMapping').flatMap((mapping) =>
      mappingProblems(mapping, resources),
    ),
    ...ofType(resources, 'aws:scheduler/schedule:Schedule').flatMap(scheduleProblems),
    ...ofType(resources, 'aws:cloudwatch/eventTarget:EventTarget').flatMap((target) =>
      has(target, ['deadLetterConfig', 'arn']) ? [] : [`${target.name}: the rule has no dead letters`],
    ),
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
    ...ofType(resources, 'aws:apigatewayv2/route:Route').flatMap(routeProblems),
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
  return [
    ...(queue.inputs['sqsManagedSseEnabled'] === true ? [] : [`${queue.name}: is not encrypted`]),
    ...(isForDeadLetters || typeof queue.inputs['redrivePolicy'] === 'string'
      ? []
      : [`${queue.name}: has no dead letters`]),
    ...(alarms.some((alarm) => alarm.includes(`"${queueName}"`)) ? [] : [`${queue.name}: no alarm watches it`]),
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

function routeProblems({ name, inputs }: EvaluatedResource): string[] {
  const route = String(inputs['routeKey']);
  const isOpen = inputs['authorizationType'] !== 'JWT' && inputs['authorizationType'] !== 'AWS_IAM';
  return isOpen === OPEN_ROUTES.has(route) ? [] : [`${name}: "${route}" is ${isOpen ? 'open to anybody' : 'closed'}`];
}

function has(resource: Pick<EvaluatedResource, 'inputs'>, path: readonly string[]): boolean {
  return typeof at(resource, path) === 'string';
}

function at({ inputs }: Pick<EvaluatedResource, 'inputs'>, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, key) => z.record(z.string(), z.unknown()).safeParse(value).data?.[key], inputs);
}
