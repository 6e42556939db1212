import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Why a group of tests over recordings does not run, for the group's name. */
export const FIXTURES_NOTE = 'skipped where ../shared/fixtures is absent';

/** Returns the folder of recorded AWS answers beside the repository, or `undefined` where it is absent. */
export function fixturesFolder(): string | undefined {
  const folder = fileURLToPath(new URL('../../../shared/fixtures', import.meta.url));
  return existsSync(folder) ? folder : undefined;
}

/** Reads one recorded answer by its path in the fixtures folder. Only for tests that are skipped where the folder is absent. */
export function readFixture(path: string): unknown {
  const folder = fixturesFolder();
  if (folder === undefined) {
    throw new Error(`Cannot read fixture "${path}": ../shared/fixtures is absent`);
  }
  return JSON.parse(readFileSync(join(folder, path), 'utf8'));
}
