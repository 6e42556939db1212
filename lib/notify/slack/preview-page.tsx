import { raw } from 'hono/html';
import type { Instant } from '../../domain/fact.ts';
import { countText } from '../../domain/text/number-text.ts';
import type { AlertChart } from './alert-chart.tsx';
import type { Block, Button, Mrkdwn, SlackMessage } from './block-kit.ts';
import { mrkdwnNodes } from './mrkdwn-nodes.tsx';
import { instantText } from './time-text.ts';

/** What the page shows. */
export interface Preview {
  readonly parts: readonly PreviewPart[];
  /** Messages by their names. */
  readonly samples: Readonly<Record<string, SlackMessage>>;
  /** Charts by their names. */
  readonly charts: Readonly<Record<string, PreviewedChart>>;
}

/** A picture as an SVG document. */
export type PreviewedChart = Pick<AlertChart, 'svg' | 'altText'>;

/** Threads that belong together, and what the reader has to know of them. */
export interface PreviewPart {
  readonly title: string;
  readonly notice: string;
  /** In the order in which they are shown. */
  readonly threads: readonly PreviewedThread[];
}

/** A message as it would stand in a channel now, with the replies in its thread. */
export interface PreviewedThread {
  readonly channelId: string;
  readonly sentAt: Instant;
  readonly message: SlackMessage;
  /** In their order. */
  readonly replies: readonly PreviewedReply[];
}

export interface PreviewedReply {
  readonly sentAt: Instant;
  readonly message: SlackMessage;
  /** Whether it is shown in the channel as well. */
  readonly isBroadcast: boolean;
  /** Where it is a picture; the message is its title. */
  readonly chart?: PreviewedChart;
}

/** What a browser may do with the page: apply its style, and show the pictures that are in it. */
const CONTENT_SECURITY_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

const STYLE = `
:root { color-scheme: light dark; --page: #f8f8f8; --surface: #fff; --line: #dddddd; --text: #1d1c1d; --quiet: #57565a; --link: #1264a3; --code: #b3123a; --code-fill: #f4f2f4; --call: #fff2c9; --call-text: #6b4600; }
@media (prefers-color-scheme: dark) { :root { --page: #121016; --surface: #1a1d21; --line: #3a3d42; --text: #e4e3e6; --quiet: #abaaae; --link: #6cb8f0; --code: #f39ab0; --code-fill: #26292e; --call: #4a3c12; --call-text: #ffe39a; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 52rem; padding: 1.5rem 1rem 3rem; background: var(--page); color: var(--text); font: 0.9375rem/1.46 system-ui, -apple-system, "Segoe UI", Roboto, Arial, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.375rem; margin: 0 0 0.25rem; }
h2 { font-size: 0.8125rem; color: var(--quiet); font-weight: 600; margin: 2rem 0 0.375rem; }
p { margin: 0; }
.intro, .notice { color: var(--quiet); }
.notice { font-size: 0.8125rem; margin-top: 0.375rem; }
article { background: var(--surface); border: 1px solid var(--line); border-radius: 0.5rem; padding: 0.75rem 1rem; display: grid; gap: 0.625rem; }
h3 { font-size: 1.125rem; line-height: 1.3; margin: 0; }
.fields { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(16rem, 100%), 1fr)); gap: 0.5rem 1.25rem; }
.lines { white-space: pre-wrap; }
.context { color: var(--quiet); font-size: 0.8125rem; display: grid; gap: 0.125rem; }
code { font: 0.8125rem ui-monospace, Menlo, Consolas, monospace; color: var(--code); background: var(--code-fill); border: 1px solid var(--line); border-radius: 0.1875rem; padding: 0 0.1875rem; }
a { color: var(--link); }
.call { background: var(--call); color: var(--call-text); border-radius: 0.1875rem; padding: 0 0.1875rem; }
.actions { display: flex; flex-wrap: wrap; gap: 0.5rem; }
.button { border: 1px solid var(--line); border-radius: 0.25rem; padding: 0.1875rem 0.75rem; font-weight: 600; font-size: 0.875rem; }
details { background: var(--surface); border: 1px solid var(--line); border-radius: 0.5rem; margin-top: 0.5rem; padding: 0.5rem 1rem; }
details[open] { padding-bottom: 1rem; }
details article { border: 0; padding: 0.5rem 0; }
summary { cursor: pointer; }
summary .notice { display: block; }
.replies { border-left: 0.1875rem solid var(--line); display: grid; gap: 1rem; margin-top: 0.5rem; padding-left: 1rem; }
.part { border-bottom: 1px solid var(--line); color: var(--text); font-size: 1.125rem; padding-bottom: 0.25rem; }
.chart { border: 1px solid var(--line); border-radius: 0.5rem; display: block; height: auto; max-width: 100%; width: 22.5rem; }
hr { border: 0; border-top: 1px solid var(--line); width: 100%; margin: 0; }
`;

/** Renders messages about as Slack shows them, as a whole HTML document. Its buttons do nothing. */
export function renderPreviewPage({ parts, samples, charts }: Preview): string {
  const page = (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content={CONTENT_SECURITY_POLICY} />
        <title>Slack preview · Elbowroom</title>
        {/* Our own constant: escaped, its quotes would be lost. */}
        <style>{raw(STYLE)}</style>
      </head>
      <body>
        <h1>Slack preview</h1>
        <p class="intro">What Slack would show. Nothing here is sent.</p>
        <main>
          {parts.map((part) => (
            <PreviewedPart part={part} />
          ))}
          <section>
            <h2 class="part">Samples</h2>
            <p class="notice">What each kind of message looks like, with made-up numbers and hostile names.</p>
            {Object.entries(samples).map(([name, message]) => (
              <PreviewedSample name={name} message={message} />
            ))}
            {Object.entries(charts).map(([name, chart]) => (
              <section>
                <h2>{name}</h2>
                <Picture chart={chart} />
              </section>
            ))}
          </section>
        </main>
      </body>
    </html>
  );
  return `<!doctype html>${page.toString()}`;
}

function PreviewedPart({ part: { title, notice, threads } }: { readonly part: PreviewPart }) {
  return (
    <section>
      <h2 class="part">{title}</h2>
      <p class="notice">{notice}</p>
      {threads.map((thread) => (
        <Thread thread={thread} />
      ))}
    </section>
  );
}

/** Closed at first: what it is about now is in its line. */
function Thread({ thread: { channelId, sentAt, message, replies } }: { readonly thread: PreviewedThread }) {
  const last = replies.at(-1);
  const answered =
    last === undefined
      ? ''
      : ` · ${countText(replies.length, 'reply', 'replies')}, the last at ${instantText(last.sentAt)}`;
  return (
    <details>
      <summary>
        {mrkdwnNodes(message.text)}
        <span class="notice">
          {channelId} · {instantText(sentAt)}
          {answered}
        </span>
      </summary>
      <Message message={message} />
      {replies.length === 0 ? null : (
        <div class="replies">
          {replies.map((reply) => (
            <div>
              <p class="notice">
                {instantText(reply.sentAt)}
                {reply.isBroadcast ? ' · in the channel as well' : ''}
              </p>
              {reply.chart === undefined ? <Message message={reply.message} /> : <Picture chart={reply.chart} />}
            </div>
          ))}
        </div>
      )}
    </details>
  );
}

function PreviewedSample({ name, message }: { readonly name: string; readonly message: SlackMessage }) {
  return (
    <section>
      <h2>{name}</h2>
      <Message message={message} />
      <p class="notice">Notification: {mrkdwnNodes(message.text)}</p>
    </section>
  );
}

/** As wide as Slack shows it. Within an image element a document runs nothing and loads nothing. */
function Picture({ chart: { svg, altText } }: { readonly chart: PreviewedChart }) {
  return <img class="chart" src={`data:image/svg+xml,${encodeURIComponent(svg)}`} alt={altText} />;
}

function Message({ message }: { readonly message: SlackMessage }) {
  return (
    <article>
      {message.blocks.map((block) => (
        <PreviewedBlock block={block} />
      ))}
    </article>
  );
}

function PreviewedBlock({ block }: { readonly block: Block }) {
  switch (block.type) {
    case 'header':
      return <h3>{mrkdwnNodes(block.text.text, 'plain')}</h3>;
    case 'section':
      return (
        <>
          {block.text === undefined ? null : <Lines text={block.text} />}
          {block.fields === undefined ? null : (
            <div class="fields">
              {block.fields.map((field) => (
                <Lines text={field} />
              ))}
            </div>
          )}
        </>
      );
    case 'context':
      return (
        <div class="context">
          {block.elements.map((element) => (
            <Lines text={element} />
          ))}
        </div>
      );
    case 'divider':
      return <hr />;
    case 'actions':
      return (
        <div class="actions">
          {block.elements.map((element) => (
            <PreviewedButton element={element} />
          ))}
        </div>
      );
  }
}

function Lines({ text }: { readonly text: Mrkdwn }) {
  return <div class="lines">{mrkdwnNodes(text.text)}</div>;
}

function PreviewedButton({ element }: { readonly element: Button }) {
  return <span class="button">{mrkdwnNodes(element.text.text, 'plain')}</span>;
}
