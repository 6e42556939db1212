import type { NetworkInterface, Subnet } from '@aws-sdk/client-ec2';
import type { SimulatedAws, SimulatedRegion } from '../../../../lib/local/simulated-aws/state.ts';

/** What can be worked out of a simulated AWS from nothing but what it answers, address by address. */

export function regionsOf({ accounts }: SimulatedAws): SimulatedRegion[] {
  return [...accounts.values()].flatMap((account) => [...account.regions.values()]);
}

export function nameOf({ Tags, SubnetId }: Subnet): string {
  return Tags?.find((tag) => tag.Key === 'Name')?.Value ?? SubnetId ?? '';
}

function bits(address: string): bigint {
  return address.split('.').reduce((sum, octet) => sum * 256n + BigInt(octet), 0n);
}

function members(cidr: string): bigint[] {
  const [address = '', length = '32'] = cidr.split('/');
  const first = bits(address);
  return Array.from({ length: 2 ** (32 - Number(length)) }, (_, index) => first + BigInt(index));
}

/** Every address that an interface of the subnet holds, as often as one holds it. */
export function heldAddresses(region: SimulatedRegion, subnet: Subnet): bigint[] {
  return region.networkInterfaces
    .filter((each) => each.SubnetId === subnet.SubnetId)
    .flatMap((each) => [
      ...(each.PrivateIpAddresses ?? []).map((own) => bits(own.PrivateIpAddress ?? '')),
      ...(each.Ipv4Prefixes ?? []).flatMap((own) => members(own.Ipv4Prefix ?? '')),
    ]);
}

export interface SubnetTruth {
  readonly free: number;
  readonly problems: readonly string[];
}

/** Free = size - 5 - held - reserved and not held; and what must not be: an address twice, outside, or kept by AWS. */
export function truthOf(region: SimulatedRegion, subnet: Subnet): SubnetTruth {
  if (subnet.CidrBlock === undefined) {
    return { free: 0, problems: [] };
  }
  const all = members(subnet.CidrBlock);
  const own = new Set(all);
  const keptByAws = new Set([...all.slice(0, 4), ...all.slice(-1)]);
  const held = heldAddresses(region, subnet);
  const used = new Set(held);
  const reservations = region.subnetCidrReservations.filter((each) => each.SubnetId === subnet.SubnetId);
  const reserved = new Set(reservations.flatMap((each) => members(each.Cidr ?? '')));
  const explicit = new Set(
    reservations.filter((each) => each.ReservationType === 'explicit').flatMap((each) => members(each.Cidr ?? '')),
  );
  const unheldReserved = [...reserved].filter((address) => !used.has(address) && !keptByAws.has(address));
  return {
    free: all.length - keptByAws.size - used.size - unheldReserved.length,
    problems: [
      ...(used.size === held.length ? [] : ['an address is held twice']),
      ...held.filter((address) => !own.has(address)).map((address) => `${address} is outside`),
      ...held.filter((address) => keptByAws.has(address)).map((address) => `${address} is kept by AWS`),
      ...held.filter((address) => explicit.has(address)).map((address) => `${address} is reserved for others`),
    ],
  };
}

/** Interfaces of an instance, without branches, which are attached to a trunk. */
export function interfacesOf(region: SimulatedRegion, instanceId: string | undefined): NetworkInterface[] {
  return region.networkInterfaces.filter((each) => each.Attachment?.InstanceId === instanceId);
}

/** Addresses and prefixes of an interface: each takes one of the slots that its instance type gives it. */
export function slotsOf({ PrivateIpAddresses, Ipv4Prefixes }: NetworkInterface): number {
  return (PrivateIpAddresses ?? []).length + (Ipv4Prefixes ?? []).length;
}
