import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

const TSX = ['--import', 'tsx'];

export interface FastEc2Server {
  readonly url: string;
  readonly close: () => void;
}

/** Starts the fast EC2 in a process of its own and returns its address. */
export async function startFastEc2Server(networkInterfaces: number): Promise<FastEc2Server> {
  const server = spawn(process.execPath, [...TSX, 'test/bench/fast-ec2-server.ts', String(networkInterfaces)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(server.stdout, 'data');
  return { url: String(line).trim(), close: () => server.kill() };
}

export interface MeasuredRun {
  readonly stdout: string;
  readonly exitCode: number;
  readonly wallMs: number;
  readonly peakRssBytes: number;
  readonly cpuMs: number;
}

/** Runs a script of this project as a user would, without heap flags, and returns what it printed and used. */
export async function runMeasured(
  script: string,
  argv: readonly string[],
  env: Record<string, string>,
): Promise<MeasuredRun> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, [...TSX, '--import', './test/bench/report-usage.ts', script, ...argv], {
    stdio: ['ignore', 'pipe', 'inherit', 'pipe'],
    env: { ...process.env, ...env, NODE_OPTIONS: '' },
  });
  const usageStream = child.stdio[3];
  if (child.stdout === null || usageStream === null || usageStream === undefined || !('read' in usageStream)) {
    throw new Error(`Cannot measure ${script}: its output is not piped`);
  }
  const [stdout, usage, [exitCode]] = await Promise.all([text(child.stdout), text(usageStream), once(child, 'exit')]);
  const parsed: { peakRssBytes: number; cpuMs: number } = JSON.parse(usage);
  return { stdout, exitCode: Number(exitCode), wallMs: performance.now() - startedAt, ...parsed };
}
