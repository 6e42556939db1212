import { randomUUID } from 'node:crypto';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Clock } from '../aws/clock.ts';
import { createOwnRequestHandler } from './own-request-handler.ts';
import type { SqsPorts } from './sqs-sender.ts';

/** Returns SQS, with the function's own role in its own region. */
export function createAwsSqs(clock: Clock): SqsPorts {
  const client = new SQSClient({ requestHandler: createOwnRequestHandler() });
  // It deep-copies every answer for a logger that is not there.
  client.middlewareStack.remove('loggerMiddleware');
  return { client, clock, randomFraction: Math.random, newId: () => randomUUID() };
}
