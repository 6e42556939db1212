import { fromEnv } from '@aws-sdk/credential-providers';
import { readFunctionConfig } from '../config/function-config.ts';
import type { Settings } from '../settings/settings.ts';
import { createFunctionRuntime, type Environment } from './function-runtime.ts';
import { keepAnswer } from './keep-answer.ts';
import type { LambdaHandler } from './lambda-stack.ts';
import { onFirstCall } from './on-first-call.ts';
import { readSettings } from './read-settings.ts';
import { createSettingsBucket } from './settings-bucket.ts';
import { createSettingsSource } from './settings-source.ts';

/**
 * Returns a handler that is built when it is called first, and built again by the first call that finds other settings in force:
 * from its start to its end an invocation is under the same ones.
 */
export function underSettings<R>(
  functionName: string,
  environment: Environment,
  build: (settings: Settings) => Promise<LambdaHandler<R>>,
): LambdaHandler<R> {
  let current: { readonly settings: Settings; readonly handler: LambdaHandler<R> } | undefined;
  let source: (() => Promise<Settings>) | undefined;
  return async (event, context) => {
    source ??= await settingsOf(functionName, environment);
    const settings = await source();
    if (current?.settings !== settings) {
      current = { settings, handler: onFirstCall(() => build(settings)) };
    }
    return current.handler(event, context);
  };
}

/** Those in the bucket where there is one, else those of the bundle. */
async function settingsOf(functionName: string, environment: Environment): Promise<() => Promise<Settings>> {
  const { telemetry, clock, config } = createFunctionRuntime(functionName, environment, [
    'SETTINGS_BUCKET',
    'SETTINGS_FILE',
  ]);
  const bundled = keepAnswer(clock, Number.POSITIVE_INFINITY, () => readSettings(config.SETTINGS_FILE));
  if (config.SETTINGS_BUCKET === undefined) {
    return bundled;
  }
  const own = readFunctionConfig(environment, ['AWS_REGION', 'AWS_ENDPOINT_URL']);
  if (!own.ok) {
    throw new Error(`Cannot start ${functionName}: ${own.error}`);
  }
  const { AWS_REGION: region, AWS_ENDPOINT_URL: endpoint } = own.value;
  const versions = createSettingsBucket(config.SETTINGS_BUCKET, { credentials: fromEnv(), region, endpoint });
  return createSettingsSource({ versions, bundled, clock, telemetry });
}
