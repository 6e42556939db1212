import type { AddressHolder } from '../../../lib/domain/address/address-holder.ts';
import type { AddressMapInput } from '../../../lib/domain/address/address-map.ts';
import { type Cidr, parseCidr } from '../../../lib/domain/address/cidr.ts';
import { type Ipv4Address, parseIpv4 } from '../../../lib/domain/address/ipv4.ts';

/** Returns the address that a test writes as text. */
export function ip(text: string): Ipv4Address {
  const address = parseIpv4(text);
  if (address === undefined) {
    throw new Error(`Cannot build a test from "${text}": expected an IPv4 address`);
  }
  return address;
}

/** Returns the block that a test writes as text. */
export function block(text: string): Cidr {
  const cidr = parseCidr(text);
  if (cidr === undefined) {
    throw new Error(`Cannot build a test from "${text}": expected an IPv4 block`);
  }
  return cidr;
}

/** Returns a holder of addresses (`10.0.0.5`) and prefixes (`10.0.0.16/28`). */
export function aHolder(...held: string[]): AddressHolder {
  return {
    privateIpAddresses: held.filter((text) => !text.includes('/')).map(ip),
    ipv4Prefixes: held.filter((text) => text.includes('/')).map(block),
  };
}

/** Returns the input of a map: what is held by one holder each, and the reservations by type. */
export function aSubnet(
  cidr: string,
  facts: { held?: readonly string[]; explicit?: readonly string[]; prefix?: readonly string[] } = {},
): AddressMapInput {
  const { held = [], explicit = [], prefix = [] } = facts;
  return {
    cidr: block(cidr),
    holders: held.map((text) => aHolder(text)),
    reservations: [
      ...explicit.map((text) => ({ cidr: text, reservationType: 'explicit' })),
      ...prefix.map((text) => ({ cidr: text, reservationType: 'prefix' })),
    ],
  };
}
