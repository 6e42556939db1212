import * as z from 'zod/mini';
import { ok, type Result } from '../domain/result.ts';
import type { AnswerBasis } from './answer-basis.ts';
import type { ApiPorts, ReadRoutePorts, WriteRoutePorts } from './api-ports.ts';
import type { Caller, Scope } from './caller.ts';
import { parseBody, parseFields } from './parse-fields.ts';
import type { Problem, ProblemCode } from './problem.ts';

/**
 * Who may ask: those with a scope; `open`: anybody; `signed`: whoever the route itself knows by a signature.
 */
export type Access = Scope | 'open' | 'signed';

export type Method = 'get' | 'post' | 'delete';

/** What a route is given: by GET nothing is changed. https://www.rfc-editor.org/rfc/rfc9110#section-9.2.1 */
type PortsOf<M extends Method> = M extends 'get' ? ReadRoutePorts : WriteRoutePorts;

/** Of pages of events that are sent as they come. */
export const EVENT_STREAM_MEDIA_TYPE = 'text/event-stream';

/** What a route promises: all that the OpenAPI document says of it. */
export interface Contract {
  readonly operationId: string;
  readonly method: Method;
  /** As OpenAPI writes it: `/v1/subnets/{subnetId}`. */
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  readonly access: Access;
  /** Whether the header `If-Match` makes it conditional on what was read. */
  readonly takesIfMatch: boolean;
  /** Whether the header `Idempotency-Key` names what is made. */
  readonly takesIdempotencyKey: boolean;
  readonly params: z.ZodMiniObject;
  readonly query: z.ZodMiniObject;
  readonly body: z.ZodMiniType | undefined;
  readonly response: RouteResponse;
  /** What may be wrong besides what may be wrong with every request. */
  readonly problems: readonly ProblemCode[];
}

/** What it answers with; of what shape is in `answers.ts`, which nothing that runs reads. */
export interface RouteResponse {
  readonly status: 200 | 201 | 202 | 204;
  readonly description: string;
  /** Of a body that is text and sent as it stands; any other is sent as JSON. */
  readonly mediaType?: string;
  /** Whether there is no body. */
  readonly isEmpty?: true;
}

/** A request as it came. */
export interface RouteRequest {
  readonly caller: Caller;
  readonly requestId: string;
  readonly header: (name: string) => string | undefined;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly rawBody: string;
}

/** A route, and what its answers are made of. */
export interface Route<P = ApiPorts, R = unknown> extends Contract {
  /** What its answers rest on: callers who may see the same are given the same while that is the same. */
  readonly restsOn: ((ports: P, query: URLSearchParams) => Promise<AnswerBasis | undefined>) | undefined;
  /** Whether its pages of events can be sent as they come, where the platform lets an answer take its time. */
  readonly isFollowed: boolean;
  readonly run: (request: RouteRequest, ports: P) => Promise<Result<R, Problem>>;
}

/** A request whose parts are what its contract says. */
export interface RouteInput<P, Q, B> extends Pick<RouteRequest, 'caller' | 'requestId' | 'header' | 'rawBody'> {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
}

const NO_FIELDS = z.strictObject({});
type NoFields = typeof NO_FIELDS;

interface RouteSpec<M extends Method, P extends z.ZodMiniObject, Q extends z.ZodMiniObject, B extends z.ZodMiniType, R>
  extends Omit<Contract, 'method' | 'takesIfMatch' | 'takesIdempotencyKey' | 'params' | 'query' | 'body' | 'problems'> {
  readonly method: M;
  readonly takesIfMatch?: boolean;
  readonly takesIdempotencyKey?: boolean;
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  readonly problems?: readonly ProblemCode[];
  readonly restsOn?: Route<PortsOf<M>>['restsOn'];
  readonly isFollowed?: boolean;
  readonly handle: (
    input: RouteInput<z.output<P>, z.output<Q>, z.output<B>>,
    ports: PortsOf<M>,
  ) => Promise<Result<R, Problem>>;
}

/** Returns a route: its contract, and what reads a request by it and answers. */
export function route<
  M extends Method,
  P extends z.ZodMiniObject = NoFields,
  Q extends z.ZodMiniObject = NoFields,
  B extends z.ZodMiniType = z.ZodMiniUndefined,
  R = unknown,
>({ handle, ...spec }: RouteSpec<M, P, Q, B, R>): Route<PortsOf<M>, R> {
  return {
    problems: [],
    takesIfMatch: false,
    takesIdempotencyKey: false,
    restsOn: undefined,
    isFollowed: false,
    ...spec,
    params: spec.params ?? NO_FIELDS,
    query: spec.query ?? NO_FIELDS,
    body: spec.body,
    async run(request, ports) {
      const params = parseFields(spec.params ?? NO_FIELDS, 'path', Object.entries(request.params));
      const query = parseFields(spec.query ?? NO_FIELDS, 'query', request.query);
      const body = spec.body === undefined ? ok(undefined) : parseBody(spec.body, request.rawBody);
      if (!params.ok) {
        return params;
      }
      if (!query.ok) {
        return query;
      }
      if (!body.ok) {
        return body;
      }
      const { caller, requestId, header, rawBody } = request;
      // Each part was read by its own schema, or is that of a route that has none.
      const input = { caller, requestId, header, rawBody, params: params.value, query: query.value, body: body.value };
      return handle(input as RouteInput<z.output<P>, z.output<Q>, z.output<B>>, ports);
    },
  };
}
