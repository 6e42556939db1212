import type { Instant } from '../domain/fact.ts';
import { instantMs } from '../domain/instant.ts';

/** Returns the milliseconds since 1970-01-01 UTC of a moment. Throws where `instant` is none since then: no key can hold it. */
export function keptMs(instant: Instant): number {
  const ms = instantMs(instant);
  if (ms === undefined || ms < 0) {
    throw new RangeError(`Cannot keep the time "${instant}": it is no instant since 1970`);
  }
  return ms;
}

/** Returns a moment as the one text that means it; these texts sort as moments do. */
export function canonicalInstant(instant: Instant): Instant {
  return new Date(keptMs(instant)).toISOString();
}
