import type { Context } from 'hono';
import { streamSSE } from 'hono/streaming';
import * as z from 'zod/mini';
import type { Result } from '../domain/result.ts';
import type { Problem } from './problem.ts';

export const EVENT_STREAM_MEDIA_TYPE = 'text/event-stream';

/** What is looked at of a page of events; an event is sent as it is. */
const SentPage = z.looseObject({ items: z.array(z.looseObject({ type: z.string() })), nextCursor: z.string() });

interface Following {
  /** What was read already. */
  readonly first: unknown;
  /** Reads what comes after a cursor. */
  readonly poll: (after: string) => Promise<Result<unknown, Problem>>;
  /** Resolves when it is time to look again; to false when the service ends. */
  readonly nextLook: () => Promise<boolean>;
  readonly onFailure: (cause: unknown) => void;
}

/**
 * Sends pages of events as they come. The id of the stream is where it goes on, so a browser that was cut off asks on from there.
 * https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
export function followEvents(context: Context, { first, poll, nextLook, onFailure }: Following): Response {
  return streamSSE(context, async (stream) => {
    try {
      let page = SentPage.parse(first);
      do {
        for (const item of page.items) {
          await stream.writeSSE({ event: item.type, data: JSON.stringify(item) });
        }
        // Without data it is no event, only the place, and keeps the connection open.
        await stream.write(`id: ${page.nextCursor}\n\n`);
        if (!(await nextLook()) || stream.aborted) {
          return;
        }
        const result = await poll(page.nextCursor);
        if (!result.ok) {
          return;
        }
        page = SentPage.parse(result.value);
      } while (!stream.aborted);
    } catch (cause) {
      // The framework would send what it says.
      onFailure(cause);
    }
  });
}
