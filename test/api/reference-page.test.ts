import { describe, expect, it } from 'vitest';
import { ROUTES } from '../../lib/api/routes.ts';
import { openapiDocument } from '../../lib/local/openapi-document.ts';
import { schemaFields } from '../../lib/local/reference/json-schema.ts';
import { anApiWorld } from './api-world.ts';

describe('the reference page', () => {
  it('has every operation, every parameter and every problem', async () => {
    const { ask } = await anApiWorld();
    const { status, headers, text } = await ask('/docs');
    expect([status, headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    for (const { operationId, path, params, query } of ROUTES) {
      const article = text.split(`<article id="${operationId}">`)[1]?.split('</article>')[0];
      expect(article).toContain(`<code>${path}</code>`);
      for (const name of [...Object.keys(params.shape), ...Object.keys(query.shape)]) {
        expect(article).toContain(`<code>${name}</code>`);
      }
    }
    const { json } = await ask('/v1/alerts/none');
    expect(json).toMatchObject({ type: '/docs#not-found' });
    expect(text).toContain('<tr id="not-found">');
  });

  it('has every field of every schema', async () => {
    const { ask } = await anApiWorld();
    const { text } = await ask('/docs');
    for (const [name, schema] of Object.entries(openapiDocument().components.schemas)) {
      const article = text.split(`<article id="${name}">`)[1]?.split('</article>')[0];
      for (const { path } of schemaFields(schema)) {
        expect(article).toContain(`<code>${path}</code>`);
      }
    }
  });

  it('has what each of its links leads to, once', async () => {
    const { ask } = await anApiWorld();
    const { text } = await ask('/docs');
    const links = [...text.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id);
    const ids = [...text.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(links.length).toBeGreaterThan(ROUTES.length);
    expect(links.filter((link) => !ids.includes(link))).toEqual([]);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
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
