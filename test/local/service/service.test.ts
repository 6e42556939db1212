import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { ClusterView } from '../../../lib/api/cluster-view.ts';
import { FleetView } from '../../../lib/api/fleet-view.ts';
import { RunView } from '../../../lib/api/run-view.ts';
import { SubnetView } from '../../../lib/api/subnet-view.ts';
import { simulatedCredentials } from '../../../lib/local/simulated-aws/credentials.ts';
import {
  DEMO_ACCOUNT_IDS,
  DEMO_EXTERNAL_ID,
  demoOrganization,
} from '../../../lib/local/simulated-aws/demo-organization.ts';
import { serveSimulatedAws } from '../../../lib/local/simulated-aws/serve-simulated-aws.ts';
import { LOADER, START, startedService, TSCONFIG } from './running-service.ts';

const WAIT_MS = 200;
/** Processes start slowly where other tests run. */
const TIMEOUT_MS = 120_000;

const HistoryFile = z.object({ finishedDays: z.array(z.string()) });

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'elbowroom-service-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function get<T>(url: string, schema: z.ZodType<T>): Promise<T> {
  const response = await fetch(url);
  expect(response.status).toBe(200);
  return schema.parse(await response.json());
}

/** Asks until the fleet is as it is wanted. */
async function fleetWhere(url: string, isWanted: (view: FleetView) => boolean): Promise<FleetView> {
  for (;;) {
    const view = await get(`${url}/v1/fleet`, FleetView);
    if (isWanted(view)) {
      return view;
    }
    await delay(WAIT_MS);
  }
}

async function kept(name: string): Promise<unknown> {
  return JSON.parse(await readFile(join(folder, '.elbowroom', 'simulated', name), 'utf8'));
}

function listOf<T>(item: z.ZodType<T>) {
  return z.object({ rolledUpAt: z.iso.datetime(), matchCount: z.int(), items: z.array(item) });
}

describe('npm start', () => {
  it(
    'scans, says what is urgent and what was not seen, answers, and ends with 0 when it is asked to',
    async () => {
      const service = await startedService(folder, ['--history-days', '0']);
      expect(service.greeting).toMatch(/^77 subnets, 21 clusters; subnets: .*healthy$/m);
      expect(service.greeting).toContain('NOT SEEN: 1 required, 2 optional');
      const fleet = await get(`${service.url}/v1/fleet`, FleetView);
      expect(fleet.totals).toMatchObject({ subnetCount: 77, clusterCount: 21 });
      expect(fleet.coverage).toMatchObject({ kind: 'scan', targetsUnderWay: 0, targetsFailed: 0, isComplete: false });
      expect(fleet.history).toMatchObject({ state: 'none', daysExpected: 0 });
      const [worst] = fleet.mostUrgentSubnets;
      expect(service.greeting).toContain(`${worst?.status}  ${worst?.subnetId} in ${worst?.accountId}`);
      const search = await get(`${service.url}/v1/subnets?account=${DEMO_ACCOUNT_IDS.search}`, listOf(SubnetView));
      expect(search.items.length).toBe(search.matchCount);
      expect(new Set(search.items.map(({ accountId }) => accountId))).toEqual(new Set([DEMO_ACCOUNT_IDS.search]));
      const clusters = await get(`${service.url}/v1/clusters?limit=3`, listOf(ClusterView));
      expect([clusters.items.length, clusters.matchCount]).toEqual([3, 21]);
      const runs = await get(`${service.url}/v1/runs`, z.object({ items: z.array(RunView) }));
      expect(runs.items.some(({ kind }) => kind === 'scan')).toBe(true);
      expect(await service.stop('SIGINT')).toEqual({ exitCode: 0, signal: null });
    },
    TIMEOUT_MS,
  );

  it(
    'goes on after kill -9 with all that it had, builds what was missing of the past, and says so until it is done',
    async () => {
      // What was answered is kept for some seconds: the past takes longer than that.
      const first = await startedService(folder, ['--history-days', '4']);
      const early = await fleetWhere(first.url, ({ history }) => history.daysFinished > 0);
      expect(early.history).toMatchObject({ daysExpected: 4, state: 'building' });
      expect(early.history.message).toMatch(/[123] of 4 days so far/);
      expect(await first.stop('SIGKILL')).toEqual({ exitCode: null, signal: 'SIGKILL' });
      const { finishedDays } = HistoryFile.parse(await kept('history.json'));
      expect(finishedDays.length).toBeGreaterThan(0);
      const simulation = await kept('simulation.json');

      const second = await startedService(folder, ['--history-days', '4']);
      const late = await fleetWhere(second.url, ({ history }) => history.state === 'complete');
      expect(late.history).toMatchObject({ daysExpected: 4, daysFinished: 4 });
      expect(late.totals).toMatchObject({ subnetCount: 77, clusterCount: 21 });
      expect(HistoryFile.parse(await kept('history.json')).finishedDays).toEqual(
        expect.arrayContaining([...finishedDays]),
      );
      expect(await second.stop('SIGTERM')).toEqual({ exitCode: 0, signal: null });
      expect(await kept('simulation.json')).toEqual(simulation);
    },
    TIMEOUT_MS,
  );

  it(
    'says which folder is in use, and leaves the first process alone',
    async () => {
      const first = await startedService(folder, ['--history-days', '0']);
      await expect(startedService(folder, ['--history-days', '0'])).rejects.toThrow(
        /Cannot open the data in ".*\.elbowroom\/simulated\/dynamodb": another process uses them/,
      );
      expect((await fetch(`${first.url}/healthz`)).status).toBe(200);
      expect(await first.stop('SIGINT')).toEqual({ exitCode: 0, signal: null });
    },
    TIMEOUT_MS,
  );

  it(
    'watches AWS with --live, in a folder of the caller, and says that nobody can look at what is over',
    async () => {
      const now = () => new Date();
      const server = await serveSimulatedAws(demoOrganization(now(), now), { port: 0 });
      const { accessKeyId, secretAccessKey } = simulatedCredentials(DEMO_ACCOUNT_IDS.management);
      const service = await startedService(
        folder,
        ['--live', '--accounts', 'organization', '--external-id', DEMO_EXTERNAL_ID],
        { AWS_ENDPOINT_URL: server.url, AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey },
      );
      const fleet = await get(`${service.url}/v1/fleet`, FleetView);
      expect(fleet.totals).toMatchObject({ subnetCount: 77, clusterCount: 21 });
      expect(fleet.history).toMatchObject({ state: 'none', daysExpected: 0 });
      expect(await service.stop('SIGINT')).toEqual({ exitCode: 0, signal: null });
      expect(await readdir(join(folder, '.elbowroom'))).toEqual([`live-${DEMO_ACCOUNT_IDS.management}`]);
      await server.close();
    },
    TIMEOUT_MS,
  );

  it.each([
    [['--day-in', 'soon'], {}, 'Cannot read --day-in "soon"'],
    [[], { PORT: '65536' }, 'Cannot read PORT "65536"'],
  ])('refuses %j %j with exit code 64', async (args, variables, complaint) => {
    const child = spawn(process.execPath, [...LOADER, START, ...args], {
      cwd: folder,
      env: { TSX_TSCONFIG_PATH: TSCONFIG, ...variables },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const [stderr, [exitCode]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
    expect(exitCode).toBe(64);
    expect(stderr).toContain(complaint);
  });
});
