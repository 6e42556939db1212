import { failure } from '../failure.ts';
import type { Operation, Operations, Protocol } from '../service.ts';
import type { WireRequest } from '../wire.ts';
import { toJson } from './json.ts';
import { httpBinding, membersOf, operationShapes, shapeOf, textTrait } from './schema.ts';

const WHOLE_NUMBER = /^-?\d+$/;
const LABEL = /^\{(\w+)\}$/;

/**
 * The protocol of EKS: the path names the action, the query has its options, JSON comes back.
 * Only actions without a request body are read.
 * https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html
 */
export const restJsonProtocol: Protocol = {
  route: (request, operations) =>
    routeByPath(request, operations) ??
    failure(
      403,
      'MissingAuthenticationTokenException',
      `Missing Authentication Token for ${request.method} ${request.path}`,
    ),

  decode(request, { schema }) {
    const input: Record<string, unknown> = { ...pathLabels(request, schema) };
    for (const { name, ref } of membersOf(shapeOf(operationShapes(schema).input))) {
      const shape = shapeOf(ref);
      const text = request.query.get(textTrait(shape.traits, 'httpQuery') ?? '');
      if (text === undefined) {
        continue;
      }
      if (shape.kind === 'number' && !WHOLE_NUMBER.test(text)) {
        return failure(400, 'InvalidParameterException', `${name} is "${text}", expected an integer`);
      }
      input[name] = shape.kind === 'number' ? Number(text) : text;
    }
    return input;
  },

  encode: ({ schema }, output, requestId) => ({
    status: 200,
    headers: { 'content-type': 'application/json', 'x-amzn-requestid': requestId },
    body: JSON.stringify(toJson(operationShapes(schema).output, output)),
  }),

  encodeFailure: ({ failure: { status, code, message, details } }, requestId) => ({
    status,
    headers: { 'content-type': 'application/json', 'x-amzn-requestid': requestId, 'x-amzn-errortype': code },
    body: JSON.stringify({ __type: code, ...details, message }),
  }),
};

function routeByPath(request: WireRequest, operations: Operations): Operation | undefined {
  for (const operation of operations.values()) {
    if (pathLabels(request, operation.schema) !== undefined) {
      return operation;
    }
  }
  return undefined;
}

/** The labels of a path template in a request's path, decoded, or `undefined` where the path is another one. */
function pathLabels(request: WireRequest, schema: Operation['schema']): Record<string, string> | undefined {
  const binding = httpBinding(schema);
  const template = binding?.path.split('/');
  const path = request.path.split('/');
  if (binding?.method !== request.method || template?.length !== path.length) {
    return undefined;
  }
  const labels: Record<string, string> = {};
  for (const [index, segment] of path.entries()) {
    const expected = template[index] ?? '';
    const label = LABEL.exec(expected)?.[1];
    const text = decodeSegment(segment);
    if (label === undefined ? segment !== expected : text === undefined || text === '') {
      return undefined;
    }
    if (label !== undefined && text !== undefined) {
      labels[label] = text;
    }
  }
  return labels;
}

function decodeSegment(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch (error) {
    if (error instanceof URIError) {
      return undefined;
    }
    throw error;
  }
}
