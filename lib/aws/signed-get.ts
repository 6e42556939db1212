import { partition } from '@aws-sdk/core/client';
import { resolveAwsSdkSigV4Config } from '@aws-sdk/core/httpAuthSchemes';
import { Sha256 } from '@smithy/core/checksum';
import { HttpRequest, type HttpResponse } from '@smithy/core/protocols';
import { StandardRetryStrategy } from '@smithy/core/retry';
import { type NodeHttpHandler, streamCollector } from '@smithy/node-http-handler';
import type { Credentials } from './clients.ts';

/** Whose requests they are, and where they go. */
export interface SignedGetOptions {
  readonly credentials: Credentials;
  readonly region: string;
  /** Replaces the service's own endpoint. */
  readonly endpoint?: string | undefined;
  readonly requestHandler: NodeHttpHandler;
}

export interface SignedRequest {
  /** What it is in the words of IAM, for messages and for the policy: `s3:GetObject`. */
  readonly action: `s3:${string}`;
  readonly bucket: string;
  readonly key?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface SignedAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

const ATTEMPTS_MAX = 3;
const TOO_MANY_REQUESTS = 429;
const SERVER_ERROR_MIN = 500;

/**
 * Returns what gets things from S3 by signed requests: its SDK client brings 75 kB along for what a small text does not need. Lost
 * requests and answers that say "later" are sent again as the SDK does it; every other answer is returned, errors too.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
 */
export function createSignedGet(options: SignedGetOptions): (request: SignedRequest) => Promise<SignedAnswer> {
  const { signer } = resolveAwsSdkSigV4Config({
    credentials: options.credentials,
    region: options.region,
    serviceId: 'S3',
    sha256: Sha256,
    // Keys of S3 are signed as they are sent.
    signingEscapePath: false,
    useDualstackEndpoint: async () => false,
    useFipsEndpoint: async () => false,
  });
  const retries = new StandardRetryStrategy(ATTEMPTS_MAX);
  const send = async (request: SignedRequest): Promise<SignedAnswer> => {
    const signing = await signer({
      name: 'sigv4',
      signingName: 's3',
      signingRegion: options.region,
      properties: {},
    });
    const { response } = await options.requestHandler.handle(
      HttpRequest.clone(await signing.sign(requestOf(request, options))),
    );
    const answer = await answerOf(response);
    if (answer.status === TOO_MANY_REQUESTS || answer.status >= SERVER_ERROR_MIN) {
      throw new Error(`Cannot ${request.action} of ${request.bucket}: S3 answers ${answer.status} ${answer.text}`);
    }
    return answer;
  };
  return async (request) => {
    let token = await retries.acquireInitialRetryToken('');
    for (;;) {
      try {
        const answer = await send(request);
        retries.recordSuccess(token);
        return answer;
      } catch (error) {
        try {
          token = await retries.refreshRetryTokenForRetry(token, { errorType: 'TRANSIENT' });
        } catch {
          throw error;
        }
      }
    }
  };
}

/** With the bucket in the host, where its name can be one and nothing else is said. https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html */
function requestOf({ bucket, key = '', query, headers }: SignedRequest, { region, endpoint }: SignedGetOptions) {
  const isInHost = endpoint === undefined && !bucket.includes('.');
  const service = `s3.${region}.${partition(region).dnsSuffix}`;
  const { protocol, hostname, port } = new URL(endpoint ?? `https://${isInHost ? `${bucket}.` : ''}${service}`);
  return new HttpRequest({
    method: 'GET',
    protocol,
    hostname,
    ...(port === '' ? {} : { port: Number(port) }),
    path: isInHost ? `/${key}` : `/${bucket}${key === '' ? '' : `/${key}`}`,
    query: { ...query },
    headers: { ...headers, host: port === '' ? hostname : `${hostname}:${port}` },
  });
}

async function answerOf({ statusCode, headers, body }: HttpResponse): Promise<SignedAnswer> {
  return { status: statusCode, headers, text: new TextDecoder().decode(await streamCollector(body)) };
}
