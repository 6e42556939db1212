import { cpus } from 'node:os';
import { benchAddressMap } from './address-map.bench.ts';
import { benchApi } from './api.bench.ts';
import { benchAudit, benchCollect } from './collect.bench.ts';
import { benchFleet } from './fleet.bench.ts';
import { benchForecast } from './forecast.bench.ts';
import { benchPipeline } from './pipeline.bench.ts';
import { benchStartUp } from './start-up.bench.ts';
import { benchStoredApi } from './stored-api.bench.ts';

/** Runs every benchmark, or those named, and prints one JSON object. Times are medians; ratios are to a baseline of the same run. */
const BENCHMARKS: Readonly<Record<string, () => unknown>> = {
  addressMap: benchAddressMap,
  collect: benchCollect,
  audit: benchAudit,
  fleet: benchFleet,
  forecast: benchForecast,
  pipeline: () => benchPipeline(),
  startUp: benchStartUp,
  api: benchApi,
  storedApi: benchStoredApi,
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in BENCHMARKS));
if (unknown.length > 0) {
  process.stderr.write(
    `Cannot run benchmark "${unknown.join(', ')}": expected any of ${Object.keys(BENCHMARKS).join(', ')}\n`,
  );
  process.exit(64);
}
const results: Record<string, unknown> = {
  machine: { node: process.version, cpu: cpus()[0]?.model, cores: cpus().length },
};
for (const [name, run] of Object.entries(BENCHMARKS)) {
  if (wanted.length === 0 || wanted.includes(name)) {
    process.stderr.write(`${name}…\n`);
    results[name] = await run();
  }
}
process.stdout.write(`${JSON.stringify(results, undefined, 2)}\n`);
