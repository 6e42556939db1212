import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { createOwnRequestHandler } from './own-request-handler.ts';

/** Returns a client of a table that reads answers of many large items without going through them more often than it must. */
export function createTableClient(config: DynamoDBClientConfig = {}): DynamoDBClient {
  const client = new DynamoDBClient({
    requestHandler: createOwnRequestHandler(),
    // The SDK's own looks first whether each character is one of Base64, which takes longer than decoding it.
    base64Decoder: (text) => Buffer.from(text, 'base64'),
    ...config,
  });
  // It deep-copies every answer for a logger that is not there.
  client.middlewareStack.remove('loggerMiddleware');
  return client;
}
