import { describe, expect, it } from 'vitest';
import { alertUrl } from '../../lib/settings/alert-url.ts';
import { defaultSettings } from '../../lib/settings/settings.ts';

describe('alertUrl', () => {
  const { notifications } = defaultSettings();
  it.each([
    [undefined, undefined],
    ['https://elbowroom.example.com', 'https://elbowroom.example.com/alerts/x.1~0020'],
    ['https://example.com/elbowroom/', 'https://example.com/elbowroom/alerts/x.1~0020'],
  ])('under %s is %s', (baseUrl, url) => {
    expect(alertUrl({ notifications: { ...notifications, baseUrl } }, 'x.1~0020')).toBe(url);
  });
});
