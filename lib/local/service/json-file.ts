import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import type * as z from 'zod';
import { err, ok, type Result } from '../../domain/result.ts';
import { OWNER_ONLY } from './owner-only.ts';

/** Reads a file by its schema; `undefined` where there is none. An error says what is wrong with which file. */
export async function readJsonFile<T>(path: string, schema: z.ZodType<T>): Promise<Result<T | undefined>> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') {
      return ok(undefined);
    }
    throw cause;
  }
  const parsed = schema.safeParse(parseJson(text));
  return parsed.success
    ? ok(parsed.data)
    : err(`Cannot read "${path}": ${parsed.error.issues.map(({ message }) => message).join('; ')}`);
}

/** Replaces a file as a whole: whoever reads it, and whatever happens meanwhile, it is the old one or the new one. */
export async function writeJsonFile(path: string, value: unknown): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: OWNER_ONLY });
  const temporary = `${path}.new`;
  const file = await open(temporary, 'w');
  try {
    await file.writeFile(`${JSON.stringify(value, undefined, 2)}\n`);
    // Renamed before its contents are on disk, a file may be empty after a power failure.
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
}

/** Text that is no JSON is read as nothing, which no schema takes. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
