import type { AccountSubject } from '../domain/subject.ts';
import { anyMatch, type MatchOutcome, matchOutcome } from './first-match.ts';

/**
 * Whether an account is in an organisational unit, or in one below it. The unit is an id (`ou-…`, `r-…`) or a path
 * (`o-…/r-…/ou-…`), as AWS spells it: https://docs.aws.amazon.com/organizations/latest/APIReference/API_Account.html
 */
export function matchOrganizationalUnit(unit: string, { organizationalUnitPaths }: AccountSubject): MatchOutcome {
  if (organizationalUnitPaths === undefined) {
    return 'not-seen';
  }
  return anyMatch(organizationalUnitPaths.map((path) => matchOutcome(isUnder(unit, path))));
}

function isUnder(unit: string, path: string): boolean {
  const steps = path.split('/').filter((step) => step !== '');
  const unitSteps = unit.split('/').filter((step) => step !== '');
  const [first] = unitSteps;
  if (unitSteps.length === 1 && first !== undefined) {
    return steps.includes(first);
  }
  return unitSteps.every((step, index) => steps[index] === step);
}
