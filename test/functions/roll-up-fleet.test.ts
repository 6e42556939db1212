import { describe, expect, it } from 'vitest';
import { createRollUpFleetHandler } from '../../functions/roll-up-fleet.ts';
import { type FollowUpPorts, rollUpFollowUps } from '../../lib/audit/roll-up-follow-ups.ts';
import { createMemoryAlertStore } from '../../lib/local/service/memory-alert-store.ts';
import { memoryFleetHistory } from '../helpers/memory-fleet-history.ts';
import { memoryFleetStore } from '../helpers/memory-fleet-store.ts';
import { memoryRunStore } from '../helpers/memory-stores.ts';
import { memoryVpcStores } from '../helpers/memory-vpc-stores.ts';
import { realisticVpc } from '../helpers/realistic-fleet.ts';
import { TODAY } from '../helpers/series-builder.ts';
import { anOutcome, aPlan, NOT_SEEN } from '../store/audit-values.ts';
import { createRecordingTelemetry } from '../wiring/recording-telemetry.ts';

const NOW_MS = Date.parse('2026-11-23T08:20:00.000Z');
const NOW = new Date(NOW_MS).toISOString();
const STATE = realisticVpc({ vpcCount: 1, subnetsPerVpc: 3, clusterCount: 1, observedAt: NOW, seed: 1 }, 0);
const SCANS = ['2026-11-23T06:00:00.000Z', '2026-11-23T07:00:00.000Z'];
const context = { awsRequestId: 'request-1', getRemainingTimeInMillis: () => 60_000 };

/** A fleet of one VPC, and an account of which the last two scans came to nothing. */
async function aService(overrides: Partial<FollowUpPorts> = {}) {
  const { states, series } = memoryVpcStores();
  await states.writeState(STATE, undefined);
  const runs = memoryRunStore();
  for (const at of SCANS) {
    const plan = { ...aPlan(), slot: { kind: 'scan', at } as const };
    await runs.createRun(plan);
    const failed = plan.targets.map((target) => anOutcome({ target, state: 'failed', notSeen: [NOT_SEEN] }));
    await runs.recordOutcomes(plan.slot, failed);
  }
  const telemetry = createRecordingTelemetry();
  const [fleet, alerts, history] = [memoryFleetStore(), createMemoryAlertStore(), memoryFleetHistory()];
  const clock = { now: () => NOW_MS, sleep: () => Promise.resolve() };
  let isHeld = false;
  const leases = {
    acquireLease: async () => {
      const token = isHeld ? undefined : 'token';
      isHeld = true;
      return token;
    },
    releaseLease: async () => {
      isHeld = false;
    },
  };
  const hints: string[] = [];
  const followUps = rollUpFollowUps({
    fleet,
    series,
    history,
    alerts,
    runs,
    subscribers: ['slack'],
    hint: async () => void hints.push('hint'),
    clock,
    ...overrides,
  });
  const ports = { states, fleet, runs, leases, clock, followUps };
  const handler = createRollUpFleetHandler({ telemetry, clock, ports });
  return { handler, telemetry, alerts, history, fleet, hints, leases };
}

describe('roll-up-fleet', () => {
  it('raises alerts of accounts, hints at them, and adds up the history, once', async () => {
    const { handler, alerts, history, hints } = await aService();
    for (const repeat of [1, 2]) {
      expect(await handler({ scheduledAt: NOW }, context)).toMatchObject({ outcome: 'rolled-up', failedFollowUps: [] });
      expect((await alerts.listAlerts()).map(({ kind }) => kind)).toEqual(['scan-stale']);
      expect(hints, `after ${repeat}`).toEqual(['hint']);
      const days = await history.readDays('fleet', { from: 0, to: TODAY });
      expect(days.map(({ day }) => day - TODAY)).toEqual([-7, -6, -5, -4, -3, -2, -1]);
    }
  });

  it('adds up as many days of history as the message asks for', async () => {
    const { handler, history } = await aService();
    await handler({ scheduledAt: NOW, historyDays: 30 }, context);
    expect(await history.readDays('account', { from: 0, to: TODAY })).toHaveLength(30);
  });

  it('says what failed in its log, and does the rest', async () => {
    const runs = { listRuns: () => Promise.reject(new Error('no runs today')), readRun: async () => undefined };
    const { handler, telemetry, history, fleet } = await aService({ runs });
    expect(await handler({ scheduledAt: NOW }, context)).toMatchObject({
      outcome: 'rolled-up',
      failedFollowUps: ['scan-alerts'],
    });
    expect(telemetry.published).toEqual([expect.objectContaining({ MessagesHandled: 1, FollowUpsFailed: 1 })]);
    expect(await fleet.readFleet()).toBeDefined();
    expect(await history.hasDay('fleet', TODAY - 1)).toBe(true);
    expect(telemetry.lines.filter(({ level }) => level === 'error')).toMatchObject([
      { message: 'Cannot do what follows from a roll-up', fields: { followUp: 'scan-alerts' } },
    ]);
  });

  it('publishes how old what is known of the fleet is', async () => {
    const { handler, telemetry } = await aService();
    expect(await handler({ scheduledAt: NOW }, context)).toMatchObject({ subnetAgeSeconds: 0 });
    expect(telemetry.published).toEqual([expect.objectContaining({ SubnetAge: 0 })]);
    expect(telemetry.published[0]).not.toHaveProperty('FollowUpsFailed');
  });

  it('does nothing of it where another worker rolls up', async () => {
    const { handler, alerts, history, leases } = await aService();
    await leases.acquireLease();
    expect(await handler({ scheduledAt: NOW }, context)).toMatchObject({ outcome: 'busy' });
    expect(await alerts.listAlerts()).toEqual([]);
    expect(await history.hasDay('fleet', TODAY - 1)).toBe(false);
  });
});
