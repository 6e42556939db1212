import { systemClock } from '../../aws/clock.ts';
import type { Settings } from '../../settings/settings.ts';
import { createAuditPorts } from '../../wiring/audit-ports.ts';
import { EXIT_CODE, runAudit, type Terminal } from '../audit-command.ts';
import { parseAuditFlags, USAGE } from '../audit-flags.ts';
import { simulatedCredentials } from '../simulated-aws/credentials.ts';
import {
  DEMO_ACCOUNT_IDS,
  DEMO_EXTERNAL_ID,
  DEMO_ROLE_NAME,
  demoOrganization,
} from '../simulated-aws/demo-organization.ts';
import { simulatedRequestHandler } from '../simulated-aws/request-handler.ts';
import { DEADLINE_MS, HOME_REGION, NO_RATE_LIMIT } from './simulated-world.ts';

/** Audits the simulated organisation once, with the flags of `npm run audit`, prints the result and returns the exit code. */
export async function auditDemoOnce(argv: readonly string[], settings: Settings, terminal: Terminal): Promise<number> {
  const isScopeGiven = argv.some((argument) => argument.startsWith('--accounts'));
  const flags = parseAuditFlags(isScopeGiven ? argv : ['--accounts', 'organization', ...argv]);
  if (!flags.ok) {
    terminal.stderr.write(`${flags.error}\n`);
    return EXIT_CODE.badUsage;
  }
  if (flags.value === 'help') {
    terminal.stdout.write(USAGE);
    return EXIT_CODE.allSeen;
  }
  terminal.stderr.write('A simulated organisation on this machine; "npm run audit" audits AWS.\n');
  const now = () => new Date(systemClock.now());
  const ports = createAuditPorts({
    credentials: simulatedCredentials(DEMO_ACCOUNT_IDS.management),
    homeRegion: HOME_REGION,
    clock: systemClock,
    settings,
    limiter: NO_RATE_LIMIT,
    clients: { requestHandler: simulatedRequestHandler(demoOrganization(now(), now)) },
    role: {
      roleName: DEMO_ROLE_NAME,
      externalId: DEMO_EXTERNAL_ID,
      roleSessionName: 'elbowroom-demo',
      deadlineMs: DEADLINE_MS,
    },
  });
  const { signal } = new AbortController();
  const code = await runAudit(flags.value, ports, { terminal, clock: systemClock, signal });
  // The demo has an account that lets nobody in, so its audit is incomplete on purpose; that is not a failure to start.
  return code === EXIT_CODE.notSeen ? EXIT_CODE.allSeen : code;
}
