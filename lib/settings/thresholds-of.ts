import type { Thresholds } from '../domain/capacity/subnet-status.ts';
import type { SubnetSubject } from '../domain/subject.ts';
import { firstMatch, type MatchOutcome, matchOutcome } from './first-match.ts';
import { matchTag } from './match-tag.ts';
import type { Settings } from './settings.ts';

export interface ThresholdsInForce {
  readonly thresholds: Thresholds;
  /** The override that holds, from 0; `undefined` where none does. */
  readonly overrideIndex: number | undefined;
  /** Earlier overrides that could not be decided, since the tags they ask for were not seen. */
  readonly undecidedOverrideIndexes: readonly number[];
}

type ThresholdSettings = Settings['thresholds'];
type ThresholdMatch = ThresholdSettings['overrides'][number]['match'];

/**
 * Returns the thresholds that hold for a subnet: those of the first override that matches, and the general ones for what it
 * leaves out. Only one override holds. A tag of one of the subnet's clusters is enough, unlike for owners: thresholds are about
 * the neediest use of a subnet, owners about who answers for all of it.
 */
export function thresholdsOf(
  { thresholds: { overrides, ...general } }: Pick<Settings, 'thresholds'>,
  subnet: SubnetSubject,
): ThresholdsInForce {
  const { index, undecidedIndexes } = firstMatch(overrides, ({ match }) => matchOverride(match, subnet));
  const override = index === undefined ? undefined : overrides[index];
  return {
    thresholds: {
      freeRatioWarning: override?.freeRatioWarning ?? general.freeRatioWarning,
      freePrefixRatioWarning: override?.freePrefixRatioWarning ?? general.freePrefixRatioWarning,
      controlPlaneUpdateAddresses: override?.controlPlaneUpdateAddresses ?? general.controlPlaneUpdateAddresses,
      loadBalancerAddresses: override?.loadBalancerAddresses ?? general.loadBalancerAddresses,
    },
    overrideIndex: index,
    undecidedOverrideIndexes: undecidedIndexes,
  };
}

function matchOverride(match: ThresholdMatch, subnet: SubnetSubject): MatchOutcome {
  if ('account' in match) {
    return matchOutcome(match.account === subnet.account.accountId);
  }
  if ('tag' in match) {
    const { tags, vpcTags, clusters } = subnet;
    return matchTag(match.tag, { subnet: [tags], vpc: [vpcTags], cluster: clusters.map((cluster) => cluster.tags) });
  }
  const { prefixLengthMin, prefixLengthMax } = match.size;
  const { prefixLength } = subnet;
  return matchOutcome(prefixLength !== undefined && prefixLength >= prefixLengthMin && prefixLength <= prefixLengthMax);
}
