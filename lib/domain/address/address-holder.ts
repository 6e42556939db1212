import type { Cidr } from './cidr.ts';
import type { Ipv4Address } from './ipv4.ts';

/**
 * Whatever holds addresses of a subnet: a network interface, or the /28 of a service-network endpoint.
 * `NetworkInterface` of ../network/network.ts fits.
 */
export interface AddressHolder {
  readonly privateIpAddresses: readonly Ipv4Address[];
  readonly ipv4Prefixes: readonly Cidr[];
}

export interface CidrReservation {
  readonly cidr: string;
  /** `prefix` or `explicit`. */
  readonly reservationType: string;
}
