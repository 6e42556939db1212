import type { Target } from '../domain/region-facts.ts';

/** Orders by account and region, as text. What is about no account or no region comes first. */
export function compareTargets(a: OptionalTarget, b: OptionalTarget): number {
  return compareTexts(a.accountId, b.accountId) || compareTexts(a.region, b.region);
}

type OptionalTarget = { readonly [Field in keyof Target]: Target[Field] | undefined };

function compareTexts(a = '', b = ''): number {
  if (a === b) {
    return 0;
  }
  return a < b ? -1 : 1;
}
