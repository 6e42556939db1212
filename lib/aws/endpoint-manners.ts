import { collectBody } from '@smithy/core/protocols';
import type { DeserializeMiddleware, FinalizeRequestMiddleware, HttpResponse, MiddlewareStack } from '@smithy/types';
import { ScanStoppedError, UnsupportedByEndpointError } from './errors.ts';
import type { RateLimit, RateLimiter } from './rate-limiter.ts';

/**
 * How Elbowroom behaves towards one endpoint, for every attempt of every call: it waits for a token of its share of the
 * rate limit, and stops asking for an action that the endpoint does not know.
 */
export interface EndpointManners {
  readonly limiter: RateLimiter;
  readonly limit: RateLimit;
  /** What the endpoint counts together: account and region. The action is added here. */
  readonly limitScope: string;
  /** What is known of actions, by `host action`; shared by all clients of a scan. */
  readonly verdicts: ActionVerdicts;
  /** Ends waits for a token, and attempts that the SDK would still make. */
  readonly signal: AbortSignal;
}

/** Settled once the first call of an action at a host is answered: why the host does not know the action, or nothing. */
export type ActionVerdicts = Map<string, Promise<string | undefined>>;

const STATUSES_OF_UNKNOWN_ACTIONS: ReadonlySet<number> = new Set([404, 500, 501]);

class NoAwsErrorCode extends Error {
  readonly statusCode: number;
  constructor(statusCode: number) {
    super(`HTTP status ${statusCode} without an AWS error code`);
    this.statusCode = statusCode;
  }
}

/**
 * Installs the manners on a client's middleware stack.
 *
 * An emulator or a partition that lacks an action answers 404, 500 or 501 with a page of its own. That is tried twice, then
 * the call throws `UnsupportedByEndpointError`, as does every later call of the action at that host, unsent. Calls made at the
 * same time wait for the first one, so that twice is twice however many there are.
 */
export function addEndpointManners<Input extends object, Output extends object>(
  stack: MiddlewareStack<Input, Output>,
  manners: EndpointManners,
): void {
  const mannered: FinalizeRequestMiddleware<Input, Output> = (next, context) => {
    return (args) => {
      const action = String(context.commandName ?? '').replace(/Command$/, '');
      const host = hostOf(args.request);
      const attempt = async () => {
        if (manners.signal.aborted) {
          throw new ScanStoppedError();
        }
        await manners.limiter.take(`${manners.limitScope} ${action}`, manners.limit, manners.signal);
        return next(args);
      };
      return unlessUnsupported(manners.verdicts, `${host} ${action}`, () => attemptTwice(attempt, host, action));
    };
  };
  const refusing: DeserializeMiddleware<Input, Output> = (next) => async (args) => {
    const result = await next(args);
    await refuseAnswerWithoutErrorCode(result.response);
    return result;
  };
  stack.addRelativeTo(mannered, { name: 'endpointManners', relation: 'after', toMiddleware: 'retryMiddleware' });
  stack.addRelativeTo(refusing, { name: 'awsErrorCode', relation: 'after', toMiddleware: 'deserializerMiddleware' });
}

async function unlessUnsupported<T>(verdicts: ActionVerdicts, hostAction: string, call: () => Promise<T>): Promise<T> {
  const known = verdicts.get(hostAction);
  const verdict = Promise.withResolvers<string | undefined>();
  if (known === undefined) {
    verdicts.set(hostAction, verdict.promise);
  }
  const unsupported = await known;
  if (unsupported !== undefined) {
    throw new UnsupportedByEndpointError(unsupported);
  }
  try {
    const result = await call();
    verdict.resolve(undefined);
    return result;
  } catch (cause) {
    // Whatever else went wrong says nothing of the action.
    const message = cause instanceof UnsupportedByEndpointError ? cause.message : undefined;
    verdict.resolve(message);
    if (message !== undefined) {
      verdicts.set(hostAction, verdict.promise);
    }
    throw cause;
  }
}

async function attemptTwice<T>(attempt: () => Promise<T>, host: string, action: string): Promise<T> {
  try {
    return await attempt();
  } catch (cause) {
    if (!(cause instanceof NoAwsErrorCode)) {
      throw cause;
    }
  }
  try {
    return await attempt();
  } catch (cause) {
    throw cause instanceof NoAwsErrorCode
      ? new UnsupportedByEndpointError(`${host} does not know ${action}: it answered twice with ${cause.message}`)
      : cause;
  }
}

function hostOf(request: unknown): string {
  if (typeof request === 'object' && request !== null && 'hostname' in request) {
    const port = 'port' in request && request.port !== undefined ? `:${request.port}` : '';
    return `${request.hostname}${port}`;
  }
  return 'unknown host';
}

async function refuseAnswerWithoutErrorCode(response: unknown): Promise<void> {
  if (!isHttpResponse(response) || !STATUSES_OF_UNKNOWN_ACTIONS.has(response.statusCode)) {
    return;
  }
  if (Object.keys(response.headers).some((header) => header.toLowerCase() === 'x-amzn-errortype')) {
    return;
  }
  const body = await collectBody(response.body, { streamCollector: collectStream });
  const text = Buffer.from(body).toString('utf8');
  if (!hasAwsErrorCode(text)) {
    throw new NoAwsErrorCode(response.statusCode);
  }
  response.body = body;
}

function isHttpResponse(response: unknown): response is HttpResponse {
  return typeof response === 'object' && response !== null && 'statusCode' in response && 'headers' in response;
}

async function collectStream(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) {
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** EC2 and STS answer `<Code>`; EKS and Organizations answer JSON with `__type` or `code`. */
function hasAwsErrorCode(text: string): boolean {
  if (/<Code>[^<]+<\/Code>/.test(text)) {
    return true;
  }
  try {
    const parsed: unknown = JSON.parse(text);
    return (
      typeof parsed === 'object' && parsed !== null && ('__type' in parsed || 'code' in parsed || 'Code' in parsed)
    );
  } catch {
    // Not JSON: an HTML page of whatever answered.
    return false;
  }
}
