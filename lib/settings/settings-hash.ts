import { createHash } from 'node:crypto';
import type { Settings } from './settings.ts';

/**
 * Returns the SHA-256 of settings in hexadecimal, kept with what was judged under them. Neither the order of keys nor
 * comments nor spelling out a default change it; the order of lists does, since first matches win.
 */
export function settingsHash(settings: Settings): string {
  return createHash('sha256').update(canonicalText(settings)).digest('hex');
}

function canonicalText(settings: Settings): string {
  return JSON.stringify(settings, (_, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}
