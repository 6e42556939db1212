import { describe, expect, it } from 'vitest';
import type { AlertStore } from '../../lib/audit/alert-ports.ts';
import { NOTHING_TOLD } from '../../lib/audit/delivery-report.ts';
import { type PublishAlertsPorts, publishAlerts } from '../../lib/audit/publish-alerts.ts';
import { stepOf } from '../../lib/domain/alert/alert-step.ts';
import { createLocalLeases } from '../../lib/local/service/local-leases.ts';
import { createMemoryAlertStore } from '../../lib/local/service/memory-alert-store.ts';
import { anAlert } from '../domain/alert/an-alert.ts';
import { memorySilenceStore } from '../helpers/memory-silence-store.ts';

const NOW = '2026-11-23T09:00:00.000Z';
const NOW_MS = Date.parse(NOW);
const DEADLINE_MS = NOW_MS + 60_000;

async function portsOver(alerts: AlertStore): Promise<Required<PublishAlertsPorts>> {
  const step = stepOf(undefined, 'opened', NOW, anAlert());
  await alerts.writeStep(step, undefined, ['event-bus', 'email']);
  const shared = {
    alerts,
    silences: memorySilenceStore(),
    clock: { now: () => NOW_MS, sleep: () => Promise.resolve() },
  };
  return {
    leases: createLocalLeases(),
    clock: shared.clock,
    eventBus: { ...shared, subscriber: 'event-bus', publish: async (all) => all.map(() => undefined) },
    email: {
      ...shared,
      subscriber: 'email',
      deliver: async () => ({ ...NOTHING_TOLD, done: [{ alertId: step.alert.alertId, sequence: 1 }], toldCount: 1 }),
    },
  };
}

describe('publishAlerts', () => {
  it('tells both what each has not confirmed', async () => {
    const alerts = createMemoryAlertStore();
    const ports = await portsOver(alerts);
    expect(await publishAlerts(ports, DEADLINE_MS)).toEqual({ outcome: 'published', eventCount: 1, mailCount: 1 });
    expect(await publishAlerts(ports, DEADLINE_MS)).toEqual({ outcome: 'published', eventCount: 0, mailCount: 0 });
  });

  it('asks nothing of what the settings do not want', async () => {
    const { leases, clock } = await portsOver(createMemoryAlertStore());
    const nothing = { outcome: 'published', eventCount: 0, mailCount: 0 };
    expect(await publishAlerts({ leases, clock }, DEADLINE_MS)).toEqual(nothing);
  });

  it('is done by one at a time, who tells what came in the meantime', async () => {
    const alerts = createMemoryAlertStore();
    const ports = await portsOver(alerts);
    const told: number[] = [];
    const publish: typeof ports.eventBus.publish = async (transitions) => {
      told.push(...transitions.map(({ transition }) => transition.sequence));
      if (told.length === 1) {
        const stored = await alerts.readAlert(anAlert().alertId);
        await alerts.writeStep(stepOf(anAlert(), 'changed', NOW, {}), stored, ['event-bus']);
        expect((await publishAlerts(ports, DEADLINE_MS)).outcome).toBe('busy');
      }
      return transitions.map(() => undefined);
    };
    await publishAlerts({ ...ports, eventBus: { ...ports.eventBus, publish } }, DEADLINE_MS);
    expect(told).toEqual([1, 2]);
    expect((await publishAlerts(ports, DEADLINE_MS)).outcome).toBe('published');
  });

  it('tells one of them whatever becomes of the other, and says what did', async () => {
    const alerts = createMemoryAlertStore();
    const ports = await portsOver(alerts);
    const silent = { ...ports.eventBus, publish: () => Promise.reject(new Error('the bus is gone')) };
    await expect(publishAlerts({ ...ports, eventBus: silent }, DEADLINE_MS)).rejects.toThrow(
      'Cannot publish alerts: Error: the bus is gone',
    );
    expect(await alerts.pending('email')).toEqual([]);
    expect(await alerts.pending('event-bus')).toHaveLength(1);
    const refused = { ...ports.email, deliver: () => Promise.reject(new Error('no such topic')) };
    await alerts.writeStep(stepOf(anAlert(), 'changed', NOW, {}), await alerts.readAlert(anAlert().alertId), [
      'event-bus',
      'email',
    ]);
    await expect(publishAlerts({ ...ports, email: refused }, DEADLINE_MS)).rejects.toThrow('Cannot tell 1 of 1');
    expect(await alerts.pending('event-bus')).toEqual([]);
  });
});
