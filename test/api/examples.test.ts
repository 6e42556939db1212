import { describe, expect, it } from 'vitest';
import { ROUTES } from '../../lib/api/routes.ts';
import { openapiDocument } from '../../lib/local/openapi-document.ts';
import { anApiWorld } from './api-world.ts';

/** What is a document of its own, which shows itself. */
const WITHOUT_EXAMPLE = ['getOpenapi', 'getReference'];

const { paths } = openapiDocument();

describe.each(ROUTES.map((route) => [route.operationId, route] as const))('%s', (operationId, route) => {
  const { path, method, response, body, bodyExample } = route;

  it('has an example of each body that it takes or gives, and of no other', () => {
    const hasAnswer = response.schema !== undefined && !WITHOUT_EXAMPLE.includes(operationId);
    expect(response.example !== undefined).toBe(hasAnswer);
    expect(bodyExample !== undefined).toBe(body !== undefined);
  });

  it('has examples that are what its schemas say, with nothing beside', () => {
    if (response.example !== undefined) {
      expect(response.schema?.parse(response.example)).toEqual(response.example);
    }
    if (body !== undefined) {
      expect(body.parse(bodyExample)).toEqual(bodyExample);
    }
  });

  it('shows them in the document', () => {
    const content = Object.values(
      JSON.parse(JSON.stringify(paths))[path][method].responses[response.status].content ?? {},
    );
    expect(content[0] ?? {}).toMatchObject(response.example === undefined ? {} : { example: response.example });
  });
});

describe('the reference page', () => {
  it('has the examples, escaped', async () => {
    const { text } = await (await anApiWorld()).ask('/docs');
    expect(text.match(/<summary>An answer<\/summary>/g)).toHaveLength(
      ROUTES.filter(({ response }) => response.example !== undefined).length,
    );
    expect(text.match(/<summary>A body<\/summary>/g)).toHaveLength(
      ROUTES.filter(({ bodyExample }) => bodyExample !== undefined).length,
    );
    expect(text).toContain('&quot;reason&quot;: &quot;Migration&quot;');
  });
});
