import type { Hono } from 'hono';
import { handle } from 'hono/aws-lambda';
import type { LambdaHandler } from './lambda-stack.ts';

type Handle = ReturnType<typeof handle>;

/**
 * Returns the handler of a function behind an HTTP API of API Gateway, in its payload format 2.0. It is not in the one stack: an
 * HTTP answer says by itself what failed, and there is nothing to be delivered again.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function httpFunction(app: Pick<Hono, 'fetch'>): LambdaHandler<Awaited<ReturnType<Handle>>> {
  return async (event, context) => {
    const compressed: Buffer[] = [];
    const fetch: Hono['fetch'] = async (...request) => {
      const response = await app.fetch(...request);
      if (!response.headers.has('content-encoding')) {
        return response;
      }
      compressed.push(Buffer.from(await response.arrayBuffer()));
      return new Response(null, response);
    };
    // The adapter asks no more of an application than to answer requests, and reads of an event what API Gateway sends.
    const answer = await handle({ fetch } as Hono)(event as Parameters<Handle>[0], context as Parameters<Handle>[1]);
    const [body] = compressed;
    // The adapter makes base64 byte by byte, which takes longer than all else that it does.
    return body === undefined ? answer : { ...answer, body: body.toString('base64') };
  };
}
