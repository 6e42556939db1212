import type { AccountSubject } from '../domain/subject.ts';
import { anyMatch, type MatchOutcome } from './first-match.ts';
import { matchOrganizationalUnit } from './match-organizational-unit.ts';
import { matchesPattern } from './pattern.ts';
import type { Settings } from './settings.ts';

/** Whether something is scanned. `unknown` is for the caller to record as not seen: it was neither excluded nor included. */
export type ScopeDecision =
  | { readonly state: 'in-scope' }
  | { readonly state: 'out-of-scope'; readonly reason: ScopeReason }
  | { readonly state: 'unknown'; readonly notSeen: 'organizational-units' };

export type ScopeReason =
  /** An entry of the settings excludes it: `scope.accounts.exclude[2]`. */
  | { readonly code: 'excluded'; readonly path: string }
  /** There are includes and none names it. */
  | { readonly code: 'not-included' };

type ScopeSettings = Pick<Settings, 'scope'>;

const IN_SCOPE: ScopeDecision = { state: 'in-scope' };
const NOT_INCLUDED: ScopeDecision = { state: 'out-of-scope', reason: { code: 'not-included' } };

/**
 * Whether an account is scanned. What names the account itself goes before what names a unit, and at each of the two an
 * exclude goes before an include. Without any include everything is included.
 */
export function accountScope({ scope }: ScopeSettings, account: AccountSubject): ScopeDecision {
  const { accounts, organizationalUnits: units } = scope;
  const excludedAccount = accounts.exclude.indexOf(account.accountId);
  if (excludedAccount !== -1) {
    return excluded(`scope.accounts.exclude[${excludedAccount}]`);
  }
  if (accounts.include.includes(account.accountId)) {
    return IN_SCOPE;
  }
  const outcomesOf = (list: readonly string[]) => list.map((unit) => matchOrganizationalUnit(unit, account));
  const excludes = outcomesOf(units.exclude);
  const excludedUnit = excludes.indexOf('match');
  if (excludedUnit !== -1) {
    return excluded(`scope.organizationalUnits.exclude[${excludedUnit}]`);
  }
  const isLimited = accounts.include.length > 0 || units.include.length > 0;
  const inclusion: MatchOutcome = isLimited ? anyMatch(outcomesOf(units.include)) : 'match';
  if (inclusion === 'no-match') {
    return NOT_INCLUDED;
  }
  return inclusion === 'not-seen' || excludes.includes('not-seen')
    ? { state: 'unknown', notSeen: 'organizational-units' }
    : IN_SCOPE;
}

/** Whether a region is scanned, by its name. An exclude goes before an include; without an include every region is. */
export function regionScope({ scope }: ScopeSettings, region: string): ScopeDecision {
  const { include, exclude } = scope.regions;
  const excludedRegion = exclude.findIndex((pattern) => matchesPattern(pattern, region));
  if (excludedRegion !== -1) {
    return excluded(`scope.regions.exclude[${excludedRegion}]`);
  }
  return include.length === 0 || include.some((pattern) => matchesPattern(pattern, region)) ? IN_SCOPE : NOT_INCLUDED;
}

function excluded(path: string): ScopeDecision {
  return { state: 'out-of-scope', reason: { code: 'excluded', path } };
}
