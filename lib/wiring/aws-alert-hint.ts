import type { AlertHint } from '../audit/alert-ports.ts';
import type { Subscriber } from '../audit/subscribers.ts';
import type { Clock } from '../aws/clock.ts';
import { createAlertHint } from '../notify/event-bus/alert-hint.ts';
import { createAwsEventBus } from './aws-event-bus.ts';
import type { Log } from './telemetry.ts';

export interface AwsAlertHintOptions {
  readonly subscribers: readonly Subscriber[];
  readonly busName: string | undefined;
  readonly clock: Clock;
  readonly log: Log;
}

/** A sweep comes within minutes: a hint that does not get through at once is not worth a wait. */
const ATTEMPTS_MAX = 1;

/** Returns what hints on the deployment's event bus; one that is lost is a warning in the log. */
export function createAwsAlertHint({ subscribers, busName, clock, log }: AwsAlertHintOptions): AlertHint {
  const hint = createAlertHint({
    ...createAwsEventBus({ clock, busName, attemptsMax: ATTEMPTS_MAX }),
    now: () => new Date(clock.now()).toISOString(),
    onLost: (code, error) =>
      log.warn('A hint that there are alerts to tell was lost; the next sweep tells them', { code, error }),
  });
  return async () => {
    if (subscribers.length > 0) {
      await hint();
    }
  };
}
