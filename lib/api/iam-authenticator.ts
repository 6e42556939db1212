import * as z from 'zod/mini';
import { err, ok } from '../domain/result.ts';
import { type Authenticate, SCOPES } from './caller.ts';

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html */
const SIGNED_REQUEST = z.object({
  event: z.object({
    requestContext: z.object({
      authorizer: z.object({ iam: z.object({ userArn: z.string().check(z.minLength(1), z.maxLength(2_048)) }) }),
    }),
  }),
});

/**
 * Returns what knows callers by the IAM identity that API Gateway has verified. Which routes an identity may call is a matter of
 * its policy, `execute-api:Invoke` by method and path, so whoever comes this far may do what the route does; every account is
 * seen. A request without such an identity did not come through a route that asks for one.
 */
export function createIamAuthenticator(): Authenticate {
  return async (context) => {
    const signed = SIGNED_REQUEST.safeParse(context.env);
    return signed.success
      ? ok({
          name: signed.data.event.requestContext.authorizer.iam.userArn,
          scopes: SCOPES,
          accountIds: undefined,
        })
      : err({
          code: 'not-authenticated',
          detail: 'Sign the request as an IAM identity with the service name execute-api',
          headers: { 'www-authenticate': 'AWS4-HMAC-SHA256' },
        });
  };
}
