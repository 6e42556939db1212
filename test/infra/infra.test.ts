import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { PlanScanMessage } from '../../events/plan-scan.ts';
import { RollUpFleetMessage } from '../../events/roll-up-fleet.ts';
import { TellAlertsMessage } from '../../events/tell-alerts.ts';
import { READ_ROUTES } from '../../lib/api/read-routes.ts';
import type { Route } from '../../lib/api/route.ts';
import { WRITE_ROUTES } from '../../lib/api/write-routes.ts';
import { DEPLOYED_PARTS } from '../../lib/local/cost/deployed-parts.ts';
import { SETTINGS_KEY } from '../../lib/wiring/settings-bucket.ts';
import { aPagesWorld } from '../dashboard/pages-world.ts';
import { commandOutput } from '../helpers/commands.ts';
import {
  type EvaluatedInfra,
  type EvaluatedResource,
  evaluateInfra,
  hasSstPlatform,
  SST_NOTE,
} from './evaluated-infra.ts';
import { infraProblems, ofType, rolesOf } from './infra-problems.ts';

const EVALUATED_WITHIN_MS = 120_000;

const WITH_ISSUER = { ELBOWROOM_OIDC_ISSUER: 'https://login.example.com', ELBOWROOM_OIDC_AUDIENCE: 'elbowroom' };

const Target = z.looseObject({ arn: z.string(), input: z.string() });
const Environment = z.looseObject({ variables: z.record(z.string(), z.string()) });
const ResourcePolicy = z.object({
  statements: z.array(
    z.looseObject({
      effect: z.string(),
      actions: z.array(z.string()),
      principals: z.unknown(),
      conditions: z.unknown(),
    }),
  ),
});
/** What the clock starts. */
const SCHEDULED: Readonly<Record<string, z.ZodMiniType>> = {
  'plan-scan': PlanScanMessage,
  'roll-up-fleet': RollUpFleetMessage,
  'notify-slack': TellAlertsMessage,
  'publish-alerts': TellAlertsMessage,
};

describe.skipIf(!hasSstPlatform())(`sst: what infra/ deploys (${SST_NOTE})`, () => {
  let infra: EvaluatedInfra;
  let withLogin: EvaluatedInfra;
  beforeAll(async () => {
    infra = await evaluateInfra();
    withLogin = await evaluateInfra({ ...WITH_ISSUER, ELBOWROOM_OIDC_CLIENT_ID: 'elbowroom-pages' });
  }, EVALUATED_WITHIN_MS);

  it('has no problem that is looked for', () => {
    expect(infraProblems(infra.resources)).toEqual([]);
    expect(infraProblems(withLogin.resources)).toEqual([]);
  });

  it('calls each function after its file, by which what it sends is found', () => {
    const functions = ofType(withLogin.resources, 'aws:lambda/function:Function');
    expect(functions.map(({ inputs }) => inputs['handler'])).toEqual(
      functions.map(({ name }) => `functions/${kebab(name.replace(/Function$/, ''))}.handler`),
    );
  });

  it('documents what each function may do: what it may is there, and what is there it may', () => {
    const documented = documentedPermissions(readFileSync('docs/permissions.md', 'utf8'));
    const roles = rolesOf(withLogin.resources).filter(({ functionName }) => functionName !== undefined);
    for (const { functionName = '', statements } of roles) {
      const granted = statements.flatMap(({ actions, resources }) =>
        actions.flatMap((action) => resources.map((arn) => `${action} on ${resourceOf(arn, functionName)}`)),
      );
      const ofAll = documented.get('Every function') ?? [];
      expect(new Set(granted), functionName).toEqual(new Set([...(documented.get(functionName) ?? []), ...ofAll]));
    }
    expect([...documented.keys()]).toEqual(
      expect.arrayContaining(roles.map(({ functionName }) => functionName ?? '').concat('Every function')),
    );
    expect(documented.size).toBe(roles.length + 1);
  });

  it('lets the Scheduler start one function by each schedule, and put what it cannot start to the dead letters', () => {
    const schedules = ofType(infra.resources, 'aws:scheduler/schedule:Schedule');
    const roles = rolesOf(infra.resources).filter(({ functionName }) => functionName === undefined);
    expect(roles.map(({ name }) => name).toSorted()).toEqual(
      schedules.map(({ name }) => name.replace(/Schedule$/, 'Role')).toSorted(),
    );
    for (const { name, statements } of roles) {
      const schedule = schedules.find((one) => one.name === name.replace(/Role$/, 'Schedule'));
      expect(statements, name).toMatchObject([
        { actions: ['lambda:InvokeFunction'], resources: [Target.parse(schedule?.inputs['target']).arn] },
        { actions: ['sqs:SendMessage'], resources: ['arn:aws:sqs:eu-central-1:123456789012:EventDeadLettersQueue'] },
      ]);
    }
  });

  it('lets of services only the bus put dead letters, and alarms publish, each for what is of this account', () => {
    const policies = ['aws:sqs/queuePolicy:QueuePolicy', 'aws:sns/topicPolicy:TopicPolicy'].flatMap((type) =>
      ofType(infra.resources, type),
    );
    const allowed = policies.flatMap(({ name, inputs }) =>
      ResourcePolicy.parse(JSON.parse(String(inputs['policy'])))
        .statements.filter(({ effect }) => effect === 'Allow')
        .map(({ actions, principals, conditions }) => ({ name, actions, principals, conditions })),
    );
    expect(allowed.toSorted((a, b) => a.name.localeCompare(b.name))).toEqual([
      {
        name: 'AlarmsPolicy',
        actions: ['sns:Publish'],
        principals: [{ type: 'Service', identifiers: ['cloudwatch.amazonaws.com'] }],
        conditions: [ofSource('arn:aws:cloudwatch:eu-central-1:123456789012:alarm:*')],
      },
      {
        name: 'EventDeadLettersPolicy',
        actions: ['sqs:SendMessage'],
        principals: [{ type: 'Service', identifiers: ['events.amazonaws.com'] }],
        conditions: [ofSource('arn:aws:events:eu-central-1:123456789012:rule/*')],
      },
    ]);
  });

  it('lets whoever runs under the settings read that object and no other', () => {
    const bucketArn = 'arn:aws:s3:eu-central-1:123456789012:SettingsBucket';
    const readers = rolesOf(infra.resources).flatMap(({ functionName, statements }) => {
      const granted = statements.filter(({ actions }) => actions.some((action) => action.startsWith('s3:')));
      return functionName === undefined || granted.length === 0 ? [] : [{ functionName, granted }];
    });
    expect(readers.map(({ functionName }) => functionName).toSorted()).toEqual([
      'Api',
      'ApiWrites',
      'JudgeVpc',
      'NotifySlack',
      'PlanScan',
      'PublishAlerts',
      'RollUpFleet',
    ]);
    for (const { granted } of readers) {
      expect(granted).toMatchObject([
        { actions: ['s3:GetObject', 's3:GetObjectVersion'], resources: [`${bucketArn}/${SETTINGS_KEY}`] },
        { actions: ['s3:ListBucketVersions'], resources: [bucketArn] },
      ]);
    }
  });

  it('ships the settings beside whoever runs under them, where it is told', () => {
    const functions = ofType(infra.resources, 'aws:lambda/function:Function').map(({ name, inputs }) => ({
      name: name.replace(/Function$/, ''),
      settingsFile: Environment.parse(inputs['environment']).variables['SETTINGS_FILE'],
    }));
    const readers = functions.filter(({ settingsFile }) => settingsFile !== undefined);
    expect(readers).toHaveLength(DEPLOYED_PARTS.underSettings);
    for (const { name, settingsFile } of readers) {
      expect(settingsFile).toBe(SETTINGS_KEY);
      expect(readFileSync(`.sst/artifacts/${name}/code.zip`).includes(SETTINGS_KEY), name).toBe(true);
    }
  });

  it('leads each route of the API to the function that answers it', () => {
    const led = new Map(routesOf(infra).map(({ route, functionName }) => [route, functionName]));
    const functionOf = ({ method, path }: Pick<Route, 'method' | 'path'>): string | undefined => {
      const verb = method.toUpperCase();
      // The most specific one wins: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
      const greedy = path.startsWith('/v1/') ? [`${verb} /v1/{path+}`, `${verb} /{path+}`] : [`${verb} /{path+}`];
      return [`${verb} ${path}`, ...greedy].map((route) => led.get(route)).find((name) => name !== undefined);
    };
    expect(READ_ROUTES.map(functionOf).filter((name) => name !== 'ApiFunction')).toEqual([]);
    expect(WRITE_ROUTES.map(functionOf).filter((name) => name !== 'ApiWritesFunction')).toEqual([]);
  });

  it('starts every function: by a queue, the clock, the bus or the API', () => {
    const started = [
      ...ofType(infra.resources, 'aws:lambda/eventSourceMapping:EventSourceMapping').map(
        ({ inputs }) => inputs['functionName'],
      ),
      ...ofType(infra.resources, 'aws:scheduler/schedule:Schedule').map(({ inputs }) =>
        JSON.stringify(inputs['target']),
      ),
      ...ofType(infra.resources, 'aws:apigatewayv2/integration:Integration').map(
        ({ inputs }) => inputs['integrationUri'],
      ),
    ].join(' ');
    const idle = ofType(infra.resources, 'aws:lambda/function:Function').filter(
      ({ name }) => !started.includes(`:${name}`),
    );
    expect(idle.map(({ name }) => name)).toEqual([]);
  });

  it('plans a scan an hour and pulses between, by the time that the Scheduler meant', () => {
    const schedules = ofType(infra.resources, 'aws:scheduler/schedule:Schedule').map(({ name, inputs }) => ({
      name,
      when: inputs['scheduleExpression'],
      // What a schedule sends is a document of its own.
      input: JSON.parse(Target.parse(inputs['target']).input),
    }));
    expect(schedules.toSorted((a, b) => a.name.localeCompare(b.name))).toMatchInlineSnapshot(`
      [
        {
          "input": {
            "scheduledAt": "<aws.scheduler.scheduled-time>",
          },
          "name": "AlertSweepSchedule",
          "when": "rate(5 minutes)",
        },
        {
          "input": {
            "kind": "scan",
            "pulseScope": "at-risk",
            "scheduledAt": "<aws.scheduler.scheduled-time>",
          },
          "name": "HourlyScanSchedule",
          "when": "cron(0 * * * ? *)",
        },
        {
          "input": {
            "kind": "pulse",
            "pulseScope": "at-risk",
            "scheduledAt": "<aws.scheduler.scheduled-time>",
          },
          "name": "PulseSchedule",
          "when": "cron(15,30,45 * * * ? *)",
        },
        {
          "input": {
            "scheduledAt": "<aws.scheduler.scheduled-time>",
          },
          "name": "RollUpSchedule",
          "when": "cron(1/15 * * * ? *)",
        },
        {
          "input": {
            "scheduledAt": "<aws.scheduler.scheduled-time>",
          },
          "name": "SlackSweepSchedule",
          "when": "rate(5 minutes)",
        },
      ]
    `);
  });

  it('sends each function what its contract says, once the Scheduler has put the time in', () => {
    const sent = ofType(infra.resources, 'aws:scheduler/schedule:Schedule').map(({ inputs }) => {
      const { arn, input } = Target.parse(inputs['target']);
      const name = kebab(
        arn
          .split(':')
          .at(-1)
          ?.replace(/Function$/, '') ?? '',
      );
      const event = JSON.parse(input.replaceAll('<aws.scheduler.scheduled-time>', '2026-11-23T08:00:00Z'));
      return { name, problems: SCHEDULED[name]?.safeParse(event).error?.issues };
    });
    expect(new Set(sent.map(({ name }) => name))).toEqual(new Set(Object.keys(SCHEDULED)));
    expect(sent.flatMap(({ problems }) => problems ?? [])).toEqual([]);
  });

  it('tells what to do about each alarm, and about none that there is not', () => {
    const runbook = readFileSync('docs/operating.md', 'utf8');
    const pages = [...runbook.matchAll(/^## (.*)$/gm)].map(([, heading = '']) =>
      heading.toLowerCase().replaceAll(' ', '-'),
    );
    const alarms = ofType(infra.resources, 'aws:cloudwatch/metricAlarm:MetricAlarm');
    const named = alarms.map(
      ({ inputs }) => /docs\/operating\.md#(\S+)$/.exec(String(inputs['alarmDescription']))?.[1],
    );
    expect(new Set(named)).toEqual(new Set(pages.filter((page) => page !== 'without-an-alarm')));
  });

  it('documents each variable that a deployment is told by', () => {
    const read = [...readFileSync('infra/parameters.ts', 'utf8').matchAll(/^ {2}(ELBOWROOM_\w+): \{/gm)];
    const [, step = ''] = readFileSync('docs/deploying.md', 'utf8')
      .split(/^## /m)
      .filter((text) => /^\d/.test(text));
    const documented = [...step.matchAll(/`(ELBOWROOM_\w+)`/g)];
    expect(read.length).toBeGreaterThan(0);
    expect(new Set(documented.map(([, name]) => name))).toEqual(new Set(read.map(([, name]) => name)));
  });

  it('shows what waits, what fails and what the table takes on one page', () => {
    const [dashboard] = ofType(infra.resources, 'aws:cloudwatch/dashboard:Dashboard');
    const body = JSON.parse(String(dashboard?.inputs['dashboardBody']));
    expect(body.widgets.map(({ properties }: { properties: { title: string } }) => properties.title)).toEqual([
      'Targets of scans',
      'Age of what is known of nine in ten subnets, at the most, seconds',
      'Age of the oldest message, seconds',
      'Dead letters',
      'Errors of functions',
      'Throttles of functions',
      'Duration of functions, p95, milliseconds',
      'Events that wait with Lambda, oldest, milliseconds',
      'Units the table takes',
    ]);
  });

  it('is what the bill of a month counts', () => {
    const functions = ofType(infra.resources, 'aws:lambda/function:Function');
    const workQueues = ofType(infra.resources, 'aws:sqs/queue:Queue').filter(
      ({ name }) => !name.includes('DeadLetters'),
    );
    const memoryMb = functions.map(({ name, inputs }) => [
      `${name.charAt(0).toLowerCase()}${name.slice(1)}`.replace(/Function$/, ''),
      inputs['memorySize'],
    ]);
    expect(Object.fromEntries(memoryMb)).toMatchObject(DEPLOYED_PARTS.memoryMb);
    const isFifo = ({ inputs }: EvaluatedResource) => inputs['fifoQueue'] === true;
    expect({
      functions: functions.length,
      underSettings: functions.filter(({ inputs }) => JSON.stringify(inputs).includes('SETTINGS_BUCKET')).length,
      workQueues: {
        fifo: workQueues.filter(isFifo).length,
        standard: workQueues.filter((queue) => !isFifo(queue)).length,
      },
      alarms: ofType(infra.resources, 'aws:cloudwatch/metricAlarm:MetricAlarm').length,
      dashboards: ofType(infra.resources, 'aws:cloudwatch/dashboard:Dashboard').length,
    }).toEqual({
      functions: DEPLOYED_PARTS.functions,
      underSettings: DEPLOYED_PARTS.underSettings,
      workQueues: DEPLOYED_PARTS.workQueues,
      alarms: DEPLOYED_PARTS.alarms,
      dashboards: DEPLOYED_PARTS.dashboards,
    });
  });

  it('keeps the table of production when the stage is removed, and lets that of another stage go', async () => {
    const other = await evaluateInfra({ STAGE: 'trial' });
    const isKept = ({ resources }: EvaluatedInfra) =>
      ofType(resources, 'aws:dynamodb/table:Table')[0]?.inputs['deletionProtectionEnabled'];
    expect([isKept(infra), isKept(other)]).toEqual([true, false]);
  });

  it('asks for tokens of the issuer where there is one, and for signed requests where there is none', async () => {
    const withIssuer = await evaluateInfra(WITH_ISSUER);
    const typesOf = ({ resources }: EvaluatedInfra) =>
      new Set(ofType(resources, 'aws:apigatewayv2/route:Route').map(({ inputs }) => inputs['authorizationType']));
    expect(typesOf(infra)).toEqual(new Set(['NONE', 'AWS_IAM']));
    expect(typesOf(withIssuer)).toEqual(new Set(['NONE', 'JWT']));
    expect(infraProblems(withIssuer.resources)).toEqual([]);
    expect(functionNames(withIssuer)).toEqual(functionNames(infra));
  });

  it('shows pages only where people can log in, each by a route of its own', async () => {
    expect(functionNames(withLogin)).toEqual([...functionNames(infra), 'PagesFunction'].toSorted());
    const watched = ofType(withLogin.resources, 'aws:cloudwatch/metricAlarm:MetricAlarm').map(({ name }) => name);
    const [dashboard] = ofType(withLogin.resources, 'aws:cloudwatch/dashboard:Dashboard');
    expect(watched).toContain('PagesFails');
    expect(String(dashboard?.inputs['dashboardBody'])).toContain('elbowroom-production-Pages');
    const { app, issuer } = await aPagesWorld();
    await issuer.stop();
    const pages = app.routes.map(({ method, path }) => `${method} ${path}`);
    const added = routeKeys(withLogin).filter((route) => !routeKeys(infra).includes(route));
    expect(added.toSorted()).toEqual([...new Set(pages)].toSorted());
  });

  it.each([
    [{ ELBOWROOM_OIDC_ISSUER: 'https://login.example.com' }, 'ELBOWROOM_OIDC_AUDIENCE is not set'],
    [{ ELBOWROOM_OIDC_ISSUER: 'http://login.example.com', ELBOWROOM_OIDC_AUDIENCE: 'a' }, 'expected the https URL'],
    [{ ELBOWROOM_OIDC_CLIENT_ID: 'pages' }, 'ELBOWROOM_OIDC_CLIENT_ID is set, and ELBOWROOM_OIDC_ISSUER is not'],
    [
      { ...WITH_ISSUER, ELBOWROOM_OIDC_SCOPE: 'openid' },
      'ELBOWROOM_OIDC_SCOPE is set, and ELBOWROOM_OIDC_CLIENT_ID is',
    ],
    [{ ELBOWROOM_OIDC_SCOPE: 'elbowroom:read' }, 'expected scopes, words apart, "openid" among them'],
    [{ ELBOWROOM_ALARM_EMAIL: 'nobody' }, 'expected an e-mail address'],
    [{ ELBOWROOM_ROLE_NAME: 'a/b' }, 'expected the name of an IAM role'],
  ])('refuses %j', async (variables, reason) => {
    await expect(evaluateInfra(variables)).rejects.toThrow(reason);
  });

  it('is typed as SST and its AWS provider want it', async () => {
    await expect(commandOutput('npx', ['tsc', '-p', 'infra'], {})).resolves.toBe('');
  });

  describe('would catch', () => {
    const seeded = (change: (resource: EvaluatedResource) => EvaluatedResource | undefined): readonly string[] =>
      infraProblems(withLogin.resources.flatMap((resource) => change(resource) ?? []));
    const withInputs = (resource: EvaluatedResource, inputs: Record<string, unknown>): EvaluatedResource => ({
      ...resource,
      inputs: { ...resource.inputs, ...inputs },
    });
    const onlyOf =
      (type: string, name: string, change: (resource: EvaluatedResource) => EvaluatedResource | undefined) =>
      (resource: EvaluatedResource): EvaluatedResource | undefined =>
        resource.type === type && resource.name === name ? change(resource) : resource;
    const ROLE = 'aws:iam/role:Role';
    const TABLE = 'aws:dynamodb/table:Table';
    const INVOKE_CONFIG = 'aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig';
    const targetOf = (functionName: string): string => {
      const integration = ofType(withLogin.resources, 'aws:apigatewayv2/integration:Integration').find(({ inputs }) =>
        String(inputs['integrationUri']).endsWith(`:${functionName}`),
      );
      return `integrations/${integration?.name}-id`;
    };
    const routedTo = (route: string, functionName: string) => (resource: EvaluatedResource) =>
      resource.inputs['routeKey'] === route ? withInputs(resource, { target: targetOf(functionName) }) : resource;
    const replaced = (from: string, to: string) => (resource: EvaluatedResource) => {
      const text = JSON.stringify(resource.inputs);
      expect(text).toContain(from);
      return { ...resource, inputs: JSON.parse(text.replace(from, to)) };
    };

    it.each<[string, (resource: EvaluatedResource) => EvaluatedResource | undefined, RegExp]>([
      [
        'a wildcard action',
        onlyOf(ROLE, 'JudgeVpcRole', replaced('dynamodb:Query', 'dynamodb:*')),
        /JudgeVpcRole: may do "dynamodb:\*"/,
      ],
      [
        'an action that is missing',
        onlyOf(ROLE, 'JudgeVpcRole', replaced('dynamodb:Query', 'dynamodb:Scan')),
        /JudgeVpc: sends dynamodb:Query and may not/,
      ],
      [
        'an action that nothing sends',
        onlyOf(ROLE, 'RollUpFleetRole', replaced('dynamodb:BatchGetItem', 'dynamodb:Scan')),
        /RollUpFleet: may dynamodb:Scan and never sends it/,
      ],
      [
        'a role that everybody in the account may take on',
        onlyOf(ROLE, 'ApiRole', (role) =>
          withInputs(role, { assumeRolePolicy: '{"lambda.amazonaws.com":"arn:aws:iam::123456789012:root"}' }),
        ),
        /ApiRole: trusts/,
      ],
      [
        'a managed policy',
        onlyOf(ROLE, 'ApiRole', (role) =>
          withInputs(role, { managedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess'] }),
        ),
        /managed policies/,
      ],
      [
        'a queue without dead letters',
        onlyOf('aws:sqs/queue:Queue', 'ScanQueue', (queue) => withInputs(queue, { redrivePolicy: undefined })),
        /ScanQueue: has no dead letters/,
      ],
      [
        'a queue that is not encrypted',
        onlyOf('aws:sqs/queue:Queue', 'JudgeQueue', (queue) => withInputs(queue, { sqsManagedSseEnabled: undefined })),
        /JudgeQueue: is not encrypted/,
      ],
      [
        'a queue that answers without TLS',
        onlyOf('aws:sqs/queuePolicy:QueuePolicy', 'PulsePolicy', () => undefined),
        /PulseQueue: answers without TLS/,
      ],
      [
        'dead letters that are gone after a few days',
        onlyOf('aws:sqs/queue:Queue', 'EventDeadLettersQueue', (queue) =>
          withInputs(queue, { messageRetentionSeconds: undefined }),
        ),
        /EventDeadLettersQueue: keeps dead letters for NaN s/,
      ],
      [
        'a topic that answers without TLS',
        onlyOf('aws:sns/topicPolicy:TopicPolicy', 'AlarmsPolicy', replaced('Deny', 'Allow')),
        /AlarmsTopic: answers without TLS/,
      ],
      [
        'a topic that is not encrypted',
        onlyOf('aws:sns/topic:Topic', 'AlertMailsTopic', (topic) => withInputs(topic, { kmsMasterKeyId: undefined })),
        /AlertMailsTopic: is not encrypted/,
      ],
      [
        'a topic that CloudWatch cannot publish to',
        onlyOf('aws:sns/topic:Topic', 'AlarmsTopic', (topic) => withInputs(topic, { kmsMasterKeyId: 'alias/aws/sns' })),
        /AlarmsTopic: CloudWatch cannot encrypt with its key/,
      ],
      [
        'an alarm that nobody hears',
        onlyOf('aws:cloudwatch/metricAlarm:MetricAlarm', 'NoRollUp', (alarm) =>
          withInputs(alarm, { alarmActions: [] }),
        ),
        /NoRollUp: nobody is told/,
      ],
      [
        'an alarm that is silent where everything stopped',
        onlyOf('aws:cloudwatch/metricAlarm:MetricAlarm', 'NoRunInTwoHours', (alarm) =>
          withInputs(alarm, { treatMissingData: 'missing' }),
        ),
        /NoRunInTwoHours: takes silence as "missing", expected "breaching"/,
      ],
      [
        'hints that start any number at once',
        onlyOf('aws:lambda/function:Function', 'NotifySlackFunction', (one) =>
          withInputs(one, { reservedConcurrentExecutions: undefined }),
        ),
        /SlackHintTarget: starts any number of NotifySlackFunction at once/,
      ],
      [
        'events that are lost where there is no room for them',
        onlyOf(
          'aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig',
          'NotifySlackEventInvokeConfig',
          (config) => withInputs(config, { maximumEventAgeInSeconds: 60 }),
        ),
        /NotifySlackFunction: events that it has no room for are lost early/,
      ],
      [
        'a function that may use reports before there are any',
        onlyOf(ROLE, 'ApiRole', replaced(':SettingsBucket/elbowroom.settings.json', ':ReportsBucket/*')),
        /ApiRole: may use the bucket of reports/,
      ],
      [
        'an API that takes any flood',
        onlyOf('aws:apigatewayv2/stage:Stage', 'HttpApiStage', replaced('throttlingRateLimit', 'ignored')),
        /HttpApiStage: takes any flood/,
      ],
      [
        'dead letters that nobody watches',
        onlyOf('aws:cloudwatch/metricAlarm:MetricAlarm', 'ScanDeadLettered', () => undefined),
        /ScanDeadLettersQueue: no alarm/,
      ],
      [
        'a public function URL',
        (resource) =>
          resource.name === 'ApiFunction' ? { ...resource, type: 'aws:lambda/functionUrl:FunctionUrl' } : resource,
        /a function has a URL of its own/,
      ],
      [
        'an action on everything',
        onlyOf(ROLE, 'ScanTargetRole', replaced('arn:aws:sqs:eu-central-1:123456789012:JudgeQueue', '*')),
        /ScanTargetRole: may sqs:SendMessage on everything/,
      ],
      [
        'a function on another runtime',
        onlyOf('aws:lambda/function:Function', 'ApiFunction', (one) => withInputs(one, { runtime: 'nodejs20.x' })),
        /ApiFunction: runs nodejs20.x/,
      ],
      [
        'a function whose log nobody made',
        onlyOf('aws:lambda/function:Function', 'ApiFunction', (one) => withInputs(one, { loggingConfig: undefined })),
        /ApiFunction: its log is nobody's/,
      ],
      [
        'events that are lost where a function fails on them',
        onlyOf(INVOKE_CONFIG, 'PlanScanEventInvokeConfig', (config) =>
          withInputs(config, { destinationConfig: undefined }),
        ),
        /PlanScanFunction: events that it fails on are lost/,
      ],
      [
        'a function that whatever API may call',
        (resource) =>
          resource.type === 'aws:lambda/permission:Permission'
            ? withInputs(resource, { sourceArn: undefined })
            : resource,
        /anybody of "apigateway.amazonaws.com" may call/,
      ],
      [
        'a rule without dead letters',
        onlyOf('aws:cloudwatch/eventTarget:EventTarget', 'BusSubscriberSlackHintTarget', (target) =>
          withInputs(target, { deadLetterConfig: undefined }),
        ),
        /SlackHintTarget: the rule has no dead letters/,
      ],
      [
        'a batch that comes back whole',
        (resource) => withInputs(resource, { functionResponseTypes: undefined }),
        /one failed message brings its whole batch back/,
      ],
      [
        'a schedule that tries once',
        onlyOf('aws:scheduler/schedule:Schedule', 'PulseSchedule', replaced('retryPolicy', 'ignored')),
        /PulseSchedule: never tries again/,
      ],
      [
        'an alarm that names no stage',
        onlyOf('aws:cloudwatch/metricAlarm:MetricAlarm', 'NoRollUp', (alarm) => withInputs(alarm, { name: undefined })),
        /NoRollUp: is called "undefined", which names no stage/,
      ],
      [
        'an API that other origins may ask',
        onlyOf('aws:apigatewayv2/api:Api', 'HttpApiApi', (api) =>
          withInputs(api, { corsConfiguration: { allowOrigins: ['*'] } }),
        ),
        /HttpApiApi: other origins may ask/,
      ],
      [
        "a table by nobody's key",
        onlyOf(TABLE, 'TableTable', (table) => withInputs(table, { serverSideEncryption: undefined })),
        /is not encrypted by a key of the account/,
      ],
      [
        'a table in which nothing expires',
        onlyOf(TABLE, 'TableTable', (table) => withInputs(table, { ttl: undefined })),
        /nothing expires/,
      ],
      [
        'a table that is paid for by the hour',
        onlyOf(TABLE, 'TableTable', (table) => withInputs(table, { billingMode: 'PROVISIONED' })),
        /is not on demand/,
      ],
      [
        'a table without recovery',
        onlyOf(TABLE, 'TableTable', (table) => withInputs(table, { pointInTimeRecovery: { enabled: false } })),
        /cannot be recovered/,
      ],
      [
        'a secret in an environment variable',
        onlyOf('aws:lambda/function:Function', 'NotifySlackFunction', replaced('"TABLE_NAME"', '"SLACK_BOT_TOKEN"')),
        /SLACK_BOT_TOKEN may hold a secret/,
      ],
      [
        'a secret with a harmless name',
        onlyOf('aws:lambda/function:Function', 'NotifySlackFunction', replaced('elbowroom.settings.json', 'xoxb-1234')),
        /may hold a secret/,
      ],
      [
        'an open route',
        (resource) =>
          resource.inputs['routeKey'] === 'GET /{path+}'
            ? withInputs(resource, { authorizationType: 'NONE' })
            : resource,
        /"GET \/\{path\+\}" is open to anybody/,
      ],
      [
        'pages for whoever comes',
        onlyOf('aws:lambda/function:Function', 'PagesFunction', replaced('https://login.example.com', '')),
        /PagesFunction: OIDC_ISSUER is not set/,
      ],
      [
        'pages that write',
        onlyOf(ROLE, 'PagesRole', replaced('dynamodb:Query', 'dynamodb:PutItem')),
        /PagesFunction: may dynamodb:PutItem, expected to look only/,
      ],
      [
        'pages whose routes lead to the API',
        (resource) =>
          resource.type === 'aws:apigatewayv2/integration:Integration'
            ? {
                ...resource,
                inputs: JSON.parse(JSON.stringify(resource.inputs).replace('PagesFunction', 'ApiFunction')),
              }
            : resource,
        /"POST \/logout" is open to anybody/,
      ],
      [
        'a route that changes something at what only reads',
        routedTo('POST /v1/{path+}', 'ApiFunction'),
        /"POST \/v1\/\{path\+\}" leads to ApiFunction, expected ApiWritesFunction/,
      ],
      [
        'actions of Slack at what only reads',
        routedTo('POST /slack/actions', 'ApiFunction'),
        /"POST \/slack\/actions" leads to ApiFunction, expected ApiWritesFunction/,
      ],
      [
        'a route that reads at what changes something',
        routedTo('GET /{path+}', 'ApiWritesFunction'),
        /"GET \/\{path\+\}" leads to ApiWritesFunction, expected ApiFunction/,
      ],
      [
        'an API that reads and may write',
        onlyOf(ROLE, 'ApiRole', replaced('dynamodb:Query', 'dynamodb:PutItem')),
        /ApiFunction: may dynamodb:PutItem, expected to look only/,
      ],
      [
        'an API that reads and may send scans',
        onlyOf(ROLE, 'ApiRole', replaced('dynamodb:Query', 'sqs:SendMessage')),
        /ApiFunction: may sqs:SendMessage, expected to look only/,
      ],
      [
        'a schedule without dead letters',
        onlyOf('aws:scheduler/schedule:Schedule', 'RollUpSchedule', replaced('deadLetterConfig', 'ignored')),
        /RollUpSchedule: has no dead letters/,
      ],
      [
        'logs that are kept for ever',
        onlyOf('aws:cloudwatch/logGroup:LogGroup', 'ApiLogGroup', (group) =>
          withInputs(group, { retentionInDays: undefined }),
        ),
        /ApiLogGroup: logs are kept for ever/,
      ],
      [
        'a bucket that can be made public',
        onlyOf('aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock', 'SettingsPublicAccessBlock', () => undefined),
        /SettingsBucket: it can be made public/,
      ],
      [
        'a bucket that answers without TLS',
        onlyOf('aws:s3/bucketPolicy:BucketPolicy', 'SettingsPolicy', () => undefined),
        /SettingsBucket: answers without TLS/,
      ],
      [
        'a bucket of reports that answers without TLS',
        onlyOf('aws:s3/bucketPolicy:BucketPolicy', 'ReportsPolicy', () => undefined),
        /ReportsBucket: answers without TLS/,
      ],
      [
        'a bucket without versions',
        onlyOf('aws:s3/bucketVersioning:BucketVersioning', 'SettingsVersioning', replaced('Enabled', 'Suspended')),
        /SettingsBucket: what is overwritten is lost/,
      ],
      [
        'a bucket that nobody encrypts',
        onlyOf(
          'aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration',
          'SettingsEncryption',
          () => undefined,
        ),
        /SettingsBucket: is not encrypted/,
      ],
      [
        'a bucket that keeps everything for ever',
        onlyOf(
          'aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration',
          'SettingsLifecycle',
          () => undefined,
        ),
        /SettingsBucket: old versions are kept for ever/,
      ],
      [
        'a second reader of a secret',
        onlyOf(ROLE, 'NotifySlackRole', replaced('slack-bot-token', 'slack-signing-secret')),
        /slack-signing-secret: read by NotifySlackRole, ApiWritesRole/,
      ],
      [
        'messages that come back too early',
        onlyOf('aws:sqs/queue:Queue', 'ScanQueue', (queue) => withInputs(queue, { visibilityTimeoutSeconds: 30 })),
        /come back after 30 s/,
      ],
    ])('%s', (_, change, problem) => {
      expect(seeded(change).join('\n')).toMatch(problem);
    });
  });
});

function ofSource(arn: string) {
  return { test: 'ArnLike', variable: 'aws:SourceArn', values: [arn] };
}

/** `action on resource` of each row, by the heading of the function. */
function documentedPermissions(document: string): ReadonlyMap<string, readonly string[]> {
  const sections = document.split(/^### /m).slice(1);
  const rowsOf = (section: string) => [...section.matchAll(/^\| (`\w+:.*?) \| (.*?) \|.*\|.*\|$/gm)];
  const codes = (text: string) => [...text.matchAll(/`([^`]+)`/g)].map(([, code]) => code);
  return new Map(
    sections
      .map((section): [string, readonly string[]] => [
        section.slice(0, section.indexOf('\n')),
        rowsOf(section).flatMap(([, actions = '', on = '']) =>
          codes(actions).flatMap((action) => codes(on).map((resource) => `${action} on ${resource}`)),
        ),
      ])
      .filter(([, permissions]) => permissions.length > 0),
  );
}

/** What the ARNs of the evaluation are called in the document. */
const RESOURCES: Readonly<Record<string, string>> = {
  'dynamodb:eu-central-1:123456789012:TableTable': 'table',
  's3:eu-central-1:123456789012:SettingsBucket/elbowroom.settings.json': 'settings-object',
  's3:eu-central-1:123456789012:SettingsBucket': 'settings-bucket',
  'sqs:eu-central-1:123456789012:ScanQueue': 'scan-queue',
  'sqs:eu-central-1:123456789012:PulseQueue': 'pulse-queue',
  'sqs:eu-central-1:123456789012:JudgeQueue': 'judge-queue',
  'sqs:eu-central-1:123456789012:EventDeadLettersQueue': 'event-dead-letters',
  'cloudwatch:eu-central-1:123456789012:BusBus': 'bus',
  'sns:eu-central-1:123456789012:AlertMailsTopic': 'mail-topic',
  'iam::*:role/elbowroom-audit': 'member-role',
};

function resourceOf(arn: string, functionName: string): string {
  const name = arn.replace(/^arn:aws:/, '');
  const secret = /^ssm:eu-central-1:123456789012:parameter\/elbowroom\/production\/([\w-]+)$/.exec(name)?.[1];
  if (arn === '*') {
    return 'organization';
  }
  if (name === `logs:eu-central-1:123456789012:log-group:/aws/lambda/elbowroom-production-${functionName}:*`) {
    return 'own-log';
  }
  return secret === undefined ? (RESOURCES[name] ?? arn) : `secret:${secret}`;
}

function functionNames({ resources }: EvaluatedInfra): string[] {
  return ofType(resources, 'aws:lambda/function:Function')
    .map(({ name }) => name)
    .toSorted();
}

function routesOf({ resources }: EvaluatedInfra) {
  const integrations = ofType(resources, 'aws:apigatewayv2/integration:Integration');
  return ofType(resources, 'aws:apigatewayv2/route:Route').map(({ inputs }) => {
    const integration = integrations.find(({ name }) => inputs['target'] === `integrations/${name}-id`);
    return {
      route: String(inputs['routeKey']),
      functionName: String(integration?.inputs['integrationUri']).split(':').at(-1),
    };
  });
}

function routeKeys({ resources }: EvaluatedInfra): string[] {
  return ofType(resources, 'aws:apigatewayv2/route:Route').map(({ inputs }) => String(inputs['routeKey']));
}

function kebab(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter, index: number) => `${index === 0 ? '' : '-'}${letter.toLowerCase()}`);
}
