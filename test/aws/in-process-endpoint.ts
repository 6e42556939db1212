import { Readable } from 'node:stream';
import type { EC2ClientConfig } from '@aws-sdk/client-ec2';
import { type HttpRequest, HttpResponse } from '@smithy/core/protocols';
import type { HttpHandlerOptions } from '@smithy/types';

/** What an endpoint of a test answers. The body becomes a stream, as over a socket. */
export interface Answer {
  readonly statusCode: number;
  readonly body: string | ((request: SentRequest) => string);
  readonly headers?: Readonly<Record<string, string>>;
}

/** What EC2 answers where there is nothing to list: one element, named after the action. */
export const EMPTY_EC2: Answer = { statusCode: 200, body: ({ action }) => `<${action}Response></${action}Response>` };

export interface SentRequest {
  readonly method: string;
  readonly hostname: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** `Action` of EC2 and STS, the target's method of Organizations, method and path of EKS. */
  readonly action: string;
  /** The parameters, wherever the protocol puts them: form, JSON body or query string. */
  readonly parameters: Readonly<Record<string, unknown>>;
}

type RequestHandler = NonNullable<EC2ClientConfig['requestHandler']>;

/** A request handler that answers in this process and keeps what was sent. Like Node's, it rejects when the call is aborted. */
export function createInProcessEndpoint(answer: (request: SentRequest, index: number) => Answer | Promise<Answer>): {
  readonly requestHandler: RequestHandler;
  readonly sent: readonly SentRequest[];
} {
  const sent: SentRequest[] = [];
  const requestHandler: RequestHandler = {
    metadata: { handlerProtocol: 'http/1.1' },
    async handle(request: HttpRequest, { abortSignal }: HttpHandlerOptions = {}) {
      const description = describe(request);
      sent.push(description);
      const answered = await unlessAborted(Promise.resolve(answer(description, sent.length - 1)), abortSignal);
      const { statusCode, headers = {}, body } = answered;
      return {
        response: new HttpResponse({
          statusCode,
          headers: { ...headers },
          body: Readable.from(Buffer.from(typeof body === 'string' ? body : body(description)), { objectMode: false }),
        }),
      };
    },
    updateHttpClientConfig: () => {},
    httpHandlerConfigs: () => ({}),
  };
  return { requestHandler, sent };
}

function unlessAborted<T>(answer: Promise<T>, signal: HttpHandlerOptions['abortSignal']): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(Object.assign(new Error('Request aborted'), { name: 'AbortError' }));
    if (signal?.aborted) {
      abort();
    } else if (signal) {
      signal.onabort = abort;
    }
    answer.then(resolve, reject);
  });
}

function describe(request: HttpRequest): SentRequest {
  const { method, hostname, path, headers } = request;
  const body = request.body instanceof Uint8Array ? new TextDecoder().decode(request.body) : String(request.body ?? '');
  const target = headers['x-amz-target'];
  const common = { method, hostname, path, headers };
  if (target !== undefined) {
    return { ...common, action: target.split('.').at(-1) ?? '', parameters: JSON.parse(body) };
  }
  if (method === 'POST' && body.startsWith('Action=')) {
    const { Action = '', ...parameters } = Object.fromEntries(new URLSearchParams(body));
    return { ...common, action: Action, parameters };
  }
  return { ...common, action: `${method} ${path}`, parameters: { ...request.query } };
}

/** An error as EC2 sends it. https://docs.aws.amazon.com/ec2/latest/devguide/errors-overview.html */
export function ec2Error(statusCode: number, code: string, message = 'No.'): Answer {
  return {
    statusCode,
    body: `<?xml version="1.0" encoding="UTF-8"?>\n<Response><Errors><Error><Code>${code}</Code><Message>${message}</Message></Error></Errors><RequestID>ea966190</RequestID></Response>`,
  };
}

/** An error as EKS sends it. */
export function eksError(statusCode: number, code: string, message = 'No.'): Answer {
  return {
    statusCode,
    headers: { 'content-type': 'application/json', 'x-amzn-errortype': code },
    body: JSON.stringify({ message }),
  };
}

/** An error as Organizations sends it. */
export function organizationsError(statusCode: number, code: string, message = 'No.'): Answer {
  return {
    statusCode,
    headers: { 'content-type': 'application/x-amz-json-1.1' },
    body: JSON.stringify({ __type: code, Message: message }),
  };
}

/** An error as STS sends it. */
export function stsError(statusCode: number, code: string, message = 'No.'): Answer {
  return {
    statusCode,
    body: `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">\n  <Error>\n    <Type>Sender</Type>\n    <Code>${code}</Code>\n    <Message>${message}</Message>\n  </Error>\n  <RequestId>ea966190</RequestId>\n</ErrorResponse>\n`,
  };
}

/** The page of whatever answers in place of AWS. */
export function pageWithoutErrorCode(statusCode: number): Answer {
  return { statusCode, headers: { 'content-type': 'text/html' }, body: '<html><body>Not here</body></html>' };
}
