import type { PulseObserver } from '../audit/ports.ts';
import type { Credentials } from '../aws/clients.ts';
import type { HomeOptions } from './account-directory.ts';
import { collectSubnetsOf } from './subnets.ts';

/** Returns what reads the counters of an account by its credentials, and asks it nothing else. */
export function createPulseObserver(
  { clients, clock }: HomeOptions,
  accountId: string,
  credentials: Credentials,
  signal: AbortSignal,
): PulseObserver {
  return {
    pulse: (region, vpcIds) =>
      collectSubnetsOf(clients.ec2({ accountId, region, credentials, signal }), vpcIds, { clock, signal }),
  };
}
