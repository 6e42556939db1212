import { createApi } from '../../lib/api/create-api.ts';
import { READ_ROUTES } from '../../lib/api/read-routes.ts';
import { httpFunction } from '../../lib/wiring/http-function.ts';
import { useLightMessages } from '../../lib/wiring/light-messages.ts';
import { CONTEXT, lambdaEvent } from './lambda-event.ts';
import { NOW_MS } from './large-fleet.ts';
import { median } from './median.ts';
import { openStoredApi, type StoredApi } from './stored-api.ts';

/** What a process measures: one path for one caller. */
export interface StoredApiTask {
  readonly endpoint: string;
  readonly accountIds: readonly string[] | undefined;
  readonly path: string;
  readonly warmRounds: number;
  /** Others of its kind, each of which is asked once, in a process that is warm. */
  readonly others: readonly string[];
}

/**
 * Measures the handler of the API's function in a process of its own and prints it. The first answer is cold, with new stores and a
 * new client; what the modules take to load is `startUp`.
 */
const task: StoredApiTask = JSON.parse(process.argv[2] ?? '');
const MS_PER_SECOND = 1_000;
/** As long as anything is kept before the table is asked again. */
const KEPT_MS = 10 * MS_PER_SECOND;
const MICROSECONDS_PER_MS = 1_000;
/** Before what is warm is measured, so that it is. */
const WARM_UP_ROUNDS = 30;

// As the function of the API does.
useLightMessages();

let nowMs = NOW_MS;
const open = () => openStoredApi(task.endpoint, task.accountIds, () => nowMs);

type Measures = Awaited<ReturnType<typeof asked>>;

export interface StoredApiMeasures {
  readonly cold: { readonly wallMs: number; readonly cpuMs: number; readonly requests: number };
  /** A request a second: one in ten looks whether there is something new. */
  readonly everySecond: Measures;
  /** A request every ten seconds: each of them does. */
  readonly everyTenSeconds: Measures;
  /** Each for the first time. */
  readonly others: Measures;
}

async function main(): Promise<void> {
  const cold = await measured(async () => {
    const { ports, table } = open();
    const api = httpFunction(createApi(READ_ROUTES, ports));
    await ask(api, task.path);
    return { api, table };
  });
  const requests = cold.value.table.meter.total().requestCount;
  await asked(cold.value, new Array<string>(WARM_UP_ROUNDS).fill(task.path), KEPT_MS);
  const measures: StoredApiMeasures = {
    cold: { wallMs: cold.wallMs, cpuMs: cold.cpuMs, requests },
    everySecond: await warm(cold.value, MS_PER_SECOND),
    everyTenSeconds: await warm(cold.value, KEPT_MS),
    others: await asked(cold.value, task.others, 0),
  };
  process.stdout.write(`${JSON.stringify(measures)}\n`);
}

function warm(opened: Opened, stepMs: number) {
  return asked(opened, new Array<string>(task.warmRounds).fill(task.path), stepMs);
}

type Handler = ReturnType<typeof httpFunction>;

interface Opened {
  readonly api: Handler;
  readonly table: StoredApi['table'];
}

async function asked({ api, table }: Opened, paths: readonly string[], stepMs: number) {
  const wall: number[] = [];
  const cpu: number[] = [];
  let requestsMost = 0;
  for (const path of paths) {
    nowMs += stepMs;
    table.meter.reset();
    const { wallMs, cpuMs } = await measured(() => ask(api, path));
    wall.push(wallMs);
    cpu.push(cpuMs);
    requestsMost = Math.max(requestsMost, table.meter.total().requestCount);
  }
  return { wallMs: quantiles(wall), cpuMs: quantiles(cpu), requestsMost };
}

async function ask(handler: Handler, path: string): Promise<void> {
  const { pathname, search } = new URL(path, 'https://api.example');
  const { statusCode } = await handler(lambdaEvent(pathname, search.slice(1), 'gzip'), CONTEXT);
  if (statusCode !== 200) {
    throw new Error(`Cannot measure ${path}: it answers ${statusCode}`);
  }
}

async function measured<T>(act: () => Promise<T>) {
  const cpuBefore = process.cpuUsage();
  const startedAt = performance.now();
  const value = await act();
  const wallMs = performance.now() - startedAt;
  const { user, system } = process.cpuUsage(cpuBefore);
  return { value, wallMs, cpuMs: (user + system) / MICROSECONDS_PER_MS };
}

function quantiles(values: readonly number[]) {
  const sorted = values.toSorted((a, b) => a - b);
  return { p50: median(values), p99: sorted[Math.floor(values.length * 0.99)] };
}

void main();
