import type { AlertStore, SilenceStore, StoredAlert } from '../../lib/audit/alert-ports.ts';
import type { Alert, AlertHome } from '../../lib/domain/alert/alert.ts';
import type { AlertTransition } from '../../lib/domain/alert/alert-transition.ts';
import type { Silence } from '../../lib/domain/alert/silence.ts';

/** The store of alerts in memory: what it promises and nothing else. */
export function memoryAlertStore(): AlertStore {
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

export function memorySilenceStore(): SilenceStore {
  const silences = new Map<string, Silence>();
  return {
    async readSilences() {
      return [...silences.values()];
    },
    async writeSilence(silence) {
      silences.set(silence.silenceId, silence);
    },
    async deleteSilence(silenceId) {
      silences.delete(silenceId);
    },
  };
}
