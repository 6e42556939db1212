import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import {
  CreateTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  type DynamoDBClientConfig,
  ListTablesCommand,
} from '@aws-sdk/client-dynamodb';
import { err, ok, type Result } from '../../domain/result.ts';
import { createTableInput } from '../../store/table.ts';
import { OWNER_ONLY } from './owner-only.ts';

const ACTIVE_WITHIN_MS = 5_000;
const ASK_EVERY_MS = 5;

/** A DynamoDB inside this process, in a thread of its own, its tables in a folder. */
export interface EmbeddedDynamodb {
  /** Makes a client of it. */
  createClient(): DynamoDBClient;
  /** Answers what is under way and lets the folder go. */
  stop(): Promise<void>;
}

export interface EmbeddedDynamodbOptions {
  /** The folder of its data; made where it is missing. One process at a time may use it. */
  readonly path: string;
  /** Created where it is missing. */
  readonly tableName: string;
  /** Told when the engine ends by itself: nothing is stored from then on. */
  readonly onFailure: (cause: Error) => void;
}

/** What the thread is asked. */
export type DynamodbQuestion =
  | 'stop'
  | {
      readonly id: number;
      /** The header `X-Amz-Target`: the version of the protocol and the action. */
      readonly target: string;
      readonly body: string;
    };

export interface DynamodbAnswer {
  readonly id: number;
  readonly status: number;
  readonly body: string;
}

type RequestHandler = Extract<
  NonNullable<DynamoDBClientConfig['requestHandler']>,
  { handle: (...all: never[]) => unknown }
>;

type SentRequest = Parameters<RequestHandler['handle']>[0];

/** Starts the engine and waits until it answers. An error says why the folder cannot be used and what helps. */
export async function startEmbeddedDynamodb(options: EmbeddedDynamodbOptions): Promise<Result<EmbeddedDynamodb>> {
  const { path, tableName } = options;
  await mkdir(path, { recursive: true, mode: OWNER_ONLY });
  const engine = startEngine(options);
  const client = engine.createClient();
  try {
    const { TableNames: names } = await client.send(new ListTablesCommand({}));
    if (names?.includes(tableName) !== true) {
      await client.send(new CreateTableCommand(createTableInput(tableName)));
    }
    await untilActive(client, tableName);
    engine.begin();
    return ok({ createClient: engine.createClient, stop: engine.stop });
  } catch (cause) {
    const hasFailed = engine.hasFailed();
    await engine.stop();
    if (!hasFailed) {
      throw cause;
    }
    // It does not say why LevelDB could not be opened.
    return err(
      `Cannot open the data in "${path}": another process uses them, or they are damaged. Stop the other process, or move that folder away to begin anew`,
    );
  } finally {
    client.destroy();
  }
}

/** A table takes no requests while it is being created, which here is a matter of milliseconds. */
async function untilActive(client: DynamoDBClient, tableName: string): Promise<void> {
  for (let waitedMs = 0; waitedMs < ACTIVE_WITHIN_MS; waitedMs += ASK_EVERY_MS) {
    const { Table: table } = await client.send(new DescribeTableCommand({ TableName: tableName }));
    if (table?.TableStatus === 'ACTIVE') {
      return;
    }
    await delay(ASK_EVERY_MS);
  }
  throw new Error(`Cannot use the table "${tableName}": it is not active within ${ACTIVE_WITHIN_MS} ms`);
}

interface Engine extends EmbeddedDynamodb {
  /** From now on a failure is reported to `onFailure`; until then only to whoever asked. */
  begin(): void;
  hasFailed(): boolean;
}

interface Asker {
  readonly resolve: (answer: DynamodbAnswer) => void;
  readonly reject: (cause: Error) => void;
}

function startEngine({ path, onFailure }: EmbeddedDynamodbOptions): Engine {
  // Without the flags of this process: Node.js reads TypeScript by itself.
  const worker = new Worker(new URL('./embedded-dynamodb-worker.ts', import.meta.url), {
    workerData: { path },
    execArgv: [],
  });
  const askers = new Map<number, Asker>();
  let lastId = 0;
  let failure: Error | undefined;
  let hasBegun = false;
  let hasEnded = false;
  const end = (cause: Error): void => {
    failure ??= cause;
    for (const { reject } of askers.values()) {
      reject(failure);
    }
    askers.clear();
  };
  worker.on('message', (answer: DynamodbAnswer) => {
    askers.get(answer.id)?.resolve(answer);
    askers.delete(answer.id);
  });
  worker.on('error', (cause) => {
    end(cause instanceof Error ? cause : new Error(String(cause)));
    if (hasBegun) {
      onFailure(failure ?? new Error(String(cause)));
    }
  });
  worker.once('exit', () => {
    hasEnded = true;
    end(new Error('Cannot ask the embedded DynamoDB: it has ended'));
  });
  const ask = (target: string, body: string): Promise<DynamodbAnswer> =>
    new Promise((resolve, reject) => {
      if (failure !== undefined) {
        reject(failure);
        return;
      }
      lastId += 1;
      askers.set(lastId, { resolve, reject });
      const question: DynamodbQuestion = { id: lastId, target, body };
      worker.postMessage(question);
    });
  return {
    createClient: () => createClient(ask),
    begin: () => {
      hasBegun = true;
    },
    hasFailed: () => failure !== undefined,
    async stop() {
      if (!hasEnded) {
        const ended = once(worker, 'exit');
        worker.postMessage('stop' satisfies DynamodbQuestion);
        await ended;
      }
    },
  };
}

/** Who asks, by what and from where, is a quarter of what a request costs, and nobody reads it in this process. */
const UNREAD_MIDDLEWARE = [
  'loggerMiddleware',
  'getUserAgentMiddleware',
  'hostHeaderMiddleware',
  'recursionDetectionMiddleware',
] as const;

type Ask = (target: string, body: string) => Promise<DynamodbAnswer>;

function createClient(ask: Ask): DynamoDBClient {
  const client = new DynamoDBClient({
    region: 'local',
    endpoint: 'http://embedded.invalid',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    // Nothing is lost on the way, and what the engine refuses it refuses again.
    maxAttempts: 1,
    // The thread belongs to this process: there is nobody to prove anything to.
    signer: { sign: (request) => Promise.resolve(request) },
    requestHandler: askingHandler(ask),
  });
  for (const name of UNREAD_MIDDLEWARE) {
    client.middlewareStack.remove(name);
  }
  return client;
}

function askingHandler(ask: Ask): RequestHandler {
  return {
    async handle({ headers, body }: SentRequest) {
      const target = headers['X-Amz-Target'] ?? headers['x-amz-target'];
      if (target === undefined || !(typeof body === 'string' || body instanceof Uint8Array)) {
        throw new Error(`Cannot ask the embedded DynamoDB: the request has a body of ${typeof body} for "${target}"`);
      }
      const answer = await ask(target, typeof body === 'string' ? body : new TextDecoder().decode(body));
      return {
        response: { statusCode: answer.status, headers: {}, body: new TextEncoder().encode(answer.body) },
      };
    },
    updateHttpClientConfig() {
      // Nothing about a connection can be configured where there is none.
    },
    httpHandlerConfigs: () => ({}),
    destroy() {
      // The engine outlives its clients.
    },
  };
}
