import { afterAll, beforeAll, expect, it } from 'vitest';
import { FUNCTION_GRANTS } from '../../infra/grants.ts';
import { readTrend } from '../../lib/api/read-trend.ts';
import { REQUIRED_FACTS_DEFAULT } from '../../lib/audit/coverage.ts';
import { fleetVpc } from '../../lib/audit/fleet-vpc.ts';
import { homeShard } from '../../lib/audit/place-vpcs.ts';
import { tallyRun } from '../../lib/audit/tally-run.ts';
import { readPage } from '../../lib/dashboard/read-page.ts';
import { createFleetStore } from '../../lib/store/fleet-store.ts';
import { createForecastStore } from '../../lib/store/forecast-store.ts';
import { createSeriesStore } from '../../lib/store/series-store.ts';
import { createStateReader, createStateStore } from '../../lib/store/state-store.ts';
import { createAwsReadPorts } from '../../lib/wiring/aws-read-ports.ts';
import { type Engine, startDynalite } from '../helpers/dynamodb-engines.ts';
import { aPlan } from '../store/audit-values.ts';
import { FULL_FORECASTS } from '../store/full-forecasts.ts';
import { FULL_STATE } from '../store/full-state.ts';
import { aSample } from '../store/series-values.ts';
import { aTable, openTable, START_MS } from '../store/table-under-test.ts';

const AT = new Date(START_MS).toISOString();

let engine: Engine;
beforeAll(async () => {
  engine = await startDynalite();
});
afterAll(() => engine.stop());

async function aTableWithAFleet() {
  const table = await aTable(engine);
  const revision = await createFleetStore(table).beginRollUp();
  const put = [{ row: fleetVpc(FULL_STATE, 'v1'), state: FULL_STATE }];
  await revision.writeShard(homeShard(FULL_STATE.vpc), { put, remove: [], isWhole: false });
  await revision.keepScan(tallyRun({ plan: aPlan(), outcomes: [] }));
  await revision.publish(AT);
  return table;
}

it('shows a page by just the actions on the table that the function of the pages may send', async () => {
  const table = await aTableWithAFleet();
  const sent: string[] = [];
  const watched = openTable(engine, table.tableName, (client) =>
    client.middlewareStack.add(
      (next, { commandName }) =>
        (input) => {
          sent.push(`dynamodb:${commandName?.replace(/Command$/, '')}`);
          return next(input);
        },
      { step: 'initialize' },
    ),
  );
  const read = createAwsReadPorts(watched, { now: () => START_MS, sleep: async () => undefined });
  const page = await readPage({ ...read, requiredFacts: REQUIRED_FACTS_DEFAULT }, undefined);
  expect(page.ok && page.value.view.subnets.map(({ subnetId }) => subnetId)).toEqual(
    FULL_STATE.subnets.map(({ subnet }) => subnet.subnetId),
  );
  const granted = FUNCTION_GRANTS.Pages.flatMap(({ actions }) => actions).filter((one) => one.startsWith('dynamodb:'));
  expect(new Set(sent)).toEqual(new Set(granted));
});

it.each([
  { what: 'hours', days: 30, requestCount: 2 },
  { what: 'days', days: 120, requestCount: 3 },
])(
  'reads a trend of $what by three requests at the most, however long ago all was read',
  async ({ days, requestCount }) => {
    const table = await aTableWithAFleet();
    const { vpc } = FULL_STATE;
    await createForecastStore(table).writeForecasts(vpc, FULL_FORECASTS, undefined);
    const judge = createStateStore(table);
    const written = await judge.writeState(FULL_STATE, undefined);
    const read = createAwsReadPorts(table, table.clock);
    const subnetId = FULL_STATE.subnets[0]?.subnet.subnetId ?? '';
    const states = createStateReader(table);
    const trend = () => readTrend(subnetId, days, undefined, { ...read, states });
    expect((await trend())?.subnetId).toBe(subnetId);
    for (const passedMs of [10_000, 5 * 60_000, 3_600_000]) {
      table.passTime(passedMs);
      table.meter.reset();
      await trend();
      expect(table.meter.total().requestCount).toBe(requestCount);
    }
    await createSeriesStore(table).addSample(vpc, aSample({ observedAt: AT }));
    await judge.writeState(
      { ...FULL_STATE, vpcName: 'another' },
      written.outcome === 'written' ? written.version : undefined,
      { waiting: [aSample({ observedAt: AT, kind: 'pulse' })] },
    );
    table.meter.reset();
    await trend();
    expect(table.meter.total().requestCount).toBe(3);
  },
);
