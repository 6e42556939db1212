import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { Clock } from '../aws/clock.ts';
import type { EventBusPorts } from '../notify/event-bus/put-events.ts';
import { createOwnRequestHandler } from './own-request-handler.ts';

export interface AwsEventBusOptions {
  readonly clock: Clock;
  readonly busName: string | undefined;
  /** How often a request that failed is sent. */
  readonly attemptsMax: number;
}

/** Returns an event bus, with the function's own role in its own region. */
export function createAwsEventBus({ clock, busName, attemptsMax }: AwsEventBusOptions): EventBusPorts {
  const client = new EventBridgeClient({ requestHandler: createOwnRequestHandler(), maxAttempts: attemptsMax });
  // It deep-copies every answer for a logger that is not there.
  client.middlewareStack.remove('loggerMiddleware');
  return { client, clock, randomFraction: Math.random, busName };
}
