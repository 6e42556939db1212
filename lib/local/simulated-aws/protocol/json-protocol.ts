import { failure } from '../failure.ts';
import type { Protocol } from '../service.ts';
import type { WireResponse } from '../wire.ts';
import { toJson } from './json.ts';
import { operationShapes } from './schema.ts';

/**
 * The protocol of Organizations: `X-Amz-Target` names the action, JSON goes both ways.
 * https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html
 */
export function jsonProtocol(targetPrefix: string): Protocol {
  return {
    route(request, operations) {
      const target = request.headers.get('x-amz-target') ?? '';
      const [prefix, action] = target.split('.');
      const operation = prefix === targetPrefix && action !== undefined ? operations.get(action) : undefined;
      return operation ?? failure(400, 'UnknownOperationException', `The target "${target}" is not known`);
    },

    decode({ body }) {
      const input = parseObject(body === '' ? '{}' : body);
      return input ?? failure(400, 'SerializationException', 'The request body is not a JSON object');
    },

    encode: ({ schema }, output, requestId) =>
      jsonResponse(200, toJson(operationShapes(schema).output, output), requestId),

    encodeFailure: ({ failure: { status, code, message, details } }, requestId) =>
      jsonResponse(status, { __type: code, ...details, Message: message }, requestId),
  };
}

function parseObject(text: string): object | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) {
      return undefined;
    }
    throw error;
  }
  return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? parsed : undefined;
}

function jsonResponse(status: number, body: unknown, requestId: string): WireResponse {
  return {
    status,
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': requestId },
    body: JSON.stringify(body),
  };
}
