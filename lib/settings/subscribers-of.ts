import type { Subscriber } from '../audit/subscribers.ts';
import type { Settings } from './settings.ts';

/** Returns who hears of alerts, by the names that their outboxes have. */
export function subscribersOf({ notifications }: Pick<Settings, 'notifications'>): readonly Subscriber[] {
  const { slack, eventBus, email } = notifications;
  return [
    ...(slack === undefined ? [] : (['slack'] as const)),
    ...(eventBus ? (['event-bus'] as const) : []),
    ...(email ? (['email'] as const) : []),
  ];
}
