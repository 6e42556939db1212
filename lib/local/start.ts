import { systemClock } from '../aws/clock.ts';
import type { RateLimiter } from '../aws/rate-limiter.ts';
import { createAuditPorts } from '../wiring/audit-ports.ts';
import { EXIT_CODE, runAudit } from './audit-command.ts';
import { parseAuditFlags, USAGE } from './audit-flags.ts';
import { tolerateClosedPipe } from './closed-pipe.ts';
import { readSettingsFile, SETTINGS_FILE } from './settings-file.ts';
import { simulatedCredentials } from './simulated-aws/credentials.ts';
import {
  DEMO_ACCOUNT_IDS,
  DEMO_EXTERNAL_ID,
  DEMO_ROLE_NAME,
  demoOrganization,
} from './simulated-aws/demo-organization.ts';
import { simulatedRequestHandler } from './simulated-aws/request-handler.ts';

/** The real SDK is used up to the socket, so nothing here is as slow as AWS; nor need it be spared. */
const NO_RATE_LIMIT: RateLimiter = { take: () => Promise.resolve() };
const DEADLINE_MS = 60_000;

/** Audits a small simulated organisation on this machine, with the flags of `npm run audit`. */
async function main(): Promise<number> {
  const argv = process.argv.slice(2);
  const isScopeGiven = argv.some((argument) => argument.startsWith('--accounts'));
  const flags = parseAuditFlags(isScopeGiven ? argv : ['--accounts', 'organization', ...argv]);
  if (!flags.ok) {
    process.stderr.write(`${flags.error}\n`);
    return EXIT_CODE.badUsage;
  }
  if (flags.value === 'help') {
    process.stdout.write(USAGE);
    return EXIT_CODE.allSeen;
  }
  const settings = await readSettingsFile(SETTINGS_FILE);
  if (!settings.ok) {
    process.stderr.write(`${settings.error}\n`);
    return EXIT_CODE.badUsage;
  }
  process.stderr.write('A simulated organisation on this machine; "npm run audit" audits AWS.\n');
  const now = () => new Date(systemClock.now());
  const ports = createAuditPorts({
    credentials: simulatedCredentials(DEMO_ACCOUNT_IDS.management),
    homeRegion: 'us-east-1',
    clock: systemClock,
    settings: settings.value,
    limiter: NO_RATE_LIMIT,
    clients: { requestHandler: simulatedRequestHandler(demoOrganization(now(), now)) },
    role: {
      roleName: DEMO_ROLE_NAME,
      externalId: DEMO_EXTERNAL_ID,
      roleSessionName: 'elbowroom-demo',
      deadlineMs: DEADLINE_MS,
    },
  });
  const controller = new AbortController();
  const code = await runAudit(flags.value, ports, { terminal: process, clock: systemClock, signal: controller.signal });
  // The demo has an account that lets nobody in, so its audit is incomplete on purpose; that is not a failure to start.
  return code === EXIT_CODE.notSeen ? EXIT_CODE.allSeen : code;
}

tolerateClosedPipe(process.stdout);
tolerateClosedPipe(process.stderr);
process.exitCode = await main();
