import { fromNodeProviderChain } from '@aws-sdk/credential-providers';
import { systemClock } from '../../aws/clock.ts';
import { homeRegionOf } from '../../config/home-region.ts';
import { err, ok, type Result } from '../../domain/result.ts';
import type { Settings } from '../../settings/settings.ts';
import { createAuditPorts } from '../../wiring/audit-ports.ts';
import type { ServiceWorld } from './service-world.ts';
import type { StartFlags } from './start-flags.ts';

type LiveFlags = Extract<StartFlags, { readonly kind: 'live' }>;

/** How long one account may take before what is left of it counts as not seen. */
const ACCOUNT_DEADLINE_MS = 15 * 60_000;

export interface LiveWorld {
  readonly world: ServiceWorld;
  /** Whose credentials are in the environment. */
  readonly callerAccountId: string;
}

/** Returns AWS as the service watches it, with the credentials in the environment. An error says why they do not serve. */
export async function createLiveWorld(
  flags: LiveFlags,
  settings: Settings,
  environment: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal,
): Promise<Result<LiveWorld>> {
  const homeRegion = await homeRegionOf(environment);
  const observation = createAuditPorts({
    credentials: fromNodeProviderChain({ clientConfig: { region: homeRegion } }),
    homeRegion,
    clock: systemClock,
    settings,
    role: {
      roleName: flags.roleName,
      externalId: flags.externalId,
      roleSessionName: 'elbowroom',
      deadlineMs: ACCOUNT_DEADLINE_MS,
    },
  });
  const caller = await observation.directory.caller(signal);
  if (!caller.ok) {
    return err(`Cannot watch AWS: ${caller.error.action} ${caller.error.code}: ${caller.error.message}`);
  }
  const { accountId, partition } = caller.value;
  return ok({
    callerAccountId: accountId,
    world: {
      name: `AWS (partition ${partition}) as account ${accountId}`,
      clock: systemClock,
      observation,
      scope: {
        requestedAccounts: flags.accounts,
        requestedRegions: flags.regions,
        requiredFacts: flags.requiredFacts,
      },
      settings,
      moveToNow: () => undefined,
      past: undefined,
      save: () => Promise.resolve(),
    },
  });
}
