import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** Where Debian's package puts it. */
const CHROMIUM_PATH = '/usr/bin/chromium';

/** Why a group of browser tests does not run, for the group's name. */
export const CHROMIUM_NOTE = `skipped where there is no ${CHROMIUM_PATH}`;

/** Whether browser tests can run on this machine. */
export function hasChromium(): boolean {
  return existsSync(CHROMIUM_PATH);
}

/** Starts a browser without a window. A container has neither the namespaces of its sandbox nor a graphics card. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM_PATH, args: ['--no-sandbox', '--disable-gpu'] });
}
