import { EC2Client, type EC2ClientConfig } from '@aws-sdk/client-ec2';
import { EKSClient } from '@aws-sdk/client-eks';
import { OrganizationsClient } from '@aws-sdk/client-organizations';
import { STSClient } from '@aws-sdk/client-sts';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { AwsCredentialIdentity, MiddlewareStack, Provider } from '@smithy/types';
import { FastEc2QueryProtocol } from './ec2-protocol.ts';
import { type ActionVerdicts, addEndpointManners } from './endpoint-manners.ts';
import { EC2_RATE_LIMIT, type RateLimit, type RateLimiter, UNPUBLISHED_RATE_LIMIT } from './rate-limiter.ts';

/** Attempts of one call, the first included. With the SDK's adaptive mode a throttled client slows all its calls down. */
const ATTEMPTS_MAX = 6;
const CONNECTION_TIMEOUT_MS = 5_000;
const REQUEST_TIMEOUT_MS = 60_000;
const SOCKETS_MAX = 64;

type RequestHandler = NonNullable<EC2ClientConfig['requestHandler']>;

export type Credentials = AwsCredentialIdentity | Provider<AwsCredentialIdentity>;

export interface ClientsOptions {
  readonly limiter: RateLimiter;
  /** One handler for every client, so that accounts share connections: a region's endpoint is the same host for all. */
  readonly requestHandler?: RequestHandler;
  /** Replaces every service's own endpoint; `AWS_ENDPOINT_URL` does the same from the environment. */
  readonly endpoint?: string;
  readonly attemptsMax?: number;
}

export interface ClientScope {
  /** Whose calls these are; with the region it names the rate limits. */
  readonly accountId: string;
  readonly region: string;
  readonly credentials: Credentials;
  /** Ends waits for a rate limit. A call that is under way is ended by the `abortSignal` it is sent with. */
  readonly signal: AbortSignal;
}

/** Makes SDK clients for an account and a region. All of them share connections, rate limits and what endpoints cannot do. */
export interface AwsClients {
  ec2(scope: ClientScope): EC2Client;
  eks(scope: ClientScope): EKSClient;
  sts(scope: ClientScope): STSClient;
  organizations(scope: ClientScope): OrganizationsClient;
}

export function createAwsClients(options: ClientsOptions): AwsClients {
  const requestHandler =
    options.requestHandler ??
    new NodeHttpHandler({
      connectionTimeout: CONNECTION_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      // Without this the SDK only warns about a request that takes too long, and goes on waiting.
      throwOnRequestTimeout: true,
      // The request's time ends with the answer's headers: this one is for a body that stops halfway.
      socketTimeout: REQUEST_TIMEOUT_MS,
      httpsAgent: { maxSockets: SOCKETS_MAX, keepAlive: true },
      httpAgent: { maxSockets: SOCKETS_MAX, keepAlive: true },
    });
  const verdicts: ActionVerdicts = new Map();
  const settings = (scope: ClientScope) => ({
    region: scope.region,
    credentials: scope.credentials,
    requestHandler,
    retryMode: 'adaptive',
    maxAttempts: options.attemptsMax ?? ATTEMPTS_MAX,
    ...(options.endpoint === undefined ? {} : { endpoint: options.endpoint }),
  });
  function mind<Input extends object, Output extends object>(
    stack: MiddlewareStack<Input, Output>,
    limit: RateLimit,
    { accountId, region, signal }: ClientScope,
  ): void {
    // It deep-copies every answer for a logger that is not there.
    stack.remove('loggerMiddleware');
    const limitScope = `${accountId} ${region}`;
    addEndpointManners(stack, { limiter: options.limiter, limit, limitScope, verdicts, signal });
  }
  return {
    ec2(scope) {
      const client = new EC2Client({ ...settings(scope), protocol: FastEc2QueryProtocol });
      mind(client.middlewareStack, EC2_RATE_LIMIT, scope);
      return client;
    },
    eks(scope) {
      const client = new EKSClient(settings(scope));
      mind(client.middlewareStack, UNPUBLISHED_RATE_LIMIT, scope);
      return client;
    },
    sts(scope) {
      const client = new STSClient(settings(scope));
      mind(client.middlewareStack, UNPUBLISHED_RATE_LIMIT, scope);
      return client;
    },
    organizations(scope) {
      const client = new OrganizationsClient(settings(scope));
      mind(client.middlewareStack, UNPUBLISHED_RATE_LIMIT, scope);
      return client;
    },
  };
}
