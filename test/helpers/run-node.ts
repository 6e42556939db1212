import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export interface NodeRun {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface NodeRunOptions {
  readonly variables?: Readonly<Record<string, string>>;
  /** Told the process id once the process runs. */
  readonly onStart?: (pid: number) => void;
}

/** Runs a TypeScript file of the project as its npm scripts do, and returns what it printed. It sees only these variables. */
export async function runNode(
  file: string,
  args: readonly string[],
  { variables = {}, onStart }: NodeRunOptions = {},
): Promise<NodeRun> {
  const child = spawn(process.execPath, ['--import', 'tsx', file, ...args], {
    cwd: ROOT,
    // A profile or credentials of whoever runs the tests must not reach AWS.
    env: {
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
      AWS_EC2_METADATA_DISABLED: 'true',
      ...variables,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (child.pid !== undefined) {
    onStart?.(child.pid);
  }
  const [stdout, stderr, [exitCode]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { exitCode: typeof exitCode === 'number' ? exitCode : null, stdout, stderr };
}
