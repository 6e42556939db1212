import type { AlertHint } from '../../audit/alert-ports.ts';
import { ALERTS_CHANGED_DETAIL_TYPE } from './event-names.ts';
import { type EventBusPorts, putEvents } from './put-events.ts';

export interface AlertHintPorts extends EventBusPorts {
  readonly now: () => string;
  /** Told of a hint that did not get onto the bus. */
  readonly onLost: (code: string, cause: unknown) => void;
}

/** Returns what hints on the event bus that there is something to tell. */
export function createAlertHint(ports: AlertHintPorts): AlertHint {
  return async () => {
    const [failure] = await putEvents(ports, [
      { detailType: ALERTS_CHANGED_DETAIL_TYPE, detail: '{}', at: ports.now() },
    ]);
    if (failure !== undefined) {
      ports.onLost(failure.code, failure.cause);
    }
  };
}
