import { SSMClient } from '@aws-sdk/client-ssm';
import { createOwnRequestHandler } from './own-request-handler.ts';

/** Returns a client of Parameter Store, with the function's own role in its own region. */
export function createSsmClient(): SSMClient {
  const client = new SSMClient({ requestHandler: createOwnRequestHandler() });
  // It deep-copies every answer for a logger that is not there.
  client.middlewareStack.remove('loggerMiddleware');
  return client;
}
