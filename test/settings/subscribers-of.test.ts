import { describe, expect, it } from 'vitest';
import { Settings } from '../../lib/settings/settings.ts';
import { subscribersOf } from '../../lib/settings/subscribers-of.ts';

describe('subscribersOf', () => {
  it.each([
    [{}, []],
    [{ slack: {} }, ['slack']],
    [{ eventBus: true }, ['event-bus']],
    [{ email: true }, ['email']],
    [{ slack: {}, eventBus: true, email: true }, ['slack', 'event-bus', 'email']],
    [{ eventBus: false, email: false }, []],
  ])('reads who hears of alerts from %j', (notifications, subscribers) => {
    expect(subscribersOf(Settings.parse({ notifications }))).toEqual(subscribers);
  });
});
