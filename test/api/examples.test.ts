import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { ANSWERS } from '../../lib/api/answers.ts';
import { ROUTES } from '../../lib/api/routes.ts';
import { openapiDocument } from '../../lib/local/openapi-document.ts';
import { anApiWorld } from './api-world.ts';

/** What is a document of its own, which shows itself. */
const WITHOUT_EXAMPLE = ['getOpenapi', 'getReference'];

const { paths } = openapiDocument();

describe.each(ROUTES.map((route) => [route.operationId, route] as const))('%s', (operationId, route) => {
  const { path, method, response, body } = route;
  const { schema, example, bodyExample } = ANSWERS.get(operationId) ?? {};

  it('has an example of each body that it takes or gives, and of no other', () => {
    const hasAnswer = schema !== undefined && !WITHOUT_EXAMPLE.includes(operationId);
    expect(schema === undefined).toBe(response.isEmpty === true);
    expect(example !== undefined).toBe(hasAnswer);
    expect(bodyExample !== undefined).toBe(body !== undefined);
  });

  it('has examples that are what its schemas say, with nothing beside', () => {
    if (example !== undefined) {
      expect(schema && z.parse(schema, example)).toEqual(example);
    }
    if (body !== undefined) {
      expect(body.parse(bodyExample)).toEqual(bodyExample);
    }
  });

  it('shows them in the document', () => {
    const content = Object.values(
      JSON.parse(JSON.stringify(paths))[path][method].responses[response.status].content ?? {},
    );
    expect(content[0] ?? {}).toMatchObject(example === undefined ? {} : { example });
  });
});

describe('the reference page', () => {
  it('has the examples, escaped', async () => {
    const { text } = await (await anApiWorld()).ask('/docs');
    const examples = [...ANSWERS.values()].flatMap(({ example, bodyExample }) => [example, bodyExample]);
    expect(text.match(/<summary>Example<\/summary>/g)).toHaveLength(examples.filter((one) => one !== undefined).length);
    expect(text).toContain('&quot;reason&quot;: &quot;Migration&quot;');
  });
});
