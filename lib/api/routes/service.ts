import * as z from 'zod';
import { err, ok } from '../../domain/result.ts';
import { route } from '../route.ts';

export const getHealth = route({
  operationId: 'getHealth',
  method: 'get',
  path: '/healthz',
  tag: 'service',
  summary: 'Whether the service answers; nothing is asked of what it keeps',
  access: 'open',
  response: {
    status: 200,
    description: 'It does',
    schema: z.object({ status: z.literal('ok') }),
    example: { status: 'ok' },
  },
  handle: async () => ok({ status: 'ok' as const }),
});

export const getOpenapi = route({
  operationId: 'getOpenapi',
  method: 'get',
  path: '/openapi.json',
  tag: 'service',
  summary: 'This document',
  access: 'open',
  response: { status: 200, description: 'OpenAPI 3.1', mediaType: 'application/json', schema: z.string() },
  problems: ['not-found'],
  async handle(_, { openapi }) {
    const text = await openapi();
    return text === undefined ? err({ code: 'not-found', detail: 'The document was not deployed' }) : ok(text);
  },
});

export const getReference = route({
  operationId: 'getReference',
  method: 'get',
  path: '/docs',
  tag: 'service',
  summary: 'A page about every operation and problem; it needs nothing from elsewhere',
  access: 'open',
  response: { status: 200, description: 'HTML', mediaType: 'text/html; charset=utf-8', schema: z.string() },
  handle: async (_, { referencePage }) => ok(referencePage()),
});
