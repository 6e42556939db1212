/** Makes ids that look like AWS's and are the same each time for the same seed. */
export interface IdSource {
  /** Returns this many hexadecimal digits. */
  readonly hex: (digits: number) => string;
}

// EC2's ids end in 17 hexadecimal digits.
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/resource-ids.html
const ID_DIGITS = 17;
const HEX_BASE = 16;

/** Returns a source of ids that a seed (any whole number) decides. */
export function idSource(seed: number): IdSource {
  let state = seed >>> 0;
  // The mulberry32 generator: https://github.com/bryc/code/blob/master/jshash/PRNGs.md#mulberry32
  const nextUint32 = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  return {
    hex: (digits) => Array.from({ length: digits }, () => (nextUint32() >>> 28).toString(HEX_BASE)).join(''),
  };
}

/** Returns the next id with an EC2 prefix (`subnet`, `eni`, `i`, …). */
export function nextId(ids: IdSource, prefix: string): string {
  return `${prefix}-${ids.hex(ID_DIGITS)}`;
}
