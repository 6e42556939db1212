import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

export const START = fileURLToPath(new URL('../../../lib/local/start.ts', import.meta.url));
/** It looks for its settings where it runs, which is not the project's folder here. */
export const TSCONFIG = fileURLToPath(new URL('../../../tsconfig.json', import.meta.url));

/** The loader of the npm scripts. */
export const LOADER = ['--import', import.meta.resolve('tsx')];

export interface RunningService {
  readonly child: ChildProcess;
  /** Everything up to the line that names the address; throws where the process ends before. */
  readonly greeting: string;
  readonly url: string;
  /** Ends it by a signal, and returns how it ended. */
  stop(signal: NodeJS.Signals): Promise<{ readonly exitCode: number | null; readonly signal: string | null }>;
}

/** Starts `npm start` in a folder of its own, on a free port, and waits for what it prints of its first scan. */
export async function startedService(
  cwd: string,
  args: readonly string[],
  variables: Readonly<Record<string, string>> = {},
): Promise<RunningService> {
  const child = spawn(process.execPath, [...LOADER, START, ...args], {
    cwd,
    // A profile or credentials of whoever runs the tests must not reach AWS.
    env: {
      PORT: '0',
      TSX_TSCONFIG_PATH: TSCONFIG,
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
      AWS_EC2_METADATA_DISABLED: 'true',
      ...variables,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const complaints = text(child.stderr);
  const ended = once(child, 'exit');
  let greeting = '';
  child.stdout.setEncoding('utf8');
  for await (const part of child.stdout.iterator({ destroyOnReturn: false })) {
    greeting += part;
    const url = /^Look at (http:\/\/127\.0\.0\.1:\d+)\//m.exec(greeting)?.[1];
    if (url !== undefined) {
      return {
        child,
        greeting,
        url,
        async stop(signal) {
          child.kill(signal);
          child.stdout.resume();
          const [exitCode, endedBy] = await ended;
          return { exitCode, signal: endedBy };
        },
      };
    }
  }
  throw new Error(`The service ended before it was ready: ${await complaints}`);
}
