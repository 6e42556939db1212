import { type Clock, systemClock } from '../aws/clock.ts';
import { type FunctionConfig, readFunctionConfig, type VariableName } from '../config/function-config.ts';
import { createPowertoolsTelemetry } from './powertools-telemetry.ts';
import type { Telemetry } from './telemetry.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** What every function runs with. */
export interface FunctionRuntime {
  readonly telemetry: Telemetry;
  readonly clock: Clock;
}

/** Returns what a function runs with in Lambda, and its configuration; throws a sentence for each variable that is wrong. */
export function createFunctionRuntime<Name extends VariableName>(
  functionName: string,
  environment: Environment,
  variables: readonly Name[],
): FunctionRuntime & { readonly config: FunctionConfig<Name> } {
  const config = readFunctionConfig(environment, variables);
  if (!config.ok) {
    throw new Error(`Cannot start ${functionName}: ${config.error}`);
  }
  return { telemetry: createPowertoolsTelemetry(functionName), clock: systemClock, config: config.value };
}
