import { REQUIRED_FACTS_DEFAULT } from '../../audit/coverage.ts';
import type { Clock } from '../../aws/clock.ts';
import type { RateLimiter } from '../../aws/rate-limiter.ts';
import type { Settings } from '../../settings/settings.ts';
import { createAuditPorts } from '../../wiring/audit-ports.ts';
import { simulatedCredentials } from '../simulated-aws/credentials.ts';
import { DEMO_ACCOUNT_IDS, DEMO_EXTERNAL_ID, DEMO_ROLE_NAME } from '../simulated-aws/demo-organization.ts';
import type { LiveAws } from '../simulated-aws/live/live-aws.ts';
import { simulatedRequestHandler } from '../simulated-aws/request-handler.ts';
import { DEMO_SLACK } from './demo-slack.ts';
import type { Observation, ServiceWorld } from './service-world.ts';
import type { Simulation } from './simulation.ts';

/** The real SDK is used up to the socket, so nothing here is as slow as AWS; nor need it be spared. */
export const NO_RATE_LIMIT: RateLimiter = { take: () => Promise.resolve() };
export const DEADLINE_MS = 60_000;
export const HOME_REGION = 'us-east-1';

/** Returns the simulated organisation as the service watches it. */
export function createSimulatedWorld(simulation: Simulation, settings: Settings, historyDays: number): ServiceWorld {
  const { clock, live, startAt } = simulation;
  return {
    name: 'a simulated organisation',
    clock,
    observation: observationOf(live, clock, settings),
    scope: {
      requestedAccounts: { kind: 'organization' },
      requestedRegions: undefined,
      requiredFacts: REQUIRED_FACTS_DEFAULT,
    },
    settings: {
      ...settings,
      notifications: { ...settings.notifications, slack: settings.notifications.slack ?? DEMO_SLACK },
    },
    moveToNow: () => live.advanceTo(new Date(clock.now())),
    past: {
      startAt,
      days: historyDays,
      open() {
        const past = simulation.createPast();
        return {
          clock: past.clock,
          observation: observationOf(past.live, past.clock, settings),
          moveTo(ms) {
            past.live.advanceTo(new Date(ms));
            past.clock.moveTo(ms);
          },
          moveClockTo: past.clock.moveTo,
        };
      },
    },
    save: simulation.saveTime,
  };
}

function observationOf(live: LiveAws, clock: Clock, settings: Settings): Observation {
  return createAuditPorts({
    credentials: simulatedCredentials(DEMO_ACCOUNT_IDS.management),
    homeRegion: HOME_REGION,
    clock,
    settings,
    limiter: NO_RATE_LIMIT,
    clients: { requestHandler: simulatedRequestHandler(live.aws) },
    role: {
      roleName: DEMO_ROLE_NAME,
      externalId: DEMO_EXTERNAL_ID,
      roleSessionName: 'elbowroom-demo',
      deadlineMs: DEADLINE_MS,
    },
  });
}
