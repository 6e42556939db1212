import type { Clock } from '../aws/clock.ts';
import { createSsmClient } from './aws-ssm.ts';
import { createSecretReader, type ReadSecret } from './secret-reader.ts';

/** Returns the reader of the deployment's secrets, with the function's own role in its own region. */
export function createAwsSecrets(path: string, clock: Clock): ReadSecret {
  return createSecretReader({ client: createSsmClient(), path, clock });
}
