import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ROUTES } from '../../lib/api/routes.ts';
import { openapiDocument, openapiText } from '../../lib/local/openapi-document.ts';
import { renderReferencePage } from '../../lib/local/reference/reference-page.tsx';

describe('docs/openapi.json', () => {
  it('is what the routes promise: `npm run generate` writes it', () => {
    expect(readFileSync('docs/openapi.json', 'utf8')).toBe(openapiText());
  });

  it('has its page beside it', () => {
    expect(readFileSync('docs/api-reference.html', 'utf8')).toBe(renderReferencePage(openapiDocument()));
  });

  it('names every operation once', () => {
    const ids = ROUTES.map(({ operationId }) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('says of every route who may ask', () => {
    const { paths } = openapiDocument();
    for (const { path, method, access, operationId } of ROUTES) {
      const security = access === 'read' || access === 'write' ? [{ token: [`elbowroom:${access}`] }] : [];
      expect(paths, operationId).toMatchObject({ [path]: { [method]: { operationId, security } } });
    }
  });

  it('refers to nothing that is not in it', () => {
    const { components } = openapiDocument();
    const references = [...openapiText().matchAll(/"\$ref": "#\/components\/schemas\/([^"]+)"/g)];
    expect(references.length).toBeGreaterThan(ROUTES.length);
    for (const [, name] of references) {
      expect(Object.keys(components.schemas)).toContain(name);
    }
  });
});
