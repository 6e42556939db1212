/** What Lambda hands a handler beside an event. */
export const CONTEXT = { awsRequestId: 'bench', getRemainingTimeInMillis: () => 29_000 };

/**
 * Returns a GET as API Gateway hands it over.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function lambdaEvent(rawPath: string, rawQueryString: string, acceptEncoding: string) {
  return {
    version: '2.0',
    rawPath,
    rawQueryString,
    headers: { host: 'api.example', 'accept-encoding': acceptEncoding },
    requestContext: { domainName: 'api.example', http: { method: 'GET', path: rawPath } },
    isBase64Encoded: false,
  };
}
