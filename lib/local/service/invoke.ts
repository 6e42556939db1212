import { randomUUID } from 'node:crypto';
import type { InvocationContext } from '../../wiring/lambda-stack.ts';

/** As long as Lambda gives at the most. https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html */
const INVOCATION_MS = 15 * 60_000;

/** Returns what Lambda tells a handler of one invocation. */
export function invocationContext(): InvocationContext {
  return { awsRequestId: randomUUID(), getRemainingTimeInMillis: () => INVOCATION_MS };
}
