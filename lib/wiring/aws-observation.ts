import { fromEnv } from '@aws-sdk/credential-providers';
import type { Clock } from '../aws/clock.ts';
import type { Observe } from '../collect/account-entrance.ts';
import { homeRegionOf } from '../config/home-region.ts';
import type { Settings } from '../settings/settings.ts';
import { askOnce } from './ask-once.ts';
import { createObservationPorts } from './observation-ports.ts';

const ROLE_SESSION_NAME = 'elbowroom';
/** The most that Lambda gives an invocation: its own signal ends calls before. https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html */
const ACCOUNT_DEADLINE_MS = 15 * 60_000;

export interface ObservationOptions {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly roleName: string;
  readonly externalId: string;
  /** Left out: nothing is decided, see `OPEN_POLICY`. */
  readonly settings?: Settings;
}

/** Returns what observes AWS from a function: its own credentials are in its environment. */
export async function createAwsObservation<Observer>(options: ObservationOptions, observe: Observe<Observer>) {
  const { environment, clock, roleName, externalId, settings } = options;
  const runtime = {
    credentials: fromEnv(),
    homeRegion: await homeRegionOf(environment),
    clock,
    ...(settings === undefined ? {} : { settings }),
    role: {
      roleName,
      externalId,
      roleSessionName: ROLE_SESSION_NAME,
      deadlineMs: ACCOUNT_DEADLINE_MS,
      // A function may enter accounts and read nothing itself.
      isTakenAtHome: true,
    },
  };
  const ports = createObservationPorts(runtime, observe);
  return { ...ports, caller: askOnce((signal) => ports.directory.caller(signal)) };
}
