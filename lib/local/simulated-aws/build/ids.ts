import { nextUint32, randomOf } from './random.ts';

/** Makes ids that look like AWS's and are the same each time for the same seed. */
export interface IdSource {
  /** Returns this many hexadecimal digits. */
  readonly hex: (digits: number) => string;
}

// EC2's ids end in 17 hexadecimal digits.
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/resource-ids.html
const ID_DIGITS = 17;
const HEX_BASE = 16;
const DIGIT_SHIFT = 28;

/** Returns a source of ids that a seed (any whole number, or a text) decides. */
export function idSource(seed: number | string): IdSource {
  const random = randomOf(seed);
  return {
    hex(digits) {
      let text = '';
      for (let index = 0; index < digits; index += 1) {
        text += (nextUint32(random) >>> DIGIT_SHIFT).toString(HEX_BASE);
      }
      return text;
    },
  };
}

/** Returns the next id with an EC2 prefix (`subnet`, `eni`, `i`, …). */
export function nextId(ids: IdSource, prefix: string): string {
  return `${prefix}-${ids.hex(ID_DIGITS)}`;
}
