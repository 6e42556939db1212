import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Fleet, FleetOutline } from '../../lib/audit/fleet.ts';
import type { FleetFilter } from '../../lib/audit/fleet-filter.ts';
import type { FleetReader } from '../../lib/audit/fleet-ports.ts';
import { listClusters, listFirstSubnets, listSubnets } from '../../lib/audit/query-fleet.ts';
import { rollUpFleet } from '../../lib/audit/roll-up-fleet.ts';
import type { JudgedVpc, StateStore } from '../../lib/audit/store-ports.ts';
import { summarizeFleet } from '../../lib/audit/summarize-fleet.ts';
import type { VpcId } from '../../lib/domain/capacity/vpc-state.ts';
import { createFleetStore } from '../../lib/store/fleet-store.ts';
import { createLeaseStore } from '../../lib/store/lease-store.ts';
import { createRunStore } from '../../lib/store/run-store.ts';
import { createStoreTable, type StoreTable } from '../../lib/store/table.ts';
import { createTable, engineClient } from '../helpers/dynamodb-engines.ts';
import { type MeteredTable, meteredTable } from '../helpers/metered-table.ts';
import { realisticVpc } from '../helpers/realistic-fleet.ts';
import { FLEET, NOW_MS, TABLE_NAME } from './large-fleet.ts';
import { median } from './median.ts';

const COLD_RUNS = 7;
const WARM_RUNS = 50;
const PAGE_LIMIT = 50;
const MICROSECONDS_PER_MS = 1_000;
/** One in so many VPCs moves between two of the roll-ups measured. */
const MOVED_ONE_IN = 10;

export interface FleetBench {
  readonly subnetCount: number;
  readonly clusterCount: number;
  readonly rollUp: { readonly full: RollUpBench; readonly tenthMoved: RollUpBench; readonly nothingMoved: RollUpBench };
  /** Totals and a first page of a reader that knows nothing yet, by the outline and by the whole fleet. */
  readonly cold: { readonly outline: ColdBench; readonly whole: ColdBench };
  readonly page: { readonly medianMs: number; readonly restReadUnitsOfAll: number; readonly readUnitsOfPage: number };
  readonly warm: {
    readonly summaryMs: number;
    readonly listMs: number;
    readonly filteredListMs: number;
    readonly idTextListMs: number;
    readonly clusterListMs: number;
    /** Of as many reads as there were, within 10 seconds. */
    readonly requestsIn10Seconds: number;
  };
}

interface ColdBench {
  readonly firstMs: number;
  readonly medianMs: number;
  /** Time on a processor, whoever else uses the machine. */
  readonly medianCpuMs: number;
  readonly readUnits: number;
}

interface RollUpBench {
  readonly wallMs: number;
  readonly stateCount: number;
  readonly writtenShardCount: number;
  readonly readUnits: number;
  readonly writeUnits: number;
}

/** Measures the fleet of a large organisation on dynalite: what rolling it up, loading it and asking it cost. */
export async function benchFleet(): Promise<FleetBench> {
  return withDynalite(measure);
}

/** Runs dynalite in a process of its own, with the table in it, for as long as something is measured on it. */
export async function withDynalite<T>(act: (endpoint: string) => Promise<T>): Promise<T> {
  const server = spawn(process.execPath, ['--import', 'tsx', 'test/bench/dynalite-server.ts'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const [line] = await once(server.stdout, 'data');
    const endpoint = String(line).trim();
    await createTable(endpoint, TABLE_NAME);
    return await act(endpoint);
  } finally {
    server.kill();
  }
}

async function measure(endpoint: string): Promise<FleetBench> {
  const states = generatedStates();
  const full = await rollUp(endpoint, states.port);
  states.move(MOVED_ONE_IN);
  const tenthMoved = await rollUp(endpoint, states.port);
  const nothingMoved = await rollUp(endpoint, states.port);
  const whole = await measureCold(endpoint, readFleet);
  const outline = await measureCold(endpoint, readOutline);
  const page = await measurePage(endpoint);
  const { fleet, warm } = await measureWarm(endpoint);
  return {
    subnetCount: fleet.subnets.subnetId.length,
    clusterCount: fleet.clusters.clusterId.length,
    rollUp: { full, tenthMoved, nothingMoved },
    cold: { outline, whole },
    page,
    warm,
  };
}

async function measureCold(endpoint: string, read: (store: FleetReader) => Promise<FleetOutline>): Promise<ColdBench> {
  const durations: number[] = [];
  const cpu: number[] = [];
  let readUnits = 0;
  for (let run = 0; run < COLD_RUNS; run += 1) {
    const table = openTable(endpoint);
    const cpuBefore = process.cpuUsage();
    const startedAt = performance.now();
    const fleet = await read(createFleetStore(table));
    summarizeFleet(fleet, {}, NOW_MS);
    listFirstSubnets(fleet, { filter: {}, limit: PAGE_LIMIT }, NOW_MS);
    durations.push(performance.now() - startedAt);
    const { user, system } = process.cpuUsage(cpuBefore);
    cpu.push((user + system) / MICROSECONDS_PER_MS);
    readUnits = table.meter.total().readUnits;
  }
  return { firstMs: durations[0] ?? Number.NaN, medianMs: median(durations), medianCpuMs: median(cpu), readUnits };
}

function openTable(endpoint: string, clock?: StoreTable['clock']): MeteredTable {
  const client = engineClient(endpoint);
  return meteredTable(createStoreTable({ client, tableName: TABLE_NAME, ...(clock === undefined ? {} : { clock }) }));
}

async function readFleet(store: FleetReader): Promise<Fleet> {
  return defined(await store.readFleet());
}

async function readOutline(store: FleetReader): Promise<FleetOutline> {
  return defined(await store.readOutline());
}

function defined<F>(fleet: F | undefined): F {
  if (fleet === undefined) {
    throw new Error('Cannot measure the fleet: there is none');
  }
  return fleet;
}

/** States that are made again each time they are read; all of them in memory would measure the memory. */
export function generatedStates() {
  const indexByVpcId = new Map<string, number>();
  const judged = Array.from({ length: FLEET.vpcCount }, (_, index): JudgedVpc => {
    const { vpc } = realisticVpc(FLEET, index);
    indexByVpcId.set(vpc.vpcId, index);
    return { vpc, stateVersion: crypto.randomUUID() };
  });
  const port: Pick<StateStore, 'judgedVpcs' | 'readState'> = {
    judgedVpcs: async () => judged,
    readState: async ({ vpcId }: VpcId) => {
      const index = indexByVpcId.get(vpcId) ?? Number.NaN;
      const version = judged[index]?.stateVersion;
      return version === undefined ? undefined : { version, state: realisticVpc(FLEET, index), isFinished: true };
    },
  };
  return {
    port,
    move(oneIn: number): void {
      for (let index = 0; index < judged.length; index += oneIn) {
        const known = judged[index];
        if (known !== undefined) {
          judged[index] = { ...known, stateVersion: crypto.randomUUID() };
        }
      }
    },
  };
}

export async function rollUp(
  endpoint: string,
  states: Pick<StateStore, 'judgedVpcs' | 'readState'>,
): Promise<RollUpBench> {
  const table = openTable(endpoint);
  const ports = {
    states,
    fleet: createFleetStore(table),
    runs: createRunStore(table),
    leases: createLeaseStore(table),
    clock: { now: () => NOW_MS },
  };
  const startedAt = performance.now();
  const { outcome, stateCount, writtenShardCount } = await rollUpFleet(ports);
  if (outcome !== 'rolled-up') {
    throw new Error(`Cannot measure a roll-up: its outcome is "${outcome}"`);
  }
  const { readUnits, writeUnits } = table.meter.total();
  return { wallMs: performance.now() - startedAt, stateCount, writtenShardCount, readUnits, writeUnits };
}

async function measurePage(endpoint: string): Promise<FleetBench['page']> {
  const durations: number[] = [];
  let readUnitsOfPage = 0;
  for (let run = 0; run < COLD_RUNS; run += 1) {
    const table = openTable(endpoint);
    const store = createFleetStore(table);
    const fleet = await readFleet(store);
    const { rows } = listSubnets(fleet, { filter: {}, limit: PAGE_LIMIT, after: undefined }, NOW_MS);
    table.meter.reset();
    const startedAt = performance.now();
    await store.subnetStates(fleet, rows);
    durations.push(performance.now() - startedAt);
    readUnitsOfPage = table.meter.total().readUnits;
  }
  const table = openTable(endpoint);
  const store = createFleetStore(table);
  const fleet = await readFleet(store);
  table.meter.reset();
  // One subnet of each VPC loads all shards.
  await store.subnetStates(
    fleet,
    fleet.subnetsOfVpc.map(({ start }) => start),
  );
  return { medianMs: median(durations), restReadUnitsOfAll: table.meter.total().readUnits, readUnitsOfPage };
}

async function measureWarm(endpoint: string) {
  const table = openTable(endpoint, { now: () => NOW_MS, sleep: () => Promise.resolve() });
  const store = createFleetStore(table);
  const fleet = await readFleet(store);
  table.meter.reset();
  const timed = async (ask: (fleet: Fleet) => unknown) => {
    const durations: number[] = [];
    // The first one makes what is kept; it belongs to the cold start.
    ask(await readFleet(store));
    for (let run = 0; run < WARM_RUNS; run += 1) {
      const startedAt = performance.now();
      ask(await readFleet(store));
      durations.push(performance.now() - startedAt);
    }
    return median(durations);
  };
  const list = (filter: FleetFilter) => (of: Fleet) =>
    listSubnets(of, { filter, limit: PAGE_LIMIT, after: undefined }, NOW_MS);
  const warm = {
    summaryMs: await timed((of) => summarizeFleet(of, {}, NOW_MS)),
    listMs: await timed(list({})),
    filteredListMs: await timed(list({ regions: ['eu-west-1'], teams: ['shop-platform'], statuses: ['warning'] })),
    idTextListMs: await timed(list({ idText: 'abc' })),
    clusterListMs: await timed((of) => listClusters(of, { filter: {}, limit: PAGE_LIMIT, after: undefined }, NOW_MS)),
    requestsIn10Seconds: 1 + table.meter.total().requestCount,
  };
  return { fleet, warm };
}
