import { describe, expect, it } from 'vitest';
import { leakCandidacy } from '../../../lib/domain/network/leaked-network-interface.ts';
import type { NetworkInterface } from '../../../lib/domain/network/network.ts';
import { aNetworkInterface, INSTANCE_ID } from '../../helpers/builders.ts';

const NOW = '2026-11-23T08:00:00.000Z';

function aLeakedNetworkInterface(
  createdAt: string | undefined,
  overrides: Partial<NetworkInterface> = {},
): NetworkInterface {
  return aNetworkInterface({
    status: 'available',
    description: `aws-K8S-${INSTANCE_ID}`,
    tags: [
      ['node.k8s.amazonaws.com/instance_id', INSTANCE_ID],
      ...(createdAt === undefined ? [] : [['node.k8s.amazonaws.com/createdAt', createdAt] as const]),
    ],
    ...overrides,
  });
}

describe('leakCandidacy', () => {
  it.each([
    ['2026-11-23T07:54:59Z', 'leaked'],
    ['2026-11-23T07:54:59.999Z', 'leaked'],
    ['2026-11-23T07:55:00Z', 'too-young'],
    ['2026-11-23T07:55:01Z', 'too-young'],
    ['2026-11-23T08:00:01Z', 'too-young'],
    ['2026-11-23T09:54:59+02:00', 'leaked'],
    ['2026-11-23T09:55:00+02:00', 'too-young'],
  ])('calls an unused interface made at %s %s at 08:00', (createdAt, candidacy) => {
    expect(leakCandidacy(aLeakedNetworkInterface(createdAt), NOW)).toBe(candidacy);
  });

  it.each([undefined, '', 'yesterday', '2026-11-23'])('does not know the age of one made at %s', (createdAt) => {
    expect(leakCandidacy(aLeakedNetworkInterface(createdAt), NOW)).toBe('age-unknown');
  });

  it('does not know the age where it is not told the time', () => {
    expect(leakCandidacy(aLeakedNetworkInterface('2026-11-23T07:00:00Z'), 'now')).toBe('age-unknown');
  });

  it.each<[string, Partial<NetworkInterface>]>([
    ['in use', { status: 'in-use' }],
    ['of unknown status', { status: undefined }],
    ['without the tag of its instance', { tags: [['node.k8s.amazonaws.com/createdAt', '2026-11-23T07:00:00Z']] }],
    ['with a description by someone else', { description: '' }],
    ['with a description in other case', { description: 'aws-k8s-i-0a' }],
  ])('is none where the interface is %s', (_, overrides) => {
    expect(leakCandidacy(aLeakedNetworkInterface('2026-11-23T07:00:00Z', overrides), NOW)).toBe('not-leaked');
    expect(leakCandidacy(aLeakedNetworkInterface('2026-11-23T07:00:00Z'), NOW)).toBe('leaked');
  });
});
