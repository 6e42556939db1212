import type { CollectError } from '../domain/fact.ts';
import { err, ok, type Result } from '../domain/result.ts';
import { type NotSeen, scopeNotSeen } from './coverage.ts';
import type { Policy } from './policy.ts';
import type { Account, AccountDirectory, Caller } from './ports.ts';
import { accountSubject } from './subjects.ts';

export type AccountScope =
  | { readonly kind: 'current' }
  | { readonly kind: 'organization' }
  | { readonly kind: 'list'; readonly accountIds: readonly string[] };

/** Returns the accounts of a scope. Where they are named, the organisation is not asked. */
export async function accountsInScope(
  scope: AccountScope,
  caller: Caller,
  directory: AccountDirectory,
  signal: AbortSignal,
): Promise<Result<readonly Account[], NotSeen>> {
  switch (scope.kind) {
    case 'current':
      return ok([namedAccount(caller.accountId)]);
    case 'list':
      return ok([...new Set(scope.accountIds)].map(namedAccount));
    case 'organization': {
      const listed = await directory.organizationAccounts(signal);
      return listed.state === 'observed' ? ok(listed.value) : err(scopeNotSeen('accounts', listed.error));
    }
  }
}

/** An account that was named to the audit: the organisation is not asked about it. */
function namedAccount(accountId: string): Account {
  return { accountId, name: undefined, state: undefined, organizationalUnitPaths: undefined };
}

/** Whether an account is scanned, and why not. */
export type AccountDecision =
  | { readonly state: 'scanned' }
  | {
      readonly state: 'not-scanned';
      /** Why, as a sentence without a full stop. */
      readonly reason: string;
    }
  /** What decides it was not seen. */
  | { readonly state: 'not-seen'; readonly notSeen: NotSeen };

/**
 * Decides whether an account is scanned. One that leaves or left the organisation lets nobody in; one without a word on its
 * state is tried. One that was named to the audit is in scope whatever the settings say.
 */
export function decideAccount(scope: AccountScope, policy: Policy, account: Account): AccountDecision {
  const { accountId, state } = account;
  if (state !== undefined && state !== 'ACTIVE') {
    return { state: 'not-scanned', reason: `its state is ${state}` };
  }
  if (scope.kind !== 'organization') {
    return { state: 'scanned' };
  }
  const decision = policy.accountScope(accountSubject(new Map([[accountId, account]]), accountId));
  switch (decision.state) {
    case 'in-scope':
      return { state: 'scanned' };
    case 'out-of-scope':
      return { state: 'not-scanned', reason: decision.reason };
    case 'unknown':
      return { state: 'not-seen', notSeen: scopeNotSeen('account', unknownScopeError(), { accountId }) };
  }
}

function unknownScopeError(): CollectError {
  const message = 'Cannot tell whether the settings include the account: its organisational units were not listed';
  return { action: 'organizations:ListAccounts', code: 'not-attempted', message, awsErrorName: undefined };
}
