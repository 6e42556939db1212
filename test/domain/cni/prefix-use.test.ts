import { describe, expect, it } from 'vitest';
import type { Cidr } from '../../../lib/domain/address/cidr.ts';
import { prefixUse } from '../../../lib/domain/cni/prefix-use.ts';
import type { OwnerKind } from '../../../lib/domain/network/network-interface-owner.ts';
import { aNetworkInterface } from '../../helpers/builders.ts';

const PREFIX: Cidr = { base: 167_772_176, prefixLength: 28 };

function aHolder(kind: OwnerKind, prefixCount: number) {
  return { networkInterface: aNetworkInterface({ ipv4Prefixes: Array(prefixCount).fill(PREFIX) }), owner: { kind } };
}

describe('prefixUse', () => {
  it('is none in a subnet whose interfaces hold no prefixes', () => {
    const networkInterfaces = [aHolder('cni-secondary', 0), aHolder('auto-mode-node', 0)];
    expect(prefixUse({ networkInterfaces, cniSettings: [] })).toEqual({
      inUse: false,
      canFallBack: true,
      prefixCountByKind: new Map(),
      isSetByAddon: false,
    });
  });

  it.each<[OwnerKind, boolean]>([
    ['auto-mode-node', true],
    ['cni-secondary', false],
    ['eks-node-primary', false],
    ['ec2-instance', false],
    ['other', false],
  ])('lets %s fall back: %s', (kind, canFallBack) => {
    expect(prefixUse({ networkInterfaces: [aHolder(kind, 1)], cniSettings: [] })).toMatchObject({
      inUse: true,
      canFallBack,
    });
  });

  it('cannot fall back where one of its users cannot', () => {
    const networkInterfaces = [aHolder('auto-mode-node', 2), aHolder('cni-secondary', 1), aHolder('auto-mode-node', 3)];
    expect(prefixUse({ networkInterfaces, cniSettings: [] })).toMatchObject({
      inUse: true,
      canFallBack: false,
      prefixCountByKind: new Map([
        ['auto-mode-node', 5],
        ['cni-secondary', 1],
      ]),
    });
  });

  it.each([
    [[true], true],
    [[false, true], true],
    [[undefined, true], true],
    [[false], false],
    [[undefined], false],
    [[], false],
  ])('is in use without a fallback before the first node where the add-ons say %j: %s', (settings, isSetByAddon) => {
    const cniSettings = settings.map((prefixDelegation) => ({ prefixDelegation }));
    expect(prefixUse({ networkInterfaces: [], cniSettings })).toMatchObject({
      inUse: isSetByAddon,
      canFallBack: !isSetByAddon,
      isSetByAddon,
    });
  });

  it('cannot fall back where EKS Auto Mode shares the subnet with an add-on set to prefixes', () => {
    const networkInterfaces = [aHolder('auto-mode-node', 1)];
    expect(prefixUse({ networkInterfaces, cniSettings: [{ prefixDelegation: true }] }).canFallBack).toBe(false);
    expect(prefixUse({ networkInterfaces, cniSettings: [{ prefixDelegation: false }] }).canFallBack).toBe(true);
  });

  it('believes the interfaces where the add-on says otherwise', () => {
    const networkInterfaces = [aHolder('cni-secondary', 1)];
    const cniSettings = [{ prefixDelegation: false }];
    expect(prefixUse({ networkInterfaces, cniSettings })).toMatchObject({ inUse: true, canFallBack: false });
  });
});
