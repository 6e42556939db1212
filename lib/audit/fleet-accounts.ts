import type { Fleet } from './fleet.ts';
import type { Account } from './ports.ts';
import type { RunTally } from './tally-run.ts';

const known = new WeakMap<RunTally, ReadonlyMap<string, Account>>();

/** Returns the accounts of the organisation by their ids, as the scan knew them that the fleet rests on; none before the first. */
export function fleetAccounts({ scan }: Pick<Fleet, 'scan'>): ReadonlyMap<string, Account> {
  if (scan === undefined) {
    return NO_ACCOUNTS;
  }
  const accounts = known.get(scan) ?? new Map(scan.accounts.map((account) => [account.accountId, account]));
  known.set(scan, accounts);
  return accounts;
}

const NO_ACCOUNTS: ReadonlyMap<string, Account> = new Map();
