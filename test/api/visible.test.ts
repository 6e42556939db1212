import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seenParts, visibleSubnet } from '../../lib/api/visible.ts';
import { accountOfCluster } from '../../lib/audit/cluster-account.ts';
import type { SubnetState } from '../../lib/domain/capacity/region-state.ts';
import { FULL_STATE } from '../store/full-state.ts';

const ACCOUNT_IDS = ['111111111111', '222222222222', '333333333333', '444444444444'];
const CLUSTER_NAMES = ['shop', 'search'];

const accountId = fc.constantFrom(...ACCOUNT_IDS);
const clusterName = fc.constantFrom(...CLUSTER_NAMES);
const visible = fc.option(fc.subarray(ACCOUNT_IDS), { nil: undefined });

/** A subnet of any account with clusters of any accounts, held by these and by clusters that nothing else is known of. */
const subnetState: fc.Arbitrary<SubnetState> = fc
  .record({
    ownerId: accountId,
    clusters: fc.uniqueArray(fc.tuple(accountId, clusterName), { selector: String, maxLength: 4 }),
    holders: fc.array(fc.option(fc.constantFrom(...CLUSTER_NAMES, 'unknown'), { nil: undefined }), { maxLength: 4 }),
  })
  .map(({ ownerId, clusters, holders }) => {
    const [state] = FULL_STATE.subnets;
    if (state === undefined) {
      throw new Error('Expected a state with a subnet');
    }
    return {
      ...state,
      subnet: { ...state.subnet, ownerId },
      clusters: clusters.map(([id, name]) => ({
        clusterId: `${id}:eu-west-1:${name}`,
        clusterName: name,
        sources: ['nodegroup'],
      })),
      holders: holders.map((name) => ({
        kind: 'eks-node-primary',
        service: undefined,
        clusterName: name,
        networkInterfaceCount: 1,
        addressCount: 1,
        prefixCount: 0,
      })),
    };
  });

describe('seenParts', () => {
  it('is the same for two callers only where they see the same of a subnet', () => {
    let sameCount = 0;
    fc.assert(
      fc.property(subnetState, visible, visible, (state, first, second) => {
        const accountIds = state.clusters.map(({ clusterId }) => accountOfCluster(clusterId));
        const guests = accountIds.filter((id) => id !== state.subnet.ownerId);
        const [one, other] = [first, second].map((by) => seenParts(by)(state.subnet.ownerId, () => guests));
        if (one === other) {
          sameCount += first === second ? 0 : 1;
          expect(visibleSubnet(state, first)).toEqual(visibleSubnet(state, second));
        }
      }),
      { numRuns: 1_000 },
    );
    expect(sameCount).toBeGreaterThan(0);
  });
});
