import { html, raw } from 'hono/html';
import * as z from 'zod/mini';
import type { Answer } from './answers.ts';
import { PROBLEM_TITLES } from './problem.ts';
import type { Contract } from './route.ts';

type Html = ReturnType<typeof html>;

const STYLE = `
:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 60rem; padding: 1rem; }
code { font-size: 0.9em; }
section { border-top: 1px solid color-mix(in srgb, currentcolor 25%, transparent); margin-top: 1.5rem; }
h3 { margin-bottom: 0; overflow-wrap: anywhere; }
.method { text-transform: uppercase; }
.scope { opacity: 0.75; }
table { border-collapse: collapse; }
th, td { padding: 0.25rem 1.5rem 0.25rem 0; text-align: left; vertical-align: top; white-space: nowrap; }
pre { overflow-x: auto; }
td:last-child { overflow-wrap: anywhere; white-space: normal; }
`;

const SCOPES: Readonly<Record<Contract['access'], string>> = {
  open: 'for anybody',
  signed: 'for Slack, by its signature',
  read: 'needs elbowroom:read',
  write: 'needs elbowroom:write',
};

/** Renders what the routes promise as one document that needs nothing from elsewhere. */
export function renderReferencePage(contracts: readonly Contract[], answers: ReadonlyMap<string, Answer>): string {
  const tags = [...new Set(contracts.map(({ tag }) => tag))];
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Elbowroom API</title>
<style>${raw(STYLE)}</style>
</head>
<body>
<h1>Elbowroom API</h1>
<p>JSON over HTTP. <a href="/openapi.json">openapi.json</a> has every schema. What was not seen is null or in the coverage, never zero.
An answer that is none is a problem document, <code>application/problem+json</code>, with one of the <a href="#problems">codes</a> below.</p>
<p>A list ends in <code>nextCursor</code>: ask for the next page by <code>cursor</code>, with the same filters. An answer with an
<code>ETag</code> is asked for again by <code>If-None-Match</code>.</p>
${tags.map(
  (tag) => html`<h2>${tag}</h2>
${contracts
  .filter((contract) => contract.tag === tag)
  .map((contract) => operation(contract, answers.get(contract.operationId)))}`,
)}
<h2 id="problems">Problems</h2>
<table>
<tr><th>code</th><th>status</th><th></th></tr>
${PROBLEM_TITLES.map(
  ({
    code,
    status,
    title,
  }) => html`<tr id="${code}"><td><code>${code}</code></td><td>${status}</td><td>${title}</td></tr>
`,
)}
</table>
</body>
</html>
`;
  return String(page);
}

function operation(
  { operationId, method, path, summary, access, params, query, body }: Contract,
  answer: Answer | undefined,
): Html {
  const rows = [...fieldRows('path', params), ...fieldRows('query', query)];
  return html`<section id="${operationId}">
<h3><code><span class="method">${method}</span> ${path}</code></h3>
<p>${summary}. <span class="scope">${SCOPES[access]}</span></p>
${rows.length === 0 ? '' : html`<table>${rows}</table>`}
${body === undefined ? '' : html`<p>Takes a body of JSON: ${z.globalRegistry.get(body)?.description ?? fieldNames(body)}</p>`}
${example('A body', answer?.bodyExample)}${example('An answer', answer?.example)}</section>
`;
}

/** Folded, since a page has many. */
function example(title: string, value: unknown): Html | string {
  const text = typeof value === 'string' ? value : JSON.stringify(value, undefined, 2);
  return value === undefined
    ? ''
    : html`<details><summary>${title}</summary><pre>${text}</pre></details>
`;
}

function fieldRows(place: string, { shape }: z.ZodMiniObject): Html[] {
  return Object.entries(shape).map(
    ([name, schema]) =>
      html`<tr><td><code>${name}</code></td><td>${place}</td><td>${z.globalRegistry.get(schema)?.description ?? ''}</td></tr>
`,
  );
}

function fieldNames(body: z.ZodMiniType): string {
  return 'shape' in body && typeof body.shape === 'object' && body.shape !== null
    ? Object.keys(body.shape).join(', ')
    : '';
}
