export interface Permission {
  readonly actions: string[];
  readonly resources: $util.Input<string>[];
}

export interface FunctionPlan {
  readonly handler: string;
  readonly description: string;
  readonly timeoutSeconds: number;
  readonly memory: `${number} MB`;
  readonly environment: Record<string, $util.Input<string>>;
  readonly permissions: readonly Permission[];
  /** Packages that are shipped as they are beside the bundle, for what of them is no code. */
  readonly install?: readonly string[];
  /** Files of the project that are shipped beside the bundle, besides the settings. */
  readonly files?: readonly { readonly from: string; readonly to: string }[];
}

/** Async events are tried this many times again: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-configuring.html */
const EVENT_RETRIES = 2;

/**
 * Makes a function with a role of its own that allows what its plan says, to write its own log, and nothing else. `nodejs24.x` on
 * arm64, bundled as docs/performance.md measured it. What it fails on comes to `deadLetters`.
 */
export function lambdaFunction(name: string, plan: FunctionPlan, deadLetters: sst.aws.Queue): sst.aws.Function {
  // Known before it is made: member accounts trust roles by their names, and each role writes to the log group of its name.
  const fullName = `${$app.name}-${$app.stage}-${name}`;
  return new sst.aws.Function(name, {
    name: fullName,
    handler: plan.handler,
    description: plan.description,
    runtime: 'nodejs24.x',
    architecture: 'arm64',
    timeout: `${plan.timeoutSeconds} seconds`,
    memory: plan.memory,
    environment: plan.environment,
    logging: { retention: '1 month', format: 'json' },
    nodejs: {
      format: 'cjs',
      minify: true,
      esbuild: { mainFields: ['module', 'main'] },
      ...(plan.install === undefined ? {} : { install: [...plan.install] }),
    },
    copyFiles: [{ from: 'elbowroom.settings.yaml' }, ...(plan.files ?? [])],
    permissions: [
      ...plan.permissions.map(({ actions, resources }) => ({ actions, resources })),
      { actions: ['sqs:SendMessage'], resources: [deadLetters.arn] },
      {
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [arnOf('logs', `log-group:/aws/lambda/${fullName}:*`)],
      },
    ],
    retries: EVENT_RETRIES,
    transform: {
      role: (role) => {
        role.name = fullName;
        // SST's default may write to any log group, and lets every principal of the account take on the role (SST 4.17).
        role.managedPolicyArns = [];
        if (!$dev) {
          role.assumeRolePolicy = aws.iam.assumeRolePolicyForPrincipal({ Service: 'lambda.amazonaws.com' });
        }
      },
      eventInvokeConfig: (config) => {
        config.destinationConfig = { onFailure: { destination: deadLetters.arn } };
      },
    },
  });
}

/**
 * Actions on the table by their names in DynamoDB: `link` would grant `dynamodb:*`. That they are just those that a function's code
 * sends is `test/infra/infra.test.ts`.
 */
export function useTable(table: sst.aws.Dynamo, ...actions: readonly string[]): Permission {
  return { actions: actions.map((action) => `dynamodb:${action}`), resources: [table.arn] };
}

/** What an event source mapping needs: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html */
export function receiveFrom(queue: sst.aws.Queue): Permission {
  return { actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], resources: [queue.arn] };
}

export function sendTo(...queues: readonly sst.aws.Queue[]): Permission {
  return { actions: ['sqs:SendMessage'], resources: queues.map(({ arn }) => arn) };
}

/** SecureStrings under a path, by name: each has one reader. */
export function readSecrets(path: string, ...names: readonly string[]): Permission {
  return { actions: ['ssm:GetParameters'], resources: names.map((name) => arnOf('ssm', `parameter${path}${name}`)) };
}

/** The ARN of something in this account and region. */
function arnOf(service: string, resource: string): $util.Output<string> {
  const { partition } = aws.getPartitionOutput();
  const { region } = aws.getRegionOutput();
  const { accountId } = aws.getCallerIdentityOutput();
  return $interpolate`arn:${partition}:${service}:${region}:${accountId}:${resource}`;
}
