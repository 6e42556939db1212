import type { AlertStore, StoredAlert } from '../../audit/alert-ports.ts';
import type { Alert, AlertHome } from '../../domain/alert/alert.ts';
import type { AlertTransition } from '../../domain/alert/alert-transition.ts';

/** Returns a store of alerts in this process: what its port promises, and nothing of it outlives the process. */
export function createMemoryAlertStore(): AlertStore {
  const records = new Map<
    string,
    { version: string; alert: Alert; confirmed: Map<string, number>; told: AlertTransition[] }
  >();
  let writes = 0;
  const nextVersion = () => {
    writes += 1;
    return String(writes);
  };
  const stored = (alertId: string): StoredAlert | undefined => {
    const found = records.get(alertId);
    return found === undefined
      ? undefined
      : { version: found.version, alert: found.alert, confirmed: new Map(found.confirmed) };
  };
  const inHome = (home: AlertHome) =>
    [...records.values()].filter(({ alert }) => JSON.stringify(alert.home) === JSON.stringify(home));
  return {
    async readAlerts(home) {
      return inHome(home).flatMap(({ alert }) => stored(alert.alertId) ?? []);
    },
    async readAlert(alertId) {
      return stored(alertId);
    },
    async writeStep({ alert, transition }, read, subscribers) {
      const found = records.get(alert.alertId);
      if (found?.version !== read?.version) {
        return 'version-conflict';
      }
      const earlier = found?.alert.sequence ?? 0;
      const confirmed = new Map([...subscribers.map((name) => [name, earlier] as const), ...(found?.confirmed ?? [])]);
      const told = [...(found?.told ?? []), ...(transition === undefined ? [] : [transition])];
      records.set(alert.alertId, { version: nextVersion(), alert, confirmed, told });
      return 'written';
    },
    async confirm(alertId, subscriber, sequence) {
      const found = records.get(alertId);
      if (found !== undefined && sequence > (found.confirmed.get(subscriber) ?? 0)) {
        found.confirmed.set(subscriber, Math.min(sequence, found.alert.sequence));
        found.version = nextVersion();
      }
    },
    async pending(subscriber) {
      return [...records.values()].flatMap(({ alert, confirmed, told }) => {
        const [first, ...rest] = told.filter(({ sequence }) => sequence > (confirmed.get(subscriber) ?? 0));
        return first === undefined ? [] : [{ alert, transitions: [first, ...rest] as const }];
      });
    },
    async transitions(alertId) {
      return records.get(alertId)?.told ?? [];
    },
    async listAlerts() {
      return [...records.values()].map(({ alert }) => alert);
    },
    async openings() {
      return [...records.values()].map(({ alert: { kind, openedAt, isFirstJudgement } }) => ({
        kind,
        openedAt,
        isFirstJudgement,
      }));
    },
  };
}
