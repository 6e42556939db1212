import type { Policy, ScopeDecision } from '../audit/policy.ts';
import { ownerOf } from '../settings/owner-of.ts';
import { accountScope, regionScope, type ScopeDecision as SettingsScopeDecision } from '../settings/scope.ts';
import type { Settings } from '../settings/settings.ts';
import { settingsHash } from '../settings/settings-hash.ts';
import { thresholdsOf } from '../settings/thresholds-of.ts';

/** Returns the policy that the settings file states. */
export function settingsPolicy(settings: Settings): Policy {
  return {
    settingsHash: settingsHash(settings),
    accountScope: (account) => decisionOf(accountScope(settings, account)),
    regionScope: (region) => decisionOf(regionScope(settings, region)),
    thresholdsOf: (subnet) => thresholdsOf(settings, subnet).thresholds,
    teamOf: (subject) => ownerOf(settings, subject).owner?.team,
  };
}

function decisionOf(decision: SettingsScopeDecision): ScopeDecision {
  switch (decision.state) {
    case 'in-scope':
      return { state: 'in-scope' };
    case 'unknown':
      return { state: 'unknown' };
    case 'out-of-scope':
      return {
        state: 'out-of-scope',
        reason:
          decision.reason.code === 'excluded'
            ? `the settings exclude it: ${decision.reason.path}`
            : 'the settings do not include it',
      };
  }
}
