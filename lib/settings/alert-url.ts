import type { Settings } from './settings.ts';

const SLASH_AT_END = /\/$/;

/** Returns the page of an alert; `undefined` where the settings do not say where the dashboard is. */
export function alertUrl(
  { notifications: { baseUrl } }: Pick<Settings, 'notifications'>,
  alertId: string,
): string | undefined {
  return baseUrl === undefined ? undefined : `${baseUrl.replace(SLASH_AT_END, '')}/alerts/${alertId}`;
}
