/**
 * IPv4 arithmetic by plain enumeration. It is kept apart from the domain's own on purpose: the simulated counts are what the
 * domain's arithmetic is checked against.
 */

const OCTET = 256;
const IPV4_BITS = 32;
/** Addresses in a /28, the size of the prefixes that EC2 gives to network interfaces. */
export const PREFIX_ADDRESSES = 16;

/** The first address of a CIDR and how many addresses it has. */
export interface AddressRange {
  readonly first: number;
  readonly count: number;
}

/** Returns the range of an IPv4 CIDR; throws for text that is none. */
export function rangeOfCidr(cidr: string): AddressRange {
  const [address = '', bits = ''] = cidr.split('/');
  const prefixLength = Number(bits);
  const first = addressNumber(address);
  if (bits === '' || !Number.isInteger(prefixLength) || prefixLength < 0 || prefixLength > IPV4_BITS) {
    throw new Error(`Cannot read the CIDR "${cidr}": its prefix length is "${bits}", expected 0 to ${IPV4_BITS}`);
  }
  return { first, count: 2 ** (IPV4_BITS - prefixLength) };
}

/** Lists every address of a CIDR as a number. */
export function addressesOfCidr(cidr: string): number[] {
  const { first, count } = rangeOfCidr(cidr);
  return Array.from({ length: count }, (_, offset) => first + offset);
}

/** Returns an address's number; throws for text that is no IPv4 address. */
export function addressNumber(text: string): number {
  const octets = text.split('.').map(Number);
  if (octets.length !== 4 || octets.some((octet) => !Number.isInteger(octet) || octet < 0 || octet >= OCTET)) {
    throw new Error(`Cannot read the IPv4 address "${text}": expected four octets`);
  }
  return octets.reduce((number, octet) => number * OCTET + octet, 0);
}

/** Returns the dotted text of an address's number. */
export function addressText(address: number): string {
  return [OCTET ** 3, OCTET ** 2, OCTET, 1].map((place) => Math.floor(address / place) % OCTET).join('.');
}

/**
 * The five addresses of a subnet that nobody can have: the first four and the last.
 * https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html
 */
export function addressesAwsKeeps({ first, count }: AddressRange): number[] {
  return [first, first + 1, first + 2, first + 3, first + count - 1];
}
