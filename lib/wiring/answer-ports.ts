import { randomUUID } from 'node:crypto';
import type { AnswerPorts } from '../api/api-ports.ts';
import type { Authenticate } from '../api/caller.ts';
import { createIamAuthenticator } from '../api/iam-authenticator.ts';
import { createJwtAuthenticator } from '../api/jwt-authenticator.ts';
import type { Clock } from '../aws/clock.ts';
import type { FunctionConfig } from '../config/function-config.ts';
import { answerCounter, isColdStart } from './count-answer.ts';
import type { Environment, FunctionRuntime } from './function-runtime.ts';
import { logAnswer } from './log-answer.ts';
import { createOidcKeys } from './oidc-keys.ts';
import { createOidcMetadata } from './oidc-metadata.ts';

/** What says who may ask. */
export const CALLER_VARIABLES = ['OIDC_ISSUER', 'OIDC_AUDIENCE', 'OIDC_ACCOUNTS_CLAIM'] as const;
type CallerConfig = FunctionConfig<(typeof CALLER_VARIABLES)[number]>;

/** Returns what a function that answers a part of the API answers by: who asks, and what is told of each answer. */
export function createAnswerPorts(
  { telemetry, clock, config }: FunctionRuntime & { readonly config: CallerConfig },
  environment: Environment,
): AnswerPorts {
  const countAnswer = answerCounter(telemetry, { isColdStart: isColdStart(environment) });
  return {
    authenticate: authenticator(config, clock),
    // API Gateway's HTTP APIs hand an answer on when it is whole.
    followEvents: undefined,
    now: clock.now,
    newId: () => randomUUID(),
    onAnswer(answer) {
      logAnswer(telemetry.log, answer);
      countAnswer(answer);
    },
  };
}

/** By the organisation's issuer where one is set, else by the IAM identity that API Gateway has verified. */
function authenticator({ OIDC_ISSUER, OIDC_AUDIENCE, OIDC_ACCOUNTS_CLAIM }: CallerConfig, clock: Clock): Authenticate {
  if (OIDC_ISSUER === undefined || OIDC_AUDIENCE === undefined) {
    if (OIDC_ISSUER !== OIDC_AUDIENCE) {
      throw new Error('Cannot know callers: of OIDC_ISSUER and OIDC_AUDIENCE one is set; set both, or none to use IAM');
    }
    return createIamAuthenticator();
  }
  return createJwtAuthenticator({
    issuer: OIDC_ISSUER,
    audience: OIDC_AUDIENCE,
    keys: createOidcKeys(createOidcMetadata(OIDC_ISSUER, fetch), fetch),
    accountsClaim: OIDC_ACCOUNTS_CLAIM,
    now: clock.now,
  });
}
