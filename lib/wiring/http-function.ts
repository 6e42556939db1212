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
  // The adapter asks no more of an application than to answer requests, and reads of an event what API Gateway sends.
  const answer = handle(app as Hono);
  return (event, context) => answer(event as Parameters<Handle>[0], context as Parameters<Handle>[1]);
}
