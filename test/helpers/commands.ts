import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const OUTPUT_BYTES_MAX = 64 * 1024 * 1024;

/** Whether a command is on the PATH. */
export function hasCommand(name: string): boolean {
  return spawnSync('sh', ['-c', 'command -v "$1"', 'sh', name]).status === 0;
}

/** Runs a command with these variables added to the environment and returns what it printed; rejects if it fails. */
export async function commandOutput(
  name: string,
  args: readonly string[],
  variables: Readonly<Record<string, string>>,
): Promise<string> {
  const assignments = Object.entries(variables).map(([key, value]) => `${key}=${value}`);
  const { stdout } = await run('env', [...assignments, name, ...args], { maxBuffer: OUTPUT_BYTES_MAX });
  return stdout;
}
