import type { RunPlan, TargetOutcome } from '../../lib/audit/store-ports.ts';
import { STATUSES } from '../../lib/domain/capacity/subnet-status.ts';
import type { SeriesPoint, SeriesSample } from '../../lib/domain/trend/series.ts';
import { createDirectoryStore } from '../../lib/store/directory-store.ts';
import { createForecastStore } from '../../lib/store/forecast-store.ts';
import { createRunStore } from '../../lib/store/run-store.ts';
import { createSeriesStore } from '../../lib/store/series-store.ts';
import { createStateStore } from '../../lib/store/state-store.ts';
import type { StoreTable } from '../../lib/store/table.ts';
import { anApiWorld } from '../api/api-world.ts';
import { realisticVpc } from '../helpers/realistic-fleet.ts';
import { FULL_FORECASTS } from '../store/full-forecasts.ts';
import { aScanPoint } from '../store/series-values.ts';
import { generatedStates, rollUp } from './fleet.bench.ts';
import { FLEET, NOW_MS } from './large-fleet.ts';
import { openTable } from './stored-api.ts';

/** As many targets as a message batch of `infra/triggers.ts` has: each writes its share of the run. */
const TARGETS_PER_SHARE = 10;
/** One target in so many has a call that was denied. */
const DENIED_ONE_IN = 100;
const SERIES_DAYS = 90;
const HOURS_PER_DAY = 24;
const MS_PER_HOUR = 3_600_000;

const SOME_ACCOUNTS = 5;

/** One VPC of the fleet has a past. Series are read by VPC, so what others have is never touched. */
const STATE = realisticVpc(FLEET, 0);
const { vpc: VPC, subnets: SUBNETS } = STATE;

const ACCOUNT_IDS = [
  ...new Set(Array.from({ length: FLEET.vpcCount }, (_, index) => realisticVpc(FLEET, index).vpc.ownerId)),
];

/** What callers may see; the first of the accounts owns the VPC with a past. */
export const CALLERS = {
  everything: undefined,
  fiveAccounts: ACCOUNT_IDS.slice(0, SOME_ACCOUNTS),
  halfOfTheAccounts: ACCOUNT_IDS.slice(0, ACCOUNT_IDS.length / 2),
};

const WINDOWS = ['30d', '90d'] as const;
const REGIONS = [
  ...new Set(Array.from({ length: FLEET.vpcCount }, (_, index) => realisticVpc(FLEET, index).vpc.region)),
];

/** What the bounds are of; `others` are asked once each. */
export const QUESTIONS: Readonly<Record<string, { readonly path: string; readonly others: readonly string[] }>> = {
  fleet: { path: '/v1/fleet', others: [] },
  alerts: { path: '/v1/alerts', others: [] },
  subnets: {
    path: '/v1/subnets?limit=100',
    others: REGIONS.flatMap((region) =>
      STATUSES.map((status) => `/v1/subnets?limit=100&region=${region}&status=${status}`),
    ),
  },
  ...Object.fromEntries(
    WINDOWS.map((window) => {
      const [path = '', ...others] = SUBNETS.map(
        ({ subnet }) => `/v1/subnets/${subnet.subnetId}/trend?window=${window}`,
      );
      return [`trend${window}`, { path, others }] as const;
    }),
  ),
};

/** Fills a table with a fleet, the accounts and a scan of all of them, and 90 days of hourly scans of one VPC with its forecasts. */
export async function fillStore(endpoint: string): Promise<void> {
  const table = openTable(endpoint, { now: () => NOW_MS, sleep: () => Promise.resolve() });
  await fillRun(table);
  await rollUp(endpoint, generatedStates().port);
  const series = createSeriesStore(table);
  for (let hour = SERIES_DAYS * HOURS_PER_DAY; hour > 0; hour -= 1) {
    await series.addSample(VPC, sampleOf(hour));
  }
  // As a judge leaves it: the last scan has not joined its day yet.
  await createStateStore(table).writeState(STATE, undefined, { waiting: [sampleOf(0)] });
  const [forecast] = FULL_FORECASTS.subnets;
  await createForecastStore(table).writeForecasts(
    VPC,
    {
      ...FULL_FORECASTS,
      subnets: SUBNETS.flatMap(({ subnet: { subnetId } }) =>
        forecast === undefined ? [] : [{ ...forecast, subnetId }],
      ),
    },
    undefined,
  );
}

async function fillRun(table: StoreTable): Promise<void> {
  const { runs, directory } = (await anApiWorld()).ports;
  const known = await directory.readDirectory();
  const [slot] = await runs.listRuns({ limit: 1 });
  const run = slot === undefined ? undefined : await runs.readRun(slot);
  const denied = run?.outcomes[0]?.notSeen[0];
  if (known === undefined || run === undefined || denied === undefined) {
    throw new Error('Cannot measure the API: its world has no accounts, or no run in which a call was denied');
  }
  const accounts = ACCOUNT_IDS.map((accountId) => ({
    accountId,
    name: `account-${accountId}`,
    state: 'ACTIVE',
    organizationalUnitPaths: undefined,
  }));
  const targets = ACCOUNT_IDS.flatMap((accountId) => REGIONS.map((region) => ({ accountId, region })));
  const plan: RunPlan = {
    ...run.plan,
    accounts: accounts.map((account) => ({
      ...account,
      outcome: 'planned',
      notScannedReason: undefined,
      regionsNotEnabled: [],
      regionsLeftOut: [],
    })),
    targets,
  };
  const store = createRunStore(table);
  await store.createRun(plan);
  const outcomes = targets.map(
    (target, index): TargetOutcome => ({
      target,
      state: 'finished',
      endedAt: plan.plannedAt,
      vpcCount: 1,
      clusterCount: 1,
      notSeen: index % DENIED_ONE_IN === 0 ? [{ ...denied, ...target }] : [],
    }),
  );
  for (let first = 0; first < outcomes.length; first += TARGETS_PER_SHARE) {
    await store.recordOutcomes(plan.slot, outcomes.slice(first, first + TARGETS_PER_SHARE));
  }
  await createDirectoryStore(table).writeDirectory({ ...known.directory, accounts, targets }, undefined);
}

function sampleOf(hoursAgo: number): SeriesSample {
  return {
    observedAt: new Date(NOW_MS - hoursAgo * MS_PER_HOUR).toISOString(),
    kind: 'scan',
    viewerAccountId: VPC.ownerId,
    points: new Map(SUBNETS.map(({ subnet }, index) => [subnet.subnetId, pointOf(hoursAgo, index)])),
  };
}

/** A day's swing over a slow decline, each subnet at its own level. */
function pointOf(hour: number, index: number): SeriesPoint {
  const free = 100 + index + Math.floor(hour / HOURS_PER_DAY) + (hour % HOURS_PER_DAY);
  return aScanPoint({ availableIpAddressCount: free, freeAddressCount: free, usedAddressCount: 251 - free });
}
