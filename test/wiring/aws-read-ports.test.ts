import { afterAll, beforeAll, expect, it } from 'vitest';
import { FUNCTION_GRANTS } from '../../infra/grants.ts';
import { readTrend } from '../../lib/api/read-trend.ts';
import { REQUIRED_FACTS_DEFAULT } from '../../lib/audit/coverage.ts';
import { shardOfVpc } from '../../lib/audit/fleet-shard.ts';
import { fleetVpc } from '../../lib/audit/fleet-vpc.ts';
import { tallyRun } from '../../lib/audit/tally-run.ts';
import { readPage } from '../../lib/dashboard/read-page.ts';
import { createFleetStore } from '../../lib/store/fleet-store.ts';
import { createForecastStore } from '../../lib/store/forecast-store.ts';
import { createAwsReadPorts } from '../../lib/wiring/aws-read-ports.ts';
import { type Engine, startDynalite } from '../helpers/dynamodb-engines.ts';
import { aPlan } from '../store/audit-values.ts';
import { FULL_FORECASTS } from '../store/full-forecasts.ts';
import { FULL_STATE } from '../store/full-state.ts';
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
  await revision.writeShard(shardOfVpc(FULL_STATE.vpc), { put, remove: [], isWhole: false });
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
  { what: 'hours', days: 30 },
  { what: 'days', days: 120 },
])('reads a trend of $what by three requests, however long ago all was read before', async ({ days }) => {
  const table = await aTableWithAFleet();
  const { writeForecasts } = createForecastStore(table);
  await writeForecasts(FULL_STATE.vpc, FULL_FORECASTS, undefined);
  const read = createAwsReadPorts(table, table.clock);
  const subnetId = FULL_STATE.subnets[0]?.subnet.subnetId ?? '';
  const trend = async () => {
    const fleet = await read.fleets.readFleet();
    return fleet === undefined ? undefined : readTrend(fleet, subnetId, days, undefined, read);
  };
  expect((await trend())?.subnetId).toBe(subnetId);
  const requestCounts: number[] = [];
  for (const passedMs of [10_000, 5 * 60_000, 3_600_000]) {
    table.passTime(passedMs);
    table.meter.reset();
    await trend();
    requestCounts.push(table.meter.total().requestCount);
  }
  expect(requestCounts).toEqual([3, 3, 3]);
});
