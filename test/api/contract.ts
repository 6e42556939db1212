import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { expect } from 'vitest';
import { openapiDocument } from '../../lib/local/openapi-document.ts';
import type { Answer } from './api-world.ts';

/** What the document says of each operation, as far as an answer is held to it. */
interface Operation {
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, object>> }>>;
}

const DOCUMENT = openapiDocument();
/** The document is made of plain objects. */
const PATHS = DOCUMENT.paths as Readonly<Record<string, Readonly<Record<string, Operation>>>>;
const BODILESS = new Set([204, 304]);

const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats(ajv);
ajv.addSchema(DOCUMENT, 'openapi');
const validators = new Map<string, ValidateFunction>();

/** Reads an answer and expects it to be one that the document promises, with its media type and without anything else. */
export async function conforming(method: string, path: string, response: Response): Promise<Answer> {
  const { status, headers } = response;
  const text = await unpacked(response);
  const mediaType = headers.get('content-type');
  const isBodiless = method === 'HEAD' || BODILESS.has(status);
  const json = mediaType?.includes('json') && !isBodiless ? JSON.parse(text) : undefined;
  const answer = { status, headers, text, json };
  expect(headers.get('x-request-id')).toMatch(/./);
  const pattern = patternOf(new URL(path, 'http://api.example').pathname);
  const operation = pattern === undefined ? undefined : PATHS[pattern]?.[methodOf(method)];
  if (pattern === undefined || operation === undefined) {
    expect([404, 405, 413]).toContain(status);
    expect(mediaType).toBe('application/problem+json');
    if (isBodiless) {
      expect(text).toBe('');
      return answer;
    }
    expectValid('#/components/schemas/ProblemView', json);
    return answer;
  }
  const promised = operation.responses[status];
  expect(promised, `${method} ${path} answers ${status}: ${text}`).toBeDefined();
  if (isBodiless || promised?.content === undefined) {
    expect(text).toBe('');
    return answer;
  }
  expect(Object.keys(promised.content)).toContain(mediaType);
  const place = ['paths', pattern, methodOf(method), 'responses', String(status), 'content', mediaType ?? '', 'schema'];
  // A body without a schema may be anything of its media type.
  if (Object.hasOwn(promised.content[mediaType ?? ''] ?? {}, 'schema')) {
    expectValid(`#/${place.map((part) => part.replaceAll('~', '~0').replaceAll('/', '~1')).join('/')}`, json);
  }
  return answer;
}

/** As clients do by themselves. */
function unpacked(response: Response): Promise<string> {
  const { body, headers } = response;
  return headers.get('content-encoding') === 'gzip' && body !== null
    ? new Response(body.pipeThrough(new DecompressionStream('gzip'))).text()
    : response.text();
}

function expectValid(reference: string, json: unknown): void {
  const validate = validators.get(reference) ?? ajv.compile({ $ref: `openapi${encodeURI(reference)}` });
  validators.set(reference, validate);
  validate(json);
  expect(validate.errors ?? [], reference).toEqual([]);
}

function methodOf(method: string): string {
  return method === 'HEAD' ? 'get' : method.toLowerCase();
}

/** Returns the path of the document that a path is of; one without parameters comes first. */
function patternOf(path: string): string | undefined {
  const matching = Object.keys(PATHS).filter((pattern) =>
    new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(path),
  );
  return matching.toSorted((a, b) => a.split('{').length - b.split('{').length)[0];
}
