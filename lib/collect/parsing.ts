import { err, type Result } from '../domain/result.ts';
import type { Tag, Tags } from '../domain/tags.ts';

/** Says which required fields an answer lacks: `Cannot read subnet "subnet-1": AvailableIpAddressCount is absent`. */
export function absentFields(what: string, id: string | undefined, fields: Record<string, unknown>): Result<never> {
  const absent = Object.keys(fields).filter((name) => fields[name] === undefined);
  return err(
    `Cannot read ${what} "${id ?? 'without an id'}": ${absent.join(', ')} ${absent.length === 1 ? 'is' : 'are'} absent`,
  );
}

const NO_TAGS: Tags = [];

/** EC2's tag list as it came. A resource without tags has an empty list, or none where EC2 left it out. */
export function parseTagList(
  raw: readonly { Key?: string | undefined; Value?: string | undefined }[] | undefined,
): Tags {
  if (raw === undefined || raw.length === 0) {
    return NO_TAGS;
  }
  return raw.flatMap(({ Key, Value }) => (Key === undefined ? [] : [tagOf(Key, Value)]));
}

/** EKS's tag map. */
export function parseTagMap(raw: Readonly<Record<string, string>> | undefined): Tags {
  return raw === undefined ? NO_TAGS : Object.entries(raw).map(([key, value]) => tagOf(key, value));
}

/** A tag may have no value; EC2 sends the empty text for it, other encoders leave the element out. */
function tagOf(key: string, value: string | undefined): Tag {
  return [key, value ?? ''];
}

/** The SDK reads times as `Date`; the domain has ISO text. */
export function parseInstant(raw: Date | undefined): string | undefined {
  return raw === undefined || Number.isNaN(raw.getTime()) ? undefined : raw.toISOString();
}

/** Hands out one copy of what repeats. */
export interface Interner {
  text(text: string): string;
  optionalText(text: string | undefined): string | undefined;
  tags(tags: Tags): Tags;
}

/**
 * Shares equal texts and tags. Over a hundred thousand network interfaces subnets, instances and tag values repeat, and each
 * page spells them anew.
 */
export function createInterner(): Interner {
  const texts = new Map<string, string>();
  const tagsByKey = new Map<string, Map<string, Tag>>();
  const internText = (text: string) => known(texts, text, () => text);
  const internTag = ([key, value]: Tag) => {
    const byValue = known(tagsByKey, key, () => new Map<string, Tag>());
    return known(byValue, value, (): Tag => [internText(key), internText(value)]);
  };
  return {
    text: internText,
    optionalText: (text) => (text === undefined ? undefined : internText(text)),
    tags: (tags) => (tags.length === 0 ? NO_TAGS : tags.map(internTag)),
  };
}

function known<V>(values: Map<string, V>, key: string, create: () => V): V {
  const present = values.get(key);
  if (present !== undefined) {
    return present;
  }
  const created = create();
  values.set(key, created);
  return created;
}
