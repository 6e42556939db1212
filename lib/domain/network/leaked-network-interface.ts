import type { Instant } from '../fact.ts';
import { instantMs } from '../instant.ts';
import { tagValue } from '../tags.ts';
import type { NetworkInterface } from './network.ts';
import { CNI_INSTANCE_TAG } from './network-interface-owner.ts';

/**
 * - `leaked`: the VPC CNI made it, nothing uses it, and it is old enough for the CNI's own cleaner to delete it.
 * - `too-young`: the same, but the CNI may still be about to attach it.
 * - `age-unknown`: the same, but when it was made cannot be read.
 * - `not-leaked`: in use, or not made by the VPC CNI.
 */
export type LeakCandidacy = 'leaked' | 'too-young' | 'age-unknown' | 'not-leaked';

const CNI_CREATED_AT_TAG = 'node.k8s.amazonaws.com/createdAt';
const CNI_DESCRIPTION_PREFIX = 'aws-K8S-';
/** The cleaner of the VPC CNI leaves younger interfaces alone. https://github.com/aws/amazon-vpc-cni-k8s/blob/master/pkg/awsutils/awsutils.go */
const LEAK_AGE_MS = 5 * 60 * 1000;

/** Returns whether an interface is one that the VPC CNI left behind, by the rule of its own cleaner. `now` is the moment of the observation. */
export function leakCandidacy(networkInterface: NetworkInterface, now: Instant): LeakCandidacy {
  const isUnusedOfCni =
    networkInterface.status?.toLowerCase() === 'available' &&
    tagValue(networkInterface.tags, CNI_INSTANCE_TAG) !== undefined &&
    networkInterface.description.startsWith(CNI_DESCRIPTION_PREFIX);
  if (!isUnusedOfCni) {
    return 'not-leaked';
  }
  const createdAt = tagValue(networkInterface.tags, CNI_CREATED_AT_TAG);
  const createdMs = createdAt === undefined ? undefined : instantMs(createdAt);
  const nowMs = instantMs(now);
  if (createdMs === undefined || nowMs === undefined) {
    return 'age-unknown';
  }
  return nowMs - createdMs > LEAK_AGE_MS ? 'leaked' : 'too-young';
}
