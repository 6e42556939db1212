import { GetParametersCommand, type SSMClient } from '@aws-sdk/client-ssm';
import type { Clock } from '../aws/clock.ts';
import { keepAnswer } from './keep-answer.ts';

/** What is kept in Parameter Store. Each is read by one function. */
export type SecretName =
  | 'slack-bot-token'
  | 'slack-signing-secret'
  | 'slack-webhook-urls'
  | 'cursor-key'
  | 'session-key'
  | 'oidc-client-secret';

/**
 * Returns the lines of a secret, those that are empty left out: one as a rule, and while it rotates the new one before the old one,
 * both valid. None where there is no such parameter. Never to be logged, thrown or kept longer.
 */
export type ReadSecret = (name: SecretName) => Promise<readonly string[]>;

export interface SecretReaderOptions {
  readonly client: Pick<SSMClient, 'send'>;
  /** `/elbowroom/{stage}/`. */
  readonly path: string;
  readonly clock: Clock;
}

/** So long after a change the old value may still be used. */
const KEPT_MS = 5 * 60_000;

/**
 * Reads SecureStrings of Parameter Store when they are asked for first, and again every 5 minutes.
 * https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameters.html
 */
export function createSecretReader({ client, path, clock }: SecretReaderOptions): ReadSecret {
  const kept = new Map<SecretName, () => Promise<readonly string[]>>();
  return (name) => {
    const ask =
      kept.get(name) ??
      keepAnswer(clock, KEPT_MS, async () => {
        const command = new GetParametersCommand({ Names: [path + name], WithDecryption: true });
        // What is absent comes as an invalid parameter, not as an error.
        return linesOf((await client.send(command)).Parameters?.[0]?.Value);
      });
    kept.set(name, ask);
    return ask();
  };
}

function linesOf(value: string | undefined): readonly string[] {
  return (value ?? '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
