import type { Instant } from '../domain/fact.ts';
import { instantMs } from '../domain/instant.ts';

/**
 * What an observation was for: a place in a schedule, or somebody's request. The schedule's time, never a clock's, so that
 * a repeated message is known for what it is.
 */
export type Slot = ScheduledSlot | RequestSlot;

export interface ScheduledSlot {
  readonly kind: 'scan' | 'pulse';
  readonly at: Instant;
}

export interface RequestSlot {
  readonly kind: 'request';
  readonly at: Instant;
  readonly requestId: string;
}

const MS_PER_MINUTE = 60_000;

/** How long the slots of a kind are apart; a message that is older than that is not worth acting on. */
export const SLOT_INTERVAL_MS: Readonly<Record<Slot['kind'], number>> = {
  scan: 60 * MS_PER_MINUTE,
  pulse: 15 * MS_PER_MINUTE,
  request: 60 * MS_PER_MINUTE,
};

/** Returns the slot that a scheduled time falls into: times are truncated, so that a late trigger means the same slot. */
export function scheduledSlot(kind: ScheduledSlot['kind'], scheduledAt: Instant): ScheduledSlot {
  const intervalMs = SLOT_INTERVAL_MS[kind];
  return { kind, at: new Date(Math.floor(slotMs({ at: scheduledAt }) / intervalMs) * intervalMs).toISOString() };
}

/** Returns whether a slot lies more than its interval before `now`. */
export function isPastSlot(slot: Slot, now: Instant): boolean {
  return slotMs({ at: now }) - slotMs(slot) > SLOT_INTERVAL_MS[slot.kind];
}

/** Returns a slot as one word: sorts by time among slots of a kind, names it in logs and keys, and is read by `parseSlot`. */
export function slotText(slot: Slot): string {
  const words = [slot.kind, new Date(slotMs(slot)).toISOString()];
  return (slot.kind === 'request' ? [...words, slot.requestId] : words).join(SEPARATOR);
}

const SEPARATOR = '/';
const ORDER_SEPARATOR = ' ';

/** Returns what sorts by time first; of two slots at one moment, one comes after the other whatever order they come in. */
export function slotOrder(slot: Slot): string {
  const requestId = slot.kind === 'request' ? slot.requestId : '';
  return [new Date(slotMs(slot)).toISOString(), slot.kind, requestId].join(ORDER_SEPARATOR);
}

/** Reads what `slotText` gave, or returns `undefined`. */
export function parseSlot(text: string): Slot | undefined {
  const [kind, at = '', ...requestId] = text.split(SEPARATOR);
  if (instantMs(at) === undefined) {
    return undefined;
  }
  switch (kind) {
    case 'scan':
    case 'pulse':
      return requestId.length === 0 ? { kind, at } : undefined;
    case 'request':
      return requestId.length === 0 ? undefined : { kind, at, requestId: requestId.join(SEPARATOR) };
    default:
      return undefined;
  }
}

/** Returns the milliseconds since 1970 of a slot's time; throws where it is no instant. */
export function slotMs({ at }: { readonly at: Instant }): number {
  const ms = instantMs(at);
  if (ms === undefined || ms < 0) {
    throw new RangeError(`Cannot read the time of a slot: "${at}" is no instant since 1970`);
  }
  return ms;
}
