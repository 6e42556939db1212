import { describe, expect, it } from 'vitest';
import { ROUTES } from '../../lib/api/routes.ts';
import { anApiWorld } from './api-world.ts';

describe('the reference page', () => {
  it('has every operation, every parameter and every problem', async () => {
    const { ask } = await anApiWorld();
    const { status, headers, text } = await ask('/docs');
    expect([status, headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    for (const { operationId, path, params, query } of ROUTES) {
      expect(text).toContain(`<section id="${operationId}">`);
      expect(text).toContain(path);
      for (const name of [...Object.keys(params.shape), ...Object.keys(query.shape)]) {
        expect(text).toContain(`<code>${name}</code>`);
      }
    }
    const { json } = await ask('/v1/alerts/none');
    expect(json).toMatchObject({ type: '/docs#not-found' });
    expect(text).toContain('<tr id="not-found">');
  });

  it('asks for nothing from elsewhere, and may not', async () => {
    const { ask } = await anApiWorld();
    const { headers, text } = await ask('/docs');
    expect(text).not.toMatch(/<script|<link|<img|src=|@import|https?:/);
    expect(headers.get('content-security-policy')).toBe(
      "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    );
  });
});
