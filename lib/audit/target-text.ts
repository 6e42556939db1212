import type { Target } from '../domain/region-facts.ts';

/** Returns a target as one word, to tell targets apart by. */
export function targetText({ accountId, region }: Target): string {
  return `${accountId}/${region}`;
}

/** Returns each target once, where it comes first. */
export function uniqueTargets(targets: readonly Target[]): Target[] {
  const byText = new Map<string, Target>();
  for (const target of targets) {
    const text = targetText(target);
    if (!byText.has(text)) {
      byText.set(text, target);
    }
  }
  return [...byText.values()];
}
