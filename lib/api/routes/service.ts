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
  response: { status: 200, description: 'OpenAPI 3.1', mediaType: 'application/json' },
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
  response: { status: 200, description: 'HTML', mediaType: 'text/html; charset=utf-8' },
  problems: ['not-found'],
  async handle(_, { reference }) {
    const text = await reference();
    return text === undefined ? err({ code: 'not-found', detail: 'The page was not deployed' }) : ok(text);
  },
});
