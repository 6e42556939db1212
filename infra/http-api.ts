import type { Functions } from './functions.ts';
import type { Parameters } from './parameters.ts';

const SCOPE_READ = 'elbowroom:read';
const SCOPE_WRITE = 'elbowroom:write';
/** Requests a second, and at once: a person's or a dashboard's, not a flood's. */
const THROTTLE = { rateLimit: 100, burstLimit: 200 } as const;

/** The pages, which let visitors in themselves: a browser brings a cookie, and no token. */
const PAGE_ROUTES = ['GET /', 'GET /login', 'GET /callback', 'POST /logout'] as const;

/** The HTTP API in front of the functions that answer by HTTP. */
export function createHttpApi(): sst.aws.ApiGatewayV2 {
  return new sst.aws.ApiGatewayV2('HttpApi', {
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
}

/**
 * Its routes: a few open ones, the pages where there are some, and everything else for callers that are known. What reads and what
 * changes something are functions of their own, told apart by the method.
 */
export function connectHttpApi(api: sst.aws.ApiGatewayV2, functions: Functions, { issuer }: Parameters): void {
  // Anybody may ask whether it is there; Slack signs what it sends.
  api.route('GET /healthz', functions.api.arn);
  api.route('POST /slack/actions', functions.apiWrites.arn);
  const known = authOf(api, issuer);
  api.route('GET /{path+}', functions.api.arn, { auth: known(SCOPE_READ) });
  for (const method of ['POST', 'PUT', 'DELETE']) {
    api.route(`${method} /v1/{path+}`, functions.apiWrites.arn, { auth: known(SCOPE_WRITE) });
  }
  if (functions.pages !== undefined) {
    for (const route of PAGE_ROUTES) {
      api.route(route, functions.pages.arn);
    }
  }
}

/** Tokens of the organisation's issuer with a scope; without one, requests signed by AWS credentials. */
function authOf(api: sst.aws.ApiGatewayV2, issuer: Parameters['issuer']) {
  if (issuer === undefined) {
    return () => ({ iam: true });
  }
  const authorizer = api.addAuthorizer({ name: 'Oidc', jwt: { issuer: issuer.url, audiences: [issuer.audience] } });
  return (scope: string) => ({ jwt: { authorizer: authorizer.id, scopes: [scope] } });
}
