import type { Filter, Tag } from '@aws-sdk/client-ec2';
import { type Failure, failure } from '../failure.ts';

/** For each filter name of an action: the values an item has for it. */
export interface Filters<Item> {
  readonly values: ReadonlyMap<string, (item: Item) => readonly (string | undefined)[]>;
  /** The item's tags, for `tag:<key>` and `tag-key`; `undefined` where the action cannot filter by tag. */
  readonly tags: ((item: Item) => readonly Tag[] | undefined) | undefined;
}

type Predicate<Item> = (item: Item) => boolean;

// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Filtering.html
const FILTER_VALUES_MAX = 200;
const TAG_PREFIX = 'tag:';
const SPECIAL_IN_REGEXP = /[.+^${}()|[\]\\]/g;

/**
 * Keeps the items that pass every filter; the values of one filter are alternatives, with `*` and `?` as wildcards.
 * A filter that the action does not have is EC2's error, never ignored.
 */
export function filtered<Item>(
  items: readonly Item[],
  filters: readonly Filter[],
  known: Filters<Item>,
): readonly Item[] | Failure {
  const predicates: Predicate<Item>[] = [];
  for (const { Name: name, Values: values } of filters) {
    const read = valuesReader(name, known);
    if (read === undefined || values === undefined || values.length === 0) {
      return failure(400, 'InvalidParameterValue', `The filter '${name ?? 'null'}' is invalid`);
    }
    if (values.length > FILTER_VALUES_MAX) {
      return failure(
        400,
        'FilterLimitExceeded',
        `The maximum number of filter values specified on a single call is ${FILTER_VALUES_MAX}`,
      );
    }
    const exact = new Set(values);
    const patterns = values.filter((value) => /[*?]/.test(value)).map(wildcardPattern);
    predicates.push((item) =>
      read(item).some((own) => own !== undefined && (exact.has(own) || patterns.some((pattern) => pattern.test(own)))),
    );
  }
  return items.filter((item) => predicates.every((passes) => passes(item)));
}

function valuesReader<Item>(
  name: string | undefined,
  known: Filters<Item>,
): ((item: Item) => readonly (string | undefined)[]) | undefined {
  const { tags } = known;
  if (name === undefined || tags === undefined) {
    return known.values.get(name ?? '');
  }
  // An item without a tag list has no tags: EC2 leaves the list out or sends it empty.
  if (name === 'tag-key') {
    return (item) => (tags(item) ?? []).map((tag) => tag.Key);
  }
  if (name.startsWith(TAG_PREFIX)) {
    const key = name.slice(TAG_PREFIX.length);
    return (item) => (tags(item) ?? []).filter((tag) => tag.Key === key).map((tag) => tag.Value);
  }
  return known.values.get(name);
}

function wildcardPattern(value: string): RegExp {
  const source = value.replace(SPECIAL_IN_REGEXP, '\\$&').replaceAll('*', '.*').replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's');
}
