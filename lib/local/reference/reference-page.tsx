import { raw } from 'hono/html';
import { PROBLEM_TITLES } from '../../api/problem.ts';
import type { MediaTypes, OpenapiDocument, OpenapiOperation, OpenapiParameter } from '../openapi-document.ts';
import { type SchemaField, schemaFields, type TypePart, typeParts } from './json-schema.ts';
import { REFERENCE_STYLE } from './reference-style.ts';

/** An operation with where it is. */
interface Placed {
  readonly method: string;
  readonly path: string;
  readonly operation: OpenapiOperation;
}

const ERROR_STATUS_MIN = 400;

/** Returns the reference of the API as one HTML document that needs nothing from elsewhere, made of its OpenAPI document. */
export function renderReferencePage(document: OpenapiDocument): string {
  const page = (<ReferencePage document={document} />).toString();
  // Lines, so that a change of it can be read.
  return `<!doctype html>\n${page.replaceAll(/<\/(?:article|li|p|tr)>/g, '$&\n')}\n`;
}

function ReferencePage({ document }: { readonly document: OpenapiDocument }) {
  const { info, paths, components } = document;
  const placed = Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]): Placed => ({ method, path, operation })),
  );
  const byTag = [...Map.groupBy(placed, ({ operation }) => operation.tags[0] ?? 'other')];
  const schemas = Object.entries(components.schemas);
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{info.title} API</title>
        {/* Our own constant: escaped, its selectors would be lost. */}
        <style>{raw(REFERENCE_STYLE)}</style>
      </head>
      <body>
        <Contents byTag={byTag} schemaNames={schemas.map(([name]) => name)} />
        <main>
          <header>
            <h1>
              {info.title} API <small>{info.version}</small>
            </h1>
            <p>{info.description}</p>
            <Rules />
          </header>
          {byTag.map(([tag, operations]) => (
            <section id={tagId(tag)}>
              <h2>{tag}</h2>
              {operations.map((operation) => (
                <Operation placed={operation} />
              ))}
            </section>
          ))}
          <section id="schemas">
            <h2>schemas</h2>
            {schemas.map(([name, schema]) => (
              <article id={name}>
                <h3>
                  <code>{name}</code>
                </h3>
                <Fields fields={schemaFields(schema)} />
              </article>
            ))}
          </section>
          <Problems />
        </main>
      </body>
    </html>
  );
}

interface ContentsProps {
  readonly byTag: readonly (readonly [string, readonly Placed[]])[];
  readonly schemaNames: readonly string[];
}

function Contents({ byTag, schemaNames }: ContentsProps) {
  return (
    <nav aria-label="Contents">
      {byTag.map(([tag, operations]) => (
        <details open>
          <summary>{tag}</summary>
          <ul>
            {operations.map(({ method, path, operation }) => (
              <li>
                <a href={`#${operation.operationId}`} title={operation.summary}>
                  <Method method={method} /> <span>{path}</span>
                </a>
              </li>
            ))}
          </ul>
        </details>
      ))}
      <details>
        <summary>schemas</summary>
        <ul>
          {schemaNames.map((name) => (
            <li>
              <a href={`#${name}`}>{name}</a>
            </li>
          ))}
        </ul>
      </details>
      <a href="#problems">problems</a>
    </nav>
  );
}

/** What is the same for every operation, so that none has to say it. */
function Rules() {
  return (
    <ul class="rules">
      <li>
        JSON over HTTP. <a href="/openapi.json">openapi.json</a> says the same for programs.
      </li>
      <li>
        Send <code>Authorization: Bearer …</code> with a token that has the scope an operation needs; where no issuer is
        set, requests are signed by AWS credentials.
      </li>
      <li>
        A list ends in <code>nextCursor</code>: ask for the next page by <code>cursor</code>, with the same filters.
      </li>
      <li>
        An answer with an <code>ETag</code> is asked for again by <code>If-None-Match</code>, and is 304 while it is the
        same.
      </li>
      <li>
        What goes wrong is <code>application/problem+json</code> with one of the <a href="#problems">codes</a>. A
        parameter that is not known is refused.
      </li>
    </ul>
  );
}

function Operation({ placed: { method, path, operation } }: { readonly placed: Placed }) {
  const { operationId, summary, parameters, requestBody, responses } = operation;
  const answers = Object.entries(responses).filter(([status]) => Number(status) < ERROR_STATUS_MIN);
  const problems = Object.entries(responses).filter(([status]) => Number(status) >= ERROR_STATUS_MIN);
  return (
    <article id={operationId}>
      <h3>
        <Method method={method} /> <code>{path}</code>
      </h3>
      <p>
        {summary}. <span class="quiet">{scopeText(operation)}</span>
      </p>
      <Parameters parameters={parameters} />
      {requestBody !== undefined && <Body title="Body" content={requestBody.content} />}
      {answers.map(([status, { description, content }]) => (
        <Body title={`${status}: ${description}`} content={content ?? {}} />
      ))}
      <p class="quiet">
        Problems:{' '}
        {problems.map(([status, { description }], index) => (
          <>
            {index > 0 && '; '}
            {status}{' '}
            {description.split(', ').map((code, place) => (
              <>
                {place > 0 && ', '}
                <a href={`#${code}`}>{code}</a>
              </>
            ))}
          </>
        ))}
      </p>
    </article>
  );
}

function Method({ method }: { readonly method: string }) {
  return <b class={`method method-${method}`}>{method}</b>;
}

/** Slack's request is let in by its signature, which the document has no word for: its summary says so. */
function scopeText({ security }: OpenapiOperation): string {
  const scopes = security.flatMap((way) => Object.values(way).flat());
  return scopes.length === 0 ? 'Takes no token' : `Needs ${scopes.join(', ')}`;
}

function Parameters({ parameters }: { readonly parameters: readonly OpenapiParameter[] }) {
  if (parameters.length === 0) {
    return '';
  }
  return (
    <table class="parameters">
      <TableHead columns={['Parameter', 'In', 'What it is']} />
      <tbody>
        {parameters.map(({ name, in: place, description }) => (
          <tr>
            <th scope="row">
              <code>{name}</code>
            </th>
            <td>{place}</td>
            <td>{description ?? ''}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function TableHead({ columns }: { readonly columns: readonly string[] }) {
  return (
    <thead>
      <tr>
        {columns.map((column) => (
          <th scope="col">{column}</th>
        ))}
      </tr>
    </thead>
  );
}

/** One body in each of its media types; what is long is folded. */
function Body({ title, content }: { readonly title: string; readonly content: MediaTypes }) {
  return (
    <div class="body">
      <h4>{title}</h4>
      {Object.entries(content).map(([mediaType, { schema, example }]) => (
        <>
          <p class="quiet">
            <code>{mediaType}</code>
            {schema?.$ref !== undefined && (
              <>
                {' '}
                <Type parts={typeParts(schema)} />
              </>
            )}
          </p>
          {schema?.properties !== undefined && <Fields fields={schemaFields(schema)} />}
          {example !== undefined && (
            <details>
              <summary>Example</summary>
              <pre>{typeof example === 'string' ? example : JSON.stringify(example, undefined, 2)}</pre>
            </details>
          )}
        </>
      ))}
    </div>
  );
}

function Fields({ fields }: { readonly fields: readonly SchemaField[] }) {
  return (
    <table>
      <TableHead columns={['Field', 'Type', 'What it is']} />
      <tbody>
        {fields.map(({ path, type, isRequired, description }) => (
          <tr>
            <th scope="row">
              <code>{path}</code>
            </th>
            <td>
              <Type parts={type} />
            </td>
            <td>
              {!isRequired && <span class="quiet">May be left out. </span>}
              {description ?? ''}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Type({ parts }: { readonly parts: readonly TypePart[] }) {
  return <>{parts.map((part) => (typeof part === 'string' ? part : <a href={`#${part.schema}`}>{part.schema}</a>))}</>;
}

function Problems() {
  return (
    <section id="problems">
      <h2>problems</h2>
      <table>
        <TableHead columns={['Code', 'Status', 'What it says']} />
        <tbody>
          {PROBLEM_TITLES.map(({ code, status, title }) => (
            <tr id={code}>
              <th scope="row">
                <code>{code}</code>
              </th>
              <td>{status}</td>
              <td>{title}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** Apart from the ids of operations, schemas and problems. */
function tagId(tag: string): string {
  return `tag-${tag}`;
}
