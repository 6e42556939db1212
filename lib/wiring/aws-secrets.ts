import type { Clock } from '../aws/clock.ts';
import { createOwnRequestHandler } from './own-request-handler.ts';
import { createSecretReader, type ReadSecret } from './secret-reader.ts';

/** Returns the reader of the deployment's secrets, with the function's own role in its own region. */
export function createAwsSecrets(path: string, clock: Clock): ReadSecret {
  let client: ReturnType<typeof createClient> | undefined;
  return createSecretReader({
    client: () => {
      client ??= createClient();
      return client;
    },
    path,
    clock,
  });
}

async function createClient() {
  const { SSMClient } = await import('@aws-sdk/client-ssm');
  const client = new SSMClient({ requestHandler: createOwnRequestHandler() });
  // It deep-copies every answer for a logger that is not there.
  client.middlewareStack.remove('loggerMiddleware');
  return client;
}
