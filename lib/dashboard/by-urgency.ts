import { type Status, urgency } from '../domain/capacity/subnet-status.ts';

/** Returns the items in order of urgency; those of one status keep their order. */
export function byUrgency<Item extends { readonly status: Status }>(items: readonly Item[]): Item[] {
  return items.toSorted((a, b) => urgency(a.status) - urgency(b.status));
}
