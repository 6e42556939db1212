import type { Context } from 'hono';
import { type SSEStreamingApi, streamSSE } from 'hono/streaming';
import * as z from 'zod/mini';
import type { Result } from '../domain/result.ts';
import type { Problem } from './problem.ts';

/** What is looked at of a page of events; an event is sent as it is. */
const SentPage = z.looseObject({ items: z.array(z.looseObject({ type: z.string() })), nextCursor: z.string() });

/** An answer that goes on. */
export interface Following {
  /** What was read already. */
  readonly first: unknown;
  /** Reads what comes after a cursor. */
  readonly poll: (after: string) => Promise<Result<unknown, Problem>>;
  readonly onFailure: (cause: unknown) => void;
}

/**
 * Returns what sends pages of events as they come; `nextLook` resolves when it is time to look for more, to false when the service
 * ends. The id of the stream is where it goes on, so a browser that was cut off asks on from there.
 * https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
export function createEventFollower(
  nextLook: () => Promise<boolean>,
): (context: Context, following: Following) => Response {
  return (context, following) =>
    streamSSE(context, async (stream) => {
      try {
        await sendPages(stream, following, nextLook);
      } catch (cause) {
        // The framework would send what it says.
        following.onFailure(cause);
      }
    });
}

async function sendPages(
  stream: SSEStreamingApi,
  { first, poll }: Following,
  nextLook: () => Promise<boolean>,
): Promise<void> {
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
}
