import { describe, expect, it } from 'vitest';
import { type DeliveryReport, NOTHING_TOLD } from '../../lib/audit/delivery-report.ts';
import { type TellAlertsPorts, tellAlerts } from '../../lib/audit/tell-alerts.ts';
import type { AlertNotification } from '../../lib/domain/alert/alert-notification.ts';
import { stepOf } from '../../lib/domain/alert/alert-step.ts';
import { createMemoryAlertStore } from '../../lib/local/service/memory-alert-store.ts';
import { anAlert } from '../domain/alert/an-alert.ts';
import { memorySilenceStore } from '../helpers/memory-silence-store.ts';
import { createVirtualClock } from '../notify/slack/virtual-clock.ts';

const START_MS = Date.parse('2026-11-23T12:00:00.000Z');
const MINUTE_MS = 60_000;

/** An outbox with open alerts, and a subscriber that is told by `deliver`. */
async function anOutbox(alertIds: readonly string[], deliver: TellAlertsPorts['deliver'], settleMs?: number) {
  const clock = createVirtualClock(START_MS);
  const alerts = createMemoryAlertStore();
  const open = (alertId: string) =>
    alerts.writeStep(stepOf(undefined, 'opened', START, anAlert({ alertId })), undefined, ['slack']);
  for (const alertId of alertIds) {
    await open(alertId);
  }
  const silences = memorySilenceStore();
  const ports: TellAlertsPorts = {
    alerts,
    silences,
    subscriber: 'slack',
    clock,
    deliver,
    ...(settleMs === undefined ? {} : { settleMs }),
  };
  return {
    alerts,
    silences,
    tell: (durationMs = MINUTE_MS) => clock.run(tellAlerts(ports, clock.now() + durationMs)),
    left: async () => (await alerts.pending('slack')).map(({ alert }) => alert.alertId),
    elapsedMs: () => clock.now() - START_MS,
    open,
    clock,
    sleep: (ms: number) => clock.sleep(ms),
  };
}

const START = '2026-11-23T12:00:00.000Z';

function told(notification: AlertNotification): DeliveryReport {
  const pending = notification.kind === 'alert' ? [notification] : notification.alerts;
  const done = pending.flatMap(({ transitions }) =>
    transitions.map(({ alertId, sequence }) => ({ alertId, sequence })),
  );
  return { ...NOTHING_TOLD, done, toldCount: 1 };
}

function idOf(notification: AlertNotification): string {
  return notification.kind === 'alert' ? notification.alert.alertId : notification.kind;
}

describe('tellAlerts', () => {
  it('tells each alert once, and confirms all its transitions', async () => {
    const heard: string[] = [];
    const { tell, left, alerts } = await anOutbox(['a', 'b'], async (notification) => {
      heard.push(idOf(notification));
      return told(notification);
    });
    const stored = await alerts.readAlert('a');
    await alerts.writeStep(stepOf(stored?.alert, 'changed', START, { severity: 'critical' }), stored, ['slack']);
    expect(await tell()).toEqual({ toldCount: 2, repeatedCount: 0, previewedCount: 0, refusals: [], silencedCount: 0 });
    expect(heard).toEqual(['a', 'b']);
    expect(await left()).toEqual([]);
    expect(await tell()).toMatchObject({ toldCount: 0 });
    expect(heard).toHaveLength(2);
  });

  it('confirms no more than was told', async () => {
    const { tell, alerts } = await anOutbox(['a'], async () => ({
      ...NOTHING_TOLD,
      done: [{ alertId: 'a', sequence: 1 }],
      toldCount: 1,
    }));
    const stored = await alerts.readAlert('a');
    await alerts.writeStep(stepOf(stored?.alert, 'changed', START, { severity: 'critical' }), stored, ['slack']);
    await tell();
    expect(
      (await alerts.pending('slack')).map(({ transitions }) => transitions.map(({ sequence }) => sequence)),
    ).toEqual([[2]]);
  });

  it('tries again what can be told a little later, and the others before', async () => {
    const heard: string[] = [];
    const outbox = await anOutbox(['a', 'b'], async (notification) => {
      heard.push(idOf(notification));
      const isEarly = idOf(notification) === 'a' && outbox.elapsedMs() < 20_000;
      return isEarly ? { ...NOTHING_TOLD, againAtMs: START_MS + 20_000 } : told(notification);
    });
    expect(await outbox.tell()).toMatchObject({ toldCount: 2 });
    expect(heard).toEqual(['a', 'b', 'a']);
    expect(await outbox.left()).toEqual([]);
    expect(outbox.elapsedMs()).toBe(20_000);
  });

  it.each([
    [59_999, 2],
    [60_000, 1],
  ])('waits for what can be told after %d ms of a minute: %d attempts', async (afterMs, attempts) => {
    let count = 0;
    const { tell, left } = await anOutbox(['a'], async () => {
      count += 1;
      return { ...NOTHING_TOLD, againAtMs: START_MS + afterMs + (count - 1) * MINUTE_MS };
    });
    await tell();
    expect(count).toBe(attempts);
    expect(await left()).toEqual(['a']);
  });

  it('gives nobody more than a share of its time', async () => {
    const deadlines: number[] = [];
    const { tell } = await anOutbox(['a'], async (notification, deadlineMs) => {
      deadlines.push(deadlineMs - START_MS);
      return told(notification);
    });
    await tell();
    expect(deadlines).toEqual([10_000]);
  });

  it('begins nothing once its time is over, and leaves it to the next call', async () => {
    const outbox = await anOutbox(['a', 'b', 'c'], async (notification) => {
      await outbox.sleep(30_000);
      return told(notification);
    });
    expect(await outbox.tell(50_000)).toMatchObject({ toldCount: 2 });
    expect(await outbox.left()).toEqual(['c']);
    expect(await outbox.tell(50_000)).toMatchObject({ toldCount: 1 });
  });

  it('leaves what is refused unconfirmed, and says why', async () => {
    const refusals = [{ recipient: '#gone', error: 'is_archived' }];
    const { tell, left } = await anOutbox(['a'], async () => ({ ...NOTHING_TOLD, refusals }));
    expect(await tell()).toMatchObject({ toldCount: 0, refusals });
    expect(await left()).toEqual(['a']);
  });

  it('tells the others before it throws what went wrong with one', async () => {
    const { tell, left } = await anOutbox(['a', 'b'], async (notification) => {
      if (idOf(notification) === 'a') {
        throw new Error('the table is gone');
      }
      return told(notification);
    });
    await expect(tell()).rejects.toThrow('Cannot tell 1 of 2 notifications');
    expect(await left()).toEqual(['a']);
  });

  describe('where more may come', () => {
    const heard: string[] = [];
    const aSettlingOutbox = (alertIds: readonly string[]) => {
      heard.length = 0;
      return anOutbox(
        alertIds,
        async (notification) => {
          heard.push(idOf(notification));
          return told(notification);
        },
        15_000,
      );
    };

    it('tells together what opens one after another', async () => {
      const { clock, tell, open } = await aSettlingOutbox(['a0']);
      const opening = async () => {
        for (let index = 1; index < 50; index += 1) {
          await clock.sleep(1_000);
          await open(`a${index}`);
        }
      };
      await Promise.all([tell(5 * MINUTE_MS), opening()]);
      expect(heard).toEqual(['fold']);
    });

    it('waits no longer than a minute and a half, however many come', async () => {
      const { clock, tell, open, elapsedMs } = await aSettlingOutbox(['a0']);
      const opening = async () => {
        for (let index = 1; ; index += 1) {
          await clock.sleep(10_000);
          await open(`a${index}`);
        }
      };
      // It stands still with the clock, once all is told.
      void opening();
      await tell(5 * MINUTE_MS);
      expect(elapsedMs()).toBe(90_000);
      expect(heard[0]).toBe('a0');
    });

    it('tells at once what does not open', async () => {
      const { tell, elapsedMs, alerts } = await aSettlingOutbox(['a']);
      await tell();
      expect(elapsedMs()).toBe(15_000);
      const stored = await alerts.readAlert('a');
      await alerts.writeStep(stepOf(stored?.alert, 'changed', START, { severity: 'critical' }), stored, ['slack']);
      await tell();
      expect(elapsedMs()).toBe(15_000);
      expect(heard).toEqual(['a', 'a']);
    });
  });

  it('counts what somebody silenced, and does not tell it', async () => {
    const { silences, tell } = await anOutbox(['a'], async (notification) => told(notification));
    await silences.writeSilence({
      silenceId: 's',
      match: { by: 'team', team: 'payments' },
      from: '2026-11-23T00:00:00.000Z',
      until: '2026-11-24T00:00:00.000Z',
      author: 'ana',
      reason: 'migration',
    });
    expect(await tell()).toMatchObject({ toldCount: 0, silencedCount: 1 });
  });
});
