import { resolve } from 'node:path';
import { systemClock } from '../aws/clock.ts';
import { ok, type Result } from '../domain/result.ts';
import type { Settings } from '../settings/settings.ts';
import { EXIT_CODE } from './audit-command.ts';
import { tolerateClosedPipe } from './closed-pipe.ts';
import { auditDemoOnce } from './service/audit-demo-once.ts';
import { createLiveWorld } from './service/live-world.ts';
import { runService } from './service/service.ts';
import type { ServiceWorld } from './service/service-world.ts';
import { createSimulatedWorld } from './service/simulated-world.ts';
import { openSimulation } from './service/simulation.ts';
import { parsePort, parseStartFlags, START_USAGE, type StartFlags } from './service/start-flags.ts';
import { readSettingsFile, SETTINGS_FILE } from './settings-file.ts';

const DATA_FOLDER = '.elbowroom';
/** It could not start, or could not go on. */
const EXIT_FAILED = 1;

type ServiceFlags = Extract<StartFlags, { readonly kind: 'simulated' | 'live' }>;

/** Runs the service on this machine until it is stopped. */
async function main(): Promise<number> {
  const flags = parseStartFlags(process.argv.slice(2));
  const port = parsePort(process.env['PORT']);
  if (!flags.ok || !port.ok) {
    process.stderr.write(`${[flags, port].flatMap((read) => (read.ok ? [] : [read.error])).join('\n')}\n`);
    return EXIT_CODE.badUsage;
  }
  if (flags.value.kind === 'help') {
    process.stdout.write(START_USAGE);
    return EXIT_CODE.allSeen;
  }
  const settings = await readSettingsFile(SETTINGS_FILE);
  if (!settings.ok) {
    process.stderr.write(`${settings.error}\n`);
    return EXIT_CODE.badUsage;
  }
  if (flags.value.kind === 'once') {
    return auditDemoOnce(flags.value.auditArguments, settings.value, process);
  }
  return serve(flags.value, settings.value, port.value);
}

async function serve(flags: ServiceFlags, settings: Settings, port: number): Promise<number> {
  const signal = stopSignal();
  const opened = await openWorld(flags, settings, signal);
  if (!opened.ok) {
    process.stderr.write(`${opened.error}\n`);
    return EXIT_FAILED;
  }
  const { stdout, stderr } = process;
  // Infrastructure that leaves a variable out may set it to nothing.
  const token = process.env['ELBOWROOM_TOKEN'] || undefined;
  const ended = await runService({ ...opened.value, port, token, stdout, stderr, signal });
  if (!ended.ok) {
    stderr.write(`${ended.error}\n`);
    return EXIT_FAILED;
  }
  return EXIT_CODE.allSeen;
}

interface OpenedWorld {
  readonly folder: string;
  readonly world: ServiceWorld;
}

async function openWorld(flags: ServiceFlags, settings: Settings, signal: AbortSignal): Promise<Result<OpenedWorld>> {
  if (flags.kind === 'live') {
    const live = await createLiveWorld(flags, settings, process.env, signal);
    // Data of one caller say nothing about another's.
    return live.ok
      ? ok({ folder: resolve(DATA_FOLDER, `live-${live.value.callerAccountId}`), world: live.value.world })
      : live;
  }
  const folder = resolve(DATA_FOLDER, 'simulated');
  const simulation = await openSimulation({ folder, clock: systemClock, dayMs: flags.dayMs });
  return simulation.ok
    ? ok({ folder, world: createSimulatedWorld(simulation.value, settings, flags.historyDays) })
    : simulation;
}

/** The first Ctrl-C, or SIGTERM, finishes what is under way; a second one ends the process at once. */
function stopSignal(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.once(name, () => controller.abort());
  }
  return controller.signal;
}

tolerateClosedPipe(process.stdout);
tolerateClosedPipe(process.stderr);
process.exitCode = await main();
