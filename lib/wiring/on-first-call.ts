import type { InvocationContext, LambdaHandler } from './lambda-stack.ts';

/**
 * Returns a handler that is built when it is called first: a bundle is loaded without asking the environment for anything, and
 * what is wrong with it is the answer of a call. A build that failed is tried again by the next call.
 */
export function onFirstCall<R>(build: () => Promise<LambdaHandler<R>>): LambdaHandler<R> {
  let built: Promise<LambdaHandler<R>> | undefined;
  return async (event: unknown, context: InvocationContext) => {
    built ??= build();
    let handler: LambdaHandler<R>;
    try {
      handler = await built;
    } catch (cause) {
      built = undefined;
      throw cause;
    }
    return handler(event, context);
  };
}
