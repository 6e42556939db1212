import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { bundleFunction, type FunctionBundle } from '../helpers/function-bundles.ts';
import { median } from './median.ts';

const ROUNDS = 15;
/** How many packages of a bundle are named: what is further down is small. */
const PACKAGES_SHOWN = 12;

/**
 * How long a function's bundle takes to load in a new process, as a ratio to bare `node` in the same round. What it composes on its
 * first call is not in it: clients that are imported when first used do not count, and are not needed by most calls.
 */
export async function benchStartUp() {
  const bundles: FunctionBundle[] = [];
  for (const entry of globSync('functions/*.ts').sort()) {
    bundles.push(await bundleFunction(entry));
  }
  const bare: number[] = [];
  const ratios = new Map(bundles.map(({ name }) => [name, [] as number[]]));
  for (let round = 0; round < ROUNDS; round += 1) {
    const bareMs = loadMs([]);
    bare.push(bareMs);
    for (const { name, path } of bundles) {
      ratios.get(name)?.push(loadMs(['-r', path]) / bareMs);
    }
  }
  return {
    bareNodeMs: median(bare),
    functions: bundles.map(({ name, sizeBytes, packages }) => ({
      name,
      ratioToBareNode: median(ratios.get(name) ?? []),
      sizeBytes,
      packages: Object.fromEntries(packages.slice(0, PACKAGES_SHOWN).map((each) => [each.name, each.sizeBytes])),
    })),
  };
}

function loadMs(flags: readonly string[]): number {
  const startedAt = performance.now();
  const { status } = spawnSync(process.execPath, [...flags, '-e', '0'], { env: {}, stdio: 'ignore' });
  if (status !== 0) {
    throw new Error(`Cannot load ${flags.join(' ')}: node ended with ${status}`);
  }
  return performance.now() - startedAt;
}
