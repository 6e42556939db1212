import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

const LOOPBACK = '127.0.0.1';
const READY_WITHIN_MS = 30_000;
const ASK_EVERY_MS = 100;

/** The account that moto takes every access key for that it did not hand out itself. */
export const MOTO_ACCOUNT_ID = '123456789012';

export interface MotoServer {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** Why tests against moto do not run, for the group's name. */
export const MOTO_NOTE = 'skipped where moto_server is not on the PATH';

/** Starts moto's server on a free port, empty but for its default VPCs, and waits until it answers. */
export async function startMoto(): Promise<MotoServer> {
  const port = await freePort();
  // A group of its own: what a wrapper script on the PATH started ends with it.
  const child = spawn('moto_server', ['-p', String(port)], { stdio: 'ignore', detached: true });
  const url = `http://${LOOPBACK}:${port}`;
  try {
    await answering(url, child);
  } catch (cause) {
    await stopped(child);
    throw cause;
  }
  return { url, stop: () => stopped(child) };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, LOOPBACK);
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') {
    throw new Error('Cannot find a free port: the socket has no TCP address');
  }
  return address.port;
}

async function answering(url: string, child: ChildProcess): Promise<void> {
  for (let waitedMs = 0; waitedMs < READY_WITHIN_MS; waitedMs += ASK_EVERY_MS) {
    if (child.exitCode !== null) {
      throw new Error(`Cannot start moto_server: it ended with code ${child.exitCode}`);
    }
    const answer = await fetch(`${url}/moto-api/data.json`).catch(() => undefined);
    await answer?.arrayBuffer();
    if (answer?.ok === true) {
      return;
    }
    await delay(ASK_EVERY_MS);
  }
  throw new Error(`Cannot reach moto_server at "${url}" within ${READY_WITHIN_MS} ms`);
}

async function stopped(child: ChildProcess): Promise<void> {
  if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
    const ended = once(child, 'exit');
    process.kill(-child.pid, 'SIGKILL');
    await ended;
  }
}
