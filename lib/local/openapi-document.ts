import * as z from 'zod';
import { AddressHolderView } from '../api/address-holder-view.ts';
import { AddressMapView } from '../api/address-map-view.ts';
import { AddressView } from '../api/address-view.ts';
import { AlertDetailView } from '../api/alert-detail-view.ts';
import { AlertView } from '../api/alert-view.ts';
import { ANSWERS, type Answer } from '../api/answers.ts';
import { AuditTrailEntryView } from '../api/audit-trail-view.ts';
import { ClusterView } from '../api/cluster-view.ts';
import { CoverageSummaryView } from '../api/coverage-summary-view.ts';
import { NotSeenView } from '../api/coverage-view.ts';
import { EventPageView, EventView } from '../api/event-view.ts';
import { ExhaustionView } from '../api/exhaustion-view.ts';
import { FleetTrendView } from '../api/fleet-trend-view.ts';
import { FleetView } from '../api/fleet-view.ts';
import { PROBLEM_MEDIA_TYPE, type ProblemCode, problemStatus } from '../api/problem.ts';
import { ProblemView } from '../api/problem-view.ts';
import { RoomTrendView } from '../api/room-trend-view.ts';
import { EVENT_STREAM_MEDIA_TYPE, type Route } from '../api/route.ts';
import { ROUTES } from '../api/routes.ts';
import { RunView } from '../api/run-view.ts';
import { SilenceRequest, SilenceView } from '../api/silence-view.ts';
import { StatusReasonView } from '../api/status-reason-view.ts';
import { SubnetRoomView } from '../api/subnet-room-view.ts';
import { SubnetView } from '../api/subnet-view.ts';
import { TrendView } from '../api/trend-view.ts';
import { jsonText } from '../domain/text/json-text.ts';
import type { JsonSchema } from './reference/json-schema.ts';

/** Moves with the contract: a change that a client could trip over moves the first number. */
const API_VERSION = '1.0.0';

/** What has a name in the document; everything else stands where it is used. */
const COMPONENTS: Readonly<Record<string, z.core.$ZodType>> = {
  AddressHolderView,
  AddressMapView,
  AddressView,
  AlertDetailView,
  AlertView,
  AuditTrailEntryView,
  ClusterView,
  CoverageSummaryView,
  EventPageView,
  EventView,
  ExhaustionView,
  FleetTrendView,
  FleetView,
  NotSeenView,
  ProblemView,
  RoomTrendView,
  RunView,
  SilenceRequest,
  SilenceView,
  StatusReasonView,
  SubnetRoomView,
  SubnetView,
  TrendView,
};

type Json = Readonly<Record<string, unknown>>;

/** What of the document is read here again; it has more. */
export interface OpenapiDocument {
  readonly info: {
    readonly title: string;
    readonly version: string;
    readonly description: string;
    readonly license: Json;
  };
  readonly paths: Readonly<Record<string, Readonly<Record<string, OpenapiOperation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, JsonSchema>>; readonly securitySchemes: Json };
}

export interface OpenapiOperation {
  readonly operationId: string;
  readonly summary: string;
  readonly tags: readonly string[];
  readonly security: readonly { readonly token: readonly string[] }[];
  readonly parameters: readonly OpenapiParameter[];
  readonly requestBody?: { readonly required: boolean; readonly content: MediaTypes };
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: MediaTypes }>>;
}

export interface OpenapiParameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly description: string | undefined;
  readonly schema: JsonSchema;
}

export type MediaTypes = Readonly<Record<string, { readonly schema?: JsonSchema; readonly example?: unknown }>>;

/** Returns the text of `docs/openapi.json`: what every route promises, made from the schemas that it is held to. */
export function openapiText(): string {
  return jsonText(openapiDocument());
}

/** Returns the OpenAPI document. https://spec.openapis.org/oas/v3.1.1.html */
export function openapiDocument(): OpenapiDocument & Json {
  const schemas = componentSchemas();
  return {
    openapi: '3.1.1',
    info: {
      title: 'Elbowroom',
      version: API_VERSION,
      description:
        'The IP headroom of every EKS cluster in every AWS account of an organisation. Every number has the time that it was observed at; what was not seen is null or in the coverage, never zero.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    paths: paths(schemas.inline),
    components: {
      schemas: schemas.named,
      securitySchemes: {
        token: {
          type: 'http',
          scheme: 'bearer',
          description:
            'A JWT of the organisation with the scope elbowroom:read or elbowroom:write; on one machine its token',
        },
      },
    },
  };
}

/** What leaves, or what a request means once it is read. A format says as much as its pattern, which takes a page. */
const AS_JSON: z.core.ToJSONSchemaParams = {
  io: 'output',
  override({ jsonSchema }) {
    if (jsonSchema.format !== undefined) {
      delete jsonSchema.pattern;
    }
  },
};

interface Schemas {
  readonly named: Readonly<Record<string, JsonSchema>>;
  /** Of a schema that has no name, by its operation and part. */
  readonly inline: (name: string) => JsonSchema;
}

function partName({ operationId }: Route, part: 'body' | 'response'): string {
  return `${operationId}.${part}`;
}

/** All schemas are turned at once, so that one refers to another by its name. */
function componentSchemas(): Schemas {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(COMPONENTS)) {
    registry.add(schema, { id });
  }
  for (const route of ROUTES) {
    for (const [part, schema] of [
      ['body', route.body],
      ['response', ANSWERS.get(route.operationId)?.schema],
    ] as const) {
      if (schema !== undefined && !registry.has(schema)) {
        registry.add(schema, { id: partName(route, part) });
      }
    }
  }
  const { schemas } = z.toJSONSchema(registry, { uri: (id) => `#/components/schemas/${id}`, ...AS_JSON });
  const plain = Object.fromEntries(Object.entries(schemas).map(([id, schema]) => [id, withoutNames(schema)]));
  return {
    named: Object.fromEntries(Object.entries(plain).filter(([id]) => id in COMPONENTS)),
    inline(name) {
      const schema = plain[name];
      if (schema === undefined) {
        throw new Error(`Cannot document ${name}: no route has a schema of that name`);
      }
      return schema;
    },
  };
}

/** The document says which dialect its schemas are of, and where each of them is. */
function withoutNames({ $schema: _, $id: __, ...schema }: Json): Json {
  return schema;
}

function paths(inline: Schemas['inline']): OpenapiDocument['paths'] {
  const byPath = new Map<string, Record<string, OpenapiOperation>>();
  for (const route of ROUTES) {
    byPath.set(route.path, { ...byPath.get(route.path), [route.method]: operation(route, inline) });
  }
  return Object.fromEntries(byPath);
}

function operation(route: Route, inline: Schemas['inline']): OpenapiOperation {
  const { operationId, summary, tag, access, body, response } = route;
  const answer = ANSWERS.get(operationId);
  return {
    operationId,
    summary,
    tags: [tag],
    security: access === 'open' || access === 'signed' ? [] : [{ token: [`elbowroom:${access}`] }],
    parameters: [...parameters(route, 'path'), ...parameters(route, 'query'), ...headers(route)],
    ...(body === undefined
      ? {}
      : {
          requestBody: {
            required: true,
            content: {
              'application/json': {
                schema: schemaOf(body, partName(route, 'body'), inline),
                example: answer?.bodyExample,
              },
            },
          },
        }),
    responses: {
      [response.status]: {
        description: response.description,
        ...(answer === undefined
          ? {}
          : {
              content: {
                ...content(response, answer, partName(route, 'response'), inline),
                ...(route.isFollowed ? { [EVENT_STREAM_MEDIA_TYPE]: {} } : {}),
              },
            }),
      },
      ...(route.method === 'get' && answer !== undefined
        ? { 304: { description: 'What If-None-Match names is still what it is' } }
        : {}),
      ...problemResponses(route),
    },
  };
}

function content(
  { mediaType }: Route['response'],
  { schema, example }: Answer,
  name: string,
  inline: Schemas['inline'],
): MediaTypes {
  return mediaType === undefined
    ? { 'application/json': { schema: schemaOf(schema, name, inline), example } }
    : { [mediaType ?? 'application/json']: example === undefined ? {} : { example } };
}

function schemaOf(schema: z.core.$ZodType, name: string, inline: Schemas['inline']): JsonSchema {
  const component = Object.entries(COMPONENTS).find(([, one]) => one === schema)?.[0];
  return component === undefined ? inline(name) : { $ref: `#/components/schemas/${component}` };
}

function parameters(route: Route, place: 'path' | 'query'): OpenapiParameter[] {
  const { shape } = place === 'path' ? route.params : route.query;
  return Object.entries(shape).map(([name, schema]) => {
    const { $schema: _, description, ...json } = z.toJSONSchema(schema, AS_JSON);
    return {
      name,
      in: place,
      required: place === 'path',
      description,
      // Values of a list are separated by commas.
      ...(json.type === 'array' ? { style: 'form', explode: false } : {}),
      schema: withoutNames(json),
    };
  });
}

/** What a change may be asked with besides its body. */
function headers({ takesIfMatch, takesIdempotencyKey }: Route): OpenapiParameter[] {
  const text = { type: 'string' };
  return [
    ...(takesIfMatch
      ? [
          {
            name: 'If-Match',
            in: 'header' as const,
            required: false,
            description: 'The ETag of what is to be changed',
            schema: text,
          },
        ]
      : []),
    ...(takesIdempotencyKey
      ? [
          {
            name: 'Idempotency-Key',
            in: 'header' as const,
            required: false,
            description: 'The same for the same wish: asking again changes nothing',
            schema: text,
          },
        ]
      : []),
  ];
}

/** What may be wrong with a request, by its status. */
function problemResponses(route: Route): OpenapiOperation['responses'] {
  const codes = new Set<ProblemCode>([...commonProblems(route), ...route.problems]);
  const byStatus = new Map<number, ProblemCode[]>();
  for (const code of codes) {
    byStatus.set(problemStatus(code), [...(byStatus.get(problemStatus(code)) ?? []), code]);
  }
  return Object.fromEntries(
    [...byStatus]
      .toSorted(([a], [b]) => a - b)
      .map(([status, all]) => [
        status,
        {
          description: all.join(', '),
          content: { [PROBLEM_MEDIA_TYPE]: { schema: { $ref: '#/components/schemas/ProblemView' } } },
        },
      ]),
  );
}

function commonProblems({ access, body }: Route): ProblemCode[] {
  return [
    // One that is not known is refused where there are none.
    'invalid-parameter',
    ...(body === undefined ? [] : (['invalid-body', 'body-too-large', 'unsupported-media-type'] as const)),
    ...(access === 'open' ? [] : (['not-authenticated'] as const)),
    ...(access === 'read' || access === 'write' ? (['not-permitted', 'issuer-unavailable'] as const) : []),
    ...(access === 'write' ? (['foreign-origin'] as const) : []),
    'internal-error',
  ];
}
