import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { type Bundle, bundleCode, bundleFunction } from '../helpers/function-bundles.ts';

const ROUNDS = 15;
/** How many packages of a bundle are named: what is further down is small. */
const PACKAGES_SHOWN = 12;

/** What a function may take to start beside what Node takes, as a multiple of that. */
const OWN_RATIO_GOALS: Readonly<Record<string, number>> = {
  api: 1.9,
  'api-writes': 1.9,
  pages: 2.2,
  'judge-vpc': 2.5,
  'notify-slack': 2.5,
  'plan-scan': 2.5,
  'publish-alerts': 2.5,
  'roll-up-fleet': 2.5,
  'pulse-target': 4.5,
  'scan-target': 4.5,
};

/** What bundles are made of, each alone, by what of it is used. What two of them share is in both. */
const DEPENDENCIES: Readonly<Record<string, string>> = {
  'node:https': "export * from 'node:https';",
  'AWS SDK, the table':
    "export { DynamoDBClient, GetItemCommand, PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';",
  'AWS SDK, the queues': "export { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';",
  'AWS SDK, secrets': "export { GetParametersCommand, SSMClient } from '@aws-sdk/client-ssm';",
  'AWS SDK, what observes': "export * from './lib/wiring/audit-ports.ts';",
  'zod/mini': "import * as z from 'zod/mini'; export const text = z.object({ a: z.string() });",
  zod: "import * as z from 'zod'; export const text = z.object({ a: z.string() });",
  settings: "export * from './lib/settings/settings-document.ts';",
  yaml: "export { parseDocument } from 'yaml';",
  'powertools logger and metrics': "export * from './lib/wiring/powertools-telemetry.ts';",
  middy: "export * from '@middy/core';",
  hono: "export { Hono } from 'hono';",
  jose: "export { jwtVerify } from 'jose';",
  'contracts of the API': "export * from './lib/api/routes.ts';",
};

/**
 * How long a function's bundle takes to load in a new process, as a multiple of bare `node`, and the same of what bundles are made
 * of. What it composes on its first call is not in it. Of each the fastest of all rounds counts, which nothing has disturbed.
 */
export async function benchStartUp() {
  const functions = await Promise.all(globSync('functions/*.ts').sort().map(bundleFunction));
  const dependencies = await Promise.all(Object.entries(DEPENDENCIES).map(([name, code]) => bundleCode(name, code)));
  const { bareNodeMs, loadedMs } = fastestMs([...functions, ...dependencies]);
  const loaded = (bundle: Bundle) => {
    const ownMs = loadedMs(bundle) - bareNodeMs;
    return { name: bundle.name, sizeBytes: bundle.sizeBytes, ownMs, ownRatio: ownMs / bareNodeMs };
  };
  return {
    bareNodeMs,
    functions: functions.map((bundle) => ({
      ...loaded(bundle),
      ownRatioGoal: OWN_RATIO_GOALS[bundle.name],
      packages: Object.fromEntries(bundle.packages.slice(0, PACKAGES_SHOWN).map((each) => [each.name, each.sizeBytes])),
    })),
    dependencies: dependencies.map(loaded),
  };
}

function fastestMs(bundles: readonly Bundle[]) {
  let bareNodeMs = Number.POSITIVE_INFINITY;
  const fastest = new Map<Bundle, number>();
  for (let round = 0; round < ROUNDS; round += 1) {
    bareNodeMs = Math.min(bareNodeMs, loadMs([]));
    for (const bundle of bundles) {
      fastest.set(bundle, Math.min(fastest.get(bundle) ?? Number.POSITIVE_INFINITY, loadMs(['-r', bundle.path])));
    }
  }
  return { bareNodeMs, loadedMs: (bundle: Bundle) => fastest.get(bundle) ?? Number.NaN };
}

function loadMs(flags: readonly string[]): number {
  const startedAt = performance.now();
  const { status } = spawnSync(process.execPath, [...flags, '-e', '0'], { env: {}, stdio: 'ignore' });
  if (status !== 0) {
    throw new Error(`Cannot load ${flags.join(' ')}: node ended with ${status}`);
  }
  return performance.now() - startedAt;
}
