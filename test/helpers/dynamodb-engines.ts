import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import { closeIterators } from '../../lib/local/service/close-iterators.ts';
import { createTableInput } from '../../lib/store/table.ts';
import { hasCommand } from './commands.ts';

/** Two engines that speak DynamoDB's protocol on this machine: dynalite, and AWS's own DynamoDB Local. */

const LOOPBACK = '127.0.0.1';
const READY_WITHIN_MS = 30_000;
const ASK_EVERY_MS = 100;

export interface Engine {
  readonly endpoint: string;
  readonly stop: () => Promise<void>;
}

/** Starts dynalite, its tables in memory. */
export async function startDynalite(): Promise<Engine> {
  closeIterators();
  const server = dynalite({ createTableMs: 0 });
  server.listen(0, LOOPBACK);
  await once(server, 'listening');
  return {
    endpoint: `http://${LOOPBACK}:${portOf(server.address())}`,
    stop: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** Where DynamoDBLocal.jar lies; beside it the folder of its native library. */
const JAR_PATH = process.env['ELBOWROOM_DYNAMODB_LOCAL'];

export const DYNAMODB_LOCAL_NOTE =
  'skipped where java is not on the PATH or ELBOWROOM_DYNAMODB_LOCAL does not name DynamoDBLocal.jar';

export const hasDynamodbLocal = JAR_PATH !== undefined && existsSync(JAR_PATH) && hasCommand('java');

/** Starts DynamoDB Local, its tables in memory. */
export async function startDynamodbLocal(): Promise<Engine> {
  if (JAR_PATH === undefined) {
    throw new Error('Cannot start DynamoDB Local: ELBOWROOM_DYNAMODB_LOCAL does not say where it is');
  }
  const port = await freePort();
  const jarPath = resolve(JAR_PATH);
  const libraries = `-Djava.library.path=${join(dirname(jarPath), 'DynamoDBLocal_lib')}`;
  // It leaves a file where it runs, and reports its use unless told not to.
  const folder = await mkdtemp(join(tmpdir(), 'elbowroom-dynamodb-'));
  const child = spawn('java', [libraries, '-jar', jarPath, '-port', String(port), '-inMemory', '-sharedDb'], {
    stdio: 'ignore',
    cwd: folder,
    env: { ...process.env, DDB_LOCAL_TELEMETRY: '0' },
  });
  const endpoint = `http://${LOOPBACK}:${port}`;
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    }
    await rm(folder, { recursive: true, force: true });
  };
  for (let waitedMs = 0; waitedMs < READY_WITHIN_MS; waitedMs += ASK_EVERY_MS) {
    if (child.exitCode !== null) {
      await stop();
      throw new Error(`Cannot start DynamoDB Local: it ended with code ${child.exitCode}`);
    }
    const answer = await fetch(endpoint).catch(() => undefined);
    await answer?.arrayBuffer();
    if (answer !== undefined) {
      return { endpoint, stop };
    }
    await delay(ASK_EVERY_MS);
  }
  await stop();
  throw new Error(`Cannot reach DynamoDB Local at "${endpoint}" within ${READY_WITHIN_MS} ms`);
}

/** A client of an engine; both take any credentials. */
export function engineClient(endpoint: string): DynamoDBClient {
  return new DynamoDBClient({
    endpoint,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
}

/** Creates the table under a name of its own. */
export async function createTable(endpoint: string, tableName: string): Promise<void> {
  const client = engineClient(endpoint);
  await client.send(new CreateTableCommand(createTableInput(tableName)));
  client.destroy();
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, LOOPBACK);
  await once(server, 'listening');
  const port = portOf(server.address());
  server.close();
  await once(server, 'close');
  return port;
}

function portOf(address: ReturnType<ReturnType<typeof createServer>['address']>): number {
  if (address === null || typeof address === 'string') {
    throw new Error('Cannot tell the port: the socket has no TCP address');
  }
  return address.port;
}
