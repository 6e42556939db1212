import type { Parameters } from './parameters.ts';

const SCOPE_READ = 'elbowroom:read';
const SCOPE_WRITE = 'elbowroom:write';
/** Requests a second, and at once: a person's or a dashboard's, not a flood's. */
const THROTTLE = { rateLimit: 100, burstLimit: 200 } as const;

/** What anybody may ask: is it there. Slack signs what it sends. */
export const OPEN_ROUTES = ['GET /healthz', 'POST /slack/actions'] as const;

/** The HTTP API in front of the API function: a few open routes, and everything else for callers that are known. */
export function createHttpApi(handler: sst.aws.Function, { issuer }: Parameters): sst.aws.ApiGatewayV2 {
  const api = new sst.aws.ApiGatewayV2('HttpApi', {
    cors: false,
    accessLog: { retention: '3 months' },
    transform: {
      stage: (stage) => {
        stage.defaultRouteSettings = {
          throttlingRateLimit: THROTTLE.rateLimit,
          throttlingBurstLimit: THROTTLE.burstLimit,
        };
      },
    },
  });
  for (const route of OPEN_ROUTES) {
    api.route(route, handler.arn);
  }
  const known = authOf(api, issuer);
  api.route('GET /{path+}', handler.arn, { auth: known(SCOPE_READ) });
  for (const method of ['POST', 'PUT', 'DELETE']) {
    api.route(`${method} /v1/{path+}`, handler.arn, { auth: known(SCOPE_WRITE) });
  }
  return api;
}

/** Tokens of the organisation's issuer with a scope; without one, requests signed by AWS credentials. */
function authOf(api: sst.aws.ApiGatewayV2, issuer: Parameters['issuer']) {
  if (issuer === undefined) {
    return () => ({ iam: true });
  }
  const authorizer = api.addAuthorizer({ name: 'Oidc', jwt: { issuer: issuer.url, audiences: [issuer.audience] } });
  return (scope: string) => ({ jwt: { authorizer: authorizer.id, scopes: [scope] } });
}
