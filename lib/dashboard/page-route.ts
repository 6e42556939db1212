import type { Context } from 'hono';
import type { Caller } from '../api/caller.ts';
import type { Result } from '../domain/result.ts';
import type { Notice } from './notice-page.tsx';

/** Who looks at a page. */
export interface Visitor {
  readonly caller: Caller;
  /** What a form has to bring back for anything to be changed; `undefined` where nobody logs in, and no form is shown. */
  readonly csrfToken: string | undefined;
}

/** What pages are answered by, besides the page itself: another address, or a word to the reader. */
export type PageAnswer = Response | Notice;

interface Page {
  /** As the log names it. */
  readonly operationId: string;
  readonly path: string;
}

/** A page for whoever is let in. What is sent to it by POST changes something, and is answered only with the visitor's token. */
export interface VisitorPage extends Page {
  readonly access: 'visitor';
  readonly method: 'GET' | 'POST';
  readonly answer: (context: Context, visitor: Visitor) => Promise<PageAnswer>;
}

/** A page for anybody: what lets visitors in. */
export interface OpenPage extends Page {
  readonly access: 'open';
  readonly method: 'GET';
  readonly answer: (context: Context) => Promise<PageAnswer>;
}

export type PageRoute = VisitorPage | OpenPage;

/** What lets visitors in. */
export interface Door {
  /** Says who asks, or what they are answered in place of the page. */
  readonly admit: (context: Context) => Promise<Result<Visitor, PageAnswer>>;
  /** The pages of its own. */
  readonly routes: readonly PageRoute[];
}
