import { THRESHOLDS_DEFAULT, type Thresholds } from '../domain/capacity/subnet-status.ts';
import type { AccountSubject, ClusterSubject, SubnetSubject } from '../domain/subject.ts';

/** What an organisation decides about itself: what is scanned, when a subnet is short of room, and who answers for what. */
export interface Policy {
  /** Names what was decided, kept with what was judged by it. */
  readonly settingsHash: string;
  /** Asked of the accounts that the organisation lists; one that was named to the audit is scanned. */
  accountScope(account: AccountSubject): ScopeDecision;
  /** Asked where no regions were named to the audit. */
  regionScope(region: string): ScopeDecision;
  thresholdsOf(subnet: SubnetSubject): Thresholds;
  teamOf(subject: ClusterSubject | SubnetSubject): string | undefined;
}

export type ScopeDecision =
  | { readonly state: 'in-scope' }
  | {
      readonly state: 'out-of-scope';
      /** Why, as a sentence without a full stop. */
      readonly reason: string;
    }
  /** What decides it was not seen. */
  | { readonly state: 'unknown' };

/** The policy where nothing is decided: everything is scanned, by the default thresholds, and nobody is named. */
export const OPEN_POLICY: Policy = {
  settingsHash: 'none',
  accountScope: () => ({ state: 'in-scope' }),
  regionScope: () => ({ state: 'in-scope' }),
  thresholdsOf: () => THRESHOLDS_DEFAULT,
  teamOf: () => undefined,
};
