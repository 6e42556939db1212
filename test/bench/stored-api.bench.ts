import { spawnSync } from 'node:child_process';
import { loadavg } from 'node:os';
import { createApi } from '../../lib/api/create-api.ts';
import { READ_ROUTES } from '../../lib/api/read-routes.ts';
import { bundleFunction } from '../helpers/function-bundles.ts';
import { bareRoute, lambdaPagesMs, load, PAGE } from './api.bench.ts';
import { withDynalite } from './fleet.bench.ts';
import { FLEET, NOW_MS } from './large-fleet.ts';
import { median } from './median.ts';
import { openStoredApi } from './stored-api.ts';
import type { StoredApiMeasures, StoredApiTask } from './stored-api-process.ts';
import { CALLERS, fillStore, QUESTIONS } from './stored-fleet.ts';

/** Each is a process of its own; the last of them goes on and is warm. */
const COLD_RUNS = 9;
const WARM_ROUNDS = 300;

/**
 * Measures the API over 100,000 subnets and 90 days, on dynalite in a process of its own: answers cold and warm, for who sees
 * everything and for who sees some accounts; the time of a list page on the Lambda adapter; and requests a second beside a bare route
 * of the same framework that returns the same bytes.
 */
export function benchStoredApi() {
  return withDynalite(async (endpoint) => {
    await fillStore(endpoint);
    const { path: script } = await bundleFunction('test/bench/stored-api-process.ts');
    const answers = Object.fromEntries(
      Object.entries(CALLERS).map(([caller, accountIds]) => [
        caller,
        Object.fromEntries(
          Object.entries(QUESTIONS).map(([name, { path, others }]) => [
            name,
            measure(script, { endpoint, accountIds, path, others, warmRounds: WARM_ROUNDS }),
          ]),
        ),
      ]),
    );
    return {
      subnetCount: FLEET.vpcCount * FLEET.subnetsPerVpc,
      answers,
      lambda: await lambda(endpoint),
      load: await loadBesideBare(endpoint),
      loadAverage: loadavg(),
    };
  });
}

function measure(script: string, task: StoredApiTask) {
  const runs = Array.from({ length: COLD_RUNS }, (_, run) => {
    const isLast = run === COLD_RUNS - 1;
    return { bareNodeMs: bareNodeMs(), ...runProcess(script, isLast ? task : { ...task, warmRounds: 0, others: [] }) };
  });
  const of = (measure: 'wallMs' | 'cpuMs') => runs.map(({ cold }) => cold[measure]);
  const last = runs.at(-1);
  return {
    cold: {
      wallMs: { p50: median(of('wallMs')), most: Math.max(...of('wallMs')) },
      cpuMs: { p50: median(of('cpuMs')), most: Math.max(...of('cpuMs')) },
      bareNodeMs: median(runs.map((run) => run.bareNodeMs)),
      ratioToBareNode: median(runs.map(({ cold, ...run }) => cold.wallMs / run.bareNodeMs)),
      requests: last?.cold.requests,
    },
    everySecond: last?.everySecond,
    everyTenSeconds: last?.everyTenSeconds,
    others: last?.others,
  };
}

/** What a process takes that does nothing: the pace of the machine at that moment. */
function bareNodeMs(): number {
  const startedAt = performance.now();
  spawnSync(process.execPath, ['-e', '']);
  return performance.now() - startedAt;
}

function runProcess(script: string, task: StoredApiTask): StoredApiMeasures {
  const { status, stdout } = spawnSync(process.execPath, [script, JSON.stringify(task)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
  });
  if (status !== 0) {
    throw new Error(`Cannot measure ${task.path}: its process ended with ${status}`);
  }
  return JSON.parse(stdout);
}

async function lambda(endpoint: string) {
  const of = async (accountIds: readonly string[] | undefined) => {
    const { ports } = openStoredApi(endpoint, accountIds, movingClock());
    return lambdaPagesMs(ports);
  };
  return { everything: await of(CALLERS['everything']), fiveAccounts: await of(CALLERS['fiveAccounts']) };
}

async function loadBesideBare(endpoint: string) {
  const api = createApi(READ_ROUTES, openStoredApi(endpoint, undefined, movingClock()).ports);
  const page = new Uint8Array(await (await api.request(PAGE)).arrayBuffer());
  const bareLoad = await load(bareRoute(page));
  const apiLoad = await load(api);
  return {
    pageBytes: page.byteLength,
    bare: bareLoad,
    api: apiLoad,
    ratioToBare: apiLoad.requestsPerSecond / bareLoad.requestsPerSecond,
  };
}

/** From when the fleet was seen, at the pace of this machine: what is kept for seconds is read again. */
function movingClock(): () => number {
  const startedAt = performance.now();
  return () => NOW_MS + Math.floor(performance.now() - startedAt);
}
