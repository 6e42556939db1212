import { afterAll, beforeAll, expect, it } from 'vitest';
import type { AlertStore } from '../../lib/audit/alert-ports.ts';
import type { Alert } from '../../lib/domain/alert/alert.ts';
import { alertIdOf } from '../../lib/domain/alert/alert-id.ts';
import { stepOf } from '../../lib/domain/alert/alert-step.ts';
import { createAlertStore } from '../../lib/store/alert-store.ts';
import { createSilenceStore } from '../../lib/store/silence-store.ts';
import type { StoreTable } from '../../lib/store/table.ts';
import { anAlert } from '../domain/alert/an-alert.ts';
import type { Engine } from '../helpers/dynamodb-engines.ts';
import { HOSTILE_TEXT } from './audit-values.ts';
import { crashEverywhere, FAULT_PLACES } from './crash-everywhere.ts';
import { aTable, START_MS } from './table-under-test.ts';

const MS_PER_HOUR = 3_600_000;
const MS_PER_DAY = 24 * MS_PER_HOUR;
const SLACK = 'slack';
const BUS = 'event-bus';
const SUBSCRIBERS = [SLACK, BUS];
const OPEN = anAlert();
const { alertId } = OPEN;

function at(minutes: number): string {
  return new Date(START_MS + minutes * 60_000).toISOString();
}

const OPENING = stepOf(undefined, 'opened', at(0), OPEN);

/** Opens the alert, or moves the one that is there. */
async function move(store: AlertStore, type: 'changed' | 'resolved' | 'opened', minutes = 0): Promise<Alert> {
  const stored = await store.readAlert(alertId);
  const state = type === 'resolved' ? 'resolved' : 'open';
  const step = stored === undefined ? OPENING : stepOf(stored.alert, type, at(minutes), { state });
  expect(await store.writeStep(step, stored, SUBSCRIBERS)).toBe('written');
  return step.alert;
}

async function heard(store: AlertStore, subscriber = SLACK): Promise<number[]> {
  const pending = await store.pending(subscriber);
  return pending.flatMap(({ transitions }) => transitions.map(({ sequence }) => sequence));
}

/** What the store of alerts promises on every engine. */
export function alertStoreContract(start: () => Promise<Engine>): void {
  let engine: Engine;
  beforeAll(async () => {
    engine = await start();
  });
  // An engine that did not start has nothing to stop.
  afterAll(() => engine?.stop());

  async function aStore() {
    const table = await aTable(engine);
    return { table, store: createAlertStore(table) };
  }

  const hostileHome = {
    kind: 'vpc',
    vpc: { ownerId: HOSTILE_TEXT, region: 'r.1', vpcId: 'v~0' },
  } as const;
  const hostileSubject = { kind: 'cluster', clusterId: HOSTILE_TEXT, clusterName: HOSTILE_TEXT } as const;
  const accountHome = { kind: 'account', accountId: '111122223333' } as const;
  const target = { accountId: '111122223333', region: 'us-east-1' };
  it.each<[string, Alert]>([
    ['a subnet', OPEN],
    [
      'a cluster of hostile name',
      anAlert({
        alertId: alertIdOf('no-free-prefix', hostileHome, hostileSubject),
        kind: 'no-free-prefix',
        home: hostileHome,
        subject: hostileSubject,
        acknowledged: { by: HOSTILE_TEXT, at: at(0) },
        what: {
          forecast: {
            subnetId: 'subnet-0a',
            series: 'blocks',
            floor: 1,
            p10: '2026-12-01',
            p50: undefined,
            p90: undefined,
            censoredAt: '2027-05-22',
            probability: [{ days: 7, probability: 0.25 }],
            caveats: ['gaps'],
            missingHistory: HOSTILE_TEXT,
          },
          room: {
            subnetId: 'subnet-0a',
            series: 'blocks',
            freeCount: 1,
            capacityCount: 14,
            countedFrom: 'available-ip-address-count',
            observedAt: at(0),
          },
          drivers: [{ kind: 'holder', resourceId: 'subnet-0a', text: HOSTILE_TEXT }],
          change: { kind: 'add-subnet', text: HOSTILE_TEXT },
          cause: HOSTILE_TEXT,
        },
      }),
    ],
    [
      'an account',
      anAlert({
        alertId: alertIdOf('scan-stale', accountHome, { kind: 'account', accountId: '111122223333' }),
        home: accountHome,
        subject: { kind: 'account', accountId: '111122223333' },
        snoozed: { by: 'ana', at: at(0), until: at(60) },
      }),
    ],
    [
      'a target',
      anAlert({
        alertId: alertIdOf('scan-stale', accountHome, { kind: 'target', target }),
        home: accountHome,
        subject: { kind: 'target', target },
      }),
    ],
  ])('gives back an alert of %s, by its home and by its id', async (_, alert) => {
    const { store } = await aStore();
    expect(await store.readAlert(alert.alertId)).toBeUndefined();
    const step = stepOf(undefined, 'opened', at(0), alert);
    await store.writeStep(step, undefined, SUBSCRIBERS);
    const expected = { alert: step.alert, confirmed: new Map(SUBSCRIBERS.map((name) => [name, 0])) };
    expect(await store.readAlert(alert.alertId)).toMatchObject(expected);
    expect(await store.readAlerts(alert.home)).toMatchObject([expected]);
    expect(await store.listAlerts()).toEqual([step.alert]);
    expect(await store.openings()).toEqual([{ kind: alert.kind, openedAt: alert.openedAt, isFirstJudgement: false }]);
    expect(await store.pending(SLACK)).toEqual([{ alert: step.alert, transitions: [step.transition] }]);
  });

  it('knows no alert by what is no id', async () => {
    const { store } = await aStore();
    expect(await store.readAlert('')).toBeUndefined();
    expect(await store.readAlert(HOSTILE_TEXT)).toBeUndefined();
  });

  it('writes nothing where the alert has changed since it was read', async () => {
    const { store } = await aStore();
    await move(store, 'opened');
    const stored = await store.readAlert(alertId);
    await move(store, 'changed');
    expect(await store.writeStep(OPENING, undefined, SUBSCRIBERS)).toBe('version-conflict');
    expect(await store.writeStep(OPENING, stored, SUBSCRIBERS)).toBe('version-conflict');
    expect(await heard(store)).toEqual([1, 2]);
  });

  it('lets one of several writers at once win', async () => {
    const { store } = await aStore();
    const outcomes = await Promise.all([1, 2, 3].map(() => store.writeStep(OPENING, undefined, SUBSCRIBERS)));
    expect(outcomes.toSorted()).toEqual(['version-conflict', 'version-conflict', 'written']);
    expect(await heard(store)).toEqual([1]);
  });

  it('leaves to each subscriber what it has not confirmed, in order', async () => {
    const { store } = await aStore();
    await move(store, 'opened');
    await store.confirm(alertId, SLACK, 1);
    await move(store, 'changed', 1);
    await move(store, 'resolved', 2);
    expect(await heard(store, SLACK)).toEqual([2, 3]);
    expect(await heard(store, BUS)).toEqual([1, 2, 3]);
    await store.confirm(alertId, SLACK, 3);
    expect(await heard(store, SLACK)).toEqual([]);
    expect(await heard(store, BUS)).toEqual([1, 2, 3]);
  });

  it('never takes a confirmation back, nor one of what has not happened', async () => {
    const { store } = await aStore();
    await move(store, 'opened');
    await store.confirm(alertId, SLACK, 9);
    await store.confirm(alertId, SLACK, 0);
    expect((await store.readAlert(alertId))?.confirmed.get(SLACK)).toBe(1);
    await move(store, 'changed');
    expect(await heard(store)).toEqual([2]);
    await store.confirm('exhaustion.1.r.vpc.subnet.none', SLACK, 1);
  });

  it('keeps both of two confirmations at once', async () => {
    const { store } = await aStore();
    await move(store, 'opened');
    await Promise.all(SUBSCRIBERS.map((name) => store.confirm(alertId, name, 1)));
    expect((await store.readAlert(alertId))?.confirmed).toEqual(new Map(SUBSCRIBERS.map((name) => [name, 1])));
  });

  it('tells a new subscriber what comes from then on', async () => {
    const { store } = await aStore();
    await move(store, 'opened');
    const stored = await store.readAlert(alertId);
    if (stored === undefined) {
      throw new Error('Expected the alert that was written');
    }
    await store.writeStep(stepOf(stored.alert, 'changed', at(1), {}), stored, [...SUBSCRIBERS, 'email']);
    expect(await heard(store, 'email')).toEqual([2]);
  });

  it('loses no transition, however many nobody confirms', async () => {
    const { store } = await aStore();
    const all = Array.from({ length: 40 }, (_, index) => index + 1);
    for (const sequence of all) {
      await move(store, sequence === 1 ? 'opened' : 'changed', sequence);
    }
    expect(await heard(store)).toEqual(all);
    await store.confirm(alertId, SLACK, 30);
    expect(await heard(store)).toEqual(all.slice(30));
    expect((await store.transitions(alertId)).map(({ sequence }) => sequence)).toEqual(all);
  });

  it('writes silently what nobody has to hear of', async () => {
    const { store } = await aStore();
    const alert = await move(store, 'opened');
    const stored = await store.readAlert(alertId);
    const refreshed = { ...alert, observedAt: at(400) };
    await store.writeStep({ before: alert, alert: refreshed, transition: undefined }, stored, SUBSCRIBERS);
    expect((await store.readAlert(alertId))?.alert).toEqual(refreshed);
    expect(await heard(store)).toEqual([1]);
  });

  it('lists what has ended for a month, and keeps it for thirteen', async () => {
    const { table, store } = await aStore();
    await move(store, 'opened');
    await move(store, 'resolved', 1);
    table.passTime(30 * MS_PER_DAY - 1_000);
    expect(await store.listAlerts()).toHaveLength(1);
    table.passTime(1_000);
    expect(await store.listAlerts()).toHaveLength(0);
    table.passTime(360 * MS_PER_DAY);
    expect(await store.transitions(alertId)).toHaveLength(2);
    table.passTime(10 * MS_PER_DAY);
    expect(await store.readAlert(alertId)).toBeUndefined();
  });

  it.each(FAULT_PLACES)(
    'opens an alert whole or not at all, dying %s any request, and is finished by a repeat',
    async (place) => {
      const act = async (table: StoreTable) => {
        const store = createAlertStore(table);
        await store.writeStep(OPENING, await store.readAlert(alertId), SUBSCRIBERS);
      };
      const requests = await crashEverywhere(engine, place, {
        act,
        check: async (table) => {
          const store = createAlertStore(table);
          const found = await store.readAlert(alertId);
          expect(await heard(store)).toEqual(found === undefined ? [] : [1]);
          if (found === undefined) {
            await act(table);
          }
          expect(await heard(store, SLACK)).toEqual([1]);
          expect(await heard(store, BUS)).toEqual([1]);
          expect(await store.listAlerts()).toHaveLength(1);
          expect((await store.transitions(alertId)).map(({ type }) => type)).toEqual(['opened']);
        },
      });
      expect(requests).toBeGreaterThan(4);
    },
  );

  it.each(FAULT_PLACES)('moves an alert on or not, dying %s any request, and drops no transition', async (place) => {
    const earlier = Array.from({ length: 20 }, (_, index) => index + 1);
    await crashEverywhere(engine, place, {
      prepare: async (table) => {
        const store = createAlertStore(table);
        for (const sequence of earlier) {
          await move(store, sequence === 1 ? 'opened' : 'changed', sequence);
        }
      },
      act: (table) => move(createAlertStore(table), 'resolved', 60),
      check: async (table) => {
        const store = createAlertStore(table);
        const sequences = await heard(store);
        const isMoved = sequences.length > earlier.length;
        expect(sequences).toEqual(isMoved ? [...earlier, 21] : earlier);
        expect(await heard(store, BUS)).toEqual(sequences);
      },
    });
  });

  it.each(FAULT_PLACES)('forgets nothing of what is confirmed, dying %s any request', async (place) => {
    await crashEverywhere(engine, place, {
      prepare: (table) => move(createAlertStore(table), 'opened'),
      act: (table) => createAlertStore(table).confirm(alertId, SLACK, 1),
      check: async (table) => {
        const store = createAlertStore(table);
        const confirmed = (await store.readAlert(alertId))?.confirmed.get(SLACK);
        expect(await heard(store)).toEqual(confirmed === 1 ? [] : [1]);
        await move(store, 'changed');
        expect(await heard(store)).toEqual(confirmed === 1 ? [2] : [1, 2]);
        expect(await heard(store, BUS)).toEqual([1, 2]);
      },
    });
  });

  it('gives back silences until a week after their end', async () => {
    const { table } = await aStore();
    const silences = createSilenceStore(table);
    const silence = {
      silenceId: HOSTILE_TEXT,
      match: { by: 'tag', tag: [HOSTILE_TEXT, ''] },
      from: at(0),
      until: at(60),
      author: HOSTILE_TEXT,
      reason: HOSTILE_TEXT,
    } as const;
    await silences.writeSilence(silence);
    await silences.writeSilence({ ...silence, until: at(120) });
    const others = [
      { by: 'account', accountId: '1' },
      { by: 'cluster', clusterId: '1:r:c' },
      { by: 'team', team: 't' },
    ] as const;
    for (const match of others) {
      await silences.writeSilence({ ...silence, silenceId: match.by, match });
    }
    expect(await silences.readSilences()).toHaveLength(4);
    expect(await silences.readSilences()).toContainEqual({ ...silence, until: at(120) });
    table.passTime(7 * MS_PER_DAY + 2 * MS_PER_HOUR - 1_000);
    expect(await silences.readSilences()).toEqual([{ ...silence, until: at(120) }]);
    table.passTime(1_000);
    expect(await silences.readSilences()).toEqual([]);
  });

  it('forgets a silence that is deleted, and takes it again', async () => {
    const { table } = await aStore();
    const silences = createSilenceStore(table);
    const silence = {
      silenceId: HOSTILE_TEXT,
      match: { by: 'team', team: 'payments' },
      from: at(0),
      until: at(60),
      author: 'ana',
      reason: 'migration',
    } as const;
    const other = { ...silence, silenceId: 'other' };
    await silences.deleteSilence(silence.silenceId);
    await silences.writeSilence(silence);
    await silences.writeSilence(other);
    await silences.deleteSilence(silence.silenceId);
    await silences.deleteSilence(silence.silenceId);
    expect(await silences.readSilences()).toEqual([other]);
    await silences.writeSilence(silence);
    expect(await silences.readSilences()).toHaveLength(2);
  });
}
