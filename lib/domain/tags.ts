/**
 * The tags of one resource, as AWS listed them: pairs rather than an object, because keys are hostile input (`__proto__`)
 * and because pairs can be shared between resources that carry the same ones.
 */
export type Tags = readonly Tag[];
export type Tag = readonly [key: string, value: string];

/** Returns the value of a tag, or `undefined` where the resource does not carry it. */
export function tagValue(tags: Tags, key: string): string | undefined {
  for (const [candidate, value] of tags) {
    if (candidate === key) {
      return value;
    }
  }
  return undefined;
}
