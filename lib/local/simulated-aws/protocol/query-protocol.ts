import { type Failure, failure } from '../failure.ts';
import type { Operations, Protocol } from '../service.ts';
import type { WireRequest, WireResponse } from '../wire.ts';
import { parseQueryInput, type QueryDialect } from './query-input.ts';
import { escapeXml, renderXmlMembers } from './render-xml.ts';
import { operationShapes } from './schema.ts';

const XML_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n';

/**
 * The two protocols that take form parameters and answer XML: EC2's own and the one of STS.
 * https://smithy.io/2.0/aws/protocols/aws-ec2-query-protocol.html
 * https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
 */
export function queryProtocol(dialect: QueryDialect, xmlNamespace: string): Protocol {
  return {
    route: (request, operations) => route(request, operations),
    decode: (request, { schema }) => parseQueryInput(operationShapes(schema).input, parametersOf(request), dialect),
    encode: ({ schema }, output, requestId) => {
      const members = renderXmlMembers(operationShapes(schema).output, output);
      const action = schema[2];
      const content =
        dialect === 'ec2'
          ? `<requestId>${requestId}</requestId>${members}`
          : `<${action}Result>${members}</${action}Result><ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata>`;
      return xmlResponse(200, `<${action}Response xmlns="${xmlNamespace}">${content}</${action}Response>`, requestId);
    },
    encodeFailure: ({ failure: { status, code, message } }, requestId) => {
      const detail = `<Code>${escapeXml(code)}</Code><Message>${escapeXml(message)}</Message>`;
      const body =
        dialect === 'ec2'
          ? `<Response><Errors><Error>${detail}</Error></Errors><RequestID>${requestId}</RequestID></Response>`
          : `<ErrorResponse xmlns="${xmlNamespace}"><Error><Type>${status < 500 ? 'Sender' : 'Receiver'}</Type>${detail}</Error><RequestId>${requestId}</RequestId></ErrorResponse>`;
      return xmlResponse(status, body, requestId);
    },
  };
}

function route(request: WireRequest, operations: Operations): ReturnType<Protocol['route']> {
  let action: string | undefined;
  for (const [key, value] of parametersOf(request)) {
    action = key === 'Action' ? value : action;
  }
  if (action === undefined) {
    return failure(400, 'MissingAction', 'The request is missing the Action parameter');
  }
  return operations.get(action) ?? invalidAction(action);
}

function invalidAction(action: string): Failure {
  return failure(400, 'InvalidAction', `The action ${action} is not valid for this web service.`);
}

function parametersOf(request: WireRequest): Iterable<readonly [string, string]> {
  return request.method === 'GET' ? request.query : new URLSearchParams(request.body);
}

function xmlResponse(status: number, body: string, requestId: string): WireResponse {
  return {
    status,
    headers: { 'content-type': 'text/xml;charset=UTF-8', 'x-amzn-requestid': requestId },
    body: `${XML_DECLARATION}${body}`,
  };
}
