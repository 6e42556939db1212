import type { Instant } from '../domain/fact.ts';

/** An instant in UTC, which views write as ISO 8601 with a `Z`, down to the second. */
export function ObservedTime({ at }: { readonly at: Instant }) {
  const [day, time] = at.split('T');
  return <time datetime={at}>{time === undefined ? at : `${day} ${time.replace(/(\.\d+)?Z$/, '')} UTC`}</time>;
}
