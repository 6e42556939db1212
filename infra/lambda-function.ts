import { BUNDLING } from './bundling.ts';
import { EVERY_FUNCTION_GRANTS, FUNCTION_GRANTS, type FunctionName } from './grants.ts';
import { type ArnOf, SETTINGS_FILE } from './resource-arns.ts';
import { SETTINGS_DOCUMENT } from './settings-document.ts';

export interface FunctionPlan {
  readonly handler: string;
  readonly description: string;
  readonly timeoutSeconds: number;
  readonly memory: `${number} MB`;
  readonly environment: Record<string, $util.Input<string>>;
  /** So many run at once at most, and so many always can; left out: as the account's limit allows. */
  readonly concurrency?: number;
  /** Packages that are shipped as they are beside the bundle, for what of them is no code. */
  readonly install?: readonly string[];
  /** Files of the project that are shipped beside the bundle, besides the settings. */
  readonly files?: readonly { readonly from: string; readonly to: string }[];
}

/** Async events are tried this many times again: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-configuring.html */
const EVENT_RETRIES = 2;
/** So long Lambda keeps an event that the function's concurrency has no room for, and tries again: the longest it can. */
const EVENT_AGE_MAX_SECONDS = 21_600;

/**
 * Makes a function with a role of its own that allows what `grants.ts` says and nothing else. `nodejs24.x` on arm64, bundled as
 * docs/performance.md measured it. What it fails on comes to the dead letters of events.
 */
export function lambdaFunction(name: FunctionName, plan: FunctionPlan, arnOf: ArnOf): sst.aws.Function {
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
    ...(plan.concurrency === undefined ? {} : { concurrency: { reserved: plan.concurrency } }),
    logging: { retention: '1 month', format: 'json' },
    nodejs: {
      ...BUNDLING,
      ...(plan.install === undefined ? {} : { install: [...plan.install] }),
    },
    copyFiles: [{ from: SETTINGS_DOCUMENT, to: SETTINGS_FILE }, ...(plan.files ?? [])],
    permissions: [...FUNCTION_GRANTS[name], ...EVERY_FUNCTION_GRANTS].map(({ actions, on }) => ({
      actions: [...actions],
      resources: on.map((resource) => arnOf(resource, fullName)),
    })),
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
        config.maximumEventAgeInSeconds = EVENT_AGE_MAX_SECONDS;
        config.destinationConfig = { onFailure: { destination: arnOf('event-dead-letters', fullName) } };
      },
    },
  });
}
