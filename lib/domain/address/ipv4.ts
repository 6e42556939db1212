/** An IPv4 address as an unsigned 32-bit integer. */
export type Ipv4Address = number;

const DOT = 46;
const DIGIT_ZERO = 48;

/**
 * Parses dotted-quad text (`10.0.0.5`).
 * Returns the address as an unsigned integer, or `undefined` for anything else: other counts of octets, octets over 255,
 * signs, spaces, and leading zeros, which some parsers read as octal.
 */
export function parseIpv4(text: string): Ipv4Address | undefined {
  let address = 0;
  let octet = -1;
  let octets = 0;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === DOT) {
      if (octet < 0) {
        return undefined;
      }
      address = address * 256 + octet;
      octets += 1;
      octet = -1;
      continue;
    }
    const digit = code - DIGIT_ZERO;
    if (digit < 0 || digit > 9 || octet === 0) {
      return undefined;
    }
    octet = octet < 0 ? digit : octet * 10 + digit;
    if (octet > 255) {
      return undefined;
    }
  }
  return octets === 3 && octet >= 0 ? address * 256 + octet : undefined;
}

/** Returns the dotted-quad text of an address. */
export function formatIpv4(address: Ipv4Address): string {
  return `${address >>> 24}.${(address >>> 16) & 255}.${(address >>> 8) & 255}.${address & 255}`;
}
