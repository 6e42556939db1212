import type { Instant } from '../domain/fact.ts';
import { type RaiseScanAlertsPorts, raiseScanAlerts } from './raise-scan-alerts.ts';
import type { FollowUp } from './roll-up-fleet.ts';
import { type RollUpHistoryPorts, rollUpHistory } from './roll-up-history.ts';

export type FollowUpPorts = RollUpHistoryPorts & Omit<RaiseScanAlertsPorts, 'now'>;

/** Returns what is done once in a while by one worker for the whole fleet: alerts of accounts, then the history. */
export function rollUpFollowUps(ports: FollowUpPorts): readonly FollowUp[] {
  const now = (): Instant => new Date(ports.clock.now()).toISOString();
  return [
    { name: 'scan-alerts', run: () => raiseScanAlerts({ ...ports, now }) },
    { name: 'history', run: (historyDays) => rollUpHistory(ports, historyDays) },
  ];
}
