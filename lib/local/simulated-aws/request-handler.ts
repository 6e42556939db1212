import type { ClientDefaults } from '@aws-sdk/client-ec2';
import { answer } from './answer.ts';
import type { SimulatedAws } from './state.ts';
import type { WireRequest } from './wire.ts';

/** What an SDK client takes as `requestHandler`. */
export type RequestHandler = Extract<
  NonNullable<ClientDefaults['requestHandler']>,
  { handle: (...all: never[]) => unknown }
>;
type SentRequest = Parameters<RequestHandler['handle']>[0];
type SentBody = SentRequest['body'];

/**
 * Returns a request handler that answers SDK clients inside the process, without sockets. An aborted request rejects with
 * an `AbortError` and a dropped connection with `ECONNRESET`, as the SDK's own handler does.
 */
export function simulatedRequestHandler(aws: SimulatedAws): RequestHandler {
  return {
    async handle(request, options) {
      const abort = abortSignalOf(options?.abortSignal);
      throwIfAborted(abort);
      const response = await answer(aws, toWireRequest(request), abort).catch((error: unknown) => {
        throwIfAborted(abort);
        throw error;
      });
      throwIfAborted(abort);
      if (response === undefined) {
        throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
      }
      const body = new TextEncoder().encode(response.body);
      return { response: { statusCode: response.status, headers: { ...response.headers }, body } };
    },
    updateHttpClientConfig() {
      // Nothing about a connection can be configured where there is none.
    },
    httpHandlerConfigs: () => ({}),
    destroy() {
      // Nothing is held open.
    },
  };
}

function toWireRequest(request: SentRequest): WireRequest {
  return {
    method: request.method,
    path: request.path,
    query: new Map(
      Object.entries(request.query).flatMap(([name, value]) => {
        const last = Array.isArray(value) ? value.at(-1) : value;
        return last === undefined || last === null ? [] : [[name, last] as const];
      }),
    ),
    headers: new Map(Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value])),
    body: bodyText(request.body),
  };
}

function bodyText(body: SentBody): string {
  if (typeof body === 'string') {
    return body;
  }
  if (body instanceof Uint8Array) {
    return new TextDecoder().decode(body);
  }
  if (body === undefined || body === null) {
    return '';
  }
  throw new Error(`Cannot read the request body: ${typeof body}, expected text or bytes`);
}

/** The SDK also takes signals of an older kind, which nothing here sends. */
function abortSignalOf(signal: unknown): AbortSignal | undefined {
  return signal instanceof AbortSignal ? signal : undefined;
}

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) {
    throw Object.assign(new Error('Request aborted'), { name: 'AbortError' });
  }
}
