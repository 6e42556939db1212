import type { AccountEntrance } from '../audit/ports.ts';
import { assumedRoleCredentials, newRoleSession, type RoleSession, roleArn } from '../aws/assume-role.ts';
import type { Credentials } from '../aws/clients.ts';
import { err, ok } from '../domain/result.ts';
import type { HomeOptions } from './account-directory.ts';
import { collectFact } from './collection.ts';
import { DISCOVERY_TABLE } from './fact-table.ts';

export interface RoleOptions {
  readonly roleName: string;
  readonly externalId: string | undefined;
  readonly roleSessionName: string;
  /** How long one account may take, in milliseconds; calls after that are facts not seen. */
  readonly deadlineMs: number;
  /** Whether it is taken on in the caller's own account too, whose credentials may then read nothing themselves. */
  readonly isTakenAtHome?: boolean;
}

/** Returns an observer of an account by its credentials; its calls end with the signal. */
export type Observe<Observer> = (
  home: HomeOptions,
  accountId: string,
  credentials: Credentials,
  signal: AbortSignal,
) => Observer;

/**
 * Returns an entrance that assumes the read-only role, once for all regions of an account while the session lasts. At home it uses
 * the caller's own credentials, unless the role is to be taken on there too.
 */
export function createAccountEntrance<Observer>(
  home: HomeOptions,
  role: RoleOptions,
  observe: Observe<Observer>,
): AccountEntrance<Observer> {
  const sessions = new Map<string, RoleSession>();
  return {
    async enter(caller, accountId, runSignal) {
      const signal = AbortSignal.any([runSignal, AbortSignal.timeout(role.deadlineMs)]);
      if (accountId === caller.accountId && role.isTakenAtHome !== true) {
        return ok(observe(home, accountId, home.credentials, signal));
      }
      const sts = () =>
        home.clients.sts({
          accountId: caller.accountId,
          region: home.homeRegion,
          credentials: home.credentials,
          signal,
        });
      const session = sessions.get(accountId) ?? newRoleSession();
      sessions.set(accountId, session);
      const credentials = assumedRoleCredentials(
        sts,
        {
          roleArn: roleArn(caller.partition, accountId, role.roleName),
          roleSessionName: role.roleSessionName,
          externalId: role.externalId,
        },
        { clock: home.clock, signal, session },
      );
      const entered = await collectFact(DISCOVERY_TABLE.assumeRole.action, { clock: home.clock, signal }, credentials);
      return entered.state === 'observed' ? ok(observe(home, accountId, credentials, signal)) : err(entered.error);
    },
  };
}
