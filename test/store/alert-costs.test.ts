import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AlertStore } from '../../lib/audit/alert-ports.ts';
import { judgeVpc } from '../../lib/audit/judge-vpc.ts';
import { OPEN_POLICY } from '../../lib/audit/policy.ts';
import { raiseAlerts } from '../../lib/audit/raise-alerts.ts';
import { SUBSCRIBERS, type Subscriber } from '../../lib/audit/subscribers.ts';
import { createAlertStore } from '../../lib/store/alert-store.ts';
import { createFactsStore } from '../../lib/store/facts-store.ts';
import { createForecastStore } from '../../lib/store/forecast-store.ts';
import { createSeriesStore } from '../../lib/store/series-store.ts';
import { createStateStore } from '../../lib/store/state-store.ts';
import { aVpcState, type SubnetSketch } from '../domain/alert/a-vpc-state.ts';
import { type Engine, startDynalite } from '../helpers/dynamodb-engines.ts';
import type { ConsumedUnits } from '../helpers/metered-table.ts';
import { VPC } from './state-of-size.ts';
import { aTable, type TableUnderTest } from './table-under-test.ts';
import { vpcOf } from './vpc-of-size.ts';

/** The figures of "Alerts" in docs/performance.md; they are printed where a bound is not kept. */

const MS_PER_HOUR = 3_600_000;
const EIGHT_MS = Date.parse('2026-11-23T08:00:00.000Z');
const SUBSCRIBER: Subscriber = 'slack';

function at(hours: number): string {
  return new Date(EIGHT_MS + hours * MS_PER_HOUR).toISOString();
}

async function unitsOf(
  table: TableUnderTest,
  act: () => Promise<unknown>,
): Promise<Omit<ConsumedUnits, 'requestCount'>> {
  table.meter.reset();
  await act();
  const { readUnits, writeUnits } = table.meter.total();
  return { readUnits, writeUnits };
}

/** A VPC of `count` subnets, the first of which has so many addresses free. */
function subnetsOf(count: number, free: number): SubnetSketch[] {
  return Array.from({ length: count }, (_, index) => ({
    subnetId: `subnet-0a1b2c3d4e5f${String(index).padStart(5, '0')}`,
    free: index === 0 ? free : 200,
  }));
}

describe('alerts', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await startDynalite();
  });
  afterAll(() => engine?.stop());

  function raise(alerts: AlertStore, hours: number, free: number, subscribers: readonly Subscriber[] = [SUBSCRIBER]) {
    return raiseAlerts(aVpcState(subnetsOf(6, free), { observedAt: at(hours) }), {
      alerts,
      series: { samples: async () => [] },
      subscribers,
      hint: () => Promise.resolve(),
      accountName: async () => 'payments',
    });
  }

  it('cost an hour without transitions next to nothing, and each transition a few units', async () => {
    const table = await aTable(engine);
    const alerts = createAlertStore(table);
    const opened = await unitsOf(table, () => raise(alerts, 1, 20));
    const alertId = (await alerts.listAlerts())[0]?.alertId ?? '';
    const units = {
      opened,
      listed: await unitsOf(table, () => alerts.pending(SUBSCRIBER)),
      confirmed: await unitsOf(table, () => alerts.confirm(alertId, SUBSCRIBER, 1)),
      lasting: await unitsOf(table, () => raise(alerts, 2, 20)),
      refreshed: await unitsOf(table, () => raise(alerts, 9, 20)),
      changed: await unitsOf(table, () => raise(alerts, 10, 0)),
    };
    expect(units).toEqual({
      // That it is pending, that there is one, and the alert.
      opened: { readUnits: 2, writeUnits: 4 },
      listed: { readUnits: 2, writeUnits: 0 },
      confirmed: { readUnits: 1, writeUnits: 3 },
      lasting: { readUnits: 1, writeUnits: 0 },
      refreshed: { readUnits: 3, writeUnits: 2 },
      changed: { readUnits: 3, writeUnits: 5 },
    });
  });

  it('cost a unit more to open for each subscriber more', async () => {
    const table = await aTable(engine);
    const alerts = createAlertStore(table);
    const opened = await unitsOf(table, () => raise(alerts, 1, 20, SUBSCRIBERS));
    expect(opened.writeUnits).toBe(4 + SUBSCRIBERS.length - 1);
  });

  it('cost a message that comes again nothing', async () => {
    const table = await aTable(engine);
    const alerts = createAlertStore(table);
    const series = createSeriesStore(table);
    const facts = createFactsStore(table);
    const slot = { kind: 'scan', at: at(0) } as const;
    const scanned = vpcOf({
      subnetCount: 200,
      networkInterfaceCount: 500,
      addressesPerInterface: 10,
      goneCount: 0,
      observedAt: slot.at,
    });
    await facts.putFacts(VPC, { slot, facts: scanned });
    const ports = {
      facts,
      states: createStateStore(table),
      series,
      forecasts: createForecastStore(table),
      policy: OPEN_POLICY,
      accounts: async () => new Map(),
      raiseAlerts: (state: Parameters<typeof raiseAlerts>[0]) =>
        raiseAlerts(state, {
          alerts,
          series,
          subscribers: [SUBSCRIBER],
          hint: () => Promise.resolve(),
          accountName: async () => undefined,
        }),
    };
    const message = { vpc: VPC, viewerAccountId: VPC.ownerId, slot };
    await judgeVpc(message, ports);
    // From its first repeat on the base of what was written is known here.
    await judgeVpc(message, ports);
    const repeat = await unitsOf(table, () => judgeVpc(message, ports));
    const { raiseAlerts: _, ...withoutAlerts } = ports;
    expect(repeat).toEqual(await unitsOf(table, () => judgeVpc(message, withoutAlerts)));
    expect(repeat.writeUnits).toBe(0);
  });
});
