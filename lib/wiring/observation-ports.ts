import { OPEN_POLICY } from '../audit/policy.ts';
import { type AwsClients, type ClientsOptions, type Credentials, createAwsClients } from '../aws/clients.ts';
import type { Clock } from '../aws/clock.ts';
import { createRateLimiter, type RateLimiter } from '../aws/rate-limiter.ts';
import { createAccountDirectory } from '../collect/account-directory.ts';
import { createAccountEntrance, type Observe, type RoleOptions } from '../collect/account-entrance.ts';
import { instantOf } from '../collect/collection.ts';
import type { Settings } from '../settings/settings.ts';
import { settingsPolicy } from './settings-policy.ts';

export interface AwsRuntime {
  readonly credentials: Credentials;
  readonly homeRegion: string;
  readonly clock: Clock;
  readonly role: RoleOptions;
  /** Left out: nothing is decided, see `OPEN_POLICY`. */
  readonly settings?: Settings;
  /** Left out: token buckets at Elbowroom's share of what AWS allows. */
  readonly limiter?: RateLimiter;
  readonly clients?: Pick<ClientsOptions, 'endpoint' | 'requestHandler' | 'attemptsMax'>;
}

/** Joins what looks at accounts with real AWS, as far as `observe` goes: what it does not ask is in no bundle. */
export function createObservationPorts<Observer>(runtime: AwsRuntime, observe: Observe<Observer>) {
  const { credentials, homeRegion, clock, role } = runtime;
  const clients: AwsClients = createAwsClients({
    ...runtime.clients,
    limiter: runtime.limiter ?? createRateLimiter(clock),
  });
  const home = { clients, credentials, homeRegion, clock };
  return {
    directory: createAccountDirectory(home),
    entrance: createAccountEntrance(home, role, observe),
    now: () => instantOf(clock),
    policy: runtime.settings === undefined ? OPEN_POLICY : settingsPolicy(runtime.settings),
  };
}
