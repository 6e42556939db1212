import { raw } from 'hono/html';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { ForeignText } from './foreign-text.tsx';
import { PAGE_STYLE } from './page-style.ts';

/** What stands in place of a page: what happened, and what helps. */
export interface Notice {
  readonly status: ContentfulStatusCode;
  readonly title: string;
  /** Sentences, one a paragraph: what is, why, and what to do. May quote what somebody outside wrote. */
  readonly paragraphs: readonly string[];
  readonly link?: { readonly href: string; readonly text: string };
  readonly headers?: Readonly<Record<string, string>>;
}

/** Returns a notice as an HTML document that needs nothing else. `requestId` is what the logs name the request by. */
export function renderNoticePage(notice: Notice, requestId: string): string {
  return `<!doctype html>\n${(<NoticePage notice={notice} requestId={requestId} />).toString()}\n`;
}

function NoticePage({ notice, requestId }: { readonly notice: Notice; readonly requestId: string }) {
  const { title, paragraphs, link } = notice;
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{title} · Elbowroom</title>
        {/* Our own constant: escaped, its selectors would be lost. */}
        <style>{raw(PAGE_STYLE)}</style>
      </head>
      <body>
        <main class="notice">
          <p class="brand">Elbowroom</p>
          <h1>{title}</h1>
          {paragraphs.map((paragraph) => (
            <p>
              <ForeignText text={paragraph} />
            </p>
          ))}
          {link !== undefined && (
            <p>
              <a class="button" href={link.href}>
                {link.text}
              </a>
            </p>
          )}
          <p class="note">
            Request <span class="id">{requestId}</span> in the logs
          </p>
        </main>
      </body>
    </html>
  );
}
