/** `not-seen`: what the rule asks for could not be read, so that neither of the others can be said. */
export type MatchOutcome = 'match' | 'no-match' | 'not-seen';

export interface FirstMatch {
  /** From 0; `undefined` where no rule matches. */
  readonly index: number | undefined;
  /** Rules before it that could not be decided: any of them might have been the first to match. */
  readonly undecidedIndexes: readonly number[];
}

/** Returns the first rule that surely matches. A rule that cannot be decided is passed over and named. */
export function firstMatch<Rule>(rules: readonly Rule[], match: (rule: Rule) => MatchOutcome): FirstMatch {
  const undecidedIndexes: number[] = [];
  for (const [index, rule] of rules.entries()) {
    const outcome = match(rule);
    if (outcome === 'match') {
      return { index, undecidedIndexes };
    }
    if (outcome === 'not-seen') {
      undecidedIndexes.push(index);
    }
  }
  return { index: undefined, undecidedIndexes };
}

/** Whether any outcome is a match; not seen where none is and one might be. */
export function anyMatch(outcomes: readonly MatchOutcome[]): MatchOutcome {
  if (outcomes.includes('match')) {
    return 'match';
  }
  return outcomes.includes('not-seen') ? 'not-seen' : 'no-match';
}

/** Returns the outcome of a comparison whose both sides are known. */
export function matchOutcome(isMatch: boolean): MatchOutcome {
  return isMatch ? 'match' : 'no-match';
}
