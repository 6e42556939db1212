import type { AlertKind } from '../alert.ts';
import type { SubnetAlertKind } from '../alert-condition.ts';
import { EXHAUSTION } from './exhaustion.ts';
import { NO_FREE_PREFIX } from './no-free-prefix.ts';
import { RESIDUAL_UNEXPLAINED } from './residual-unexplained.ts';
import { SCAN_STALE_CLEAR_AFTER_MS } from './scan-stale.ts';

/** The kinds that judge subnets, one by one. */
export const SUBNET_ALERT_KINDS: readonly SubnetAlertKind[] = [EXHAUSTION, NO_FREE_PREFIX, RESIDUAL_UNEXPLAINED];

/** How long each kind has to be better before it says so. */
export const CLEAR_AFTER_MS: Readonly<Record<AlertKind, number>> = {
  exhaustion: EXHAUSTION.clearAfterMs,
  'no-free-prefix': NO_FREE_PREFIX.clearAfterMs,
  'residual-unexplained': RESIDUAL_UNEXPLAINED.clearAfterMs,
  'scan-stale': SCAN_STALE_CLEAR_AFTER_MS,
};
