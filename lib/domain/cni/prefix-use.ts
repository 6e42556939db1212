import type { NetworkInterface } from '../network/network.ts';
import type { NetworkInterfaceOwner, OwnerKind } from '../network/network-interface-owner.ts';
import type { CniSettings } from './cni-settings.ts';

export interface PrefixUse {
  /** Whether something in the subnet takes /28 blocks, or will as soon as a node starts in it. */
  readonly inUse: boolean;
  /** Whether everything that takes blocks can take single addresses instead. True where nothing takes blocks. */
  readonly canFallBack: boolean;
  /** Blocks held now, by who holds them. Kinds that hold none are left out. */
  readonly prefixCountByKind: ReadonlyMap<OwnerKind, number>;
  /** Whether the VPC CNI add-on of a cluster that the subnet serves asks for blocks. */
  readonly isSetByAddon: boolean;
}

export interface PrefixUseInput {
  /** The interfaces in the subnet. */
  readonly networkInterfaces: readonly {
    readonly networkInterface: Pick<NetworkInterface, 'ipv4Prefixes'>;
    readonly owner: Pick<NetworkInterfaceOwner, 'kind'>;
  }[];
  /** The settings of each cluster that the subnet serves, as far as they are known. */
  readonly cniSettings: readonly Pick<CniSettings, 'prefixDelegation'>[];
}

/**
 * EKS Auto Mode takes single addresses where no block is free. The VPC CNI on Nitro instances, the only ones that take blocks,
 * does not; nothing is known of others, so they are taken not to.
 * https://docs.aws.amazon.com/eks/latest/userguide/auto-networking.html
 * https://docs.aws.amazon.com/eks/latest/userguide/cni-increase-ip-addresses-procedure.html
 */
const KIND_THAT_FALLS_BACK: OwnerKind = 'auto-mode-node';

/**
 * Returns whether a subnet without a free /28 block stops its nodes. What interfaces hold counts beside what the add-on
 * says, since settings edited in the cluster do not show in the add-on: a setting that is off or absent proves nothing.
 */
export function prefixUse(input: PrefixUseInput): PrefixUse {
  const prefixCountByKind = new Map<OwnerKind, number>();
  for (const { networkInterface, owner } of input.networkInterfaces) {
    const { length } = networkInterface.ipv4Prefixes;
    if (length > 0) {
      // A kind that was not met before holds no block yet.
      prefixCountByKind.set(owner.kind, (prefixCountByKind.get(owner.kind) ?? 0) + length);
    }
  }
  const isSetByAddon = input.cniSettings.some(({ prefixDelegation }) => prefixDelegation === true);
  const holders = [...prefixCountByKind.keys()];
  return {
    inUse: isSetByAddon || holders.length > 0,
    canFallBack: !isSetByAddon && holders.every((kind) => kind === KIND_THAT_FALLS_BACK),
    prefixCountByKind,
    isSetByAddon,
  };
}
