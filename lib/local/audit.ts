import { fromNodeProviderChain } from '@aws-sdk/credential-providers';
import { systemClock } from '../aws/clock.ts';
import { homeRegionOf } from '../config/home-region.ts';
import { createAuditPorts } from '../wiring/audit-ports.ts';
import { EXIT_CODE, runAudit } from './audit-command.ts';
import { type AuditFlags, parseAuditFlags, USAGE } from './audit-flags.ts';
import { tolerateClosedPipe } from './closed-pipe.ts';
import { readSettingsFile, SETTINGS_FILE } from './settings-file.ts';

/** How long one account may take before what is left of it counts as not seen. */
const ACCOUNT_DEADLINE_MS = 15 * 60_000;

async function main(): Promise<number> {
  const flags = parseAuditFlags(process.argv.slice(2));
  if (!flags.ok) {
    process.stderr.write(`${flags.error}\nSee "npm run audit -- --help"\n`);
    return EXIT_CODE.badUsage;
  }
  if (flags.value === 'help') {
    process.stdout.write(USAGE);
    return EXIT_CODE.allSeen;
  }
  return audit(flags.value);
}

async function audit(flags: AuditFlags): Promise<number> {
  const settings = await readSettingsFile(SETTINGS_FILE);
  if (!settings.ok) {
    process.stderr.write(`${settings.error}\n`);
    return EXIT_CODE.badUsage;
  }
  const homeRegion = await homeRegionOf(process.env);
  const ports = createAuditPorts({
    credentials: fromNodeProviderChain({ clientConfig: { region: homeRegion } }),
    homeRegion,
    clock: systemClock,
    settings: settings.value,
    role: {
      roleName: flags.roleName,
      externalId: flags.externalId,
      roleSessionName: 'elbowroom-audit',
      deadlineMs: ACCOUNT_DEADLINE_MS,
    },
  });
  return runAudit(flags, ports, { terminal: process, clock: systemClock, signal: interruptSignal() });
}

/** The first Ctrl-C ends the calls that are under way and prints what was seen; a second one ends the process. */
function interruptSignal(): AbortSignal {
  const controller = new AbortController();
  process.once('SIGINT', () => controller.abort());
  return controller.signal;
}

tolerateClosedPipe(process.stdout);
tolerateClosedPipe(process.stderr);
process.exitCode = await main();
