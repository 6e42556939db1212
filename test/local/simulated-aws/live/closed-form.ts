import type { InstanceLimits } from '../../../../lib/local/simulated-aws/build/instance-types.ts';
import type { PodNetworking } from '../../../../lib/local/simulated-aws/live/pod-networking.ts';

/** What a node holds once its pods stand still, worked out from the VPC CNI's rules without taking their steps. */
export interface SettledNode {
  /** Interfaces that carry pods' addresses. */
  readonly interfaceCount: number;
  /** Secondary addresses, or prefixes. */
  readonly slotCount: number;
}

const PREFIX_SIZE = 16;

/** A node to which pods came one after the other and none has ended. */
export function settledNode(
  { networkInterfacesMax, ipv4AddressesPerInterface }: InstanceLimits,
  networking: PodNetworking,
  pods: number,
  podsMax: number,
): SettledNode {
  const slots = ipv4AddressesPerInterface - 1;
  const usable = networkInterfacesMax - (networking.podEni ? 1 : 0) - (networking.customNetworking ? 1 : 0);
  // The first interface is there even where it carries nothing, unless it is the one that carries no pods.
  const interfacesMin = networking.customNetworking ? 0 : 1;
  const interfacesFor = (slotCount: number) => Math.max(Math.ceil(slotCount / slots), interfacesMin);
  const target = targetOf(networking, pods);
  if (networking.mode === 'prefixes') {
    const wanted =
      target === undefined
        ? warmUnits(pods, PREFIX_SIZE, networking.warmPrefixTarget)
        : Math.ceil(target / PREFIX_SIZE);
    const slotCount = Math.min(wanted, usable * slots, Math.ceil(podsMax / PREFIX_SIZE));
    return { slotCount, interfaceCount: interfacesFor(slotCount) };
  }
  if (target !== undefined) {
    const slotCount = Math.min(target, usable * slots);
    return { slotCount, interfaceCount: interfacesFor(slotCount) };
  }
  const wanted = warmUnits(pods, slots, networking.warmEniTarget);
  const interfaceCount = Math.min(wanted, usable, Math.ceil(podsMax / slots));
  return { slotCount: interfaceCount * slots, interfaceCount };
}

/** Addresses that WARM_IP_TARGET and MINIMUM_IP_TARGET want; `undefined` where neither is set. */
function targetOf({ warmIpTarget, minimumIpTarget }: PodNetworking, pods: number): number | undefined {
  return warmIpTarget === undefined && minimumIpTarget === undefined
    ? undefined
    : Math.max(pods + (warmIpTarget ?? 0), minimumIpTarget ?? 0);
}

/** Whole interfaces or prefixes of `size` addresses, `warm` of them to spare. */
function warmUnits(pods: number, size: number, warm: number): number {
  return warm >= 1 ? Math.max(1, Math.ceil(pods / size) + warm) : Math.floor(pods / size) + 1;
}
