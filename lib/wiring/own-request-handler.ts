import { NodeHttpHandler } from '@smithy/node-http-handler';

/** DynamoDB and SQS answer within milliseconds: a request that takes seconds is lost, and the SDK sends it again. */
const CONNECTION_TIMEOUT_MS = 2_000;
const REQUEST_TIMEOUT_MS = 5_000;
const SOCKETS_MAX = 64;

/** Returns what the clients of our own table and queues send with. */
export function createOwnRequestHandler(): NodeHttpHandler {
  return new NodeHttpHandler({
    connectionTimeout: CONNECTION_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    // Without this the SDK only warns about a request that takes too long, and goes on waiting.
    throwOnRequestTimeout: true,
    socketTimeout: REQUEST_TIMEOUT_MS,
    httpsAgent: { maxSockets: SOCKETS_MAX, keepAlive: true },
    httpAgent: { maxSockets: SOCKETS_MAX, keepAlive: true },
  });
}
