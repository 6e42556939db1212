import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AlertStore } from '../../lib/audit/alert-ports.ts';
import { type PublishTransitionsPorts, publishTransitions } from '../../lib/audit/publish-transitions.ts';
import { stepOf } from '../../lib/domain/alert/alert-step.ts';
import { createMemoryAlertStore } from '../../lib/local/service/memory-alert-store.ts';
import { anAlert } from '../domain/alert/an-alert.ts';
import { memorySilenceStore } from '../helpers/memory-silence-store.ts';

const NOW = '2026-11-23T09:00:00.000Z';
const NOW_MS = Date.parse(NOW);
const SUBSCRIBER = 'event-bus';
const MINUTE_MS = 60_000;

/** Alerts by number, the first with so many transitions and so on. */
async function storeWith(transitionCounts: readonly number[]): Promise<AlertStore> {
  const alerts = createMemoryAlertStore();
  for (const [index, count] of transitionCounts.entries()) {
    for (let sequence = 1; sequence <= count; sequence += 1) {
      const alertId = `alert-${String(index).padStart(3, '0')}`;
      const stored = await alerts.readAlert(alertId);
      const step =
        stored === undefined
          ? stepOf(undefined, 'opened', NOW, anAlert({ alertId }))
          : stepOf(stored.alert, 'changed', NOW, {});
      await alerts.writeStep(step, stored, [SUBSCRIBER]);
    }
  }
  return alerts;
}

interface World {
  readonly ports: PublishTransitionsPorts;
  /** What was accepted, as `alert/sequence`. */
  readonly told: string[];
  readonly batches: string[][];
}

function worldOf(alerts: AlertStore, failureOf: (name: string, request: number) => boolean = () => false): World {
  const told: string[] = [];
  const batches: string[][] = [];
  const ports: PublishTransitionsPorts = {
    subscriber: SUBSCRIBER,
    alerts,
    silences: memorySilenceStore(),
    clock: { now: () => NOW_MS },
    publish: async (transitions) => {
      const names = transitions.map(({ transition: { alertId, sequence } }) => `${alertId}/${sequence}`);
      batches.push(names);
      const failed = names.map((name) => failureOf(name, batches.length));
      told.push(...names.filter((_, index) => failed[index] === false));
      return failed.map((isFailed) => (isFailed ? { code: 'Throttled', cause: undefined } : undefined));
    },
  };
  return { ports, told, batches };
}

const NO_HURRY = NOW_MS + MINUTE_MS;

describe('publishTransitions', () => {
  it('publishes each transition by itself, of each alert one at a time, and nothing twice', async () => {
    const { ports, batches } = worldOf(await storeWith([2, 1, 3]));
    expect(await publishTransitions(ports, NO_HURRY)).toEqual({ publishedCount: 6, leftCount: 0 });
    expect(batches).toEqual([
      ['alert-000/1', 'alert-001/1', 'alert-002/1'],
      ['alert-000/2', 'alert-002/2'],
      ['alert-002/3'],
    ]);
    expect(await publishTransitions(ports, NO_HURRY)).toEqual({ publishedCount: 0, leftCount: 0 });
    expect(batches).toHaveLength(3);
  });

  it('keeps back what comes after a transition that was not accepted, and says so once the others are published', async () => {
    const alerts = await storeWith([3, 2]);
    const broken = worldOf(alerts, (name) => name === 'alert-000/2');
    await expect(publishTransitions(broken.ports, NO_HURRY)).rejects.toThrow(
      'Cannot publish 1 transitions, of 2 alerts: Throttled',
    );
    expect(broken.told).toEqual(['alert-000/1', 'alert-001/1', 'alert-001/2']);
    const healed = worldOf(alerts);
    await publishTransitions(healed.ports, NO_HURRY);
    expect(healed.told).toEqual(['alert-000/2', 'alert-000/3']);
  });

  it('confirms the others where one could not be confirmed, and says so', async () => {
    const alerts = await storeWith([1, 1, 1]);
    const confirm: AlertStore['confirm'] = (alertId, ...rest) =>
      alertId === 'alert-000' ? Promise.reject(new Error('throttled')) : alerts.confirm(alertId, ...rest);
    const { ports } = worldOf({ ...alerts, confirm });
    await expect(publishTransitions(ports, NO_HURRY)).rejects.toThrow(
      'Cannot publish 1 transitions, of 3 alerts: not confirmed',
    );
    expect((await alerts.pending(SUBSCRIBER)).map(({ alert }) => alert.alertId)).toEqual(['alert-000']);
  });

  it('says of each whether it is silenced now, and keeps none back', async () => {
    const { ports } = worldOf(await storeWith([1]));
    const said: boolean[] = [];
    const publish: PublishTransitionsPorts['publish'] = async (transitions) => {
      said.push(...transitions.map(({ isSilenced }) => isSilenced));
      return transitions.map(() => ({ code: 'no', cause: undefined }));
    };
    await expect(publishTransitions({ ...ports, publish }, NO_HURRY)).rejects.toThrow();
    const silence = { silenceId: 's', from: NOW, until: '2026-11-23T10:00:00.000Z', author: 'ana', reason: 'x' };
    const silences = memorySilenceStore();
    await silences.writeSilence({ ...silence, match: { by: 'team', team: 'payments' } });
    await expect(publishTransitions({ ...ports, publish, silences }, NO_HURRY)).rejects.toThrow();
    expect(said).toEqual([false, true]);
  });

  it('begins nothing once its time is over, and says how much is left', async () => {
    const { ports, told } = worldOf(await storeWith(Array.from({ length: 60 }, () => 1)));
    let asked = 0;
    // Each look takes a part of the time.
    const clock = { now: () => NOW_MS + MINUTE_MS * (asked++ < 2 ? 0 : 1) };
    expect(await publishTransitions({ ...ports, clock }, NO_HURRY)).toEqual({ publishedCount: 10, leftCount: 50 });
    expect(told).toHaveLength(10);
    expect(await publishTransitions(ports, NOW_MS)).toEqual({ publishedCount: 0, leftCount: 50 });
  });

  it('loses none and keeps their order, wherever it fails, and repeats only what was not confirmed', async () => {
    const counts = fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 6 });
    const failures = fc.array(fc.constantFrom('fine', 'fine', 'not-accepted', 'not-confirmed'), { minLength: 1 });
    await fc.assert(
      fc.asyncProperty(counts, failures, async (transitionCounts, drawn) => {
        const alerts = await storeWith(transitionCounts);
        let draws = 0;
        const next = () => drawn[draws++ % drawn.length];
        const confirmFailures: string[] = [];
        const failing: AlertStore = {
          ...alerts,
          async confirm(alertId, subscriber, sequence) {
            if (next() === 'not-confirmed') {
              confirmFailures.push(`${alertId}/${sequence}`);
              throw new Error('the process ended');
            }
            await alerts.confirm(alertId, subscriber, sequence);
          },
        };
        const world = worldOf(failing, () => next() === 'not-accepted');
        for (let sweep = 0; sweep < 5; sweep += 1) {
          await publishTransitions(world.ports, NO_HURRY).catch(() => undefined);
        }
        const last = worldOf(alerts);
        await publishTransitions(last.ports, NO_HURRY);
        const told = [...world.told, ...last.told];
        const names = transitionCounts.flatMap((count, index) =>
          Array.from({ length: count }, (_, step) => `alert-${String(index).padStart(3, '0')}/${step + 1}`),
        );
        expect([...new Set(told)].toSorted()).toEqual(names.toSorted());
        for (const [index] of transitionCounts.entries()) {
          const firsts = [...new Set(told)].filter((name) =>
            name.startsWith(`alert-${String(index).padStart(3, '0')}/`),
          );
          expect(firsts).toEqual(firsts.toSorted());
        }
        expect(await alerts.pending(SUBSCRIBER)).toEqual([]);
        expect(told.length > names.length).toBe(told.length > new Set(told).size);
        if (confirmFailures.length === 0) {
          expect(told).toHaveLength(names.length);
        }
      }),
    );
  });
});
