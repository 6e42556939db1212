import { type Tags, tagValue } from '../domain/tags.ts';
import { anyMatch, type MatchOutcome, matchOutcome } from './first-match.ts';
import { matchesPattern } from './pattern.ts';
import type { PlacedTagRule, TagPlace } from './settings.ts';

/** The tags of each kind of resource around a subject: `undefined` for a resource whose tags were not seen. */
export type TagsByPlace = Readonly<Record<TagPlace, readonly (Tags | undefined)[]>>;

/** Whether any resource on which the tag counts carries it with one of the values. */
export function matchTag(rule: PlacedTagRule, tagsByPlace: TagsByPlace): MatchOutcome {
  return anyMatch(rule.on.flatMap((place) => tagsByPlace[place].map((tags) => matchTags(rule, tags))));
}

function matchTags({ key, values }: PlacedTagRule, tags: Tags | undefined): MatchOutcome {
  if (tags === undefined) {
    return 'not-seen';
  }
  const value = tagValue(tags, key);
  return matchOutcome(value !== undefined && values.some((pattern) => matchesPattern(pattern, value)));
}
