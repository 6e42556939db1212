import type { PublishedTransition, PublishTransitionsPorts } from '../../audit/publish-transitions.ts';
import { ALERT_TRANSITION_DETAIL_TYPE } from './event-names.ts';
import { ENTRY_BYTES_MAX, type EventBusPorts, type EventEntry, entryBytes, putEvents } from './put-events.ts';
import { transitionDetail } from './transition-detail.ts';

export interface TransitionPublisherPorts extends EventBusPorts {
  /** The page of an alert; `undefined` where there are no pages. */
  readonly alertUrl: (alertId: string) => string | undefined;
}

/** Of each list of an event; decided here. */
const LISTED_MAX = 100;
/** Where an event with so many is too large: as many as fit with the longest names that there can be. */
const LISTED_LEAST = 10;

/** Returns what puts transitions on the event bus. */
export function createTransitionPublisher(ports: TransitionPublisherPorts): PublishTransitionsPorts['publish'] {
  return (transitions) =>
    putEvents(
      ports,
      transitions.map((one) => transitionEntry(one, ports.alertUrl)),
    );
}

/** Returns a transition as an entry that the bus takes. */
export function transitionEntry(
  published: PublishedTransition,
  alertUrl: TransitionPublisherPorts['alertUrl'],
): EventEntry {
  const entryOf = (listedMax: number): EventEntry => ({
    detailType: ALERT_TRANSITION_DETAIL_TYPE,
    detail: JSON.stringify(transitionDetail(published, { alertUrl, listedMax })),
    at: published.transition.at,
  });
  const entry = entryOf(LISTED_MAX);
  return entryBytes(entry) <= ENTRY_BYTES_MAX ? entry : entryOf(LISTED_LEAST);
}
