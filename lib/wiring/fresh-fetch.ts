import type { FetchAnswer, FetchInit } from '../notify/slack/slack-client.ts';

/**
 * Fetches over a connection of its own. One that lay frozen with a Lambda function for minutes is closed at the other end, and what is
 * sent by it is lost without an answer: a message that then may or may not have been told.
 */
export function freshFetch(url: string, { headers, ...init }: FetchInit): Promise<FetchAnswer> {
  // Its type leaves out bytes of shared memory, and nothing here shares any.
  return fetch(url, { ...init, headers: { ...headers, connection: 'close' } } as RequestInit);
}
