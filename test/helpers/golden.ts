import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';

/** Returns the bytes that test/golden/`name` holds as hexadecimal digits. */
export function goldenBytes(name: string): Uint8Array {
  const text = readFileSync(fileURLToPath(new URL(`../golden/${name}`, import.meta.url)), 'utf8');
  return Buffer.from(text.replaceAll('\n', ''), 'hex');
}

/**
 * Expects `text` to be what test/golden/`name` holds. With UPDATE_GOLDEN=1 in the environment the file is written instead;
 * a change of it needs a word in the commit that says why.
 */
export function expectGolden(name: string, text: string): void {
  const path = fileURLToPath(new URL(`../golden/${name}`, import.meta.url));
  if (process.env['UPDATE_GOLDEN'] === '1') {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  if (!existsSync(path)) {
    throw new Error(`Cannot compare with test/golden/${name}: it is absent; write it with UPDATE_GOLDEN=1`);
  }
  expect(text).toBe(readFileSync(path, 'utf8'));
}
